/** A single text that the operator names, read once; `-` is standard input. */
import { readFileSync } from 'node:fs';

const standardInput = 0;

/** The text, or in words why there is none. */
export function readText(file: string): { readonly text: string } | { readonly error: string } {
  try {
    return { text: readFileSync(file === '-' ? standardInput : file, 'utf8') };
  } catch (error) {
    return { error: `cannot be read: ${reasonOf(error)}` };
  }
}

/** What the system said, without the call and the path that Node.js puts round it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
