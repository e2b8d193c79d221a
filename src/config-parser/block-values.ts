/**
 * What a block says after its keyword table was applied: the good values by keyword, each with its place, and the blocks
 * and lists inside. The types follow from the tables.
 */
import type { Span } from './diagnostics.ts';
import type { LineOf, Table, TableOf, ValueOf } from './schema/index.ts';
import { headingSpan, type Statement } from './tree.ts';
import type { Word } from './words.ts';

/** A value as it was given; in a list, an entry. */
export class Given<Value = unknown, Inner extends Table = Table, Line = unknown> {
  /** The table's name for it, whatever spelling the file has; empty for an entry of a list. */
  readonly keyword: string;
  readonly value: Value;
  readonly statement: Statement;
  /** Position among the statements of its block. */
  readonly order: number;
  private readonly contents: BlockValues | readonly Given[] | undefined;

  constructor(
    keyword: string,
    value: Value,
    statement: Statement,
    order: number,
    contents?: BlockValues | readonly Given[],
  ) {
    this.keyword = keyword;
    this.value = value;
    this.statement = statement;
    this.order = order;
    this.contents = contents;
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
}

export type GivenOf<Entry> = Given<ValueOf<Entry>, TableOf<Entry>, LineOf<Entry>>;

export class BlockValues<Entries extends Table = Table> {
  static readonly empty = new BlockValues<Table>([], []);
  /** All statements of the block, also those that gave no value. */
  readonly statements: readonly Statement[];
  /** In the order of the file. */
  readonly given: readonly Given[];

  constructor(statements: readonly Statement[], given: readonly Given[]) {
    this.statements = statements;
    this.given = given;
  }

  /** Blocks that count as one, such as several global_defs. */
  static joined<Entries extends Table>(parts: readonly BlockValues<Entries>[]): BlockValues<Entries> {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    return new BlockValues<Entries>(
      parts.flatMap(({ statements }) => statements),
      parts.flatMap(({ given }) => given),
    );
  }

  all<Name extends keyof Entries & string>(name: Name): readonly GivenOf<Entries[Name]>[] {
    return this.given.filter(({ keyword }) => keyword === name) as unknown as readonly GivenOf<
      Entries[Name]
    >[];
  }

  /** The one that counts: keepalived lets the last win. */
  last<Name extends keyof Entries & string>(name: Name): GivenOf<Entries[Name]> | undefined {
    return this.find(name) as unknown as GivenOf<Entries[Name]> | undefined;
  }

  value<Name extends keyof Entries & string>(name: Name): ValueOf<Entries[Name]> | undefined {
    return this.last(name)?.value;
  }

  has(name: keyof Entries & string): boolean {
    return this.find(name) !== undefined;
  }

  /** The lines of a list, of all lists of that name together. */
  entries<Name extends keyof Entries & string>(name: Name): readonly Given<LineOf<Entries[Name]>>[] {
    return this.all(name).flatMap((list) => list.entries);
  }

  spanOf(name: string): Span | undefined {
    return this.find(name)?.span;
  }

  /** The last of each keyword that stands more than once. */
  repeated(): readonly Given[] {
    const last = new Map<string, Given>();
    const repeated = new Map<string, Given>();
    for (const given of this.given) {
      if (last.has(given.keyword)) repeated.set(given.keyword, given);
      last.set(given.keyword, given);
    }
    return [...repeated.values()];
  }

  private find(name: string): Given | undefined {
    for (let at = this.given.length - 1; at >= 0; at -= 1) {
      const given = this.given[at];
      if (given?.keyword === name) return given;
    }
    return undefined;
  }
}

export function argumentSpan(statement: Statement): Span {
  const { keyword, args } = statement;
  const [first] = args;
  if (first === undefined) return spanOfWord(keyword);
  return { ...headingSpan(statement), file: first.file, start: first.start };
}

export function spanOfWord({ file, start, end, via }: Word): Span {
  return { file, start, end, ...(via && { via }) };
}
