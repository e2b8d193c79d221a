/** Colour for a terminal: the linter's, and green for what passed. Pure. */
import { coloured, type Style } from '../../../../lint/formats/paint.ts';

export type Tone = Style | 'green';
export type Paint = (text: string, ...tones: readonly Tone[]) => string;

export function paintFor(colour: boolean): Paint {
  return colour ? tinted : (text) => text;
}

/** ECMA-48 section 8.3.117: SGR 32; the end of any tone is the end of all. */
function tinted(text: string, ...tones: readonly Tone[]): string {
  const others = tones.filter((tone): tone is Style => tone !== 'green');
  const inner = others.length === 0 ? text : coloured(text, ...others);
  return text !== '' && others.length < tones.length
    ? `\x1b[32m${inner}${others.length === 0 ? '\x1b[0m' : ''}`
    : inner;
}
