/** What is going to happen, the earliest first; of what happens at the same moment, the first that was put in. */
export class Agenda {
  readonly #entries: { readonly atMs: number; readonly happen: () => void }[] = [];

  get earliestMs(): number | undefined {
    return this.#entries[0]?.atMs;
  }

  /** A handful of entries at any time: each instance has a deadline and a packet on its way. */
  put(atMs: number, happen: () => void): void {
    const place = this.#entries.findLastIndex((entry) => entry.atMs <= atMs);
    this.#entries.splice(place + 1, 0, { atMs, happen });
  }

  take(): (() => void) | undefined {
    return this.#entries.shift()?.happen;
  }
}
