/**
 * What a block says after its keyword table was applied: the good values by keyword, each with its place, and the blocks
 * and lists inside. The types follow from the tables.
 */
import { BlockTemplate } from './block-template.ts';
import type { Span } from './diagnostics.ts';
import { knownReading, type Reading } from './reading.ts';
import type { BlockSchema, LineOf, Table, TableOf, ValueOf } from './schema/index.ts';
import { argumentSpan, type Block, headingSpan, type Statement } from './statement.ts';
import type { Word } from './words.ts';

/** Whatever has statements, made when somebody asks for them. */
export interface StatementSource {
  readonly statements: readonly Statement[];
}

/** A value as it was given; in a list, an entry. */
export class Given<Value = unknown, Inner extends Table = Table, Line = unknown> {
  /** The table's name for it, whatever spelling the file has; empty for an entry of a list. */
  readonly keyword: string;
  readonly value: Value;
  /** Position among the statements of its block. */
  readonly order: number;
  private readonly source: StatementSource;
  /** Of its block, where many have the same inside. */
  private readonly inner: BlockTemplate | undefined;

  constructor(keyword: string, value: Value, source: StatementSource, order: number, inner?: BlockTemplate) {
    this.keyword = keyword;
    this.value = value;
    this.source = source;
    this.order = order;
    this.inner = inner;
  }

  get statement(): Statement {
    const statement = this.source.statements[this.order];
    // The source is what the value was read from; it does not change.
    if (statement === undefined) throw new Error(`"${this.keyword}" has no statement`);
    return statement;
  }

  /** Of the arguments, or of the keyword where there are none. */
  get span(): Span {
    return argumentSpan(this.statement);
  }

  /** From the keyword to the last argument. */
  get heading(): Span {
    return headingSpan(this.statement);
  }

  /** What its block says; of nothing where it has none. */
  get values(): BlockValues<Inner> {
    // Filled from the block's own table, so that the types are those of the table.
    return this.blockValues() as BlockValues<Inner>;
  }

  /** The lines of its list. */
  get entries(): readonly Given<Line>[] {
    const contents = this.statement.block?.contents;
    return (Array.isArray(contents) ? contents : []) as readonly Given<Line>[];
  }

  private blockValues(): BlockValues {
    if (this.inner !== undefined) return BlockValues.ofTemplate(this.inner, new InnerBlock(this));
    const { block } = this.statement;
    const values = block && valuesOfBlock(block);
    return values ?? BlockValues.empty;
  }
}

/** What was read of a block; undefined of one that was not, or is a list. */
export function valuesOfBlock(block: Block): BlockValues | undefined {
  const { contents } = block;
  if (contents instanceof BlockValues) return contents;
  return contents instanceof BlockTemplate ? BlockValues.ofTemplate(contents, block) : undefined;
}

/** The block that a statement opens, looked for only when its statements are wanted. */
class InnerBlock implements StatementSource {
  private readonly given: Given;

  constructor(given: Given) {
    this.given = given;
  }

  get statements(): readonly Statement[] {
    return this.given.statement.block?.statements ?? [];
  }
}

export type GivenOf<Entry> = Given<ValueOf<Entry>, TableOf<Entry>, LineOf<Entry>>;

/** Readings that do not follow from the shape of their statement; null for a statement that gave no value. */
export type OwnReadings = ReadonlyMap<Statement, Reading | null>;

/** What all servers of a service inherit from is searched often; of most blocks a few values are asked for once. */
const manySearches = 12;
const fewStatements = 6;

/** Blocks are many and values are asked for now and then, so that a Given is made when somebody wants one. */
export class BlockValues<Entries extends Table = Table> {
  static readonly empty = new BlockValues<Table>(undefined, { statements: [] }, undefined);
  private readonly schema: BlockSchema | undefined;
  private readonly source: StatementSource;
  private readonly own: OwnReadings | undefined;
  private readonly template: BlockTemplate | undefined;
  private searches = 0;
  /** Of the last statement of each keyword; made when it is worth it. */
  private positions: ReadonlyMap<string, number> | undefined = undefined;

  constructor(
    schema: BlockSchema | undefined,
    source: StatementSource,
    own: OwnReadings | undefined,
    template?: BlockTemplate,
  ) {
    this.schema = schema;
    this.source = source;
    this.own = own;
    this.template = template;
  }

  static ofTemplate(template: BlockTemplate, source: StatementSource): BlockValues {
    return new BlockValues(template.schema, source, undefined, template);
  }

  /** All statements of the block, also those that gave no value. */
  get statements(): readonly Statement[] {
    const { statements } = this.source;
    if (this.template === undefined) return statements;
    for (const { order, inner } of this.template.entries) {
      const block = statements[order]?.block;
      if (block !== undefined) block.contents ??= inner;
    }
    return statements;
  }

  /** Blocks that count as one, such as several global_defs. */
  static joined<Entries extends Table>(parts: readonly BlockValues<Entries>[]): BlockValues<Entries> {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    return new BlockValues<Entries>(
      first?.schema,
      { statements: parts.flatMap(({ statements }) => statements) },
      new Map(parts.flatMap(({ own }) => [...(own ?? [])])),
    );
  }

  /** Every value, in the order of the file. */
  get given(): readonly Given[] {
    return this.select(() => true);
  }

  all<Name extends keyof Entries & string>(name: Name): readonly GivenOf<Entries[Name]>[] {
    return this.select((keyword) => keyword === name) as unknown as readonly GivenOf<Entries[Name]>[];
  }

  /** Of keywords for which `wants` is true, in the order of the file. */
  select(wants: (keyword: string) => boolean): readonly Given[] {
    if (this.template !== undefined) return this.selectFrom(this.template, wants);
    const given: Given[] = [];
    const { statements } = this;
    for (let order = 0; order < statements.length; order += 1) {
      const statement = statements[order];
      const reading = statement && this.readingOf(statement);
      if (reading !== undefined && wants(reading.keyword)) {
        given.push(new Given(reading.keyword, reading.value, this.source, order));
      }
    }
    return given;
  }

  /** The one that counts: keepalived lets the last win. */
  last<Name extends keyof Entries & string>(name: Name): GivenOf<Entries[Name]> | undefined {
    return this.lastGiven(name) as unknown as GivenOf<Entries[Name]> | undefined;
  }

  /** Of commands that are run when something happens keepalived takes the first, and so do we. */
  first<Name extends keyof Entries & string>(name: Name): GivenOf<Entries[Name]> | undefined {
    return this.all(name)[0];
  }

  value<Name extends keyof Entries & string>(name: Name): ValueOf<Entries[Name]> | undefined {
    if (this.template !== undefined) {
      return this.template.last(name)?.value as ValueOf<Entries[Name]> | undefined;
    }
    const order = this.find(name);
    const statement = order === -1 ? undefined : this.statements[order];
    const reading = statement && this.readingOf(statement);
    return reading?.value as ValueOf<Entries[Name]> | undefined;
  }

  has(name: keyof Entries & string): boolean {
    return this.find(name) !== -1;
  }

  /** The lines of a list, of all lists of that name together. */
  entries<Name extends keyof Entries & string>(name: Name): readonly Given<LineOf<Entries[Name]>>[] {
    return this.all(name).flatMap((list) => list.entries);
  }

  spanOf(name: string): Span | undefined {
    const order = this.find(name);
    const statement = order === -1 ? undefined : this.statements[order];
    return statement && argumentSpan(statement);
  }

  /** What a statement of this block gave. */
  readingOf(statement: Statement): Reading | undefined {
    const own = this.own?.get(statement);
    if (own === null) return undefined;
    return own ?? (this.schema && knownReading(this.schema, statement));
  }

  private selectFrom({ entries }: BlockTemplate, wants: (keyword: string) => boolean): readonly Given[] {
    const given: Given[] = [];
    for (const { keyword, value, order, inner } of entries) {
      if (wants(keyword)) given.push(new Given(keyword, value, this.source, order, inner));
    }
    return given;
  }

  private lastGiven(name: string): Given | undefined {
    const entry = this.template?.last(name);
    if (entry !== undefined) return new Given(name, entry.value, this.source, entry.order, entry.inner);
    const order = this.find(name);
    const statement = order === -1 ? undefined : this.statements[order];
    const reading = statement && this.readingOf(statement);
    return reading && new Given(name, reading.value, this.source, order);
  }

  /** Position of the last statement of a keyword; -1 where there is none. */
  private find(name: string): number {
    if (this.template !== undefined) return this.template.last(name)?.order ?? -1;
    if (this.positions !== undefined) return this.positions.get(name) ?? -1;
    this.searches += 1;
    const { statements } = this;
    if (this.searches > manySearches && statements.length > fewStatements) return this.findIndexed(name);
    for (let at = statements.length - 1; at >= 0; at -= 1) {
      const statement = statements[at];
      if (statement !== undefined && this.readingOf(statement)?.keyword === name) return at;
    }
    return -1;
  }

  private findIndexed(name: string): number {
    const positions = new Map<string, number>();
    for (const [at, statement] of this.statements.entries()) {
      const reading = this.readingOf(statement);
      if (reading !== undefined) positions.set(reading.keyword, at);
    }
    this.positions = positions;
    return positions.get(name) ?? -1;
  }
}

export function spanOfWord({ file, start, end, via }: Word): Span {
  return { file, start, end, ...(via && { via }) };
}
