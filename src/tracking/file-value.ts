/** The number in a track file, read as strtol(3) with base 0 does, which is how keepalived reads it. */

export type FileValue =
  /** `unread` is text behind the number that did not count. */
  | { readonly kind: 'number'; readonly value: number; readonly unread?: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'garbage'; readonly text: string }
  | { readonly kind: 'outOfRange'; readonly text: string };

/** More of a file is never read. */
export const mostFileBytes = 128;

const number = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/;
const lowest = -0x8000_0000;
const highest = 0x7fff_ffff;

export function parseFileValue(text: string): FileValue {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'empty' };
  const [whole, sign, digits] = number.exec(text) ?? [];
  if (whole === undefined || digits === undefined) return { kind: 'garbage', text: shorten(trimmed) };
  const isOctal = /^0[0-7]+$/.test(digits);
  const magnitude = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  const value = sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
  if (value < lowest || value > highest) return { kind: 'outOfRange', text: shorten(trimmed) };
  const unread = text.slice(whole.length).trim();
  return { kind: 'number', value, ...(unread !== '' && { unread: shorten(unread) }) };
}

const mostShown = 40;

function shorten(text: string): string {
  return text.length <= mostShown ? text : `${text.slice(0, mostShown)}…`;
}
