/**
 * The effective configuration: after includes, variables and conditions, with the defaults that nobody wrote. As
 * keepalived.conf(5) text, or as plain data. What a block says of itself comes from the keyword tables.
 */
import {
  type BlockSchema,
  type BlockValues,
  type Contents,
  type Given,
  isList,
  type Keyword,
  schema,
} from '../../config-parser/index.ts';

export interface EffectiveBlock {
  readonly keyword: string;
  /** As words of the file, quoted where they must be. */
  readonly args: readonly string[];
  readonly isDefault?: true;
  readonly contents?: readonly EffectiveBlock[];
}

/** Every statement that counts, and the defaults of each block that is there. */
export function effective(values: BlockValues): readonly EffectiveBlock[] {
  return effectiveBlock(schema, values, { withDefaults: false });
}

export function printEffective(statements: readonly EffectiveBlock[]): string {
  return statements.map((statement) => printStatement(statement, 0)).join('');
}

interface Options {
  /** Not outside of all blocks: a default there is no statement that a file would have. */
  readonly withDefaults: boolean;
}

function effectiveBlock(
  block: BlockSchema,
  values: BlockValues,
  { withDefaults }: Options,
): readonly EffectiveBlock[] {
  const counts = countingGiven(block, values);
  const given = counts.map((one) => effectiveStatement(one, block.keywords[one.keyword]));
  return withDefaults ? [...given, ...defaultsOf(block, values)] : given;
}

/** Of a keyword that may stand once the last; the others are as if they were not there. */
function countingGiven(block: BlockSchema, values: BlockValues): readonly Given[] {
  const { given } = values;
  const last = new Map(given.map((one) => [one.keyword, one]));
  return given.filter(
    (one) => block.keywords[one.keyword]?.repeatable === true || last.get(one.keyword) === one,
  );
}

function effectiveStatement(given: Given, entry: Keyword | undefined): EffectiveBlock {
  const args = given.statement.args.map(({ text, value }) => wordOf(value, text));
  const contents = entry?.block && contentsOf(entry.block, given);
  return { keyword: given.keyword, args, ...(contents && { contents }) };
}

function contentsOf(contents: Contents, given: Given): readonly EffectiveBlock[] {
  if (!isList(contents)) return effectiveBlock(contents, given.values, { withDefaults: true });
  return given.entries.map(({ statement: { keyword, args } }) => ({
    keyword: wordOf(keyword.value, keyword.text),
    args: args.map(({ text, value }) => wordOf(value, text)),
  }));
}

/** Only what is the same words in a file: `60`, not "the virtual server's". */
function defaultsOf({ keywords }: BlockSchema, values: BlockValues): readonly EffectiveBlock[] {
  return Object.entries(keywords).flatMap(([keyword, entry]) => {
    const isOpen = entry.default !== undefined && entry.block === undefined && !values.has(keyword);
    if (!isOpen || !isAccepted(entry, entry.default ?? '')) return [];
    return [{ keyword, args: [entry.default ?? ''], isDefault: true as const }];
  });
}

function isAccepted({ argument }: Keyword, text: string): boolean {
  if (text.includes(' ') || argument.syntax === '') return false;
  const word = { file: '', start: 0, end: text.length, value: text, lead: '', text };
  return argument.parse([word]).ok;
}

/** Quotes stay where they were; a word that a variable put together may need some. */
function wordOf(value: string, text: string): string {
  if (text.startsWith('"') || !/[\s#!{}]/.test(value)) return text;
  return text.includes('"') ? text : `"${value}"`;
}

function printStatement({ keyword, args, contents, isDefault }: EffectiveBlock, depth: number): string {
  const indent = '    '.repeat(depth);
  const heading = indent + [keyword, ...args].join(' ');
  if (contents === undefined) return `${heading}${isDefault === true ? ' # default' : ''}\n`;
  const inner = contents.map((statement) => printStatement(statement, depth + 1)).join('');
  return `${heading} {\n${inner}${indent}}\n${depth === 0 ? '\n' : ''}`;
}
