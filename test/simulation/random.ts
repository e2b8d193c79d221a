/** One seeded generator for everything that is left to chance, so that a seed replays it. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 inclusive to 1 exclusive (the mulberry32 generator). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(percent: number): boolean {
    return this.next() * 100 < percent;
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(0, choices.length - 1)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }
}

/** `SEED=...` alone, or as many seeds as the test wants. */
export function seeds(count: number): readonly number[] {
  const replayed = process.env['SEED'];
  return replayed === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(replayed)];
}

/** How many seeds all shares have together; `SEEDS=...` for a longer run. */
const seedCount = Number(process.env['SEEDS'] ?? 10_000);

/** Every `shares`th seed from 1 on, beginning with the `share`th; with `SEED=...` that one alone, if it is of this share. */
export function seedsOfShare(share: number, shares: number): readonly number[] {
  return seeds(seedCount).filter((seed) => seed % shares === share);
}
