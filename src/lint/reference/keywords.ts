/** What the keyword tables know, block by block: the one source of the reference page, `explain` and completion. */
import {
  type BlockSchema,
  type Contents,
  findKeyword,
  isList,
  type Keyword,
  schema,
} from '../../config-parser/index.ts';

export interface BlockFacts {
  /** The blocks from the outermost to this one, by the keywords that open them; empty for the file itself. */
  readonly path: readonly string[];
  readonly block: BlockSchema;
}

export interface KeywordFacts {
  readonly name: string;
  readonly entry: Keyword;
  /** Every block that knows it in this meaning, as a path. */
  readonly paths: readonly (readonly string[])[];
}

/** Every block once, where it is met first, in the order of the tables. */
export function allBlocks(): readonly BlockFacts[] {
  const seen = new Set<BlockSchema>();
  const collect = (block: BlockSchema, path: readonly string[]): readonly BlockFacts[] => {
    if (seen.has(block)) return [];
    seen.add(block);
    const inner = Object.entries(block.keywords).flatMap(([name, { block: contents }]) =>
      isBlock(contents) ? collect(contents, [...path, name]) : [],
    );
    return [{ path, block }, ...inner];
  };
  return collect(schema, []);
}

/** The meanings of a word: one for each entry of a table that knows it, by its own name or an old one. */
export function findMeanings(word: string): readonly KeywordFacts[] {
  const meanings = new Map<Keyword, KeywordFacts>();
  for (const { path, block } of allBlocks()) {
    const found = findKeyword(block, word);
    if (found === undefined) continue;
    const known = meanings.get(found.entry);
    const paths = [...(known?.paths ?? []), path];
    meanings.set(found.entry, { name: found.name, entry: found.entry, paths });
  }
  return [...meanings.values()];
}

/** Every spelling of every keyword, sorted. */
export function allSpellings(): readonly string[] {
  const words = allBlocks().flatMap(({ block }) =>
    Object.entries(block.keywords).flatMap(([name, { aliases = {} }]) => [name, ...Object.keys(aliases)]),
  );
  return [...new Set(words)].toSorted();
}

/** How a line with it looks: `advert_int <seconds>`, `virtual_ipaddress { ... }`. */
export function usageOf(name: string, { argument, block }: Keyword): string {
  return [name, argument.syntax, block === undefined ? '' : '{ ... }']
    .filter((part) => part !== '')
    .join(' ');
}

/** Sentences on a keyword, each without a full stop. */
export function factsOf(entry: Keyword): readonly string[] {
  const { argument, block, aliases = {}, deprecated } = entry;
  const facts: (string | undefined)[] = [
    argument.syntax === '' ? undefined : `Takes ${argument.expects}`,
    block !== undefined && isList(block) ? `Each line is ${block.name}: ${block.entry.syntax}` : undefined,
    entry.default === undefined ? undefined : `Default: ${entry.default}`,
    entry.fallback === undefined ? undefined : `Used where the value is bad: ${String(entry.fallback)}`,
    entry.required === true ? 'Required' : undefined,
    entry.repeatable === true ? 'May be given several times' : undefined,
    entry.isOwn === true ? 'A word of holdfast, which keepalived does not know' : undefined,
    entry.since === undefined ? undefined : `Since keepalived ${entry.since}`,
    entry.removed === undefined ? undefined : `Removed in keepalived ${entry.removed}`,
    ...Object.entries(aliases).map(([alias, { deprecated: old }]) =>
      old === undefined ? `Also written ${alias}` : `Formerly ${alias}`,
    ),
    deprecated === undefined ? undefined : `Deprecated: it ${deprecated.message}; ${deprecated.help}`,
    entry.actedOn ? undefined : notActedOn(entry),
  ];
  return facts.filter((fact) => fact !== undefined);
}

function notActedOn({ ifIgnored }: Keyword): string {
  const so = ifIgnored === undefined ? '' : `: ${ifIgnored}`;
  return `holdfast reads and checks it, and does not act on it yet${so}`;
}

function isBlock(contents: Contents | undefined): contents is BlockSchema {
  return contents !== undefined && !isList(contents);
}
