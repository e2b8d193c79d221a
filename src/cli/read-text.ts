/** A single text that the operator names, to be handed on changed: so nothing of it may be lost in reading. */
import { readFileSync } from 'node:fs';

export type TextRead = { readonly text: string } | { readonly error: string };

/** The text, or in words why there is none. */
export function readText(file: string): TextRead {
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    return { error: `cannot be read: ${reasonOf(error)}` };
  }
}

/** Decoding puts U+FFFD in place of bytes that are no UTF-8; a file is compared byte by byte before it is rewritten. */
export function textOfStandardInput(text: string): TextRead {
  return text.includes('\u{fffd}') ? { error: notUtf8 } : { text };
}

export const notUtf8 = 'it holds bytes that are not UTF-8, which would be lost';

/** What the system said, without the call and the path that Node.js puts round it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
