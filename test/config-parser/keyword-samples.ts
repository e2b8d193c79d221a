/**
 * Turns the keyword tables into texts to parse: each keyword inside of its chain of blocks, with each sample of its
 * argument and of the lines of its list. Good ones must pass, bad ones must be told of at their place.
 */
import {
  type BlockSchema,
  type Diagnostic,
  isList,
  type Keyword,
  schema,
} from '../../src/config-parser/index.ts';
import { parseText } from './parse-helpers.ts';

export interface KeywordPlace {
  readonly schema: BlockSchema;
  readonly keyword: string;
  readonly entry: Keyword;
  /** The blocks around it, outermost first. */
  readonly around: readonly OpenBlock[];
}

interface OpenBlock {
  readonly name: string;
  /** Lines that can open it, without the brace; the first is the usual one. */
  readonly headings: readonly string[];
}

/** A text with one keyword in question. */
export interface Sample {
  /** The lines in question, for messages. */
  readonly lines: string;
  readonly text: string;
  /** Where those lines stand in it. */
  readonly start: number;
  readonly end: number;
  /** The same lines in a block that is opened otherwise, such as an IPv6 service. */
  readonly otherwise: readonly Sample[];
}

/** Every keyword of every block that can be reached from `from`, each block once. */
export function keywordPlaces(
  from: BlockSchema = schema,
  around: readonly OpenBlock[] = [],
  seen: Set<BlockSchema> = new Set(),
): readonly KeywordPlace[] {
  if (seen.has(from)) return [];
  seen.add(from);
  return Object.entries(from.keywords).flatMap(([keyword, entry]) => {
    const place = { schema: from, keyword, entry, around };
    if (entry.block === undefined || isList(entry.block)) return [place];
    const headings = entry.argument.samples.good.map((text) => lineOf(keyword, text));
    const opened = { name: entry.block.name, headings };
    return [place, ...keywordPlaces(entry.block, [...around, opened], seen)];
  });
}

/** The keyword as it may stand: with each good sample, in each of its spellings, and with each good line of its list. */
export function goodSamples(place: KeywordPlace): readonly Sample[] {
  const { keyword, entry } = place;
  const { argument, aliases = {}, block } = entry;
  const body = bodyOf(entry);
  const entries = block !== undefined && isList(block) ? filled(block.entry.samples.good) : [];
  return [
    ...argument.samples.good.map((text) => sampleOf(place, lineOf(keyword, text), body)),
    ...Object.keys(aliases).map((word) => sampleOf(place, lineOf(word, firstGood(entry)), body)),
    ...entries.map((line) => sampleOf(place, lineOf(keyword, firstGood(entry)), [line])),
  ];
}

/**
 * The keyword as it must not stand: with each bad sample and each bad line of its list; without its block; and with a word
 * too many where it takes none.
 */
export function badSamples(place: KeywordPlace): readonly Sample[] {
  const { keyword, entry } = place;
  const { argument, block } = entry;
  const body = bodyOf(entry);
  const entries = block !== undefined && isList(block) ? filled(block.entry.samples.bad) : [];
  const takesNothing = argument.samples.good.every((text) => text === '');
  return [
    ...argument.samples.bad.map((text) => sampleOf(place, lineOf(keyword, text), body)),
    ...entries.map((line) => sampleOf(place, lineOf(keyword, firstGood(entry)), [line])),
    ...(block === undefined ? [] : [sampleOf(place, lineOf(keyword, firstGood(entry)))]),
    ...(takesNothing ? [sampleOf(place, lineOf(keyword, 'a-word-too-many'), body)] : []),
  ];
}

/** What is missing among the samples of a keyword: an empty list when it has an ok and an err case of each kind. */
export function missingCases(place: KeywordPlace): readonly string[] {
  const { block } = place.entry;
  const list = block !== undefined && isList(block) ? block.entry.samples : undefined;
  return [
    ...(goodSamples(place).length === 0 ? ['an ok case'] : []),
    ...(badSamples(place).length === 0 ? ['an err case'] : []),
    ...(list !== undefined && filled(list.good).length === 0 ? ['an ok line of its list'] : []),
    ...(list !== undefined && filled(list.bad).length === 0 ? ['an err line of its list'] : []),
  ];
}

/** The keyword with `argument` behind it. */
export function sampleWith(place: KeywordPlace, argument: string): Sample {
  return sampleOf(place, lineOf(place.keyword, argument), bodyOf(place.entry));
}

const complaints = new Set([
  'unknown-keyword',
  'unknown-block',
  'missing-block',
  'unexpected-block',
  'missing-argument',
  'invalid-value',
  'value-changed',
  'extra-words',
  'flag-with-argument',
  'unknown-option',
  'unterminated-quote',
]);

/** What is wrong with the lines in question whatever block they stand in: empty when there is one that they fit. */
export function refusalsOf(sample: Sample): readonly Diagnostic[] {
  const usual = complaintsAbout(sample);
  const fits = usual.length === 0 || sample.otherwise.some((other) => complaintsAbout(other).length === 0);
  return fits ? [] : usual;
}

/** What is wrong with the lines in question, and nothing of what the blocks around them lack. */
export function complaintsAbout({ text, start, end }: Sample): readonly Diagnostic[] {
  return parseText(text).diagnostics.filter(
    ({ code, span }) => complaints.has(code) && span !== undefined && span.start >= start && span.start < end,
  );
}

/** What a block needs so that a keyword in it is looked at: otherwise the whole block is given up first. */
const companions: Readonly<Record<string, readonly string[]>> = {
  vrrp_instance: ['interface eth0', 'virtual_router_id 51', 'virtual_ipaddress {\n192.0.2.10/24\n}'],
  virtual_server: ['lb_algo rr', 'lb_kind NAT', 'protocol TCP', 'real_server 192.0.2.99 80 {\n}'],
};

function sampleOf(place: KeywordPlace, line: string, body?: readonly string[]): Sample {
  const lines = body === undefined ? line : [`${line} {`, ...body, '}'].join('\n');
  const others = place.around.at(-1)?.headings.slice(1) ?? [];
  const otherwise = others.map((heading) => ({ ...placed(place, lines, heading), otherwise: [] }));
  return { ...placed(place, lines), otherwise };
}

/** The lines in their blocks; `innermost` opens the last of these. */
function placed(
  { keyword, around }: KeywordPlace,
  lines: string,
  innermost?: string,
): Omit<Sample, 'otherwise'> {
  let before = '';
  for (const [depth, { name, headings }] of around.entries()) {
    const inner = around[depth + 1]?.headings[0]?.split(' ')[0] ?? keyword;
    const needed = (companions[name] ?? []).filter((companion) => companion.split(' ')[0] !== inner);
    const [usual = ''] = headings;
    const heading = depth === around.length - 1 ? (innermost ?? usual) : usual;
    before += `${[`${heading} {`, ...needed].join('\n')}\n`;
  }
  const text = `${before}${lines}\n${'}\n'.repeat(around.length)}`;
  return { lines, text, start: before.length, end: before.length + lines.length };
}

/** What stands in the braces of the keyword's block: undefined where it has none, and one line of a list. */
function bodyOf({ block }: Keyword): readonly string[] | undefined {
  if (block === undefined) return undefined;
  return isList(block) ? filled(block.entry.samples.good).slice(0, 1) : [];
}

function lineOf(keyword: string, argument: string): string {
  return argument === '' ? keyword : `${keyword} ${argument}`;
}

function firstGood({ argument }: Keyword): string {
  return argument.samples.good[0] ?? '';
}

function filled(samples: readonly string[]): readonly string[] {
  return samples.filter((sample) => sample !== '');
}
