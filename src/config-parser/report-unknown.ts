/** What to say of a keyword that its block does not know: what was probably meant, or where it belongs. */
import type { Diagnostic, Note } from './diagnostics.ts';
import type { Reporter } from './reporter.ts';
import { type BlockSchema, findKeyword, isList, root, spellings } from './schema/index.ts';
import { nearest } from './suggest.ts';
import type { Statement } from './tree.ts';

export function reportUnknown(schema: BlockSchema, statement: Statement, reporter: Reporter): void {
  const { keyword, block } = statement;
  const { file, start, end, value } = keyword;
  reporter.reportEach(`unknown ${schema.name} ${value}`, { file, start, end }, () => {
    const guess = guessOf(schema, value);
    return {
      severity: 'error',
      subject: { block: schema.name, keyword: value },
      code: block === undefined ? 'unknown-keyword' : 'unknown-block',
      message:
        block === undefined
          ? `unknown keyword "${value}" ${placeName(schema)}; the line is ignored`
          : `unknown block "${value}" ${placeName(schema)}; it is skipped to its closing brace`,
      ...guess,
      ...(block !== undefined && { notes: [misreading(schema, block.close !== undefined)] }),
    };
  });
}

/** `case`: only the case is wrong; `elsewhere`: another block knows the word; `near`: perhaps mistyped. */
type Guess = Pick<Diagnostic, 'help' | 'reason' | 'suggestion'>;

function guessOf(schema: BlockSchema, word: string): Guess {
  const homes = blocksKnowing(word);
  if (homes.includes(root)) {
    return { reason: 'elsewhere', help: `"${word}" stands outside of all blocks: is a "}" missing above?` };
  }
  const near = nearest(word, spellings(schema));
  // The same word in another case is a better guess than another block's keyword.
  if (near !== undefined && near.toLowerCase() === word.toLowerCase()) {
    return { reason: 'case', suggestion: near, help: `write "${near}": case matters` };
  }
  if (homes.length > 0) {
    return { reason: 'elsewhere', help: `"${word}" belongs in ${listOf(homes.map((home) => home.name))}` };
  }
  if (near === undefined) return {};
  return { reason: 'near', suggestion: near, help: `did you mean "${near}"?` };
}

function placeName(schema: BlockSchema): string {
  return schema === root ? 'outside of all blocks' : `in ${schema.name}`;
}

/** keepalived.conf(5) does not say so, but the parser does not look for the end of a block that it does not know. */
function misreading(schema: BlockSchema, isClosed: boolean): Note {
  const within = schema === root ? 'as if they stood outside of all blocks' : `as part of ${schema.name}`;
  const then = isClosed && schema !== root ? ', and its "}" as the end of that' : '';
  return { message: `keepalived does not skip it: it would read the lines inside ${within}${then}` };
}

/** Every block whose table knows `word`. */
function blocksKnowing(word: string): readonly BlockSchema[] {
  return allBlocks().filter((schema) => findKeyword(schema, word) !== undefined);
}

let blocks: readonly BlockSchema[] | undefined;

function allBlocks(): readonly BlockSchema[] {
  blocks ??= [...new Set(collectBlocks(root))];
  return blocks;
}

function collectBlocks(schema: BlockSchema): readonly BlockSchema[] {
  const inner = Object.values(schema.keywords).flatMap(({ block }) =>
    block === undefined || isList(block) ? [] : collectBlocks(block),
  );
  return [schema, ...inner];
}

const namesShown = 4;

function listOf(names: readonly string[]): string {
  const shown = [...new Set(names)].slice(0, namesShown);
  const last = shown.at(-1) ?? '';
  return shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} or ${last}`;
}
