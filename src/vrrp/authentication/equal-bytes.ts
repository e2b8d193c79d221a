/** The comparison of secrets and digests. */

/** Always looks at all bytes, so that the time taken does not tell how many were right. Of other lengths nothing is equal. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let differing = 0;
  for (let index = 0; index < a.length; index += 1) differing |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return differing === 0;
}
