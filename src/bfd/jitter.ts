/** Chance as a value: the next number and the generator that comes after it, so that a session's step stays a function. */

export interface Jitter {
  /** 32 bits; the seed is where a session starts. */
  readonly seed: number;
  /** What the transmit interval is multiplied by until the next packet. */
  readonly factor: number;
}

/**
 * RFC 5880 section 6.8.7: the interval between packets is reduced by a random 0 to 25 %, anew for each packet; with a detection
 * multiplier of 1 it is at most 90 %, so that a packet is not late when it is the only one that is waited for.
 */
export function nextJitter(seed: number, multiplier: number): Jitter {
  const longest = multiplier === 1 ? 0.9 : 1;
  const next = (seed + 0x6d2b79f5) >>> 0;
  return { seed: next, factor: 0.75 + (longest - 0.75) * fraction(next) };
}

/** From 0 inclusive to 1 exclusive (the mulberry32 generator's mixing). */
function fraction(seed: number): number {
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
}
