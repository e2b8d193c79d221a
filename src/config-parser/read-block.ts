/**
 * Applies a keyword table to the statements of a block: finds each keyword's entry, turns its words into a value, and says
 * what is wrong. What the values mean together is the resolvers' part.
 *
 * A large file says the same few lines again and again, and such statements share their shape: what a shape means in a
 * table is worked out once and kept with it, unless there is something to say of it.
 */
import { BlockTemplate, type TemplateEntry, templateOf } from './block-template.ts';
import { BlockValues, Given, type StatementSource, spanOfWord } from './block-values.ts';
import type { Subject } from './diagnostics.ts';
import {
  badEntry,
  badValue,
  deprecated,
  deprecationOf,
  duplicate,
  extraInEntry,
  extraWords,
  type Known,
  missingArgument,
  missingBlock,
  notActedOn,
  problemOf,
  subjectOf,
  unexpectedBlock,
  valueChanged,
} from './keyword-diagnostics.ts';
import { keepReading, knownReading, type Reading } from './reading.ts';
import { reportUnknown } from './report-unknown.ts';
import type { Reporter } from './reporter.ts';
import {
  type BlockSchema,
  type FoundKeyword,
  findKeyword,
  isList,
  type ListSchema,
  type Table,
} from './schema/index.ts';
import { argumentSpan, type Block, type SharedBody, type Statement } from './statement.ts';

export interface ReadOptions {
  /** Inside of what is not acted on, that is not said again. */
  readonly quiet?: boolean;
}

export function readBlock<Entries extends Table>(
  schema: BlockSchema<Entries>,
  source: StatementSource,
  reporter: Reporter,
  options: ReadOptions = {},
): BlockValues<Entries> {
  const reader = new BlockReader(schema, reporter, options.quiet === true);
  for (const statement of source.statements) reader.read(statement);
  const values = new BlockValues<Entries>(schema, source, reader.own);
  reportDuplicates(schema, values, reporter);
  return values;
}

/** What a block says; that of many blocks with one inside is read once, if there is nothing to say of it. */
function readInner(
  schema: BlockSchema,
  block: Block,
  reporter: Reporter,
  quiet: boolean,
): BlockValues | BlockTemplate {
  const { body } = block;
  const known = body && templateOf(body, schema, quiet);
  if (known !== undefined) return known;
  const before = reporter.said;
  const values = readBlock(schema, block, reporter, { quiet });
  if (body !== undefined && reporter.said === before) keepTemplate(body, schema, quiet, values);
  return values;
}

function keepTemplate(body: SharedBody, schema: BlockSchema, quiet: boolean, values: BlockValues): void {
  const entries: TemplateEntry[] = [];
  for (const { keyword, value, order, statement } of values.given) {
    const known = knownReading(schema, statement);
    // What holds words has places in it, and a list too.
    if (known === undefined) return;
    const inner = statement.block && templateWithin(known.found, statement.block, quiet);
    if (statement.block !== undefined && inner === undefined) return;
    entries.push({ keyword, value, order, inner });
  }
  const spellings = values.statements.map(({ keywordValue }) => keywordValue);
  const next = body.template as BlockTemplate | undefined;
  body.template = new BlockTemplate(schema, quiet, entries, spellings, next);
}

function templateWithin({ entry }: FoundKeyword, { body }: Block, quiet: boolean): BlockTemplate | undefined {
  if (body === undefined || entry.block === undefined || isList(entry.block)) return undefined;
  return templateOf(body, entry.block, quiet || !entry.actedOn);
}

class BlockReader {
  /** Made for the first statement that needs it: most blocks have none. */
  own: Map<Statement, Reading | null> | undefined;
  private readonly schema: BlockSchema;
  private readonly reporter: Reporter;
  private readonly quiet: boolean;

  constructor(schema: BlockSchema, reporter: Reporter, quiet: boolean) {
    this.schema = schema;
    this.reporter = reporter;
    this.quiet = quiet;
  }

  read(statement: Statement): void {
    const known = knownReading(this.schema, statement);
    if (known === undefined || !this.needsNothing(known.found, statement)) this.readAnew(statement);
    else this.readContents(known.found, statement);
  }

  /** There is nothing to say of the statement either, apart from its words. */
  private needsNothing({ entry }: FoundKeyword, { block }: Statement): boolean {
    return (this.quiet || entry.actedOn) && (entry.block === undefined) === (block === undefined);
  }

  private readAnew(statement: Statement): void {
    const { schema, reporter } = this;
    // The first of equal statements comes along here at the latest.
    reporter.words.add(statement.keywordValue);
    const found = findKeyword(schema, statement.keywordValue);
    if (found === undefined) {
      reportUnknown(schema, statement, reporter);
      this.keepOwn(statement, null);
      return;
    }
    const known: Known = { schema, found, statement };
    const isPlain = reportKeyword(known, reporter, this.quiet);
    const { block } = found.entry;
    if (block !== undefined && statement.block === undefined) {
      reporter.report(missingBlock(known));
      this.keepOwn(statement, null);
      return;
    }
    if (block === undefined && statement.block !== undefined) {
      reporter.report(unexpectedBlock(statement, subjectOf(known)));
    }
    this.readContents(found, statement);
    const read = readArguments(known, reporter);
    if (read === undefined) this.keepOwn(statement, null);
    else if (isPlain && read.isClean) keepReading(statement, schema, found, read.value);
    else this.keepOwn(statement, { keyword: found.name, value: read.value });
  }

  private keepOwn(statement: Statement, reading: Reading | null): void {
    this.own ??= new Map();
    this.own.set(statement, reading);
  }

  /** Also below a heading that is wrong: what is in the block is looked at in any case. */
  private readContents({ entry, name }: FoundKeyword, { block }: Statement): void {
    if (entry.block === undefined || block === undefined) return;
    const quiet = this.quiet || !entry.actedOn;
    block.contents = isList(entry.block)
      ? readList(entry.block, block, this.reporter, { block: this.schema.name, keyword: name })
      : readInner(entry.block, block, this.reporter, quiet);
  }
}

/** True when there was nothing to say of the keyword itself. */
function reportKeyword(known: Known, reporter: Reporter, quiet: boolean): boolean {
  const { schema, found, statement } = known;
  const word = statement.keyword.value;
  const deprecation = deprecationOf(found);
  if (deprecation !== undefined) {
    reporter.reportEach(`deprecated ${schema.name} ${word}`, spanOfWord(statement.keyword), () =>
      deprecated(known, deprecation),
    );
  }
  const isIgnored = !found.entry.actedOn && !quiet;
  if (isIgnored) {
    reporter.reportOnce(`not acted on ${schema.name} ${found.name}`, spanOfWord(statement.keyword), () =>
      notActedOn(known),
    );
  }
  return deprecation === undefined && !isIgnored;
}

function readList(
  list: ListSchema,
  source: StatementSource,
  reporter: Reporter,
  subject: Subject,
): readonly Given[] {
  const entries: Given[] = [];
  for (const [order, statement] of source.statements.entries()) {
    if (statement.block !== undefined) reporter.report(unexpectedBlock(statement, subject));
    const { keyword, args } = statement;
    const result = list.entry.parse([keyword, ...args]);
    if (!result.ok) {
      const { word = keyword, expects = list.entry.expects } = result;
      reporter.report({ ...badEntry(list, word, expects), subject });
      continue;
    }
    for (const problem of result.problems ?? []) reporter.report(problemOf(problem, subject));
    if (result.remark !== undefined) reporter.report(valueChanged(statement, result.remark, subject));
    const extra = args[result.used - 1];
    if (extra !== undefined) reporter.report({ ...extraInEntry(statement, result.used - 1), subject });
    entries.push(new Given('', result.value, source, order));
  }
  return entries;
}

interface ReadArguments {
  readonly value: unknown;
  /** There was nothing to say, and equal words give an equal value. */
  readonly isClean: boolean;
}

function readArguments(known: Known, reporter: Reporter): ReadArguments | undefined {
  const { schema, statement, found } = known;
  const { argument, fallback } = found.entry;
  const { args } = statement;
  const result = argument.parse(args);
  if (!result.ok) {
    const expects = result.expects ?? argument.expects;
    if (result.word === undefined) reporter.report(missingArgument(known, expects));
    else reporter.report(badValue(known, result.word, expects));
    return fallback !== undefined && result.word !== undefined
      ? { value: fallback, isClean: false }
      : undefined;
  }
  const { remark, problems = [], used } = result;
  const extra = args[used];
  if (remark !== undefined) {
    const key = `changed ${schema.name} ${found.name} ${remark}`;
    reporter.reportEach(key, argumentSpan(statement), () =>
      valueChanged(statement, remark, subjectOf(known)),
    );
  }
  for (const problem of problems) reporter.report(problemOf(problem, subjectOf(known)));
  if (extra !== undefined) {
    const key = `extra ${schema.name} ${found.name} ${extra.value}`;
    const diagnostic = extraWords(known, used, extra);
    reporter.reportEach(key, diagnostic.span ?? argumentSpan(statement), () => diagnostic);
  }
  const isClean = remark === undefined && problems.length === 0 && extra === undefined;
  return { value: result.value, isClean: isClean && argument.keepsWords !== true };
}

/** Blocks are short, nearly all of them: looking back is quicker there than a Map. */
const shortBlock = 24;

function reportDuplicates(schema: BlockSchema, values: BlockValues, reporter: Reporter): void {
  const { statements } = values;
  const last = statements.length > shortBlock ? lastOfEach(values) : undefined;
  for (let at = 0; at < statements.length; at += 1) {
    const statement = statements[at];
    const keyword = statement && values.readingOf(statement)?.keyword;
    if (keyword === undefined || schema.keywords[keyword]?.repeatable === true) continue;
    const isLast = last === undefined ? !comesAgain(values, keyword, at) : last.get(keyword) === statement;
    if (!isLast || isFirst(values, keyword, at)) continue;
    const [first, ...more] = values.all(keyword);
    const again = more.at(-1);
    if (first === undefined || again === undefined) continue;
    reporter.report(duplicate(schema, { first, between: more.slice(0, -1), again }));
  }
}

function lastOfEach(values: BlockValues): ReadonlyMap<string, Statement> {
  return new Map(values.given.map(({ keyword, statement }) => [keyword, statement]));
}

function comesAgain(values: BlockValues, keyword: string, after: number): boolean {
  const { statements } = values;
  for (let at = after + 1; at < statements.length; at += 1) {
    const statement = statements[at];
    if (statement !== undefined && values.readingOf(statement)?.keyword === keyword) return true;
  }
  return false;
}

function isFirst(values: BlockValues, keyword: string, before: number): boolean {
  const { statements } = values;
  for (let at = 0; at < before; at += 1) {
    const statement = statements[at];
    if (statement !== undefined && values.readingOf(statement)?.keyword === keyword) return false;
  }
  return true;
}
