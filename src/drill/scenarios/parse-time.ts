/** Times as operators write them in scenario files. */

/** `3s`, `500ms`; undefined for anything else. */
export function parseTime(value: unknown): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(String(value));
  if (found === null) return undefined;
  return Number(found[1]) * (found[2] === 's' ? 1000 : 1);
}
