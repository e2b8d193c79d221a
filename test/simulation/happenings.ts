/** What is going to happen, the earliest first: a binary heap. Of what happens at the same moment the first put in comes first. */

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly happen: () => void;
}

export class Happenings {
  readonly #heap: Entry[] = [];
  #order = 0;

  get earliestMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  put(atMs: number, happen: () => void): void {
    this.#order += 1;
    const entry = { atMs, order: this.#order, happen };
    const heap = this.#heap;
    let place = heap.length;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  /** The earliest, which is no longer in it. */
  take(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const isRight = b !== undefined && isBefore(b, a);
      const least = isRight ? b : a;
      if (!isBefore(least, last)) break;
      heap[place] = least;
      place = isRight ? left + 1 : left;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}
