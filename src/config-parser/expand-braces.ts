/** The alternatives of `a{b,c}d` in a path, as glob(3) has them. */

/** So many alternatives at most: `{a,b}{a,b}...` doubles with each pair. */
const mostAlternatives = 1000;

/** The innermost pair of braces first, until there are none left; the pattern itself where there never were any. */
export function expandBraces(pattern: string): readonly string[] {
  let patterns: readonly string[] = [pattern];
  while (patterns.length < mostAlternatives) {
    const next = patterns.flatMap(expandOnePair);
    if (next.length === patterns.length && next.every((text, index) => text === patterns[index])) break;
    patterns = next;
  }
  return patterns;
}

function expandOnePair(pattern: string): readonly string[] {
  const pair = /\{([^{}]*)\}/.exec(pattern);
  if (pair === null) return [pattern];
  const before = pattern.slice(0, pair.index);
  const after = pattern.slice(pair.index + pair[0].length);
  return (pair[1] ?? '').split(',').map((alternative) => before + alternative + after);
}
