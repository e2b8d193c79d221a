/**
 * The shape of the keyword tables: one table a block, one entry a keyword. A table is data; read-block.ts applies it to a
 * block's statements, and the resolvers ask for values by keyword, typed by the entry's argument.
 */
import type { Argument } from './arguments.ts';

export interface Keyword<Value> {
  readonly argument: Argument<Value>;
  /** One sentence on what it is for. */
  readonly doc: string;
  /** False for what is read and checked, and then not used: holdfast says so once. */
  readonly actedOn: boolean;
  /** What follows from not acting on it, where that needs saying. */
  readonly ifIgnored?: string;
  /** Not acting on it changes what the network sees; that is an error and not a warning. */
  readonly unsafe?: boolean;
  /** What holds when it is not given, in the words of the file: `60`. For documentation; resolvers apply it. */
  readonly default?: string;
  /** What holds when its value is bad, if that is not the default: keepalived sets `priority` to 100. */
  readonly fallback?: Value;
  /** Other spellings. */
  readonly aliases?: Readonly<Record<string, Alias>>;
  /** The keepalived release that first knew it, where that is later than 2.2.7. */
  readonly since?: string;
  /** Kept so that old files load: what became of it, and what to do with the line. */
  readonly deprecated?: Deprecation;
  /** Without a good value the block cannot be used at all. */
  readonly required?: boolean;
  /** May stand several times in one block, each time with its own meaning. */
  readonly repeatable?: boolean;
  /** For a keyword that opens a block: the table of its contents, or `lines` where every line is an entry of a list. */
  readonly block?: BlockSchema | 'lines';
}

export interface Alias {
  readonly deprecated?: Deprecation;
}

export interface Deprecation {
  /** Completes "`nat_mask` ...": `has no effect`. */
  readonly message: string;
  /** An instruction: `write "retry" instead`. */
  readonly help: string;
  readonly note?: string;
}

export type Table = Readonly<Record<string, Keyword<unknown>>>;

export interface BlockSchema<Entries extends Table = Table> {
  readonly name: string;
  readonly keywords: Entries;
}

/** The type of value that an entry's argument gives. */
export type ValueOf<Entry> = Entry extends Keyword<infer Value> ? Value : never;

export function defineBlock<Entries extends Table>(name: string, keywords: Entries): BlockSchema<Entries> {
  return { name, keywords };
}

type Extra<Value> = Omit<Keyword<Value>, 'argument' | 'doc' | 'actedOn'>;

/** A keyword that holdfast acts on. */
export function acts<Value>(
  argument: Argument<Value>,
  doc: string,
  extra: Extra<Value> = {},
): Keyword<Value> {
  return { argument, doc, actedOn: true, ...extra };
}

/** A keyword that is read and checked, and not acted on yet. */
export function later<Value>(
  argument: Argument<Value>,
  doc: string,
  extra: Extra<Value> = {},
): Keyword<Value> {
  return { argument, doc, actedOn: false, ...extra };
}

export interface FoundKeyword {
  readonly name: string;
  readonly entry: Keyword<unknown>;
  /** Set when the file uses another spelling than `name`. */
  readonly alias?: Alias;
}

const aliasesOf = new WeakMap<BlockSchema, ReadonlyMap<string, FoundKeyword>>();

/** The entry that a word of the file stands for in a block, by its own name or another spelling. */
export function findKeyword(schema: BlockSchema, word: string): FoundKeyword | undefined {
  return (aliasesOf.get(schema) ?? indexKeywords(schema)).get(word);
}

/** Every spelling that a block accepts. */
export function spellings(schema: BlockSchema): Iterable<string> {
  return (aliasesOf.get(schema) ?? indexKeywords(schema)).keys();
}

function indexKeywords(schema: BlockSchema): ReadonlyMap<string, FoundKeyword> {
  const index = new Map<string, FoundKeyword>();
  for (const [name, entry] of Object.entries(schema.keywords)) {
    index.set(name, { name, entry });
    for (const [spelling, alias] of Object.entries(entry.aliases ?? {})) {
      index.set(spelling, { name, entry, alias });
    }
  }
  aliasesOf.set(schema, index);
  return index;
}
