/** The command that repeats a drill, so that it can be pasted into a shell. */
import { safeText } from './safe-text.ts';

const needsNoQuotes = /^[\w@%+=:,./-]+$/;

/** In the quotes that a POSIX shell needs. */
export function formatCommand(words: readonly string[]): string {
  return words
    .map(safeText)
    .map((word) => (needsNoQuotes.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
