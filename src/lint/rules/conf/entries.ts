/** The table entries that something the parser says is about. */
import {
  type BlockSchema,
  type Diagnostic,
  type FoundKeyword,
  findKeyword,
} from '../../../config-parser/index.ts';
import { allBlocks } from '../../reference/keywords.ts';

/** Several blocks may share a name. */
let byName: ReadonlyMap<string, readonly BlockSchema[]> | undefined;

/** Of the blocks of that name, what they know of the word. */
export function entriesFor(block: string, word: string): readonly FoundKeyword[] {
  byName ??= blocksByName();
  return (byName.get(block) ?? []).flatMap((schema) => findKeyword(schema, word) ?? []);
}

function blocksByName(): ReadonlyMap<string, readonly BlockSchema[]> {
  const found = new Map<string, BlockSchema[]>();
  for (const { block } of allBlocks()) found.set(block.name, [...(found.get(block.name) ?? []), block]);
  return found;
}

/** Every word that may stand in place of the one that a diagnostic is about. */
export function choicesFor({ subject }: Diagnostic): readonly string[] {
  if (subject === undefined) return [];
  return entriesFor(subject.block, subject.keyword).flatMap(({ entry }) => entry.argument.choices ?? []);
}
