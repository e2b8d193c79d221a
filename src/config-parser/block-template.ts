/**
 * What the inside of a block means that stands many times in a file, without places: worked out for the first such block
 * and true of all others, since their lines are equal and there was nothing to say of them.
 */
import type { BlockSchema } from './schema/index.ts';
import type { SharedBody } from './statement.ts';

/** A statement of the block that gave a value. */
export interface TemplateEntry {
  readonly keyword: string;
  readonly value: unknown;
  /** Position among the statements of its block. */
  readonly order: number;
  /** Of the block that it opens. */
  readonly inner: BlockTemplate | undefined;
}

export class BlockTemplate {
  readonly schema: BlockSchema;
  readonly quiet: boolean;
  readonly entries: readonly TemplateEntry[];
  /** Every keyword as the file spells it, in inner blocks too. */
  readonly words: ReadonlySet<string>;
  /** Of another table or another loudness. */
  readonly next: BlockTemplate | undefined;
  private readonly lasts: ReadonlyMap<string, TemplateEntry>;

  constructor(
    schema: BlockSchema,
    quiet: boolean,
    entries: readonly TemplateEntry[],
    spellings: readonly string[],
    next: BlockTemplate | undefined,
  ) {
    this.schema = schema;
    this.quiet = quiet;
    this.entries = entries;
    this.words = new Set([...spellings, ...entries.flatMap(({ inner }) => [...(inner?.words ?? [])])]);
    this.next = next;
    this.lasts = new Map(entries.map((entry) => [entry.keyword, entry]));
  }

  last(keyword: string): TemplateEntry | undefined {
    return this.lasts.get(keyword);
  }
}

export function templateOf(body: SharedBody, schema: BlockSchema, quiet: boolean): BlockTemplate | undefined {
  // Only the reader of blocks writes there, so that the type is known.
  let template = body.template as BlockTemplate | undefined;
  while (template !== undefined && (template.schema !== schema || template.quiet !== quiet)) {
    template = template.next;
  }
  return template;
}
