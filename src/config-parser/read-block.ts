/**
 * Applies a keyword table to the statements of a block: finds each keyword's entry, turns its words into a value, and says
 * what is wrong, in the same words for every keyword. What the values mean together is the resolvers' part.
 */
import { argumentSpan, BlockValues, Given, spanOfWord } from './block-values.ts';
import type { Diagnostic, Note } from './diagnostics.ts';
import { reportUnknown } from './report-unknown.ts';
import type { Reporter } from './reporter.ts';
import {
  type BlockSchema,
  type FoundKeyword,
  findKeyword,
  isList,
  type ListSchema,
  type Problem,
  type Table,
} from './schema/index.ts';
import { headingSpan, type Statement } from './tree.ts';
import type { Word } from './words.ts';

export interface ReadOptions {
  /** Inside of what is not acted on, that is not said again. */
  readonly quiet?: boolean;
}

export function readBlock<Entries extends Table>(
  schema: BlockSchema<Entries>,
  statements: readonly Statement[],
  reporter: Reporter,
  options: ReadOptions = {},
): BlockValues<Entries> {
  const given: Given[] = [];
  for (const [order, statement] of statements.entries()) {
    const found = findKeyword(schema, statement.keyword.value);
    if (found === undefined) {
      reportUnknown(schema, statement, reporter);
      continue;
    }
    const reader = { schema, statement, reporter, quiet: options.quiet === true, found };
    const read = readStatement(reader);
    if (read !== undefined) given.push(new Given(found.name, read.value, statement, order, read.contents));
  }
  const values = new BlockValues<Entries>(statements, given);
  reportDuplicates(schema, values, reporter);
  return values;
}

interface StatementReader {
  readonly schema: BlockSchema;
  readonly statement: Statement;
  readonly reporter: Reporter;
  readonly quiet: boolean;
  readonly found: FoundKeyword;
}

interface ReadStatement {
  readonly value: unknown;
  readonly contents?: BlockValues | readonly Given[];
}

function readStatement(reader: StatementReader): ReadStatement | undefined {
  const { statement, reporter, found } = reader;
  reportDeprecated(reader);
  reportNotActedOn(reader);
  if (found.entry.block !== undefined && statement.block === undefined) {
    reporter.report(missingBlock(statement));
    return undefined;
  }
  if (found.entry.block === undefined && statement.block !== undefined) {
    reporter.report(unexpectedBlock(statement));
  }
  const contents = readContents(reader);
  const read = readArguments(reader);
  return read && { value: read.value, ...(contents && { contents }) };
}

/** Also below a heading that is wrong: what is in the block is looked at in any case. */
function readContents({
  statement,
  reporter,
  found,
  quiet,
}: StatementReader): BlockValues | readonly Given[] | undefined {
  const { block, actedOn } = found.entry;
  if (block === undefined) return undefined;
  const statements = statement.block?.statements ?? [];
  return isList(block)
    ? readList(block, statements, reporter)
    : readBlock(block, statements, reporter, { quiet: quiet || !actedOn });
}

function readList(list: ListSchema, statements: readonly Statement[], reporter: Reporter): readonly Given[] {
  const entries: Given[] = [];
  for (const [order, statement] of statements.entries()) {
    if (statement.block !== undefined) reporter.report(unexpectedBlock(statement));
    const result = list.entry.parse([statement.keyword, ...statement.args]);
    if (result.ok) {
      for (const problem of result.problems ?? []) reporter.report(problemOf(problem));
      if (result.remark !== undefined) reporter.report(valueChanged(statement, result.remark));
      reportExtraInEntry(statement, result.used - 1, reporter);
      entries.push(new Given('', result.value, statement, order));
      continue;
    }
    const { word = statement.keyword, expects = list.entry.expects } = result;
    reporter.report({
      severity: 'error',
      code: 'invalid-value',
      message: `${list.name} must be ${expects}, found "${word.value}"; it is ignored`,
      span: spanOfWord(word),
    });
  }
  return entries;
}

function reportExtraInEntry(statement: Statement, used: number, reporter: Reporter): void {
  const extra = statement.args.slice(used);
  const [first] = extra;
  if (first === undefined) return;
  const text = extra.map((word) => word.text).join(' ');
  reporter.report({
    severity: 'warning',
    code: 'extra-words',
    message: `"${text}" is ignored: a line holds one entry`,
    span: { ...headingSpan(statement), start: first.start },
  });
}

function problemOf({ word, ...rest }: Problem): Diagnostic {
  return { ...rest, span: spanOfWord(word) };
}

function readArguments({
  schema,
  statement,
  reporter,
  found,
}: StatementReader): { value: unknown } | undefined {
  const { entry } = found;
  const result = entry.argument.parse(statement.args);
  if (result.ok) {
    const { remark } = result;
    if (remark !== undefined) {
      const key = `changed ${schema.name} ${found.name} ${remark}`;
      reporter.reportOnce(key, argumentSpan(statement), () => valueChanged(statement, remark));
    }
    for (const problem of result.problems ?? []) reporter.report(problemOf(problem));
    reportExtraWords(schema, statement, result.used, reporter);
    return { value: result.value };
  }
  const expects = result.expects ?? entry.argument.expects;
  if (result.word === undefined) reporter.report(missingArgument(statement, expects, entry));
  else reporter.report(badValue({ statement, word: result.word, expects, found }));
  return entry.fallback !== undefined && result.word !== undefined ? { value: entry.fallback } : undefined;
}

function reportDeprecated({ schema, statement, reporter, found }: StatementReader): void {
  const deprecation =
    found.alias?.deprecated ?? (found.alias === undefined ? found.entry.deprecated : undefined);
  if (deprecation === undefined) return;
  const word = statement.keyword.value;
  reporter.reportOnce(`deprecated ${schema.name} ${word}`, spanOfWord(statement.keyword), () => ({
    severity: 'deprecated',
    code: 'deprecated-keyword',
    message: `"${word}" ${deprecation.message}`,
    help: deprecation.help,
    ...(deprecation.note !== undefined && { notes: [{ message: deprecation.note }] }),
  }));
}

function reportNotActedOn({ schema, statement, reporter, quiet, found }: StatementReader): void {
  const { entry, name } = found;
  if (entry.actedOn || quiet) return;
  reporter.reportOnce(`not acted on ${schema.name} ${name}`, spanOfWord(statement.keyword), () => ({
    severity: entry.unsafe === true ? 'error' : 'warning',
    code: 'not-acted-on',
    message: `"${statement.keyword.value}" is read but holdfast does not act on it yet`,
    ...(entry.ifIgnored !== undefined && { notes: [{ message: `so ${entry.ifIgnored}` }] }),
  }));
}

function missingBlock(statement: Statement): Diagnostic {
  const word = statement.keyword.value;
  return {
    severity: 'error',
    code: 'missing-block',
    message: `"${word}" must be followed by a block in braces; the line is ignored`,
    span: headingSpan(statement),
    help: `write "${[word, ...statement.args.map((arg) => arg.text)].join(' ')} {", and close it with "}" on a line of its own`,
  };
}

function unexpectedBlock(statement: Statement): Diagnostic {
  return {
    severity: 'error',
    code: 'unexpected-block',
    message: `"${statement.keyword.value}" takes no block; the block is skipped to its closing brace`,
    span: statement.block?.open ?? headingSpan(statement),
    notes: [
      { message: 'keepalived ignores the brace and reads what follows as part of the block around it' },
    ],
  };
}

function valueChanged(statement: Statement, text: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'value-changed',
    message: `the value of "${statement.keyword.value}" ${text}`,
    span: argumentSpan(statement),
  };
}

const offWords = new Set(['off', 'false', 'no']);

function reportExtraWords(schema: BlockSchema, statement: Statement, used: number, reporter: Reporter): void {
  const extra = statement.args.slice(used);
  const [first] = extra;
  if (first === undefined) return;
  const keyword = statement.keyword.value;
  const span = { ...argumentSpan(statement), start: first.start };
  if (used === 0 && offWords.has(first.value)) {
    reporter.reportOnce(`switched on ${schema.name} ${keyword}`, span, () => ({
      severity: 'warning',
      code: 'flag-with-argument',
      message: `"${keyword}" takes no argument here: it is switched on, and "${first.value}" is ignored`,
      help: 'delete the line to switch it off',
    }));
    return;
  }
  const text = extra.map((word) => word.text).join(' ');
  reporter.reportOnce(`extra ${schema.name} ${keyword} ${text}`, span, () => ({
    severity: 'warning',
    code: 'extra-words',
    message: `"${text}" is ignored: "${keyword}" does not take it`,
    ...(findKeyword(schema, first.value) !== undefined && {
      help: 'a line holds one keyword: put this one on a line of its own',
    }),
  }));
}

/** keepalived ends there and then; what is a block or has no effect is no reason for us to do the same. */
function missingArgument(statement: Statement, expects: string, entry: FoundKeyword['entry']): Diagnostic {
  return {
    severity: entry.actedOn && entry.block === undefined ? 'fatal' : 'error',
    code: 'missing-argument',
    message: `"${statement.keyword.value}" needs ${expects}`,
    span: spanOfWord(statement.keyword),
  };
}

interface BadValue {
  readonly statement: Statement;
  readonly word: Word;
  readonly expects: string;
  readonly found: FoundKeyword;
}

function badValue({ statement, word, expects, found }: BadValue): Diagnostic {
  const { fallback, required, block } = found.entry;
  const ignored = required === true ? '' : `; the ${block === undefined ? 'line' : 'block'} is ignored`;
  const then = fallback === undefined ? ignored : `; ${String(fallback)} is used`;
  return {
    severity: required === true ? 'fatal' : 'error',
    code: 'invalid-value',
    message: `${statement.keyword.value} must be ${expects}, found "${word.value}"${then}`,
    span: spanOfWord(word),
  };
}

function reportDuplicates(schema: BlockSchema, values: BlockValues, reporter: Reporter): void {
  for (const again of values.repeated()) {
    if (schema.keywords[again.keyword]?.repeatable === true) continue;
    const first = values.all(again.keyword)[0] ?? again;
    const notes: readonly Note[] = [{ span: headingSpan(first.statement), message: 'given first here' }];
    reporter.report({
      severity: 'warning',
      code: 'duplicate-keyword',
      message: `"${again.keyword}" is given more than once in this ${schema.name}; the last one counts`,
      span: headingSpan(again.statement),
      notes,
    });
  }
}
