/** Colour for terminals, and none for everything else. */

/** ECMA-48 section 8.3.117: SGR, select graphic rendition. */
const codes = { red: '31', yellow: '33', blue: '34', cyan: '36', bold: '1', dim: '2' } as const;

export type Style = keyof typeof codes;
export type Paint = (text: string, ...styles: readonly Style[]) => string;

export const plain: Paint = (text) => text;

export const coloured: Paint = (text, ...styles) =>
  text === '' ? '' : `\x1b[${styles.map((style) => codes[style]).join(';')}m${text}\x1b[0m`;
