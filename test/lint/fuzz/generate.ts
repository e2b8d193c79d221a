/**
 * Configurations by chance: made from the keyword tables, or from given texts by small accidents such as a tired hand
 * makes (a line lost, doubled or moved, a brace too many, a letter wrong). The same seed gives the same texts.
 */
import { type BlockSchema, isList, type Keyword, schema } from '../../../src/config-parser/index.ts';

export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** From 0 to 1. */
  next(): number {
    // A 32-bit mixing function: quick, and good enough to choose lines.
    this.state = (this.state + 0x9e37_79b9) >>> 0;
    let mixed = this.state ^ (this.state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** From 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }
}

const deepest = 4;

/** A text from the tables: mostly right, now and then not. */
export function generateConfiguration(chance: Chance): string {
  const lines: string[] = [];
  const blocks = Object.entries(schema.keywords);
  for (let count = 1 + chance.below(5); count > 0; count -= 1) {
    const [keyword, entry] = chance.pick(blocks) ?? ['global_defs', undefined];
    if (entry !== undefined) addKeyword(keyword, entry, 0, chance, lines);
  }
  return lines.join('\n');
}

function addKeyword(keyword: string, entry: Keyword, depth: number, chance: Chance, lines: string[]): void {
  const { good, bad } = entry.argument.samples;
  const sample = chance.pick(chance.below(8) === 0 ? bad : good) ?? '';
  const indent = '    '.repeat(depth);
  const { block } = entry;
  if (block === undefined || depth > deepest) {
    lines.push(`${indent}${keyword} ${sample}`.trimEnd());
    return;
  }
  lines.push(`${indent}${keyword} ${sample} {`);
  if (isList(block)) {
    const { samples } = block.entry;
    for (let count = chance.below(4); count > 0; count -= 1) {
      lines.push(`${indent}    ${chance.pick(chance.below(8) === 0 ? samples.bad : samples.good) ?? ''}`);
    }
  } else addBlock(block, depth + 1, chance, lines);
  lines.push(`${indent}}`);
}

function addBlock(block: BlockSchema, depth: number, chance: Chance, lines: string[]): void {
  const entries = Object.entries(block.keywords);
  for (let count = chance.below(7); count > 0; count -= 1) {
    const [keyword, entry] = chance.pick(entries) ?? ['', undefined];
    if (entry !== undefined) addKeyword(keyword, entry, depth, chance, lines);
  }
}

const oddities = [
  '{', '}', '"', "'", '#', '!', '\\', '$X', `\${X}`, '$X=1 \\', '~SEQ(i,1,3) x $i', '~LST(a,1,2) $a', '@lb01 ', '@^lb01 ',
  'include other.conf', '\0', '\r', '\t', '\uFEFF', 'é', `\${_HASH}`, '999999999999', '-1', '0', `\${_RANDOM 1 10}`, `\${_ENV HOME}`,
  '# lint-ignore conf/* -- because', '# lint-ignore-file x', '192.0.2.1/24', '2001:db8::1', 'group web', '/24', '5x',
]; // biome-ignore format: one list

/** One to six accidents. */
export function mutate(text: string, chance: Chance): string {
  let result = text;
  for (let count = 1 + chance.below(6); count > 0; count -= 1) result = accident(result, chance);
  return result;
}

function accident(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  const odd = chance.pick(oddities) ?? '';
  switch (chance.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + chance.below(20));
    case 1:
      return text.slice(0, at) + odd + text.slice(at);
    case 2:
      return `${text.slice(0, at)} ${odd}\n${text.slice(at)}`;
    case 3:
      return text.slice(0, at) + text.slice(Math.max(0, at - 80), at) + text.slice(at);
    case 4:
      return withoutLine(text, chance);
    case 5:
      return movedLine(text, chance);
    case 6:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + String.fromCharCode(32 + chance.below(95)) + text.slice(at + 1);
  }
}

function withoutLine(text: string, chance: Chance): string {
  const lines = text.split('\n');
  lines.splice(chance.below(lines.length), 1);
  return lines.join('\n');
}

function movedLine(text: string, chance: Chance): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(chance.below(lines.length), 1);
  lines.splice(chance.below(lines.length + 1), 0, line);
  return lines.join('\n');
}
