/**
 * What tells a finding from another although its line moved: a collecting service shows it as known and not as new. Made
 * of the rule, the file and the line's words; of equal ones, by how many came before.
 */
import { lineText, positionAt, type Source, type Span } from '../../config-parser/index.ts';

export class Fingerprints {
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly address: (file: string) => string;
  private readonly counts = new Map<string, number>();

  constructor(sources: ReadonlyMap<string, Source>, address: (file: string) => string) {
    this.sources = sources;
    this.address = address;
  }

  /** 16 hexadecimal digits; in a run no two are equal, as long as each finding asks once. */
  of(rule: string, span: Span): string {
    const key = [rule, this.address(span.file), this.wordsAt(span)].join('\0');
    const count = this.counts.get(key) ?? 0;
    this.counts.set(key, count + 1);
    const text = `${key}\0${count}`;
    return fnv1a(text, offsetBasis) + fnv1a(text, fnv1aSecond);
  }

  private wordsAt(span: Span): string {
    const source = this.sources.get(span.file);
    if (source === undefined) return '';
    return lineText(source, positionAt(source, span.start).line).trim().replace(/\s+/g, ' ');
  }
}

const offsetBasis = 0x811c9dc5;
/** Any other beginning: two sums of 32 bits make one of 64. */
const fnv1aSecond = 0x5bd1e995;
const prime = 0x01000193;

/** Fowler-Noll-Vo, 1a, of UTF-16 code units. */
function fnv1a(text: string, basis: number): string {
  let sum = basis;
  for (let at = 0; at < text.length; at += 1) sum = Math.imul(sum ^ text.charCodeAt(at), prime);
  return (sum >>> 0).toString(16).padStart(8, '0');
}
