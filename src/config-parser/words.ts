/**
 * The two ways in which keepalived splits a line into words. The plain one serves almost every keyword: its words are the
 * grammar's tokens. The shell-like one serves scripts and regular expressions, where quotes of both kinds join with the
 * text around them and a backslash escapes.
 */
import type { Token } from './cst.ts';
import type { Span } from './diagnostics.ts';

/** A word with its place; `value` is without quotes and escapes, `lead` and `text` are as written. */
export interface Word extends Span {
  readonly value: string;
  readonly lead: string;
  readonly text: string;
}

export interface ShellWord {
  readonly value: string;
  /** Offsets in the text that was split. */
  readonly start: number;
  readonly end: number;
}

export type ShellSplit =
  | { readonly ok: true; readonly words: readonly ShellWord[] }
  | { readonly ok: false; readonly error: string; readonly start: number };

/** What a token says: its text without quotes and escapes. */
export function plainValue({ kind, text }: Token): string {
  if (kind === 'quoted') return text.slice(1, -1);
  if (kind === 'unterminated') return text.slice(1);
  return text.includes('\\') ? text.replace(/\\([#!])/g, '$1') : text;
}

/** The text that a sequence of words was written as, from the first's begin to the last's end. */
export function textOf(words: readonly Word[]): string {
  return words.map((word, index) => (index === 0 ? '' : word.lead) + word.text).join('');
}

/** Splits as keepalived does for `script`, `notify*`, `misc_path` and `regex`. */
export function splitShellWords(text: string): ShellSplit {
  const words: ShellWord[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const word = readShellWord(text, at);
    if (typeof word === 'string') return { ok: false, error: word, start: at };
    words.push(word);
    at = skipBlanks(text, word.end);
  }
  return { ok: true, words };
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

/** The word that begins at `start`, or what is wrong with it. */
function readShellWord(text: string, start: number): ShellWord | string {
  let value = '';
  let quote = '';
  let at = start;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (quote === '' && (char === ' ' || char === '\t')) break;
    if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === '\\' && quote !== "'") {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at = escaped.end;
      continue;
    } else value += char;
    at += 1;
  }
  return quote === '' ? { value, start, end: at } : `a quote ${quote} is not closed on its line`;
}

const namedEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The character that the escape at `at`, a backslash, stands for. */
function readEscape(text: string, at: number): { value: string; end: number } {
  const rest = text.slice(at + 1, at + 4);
  const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
  if (octal !== undefined) return byteEscape(Number.parseInt(octal, 8), at + 1 + octal.length);
  const hex = /^x([0-9A-Fa-f]{1,2})/.exec(rest)?.[1];
  if (hex !== undefined) return byteEscape(Number.parseInt(hex, 16), at + 2 + hex.length);
  const control = /^c([@-_a-z])/.exec(rest)?.[1];
  if (control !== undefined) return byteEscape(control.toUpperCase().charCodeAt(0) & 0x1f, at + 3);
  const char = rest[0] ?? '\\';
  return { value: namedEscapes[char] ?? char, end: at + (rest === '' ? 1 : 2) };
}

function byteEscape(code: number, end: number): { value: string; end: number } {
  return { value: String.fromCharCode(code & 0xff), end };
}
