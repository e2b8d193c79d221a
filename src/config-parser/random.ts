/**
 * The numbers of `${_RANDOM}`. keepalived seeds them from the clock unless `random_seed` is given; here they are the same
 * at every reading, so that lint says the same on a laptop, in CI and on the director, and a reload that changes nothing
 * finds nothing changed.
 */

/** Numbers from 0 to below 1, by mulberry32. */
export function randomNumbers(seed = 1): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
