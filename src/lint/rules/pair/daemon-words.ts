/** The keywords of a file that not every release of keepalived knows. */
import {
  type BlockSchema,
  type BlockValues,
  findKeyword,
  isList,
  type Keyword,
  type Span,
  schema,
} from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';

export interface DatedKeyword {
  /** As the table calls it. */
  readonly keyword: string;
  readonly entry: Keyword;
  /** The first place. */
  readonly span: Span;
}

/** Each keyword once, by its block and name. */
export function datedKeywords({ root }: FileModel): readonly DatedKeyword[] {
  const found = new Map<string, DatedKeyword>();
  collect(schema, root, found);
  return [...found.values()];
}

function collect(block: BlockSchema, values: BlockValues, found: Map<string, DatedKeyword>): void {
  for (const given of values.given) {
    const { keyword } = given;
    const entry = findKeyword(block, keyword)?.entry;
    if (entry === undefined) continue;
    if (entry.since !== undefined || entry.removed !== undefined) {
      const key = `${block.name} ${keyword}`;
      if (!found.has(key)) found.set(key, { keyword, entry, span: given.heading });
    }
    if (entry.block !== undefined && !isList(entry.block)) collect(entry.block, given.values, found);
  }
}
