/** Words that keepalived has renamed, and still reads. */
import type { Alias } from './schema.ts';

/** As `aliases` of `word`: each of `old` is honoured and reported. */
export function oldSpellings(word: string, ...old: readonly string[]): Readonly<Record<string, Alias>> {
  const deprecated = {
    message: `is an old word for "${word}"`,
    help: `write "${word}" instead`,
    replacement: word,
  };
  return Object.fromEntries(old.map((spelling) => [spelling, { deprecated }]));
}
