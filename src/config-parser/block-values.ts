/**
 * What a block says after its keyword table was applied: the good values by keyword, each with its place, and the blocks
 * and lists inside. The types follow from the tables.
 */
import type { Span } from './diagnostics.ts';
import { knownReading, type Reading } from './reading.ts';
import type { BlockSchema, LineOf, Table, TableOf, ValueOf } from './schema/index.ts';
import { argumentSpan, headingSpan, type Statement } from './statement.ts';
import type { Word } from './words.ts';

/** A value as it was given; in a list, an entry. */
export class Given<Value = unknown, Inner extends Table = Table, Line = unknown> {
  /** The table's name for it, whatever spelling the file has; empty for an entry of a list. */
  readonly keyword: string;
  readonly value: Value;
  readonly statement: Statement;
  /** Position among the statements of its block. */
  readonly order: number;

  constructor(keyword: string, value: Value, statement: Statement, order: number) {
    this.keyword = keyword;
    this.value = value;
    this.statement = statement;
    this.order = order;
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
    return (this.contents instanceof BlockValues ? this.contents : BlockValues.empty) as BlockValues<Inner>;
  }

  /** The lines of its list. */
  get entries(): readonly Given<Line>[] {
    return (Array.isArray(this.contents) ? this.contents : []) as readonly Given<Line>[];
  }

  private get contents(): unknown {
    return this.statement.block?.contents;
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
  static readonly empty = new BlockValues<Table>(undefined, [], undefined);
  /** All statements of the block, also those that gave no value. */
  readonly statements: readonly Statement[];
  private readonly schema: BlockSchema | undefined;
  private readonly own: OwnReadings | undefined;
  private searches = 0;
  /** Of the last statement of each keyword; made when it is worth it. */
  private positions: ReadonlyMap<string, number> | undefined = undefined;

  constructor(
    schema: BlockSchema | undefined,
    statements: readonly Statement[],
    own: OwnReadings | undefined,
  ) {
    this.schema = schema;
    this.statements = statements;
    this.own = own;
  }

  /** Blocks that count as one, such as several global_defs. */
  static joined<Entries extends Table>(parts: readonly BlockValues<Entries>[]): BlockValues<Entries> {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    return new BlockValues<Entries>(
      first?.schema,
      parts.flatMap(({ statements }) => statements),
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
    const given: Given[] = [];
    for (let order = 0; order < this.statements.length; order += 1) {
      const statement = this.statements[order];
      const reading = statement && this.readingOf(statement);
      if (statement !== undefined && reading !== undefined && wants(reading.keyword)) {
        given.push(new Given(reading.keyword, reading.value, statement, order));
      }
    }
    return given;
  }

  /** The one that counts: keepalived lets the last win. */
  last<Name extends keyof Entries & string>(name: Name): GivenOf<Entries[Name]> | undefined {
    const order = this.find(name);
    const statement = this.statements[order];
    const reading = statement && this.readingOf(statement);
    if (statement === undefined || reading === undefined) return undefined;
    return new Given(name, reading.value, statement, order) as unknown as GivenOf<Entries[Name]>;
  }

  value<Name extends keyof Entries & string>(name: Name): ValueOf<Entries[Name]> | undefined {
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
    const statement = this.statements[this.find(name)];
    return statement && argumentSpan(statement);
  }

  /** What a statement of this block gave. */
  readingOf(statement: Statement): Reading | undefined {
    const own = this.own?.get(statement);
    if (own === null) return undefined;
    return own ?? (this.schema && knownReading(this.schema, statement));
  }

  /** Position of the last statement of a keyword; -1 where there is none. */
  private find(name: string): number {
    if (this.positions !== undefined) return this.positions.get(name) ?? -1;
    this.searches += 1;
    if (this.searches > manySearches && this.statements.length > fewStatements) return this.findIndexed(name);
    for (let at = this.statements.length - 1; at >= 0; at -= 1) {
      const statement = this.statements[at];
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
