/** The deadlines of everything that has one, the earliest first: a binary heap that knows where each of its members stands. */

export interface Timed {
  /** On the clock of `nowMs`; undefined while nothing is due. */
  readonly nextTimeoutMs: number | undefined;
  timeout(nowMs: number): void;
}

interface Entry<Member> {
  readonly member: Member;
  atMs: number;
}

export class DeadlineQueue<Member extends Timed> {
  readonly #heap: Entry<Member>[] = [];
  readonly #places = new Map<Member, number>();

  /** Undefined when nobody has a deadline. */
  get earliest(): { readonly member: Member; readonly atMs: number } | undefined {
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Everybody whose deadline is `atMs` or earlier, the earliest first. */
  dueBy(atMs: number): readonly Member[] {
    const due: Entry<Member>[] = [];
    const look = (place: number): void => {
      const entry = this.#heap[place];
      if (entry === undefined || entry.atMs > atMs) return;
      due.push(entry);
      look(2 * place + 1);
      look(2 * place + 2);
    };
    look(0);
    return due.sort((a, b) => a.atMs - b.atMs).map(({ member }) => member);
  }

  /** To be called whenever the member's `nextTimeoutMs` may have changed; costs nothing when it has not. */
  update(member: Member): void {
    const atMs = member.nextTimeoutMs;
    const place = this.#places.get(member);
    if (atMs === undefined) {
      this.remove(member);
      return;
    }
    if (place === undefined) {
      this.#put({ member, atMs }, this.#heap.length);
      this.#rise(this.#heap.length - 1);
      return;
    }
    const entry = this.#heap[place];
    if (entry === undefined || entry.atMs === atMs) return;
    entry.atMs = atMs;
    this.#rise(place);
    this.#sink(this.#places.get(member) ?? place);
  }

  remove(member: Member): void {
    const place = this.#places.get(member);
    if (place === undefined) return;
    this.#places.delete(member);
    const last = this.#heap.pop();
    if (last === undefined || place === this.#heap.length) return;
    this.#put(last, place);
    this.#rise(place);
    this.#sink(this.#places.get(last.member) ?? place);
  }

  #put(entry: Entry<Member>, place: number): void {
    this.#heap[place] = entry;
    this.#places.set(entry.member, place);
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isEarlier(place, above)) return;
      this.#swap(place, above);
      place = above;
    }
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#heap.length) return;
      const right = left + 1;
      const least = right < this.#heap.length && this.#isEarlier(right, left) ? right : left;
      if (!this.#isEarlier(least, place)) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #isEarlier(a: number, b: number): boolean {
    return (this.#heap[a]?.atMs ?? 0) < (this.#heap[b]?.atMs ?? 0);
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#put(first, b);
    this.#put(second, a);
  }
}
