/**
 * The shape of the keyword tables: one table a block, one entry a keyword. A table is data; read-block.ts applies it to a
 * block's statements, and the resolvers ask for values by keyword, typed by the entry's argument.
 */
import type { Argument } from './arguments.ts';

/** What may stand in the braces after a keyword. */
export type Contents = BlockSchema | ListSchema;

export interface Keyword<Value = unknown, Inner extends Contents = Contents> {
  readonly argument: Argument<Value>;
  /** What it is for, in a sentence or two for someone who reads the file at night; no full stop at the end. */
  readonly doc: string;
  /** False for what is read and checked, and then not used: holdfast says so once. */
  readonly actedOn: boolean;
  /** What follows from not acting on it, where that needs saying. */
  readonly ifIgnored?: string;
  /** Not acting on it changes what the network sees; that is an error and not a warning. */
  readonly unsafe?: boolean;
  /** What holds when it is not given, in the words of the file: `60`. For documentation and dumps; resolvers apply it. */
  readonly default?: string;
  /** What holds when its value is bad, if that is not the default: keepalived sets `priority` to 100. */
  readonly fallback?: Value;
  /** Other spellings. */
  readonly aliases?: Readonly<Record<string, Alias>>;
  /** The keepalived release that first knew it, where that is later than 2.2.7. */
  readonly since?: string;
  /** holdfast's own: no keepalived knows it. */
  readonly isOwn?: true;
  /** The keepalived release that knows it no longer. */
  readonly removed?: string;
  /** Kept so that old files load: what became of it, and what to do with the line. */
  readonly deprecated?: Deprecation;
  /** Without a good value the block cannot be used at all. */
  readonly required?: boolean;
  /** May stand several times in one block, each time with its own meaning. */
  readonly repeatable?: boolean;
  /** For a keyword that opens a block: the table of its contents, or what each line of a list is. */
  readonly block?: Inner;
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
  /** The word to write in its place, where that is all there is to do; `''` to delete the line. A safe fix. */
  readonly replacement?: string;
}

export type Table = Readonly<Record<string, Keyword>>;

export interface BlockSchema<Entries extends Table = Table> {
  readonly name: string;
  readonly keywords: Entries;
}

/** A block whose lines are entries of one kind, not keywords: `virtual_ipaddress`. */
export interface ListSchema<Entry = unknown> {
  /** One of them, with its article: `an address`. */
  readonly name: string;
  /** Reads all words of a line. */
  readonly entry: Argument<Entry>;
}

/** The type of value that an entry's argument gives. */
export type ValueOf<Entry> = Entry extends Keyword<infer Value, Contents> ? Value : never;

/** The keyword table of the block that an entry opens. */
export type TableOf<Entry> = Entry extends { readonly block?: BlockSchema<infer Entries> | undefined }
  ? Entries
  : never;

/** The type of the lines of the list that an entry opens. */
export type LineOf<Entry> = Entry extends { readonly block?: ListSchema<infer Line> | undefined }
  ? Line
  : never;

export function defineBlock<Entries extends Table>(name: string, keywords: Entries): BlockSchema<Entries> {
  return { name, keywords };
}

export function defineList<Entry>(name: string, entry: Argument<Entry>): ListSchema<Entry> {
  return { name, entry };
}

export function isList(contents: Contents): contents is ListSchema {
  return 'entry' in contents;
}

type Extra<Value, Inner extends Contents> = Omit<Keyword<Value, Inner>, 'argument' | 'doc' | 'actedOn'>;

/** A keyword that holdfast acts on. */
export function acts<Value, Inner extends Contents = never>(
  argument: Argument<Value>,
  doc: string,
  extra: Extra<Value, Inner> = {},
): Keyword<Value, Inner> {
  return { argument, doc, actedOn: true, ...extra };
}

/** A keyword that is read and checked, and not acted on yet. */
export function later<Value, Inner extends Contents = never>(
  argument: Argument<Value>,
  doc: string,
  extra: Extra<Value, Inner> = {},
): Keyword<Value, Inner> {
  return { argument, doc, actedOn: false, ...extra };
}

export interface FoundKeyword {
  readonly name: string;
  readonly entry: Keyword;
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
