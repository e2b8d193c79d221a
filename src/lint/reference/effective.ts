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
  const globals = values.given.filter(({ keyword }) => keyword === 'global_defs');
  const elsewhere = new Set(globals.flatMap((one) => keywordsOf(one.values)));
  return effectiveBlock(schema, values, { withDefaults: false, elsewhere });
}

export function printEffective(statements: readonly EffectiveBlock[]): string {
  return statements.map((statement) => printStatement(statement, 0)).join('');
}

interface Options {
  /** Not outside of all blocks: a default there is no statement that a file would have. */
  readonly withDefaults: boolean;
  /** Keywords that are given in global_defs and in the blocks round this one: they take the place of its defaults. */
  readonly elsewhere: ReadonlySet<string>;
}

function effectiveBlock(
  block: BlockSchema,
  values: BlockValues,
  { withDefaults, elsewhere }: Options,
): readonly EffectiveBlock[] {
  const counts = countingGiven(block, values);
  const inner = withDefaults ? new Set([...elsewhere, ...keywordsOf(values)]) : elsewhere;
  const given = counts.map((one) => effectiveStatement(one, block.keywords[one.keyword], inner));
  return withDefaults ? [...given, ...defaultsOf(block, values, elsewhere)] : given;
}

function keywordsOf({ given }: BlockValues): readonly string[] {
  return given.map(({ keyword }) => keyword);
}

/** Of a keyword that may stand once the last; the others are as if they were not there. */
function countingGiven(block: BlockSchema, values: BlockValues): readonly Given[] {
  const { given } = values;
  const last = new Map(given.map((one) => [one.keyword, one]));
  return given.filter(
    (one) => block.keywords[one.keyword]?.repeatable === true || last.get(one.keyword) === one,
  );
}

function effectiveStatement(
  given: Given,
  entry: Keyword | undefined,
  elsewhere: ReadonlySet<string>,
): EffectiveBlock {
  const args = given.statement.args.map(({ text, value }) => wordOf(value, text));
  const contents = entry?.block && contentsOf(entry.block, given, elsewhere);
  return { keyword: given.keyword, args, ...(contents && { contents }) };
}

function contentsOf(
  contents: Contents,
  given: Given,
  elsewhere: ReadonlySet<string>,
): readonly EffectiveBlock[] {
  if (!isList(contents)) return effectiveBlock(contents, given.values, { withDefaults: true, elsewhere });
  return given.entries.map(({ statement: { keyword, args } }) => ({
    keyword: wordOf(keyword.value, keyword.text),
    args: args.map(({ text, value }) => wordOf(value, text)),
  }));
}

/** Only what is the same words in a file: `60`, not "the virtual server's". */
function defaultsOf(
  { keywords }: BlockSchema,
  values: BlockValues,
  elsewhere: ReadonlySet<string>,
): readonly EffectiveBlock[] {
  const isGiven = (keyword: string) => values.has(keyword) || isGivenIn(elsewhere, keyword);
  return Object.entries(keywords).flatMap(([keyword, entry]) => {
    const isOpen = entry.default !== undefined && entry.block === undefined && !isGiven(keyword);
    if (!isOpen || !isAccepted(entry, entry.default ?? '')) return [];
    return [{ keyword, args: [entry.default ?? ''], isDefault: true as const }];
  });
}

/** A real server takes delay_loop from its virtual server, an instance garp_master_delay from vrrp_garp_master_delay. */
function isGivenIn(elsewhere: ReadonlySet<string>, keyword: string): boolean {
  const alerts = keyword === 'smtp_alert' ? ['smtp_alert_vrrp', 'smtp_alert_checker'] : [];
  return [keyword, `vrrp_${keyword}`, ...alerts].some((word) => elsewhere.has(word));
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

/** A default is a comment: one that was written down would count for more than what it stands for, or be unknown. */
function printStatement({ keyword, args, contents, isDefault }: EffectiveBlock, depth: number): string {
  const indent = '    '.repeat(depth);
  const words = [keyword, ...args].join(' ');
  if (contents === undefined) return `${indent}${isDefault === true ? '# default: ' : ''}${words}\n`;
  const inner = contents.map((statement) => printStatement(statement, depth + 1)).join('');
  return `${indent}${words} {\n${inner}${indent}}\n${depth === 0 ? '\n' : ''}`;
}
