/**
 * The deadlines of everything that has one, the earliest first: a binary heap that knows where each of its members stands. A
 * Backup's deadline is moved by every packet, nearly always to later: its place is then left as it is until it comes to the top.
 */

export interface Timed {
  /** On the clock of `nowMs`; undefined while nothing is due. */
  readonly nextTimeoutMs: number | undefined;
  timeout(nowMs: number): void;
}

interface Entry<Member> {
  readonly member: Member;
  /** Its deadline, or an earlier one that it had. */
  atMs: number;
}

export class DeadlineQueue<Member extends Timed> {
  readonly #heap: Entry<Member>[] = [];
  readonly #places = new Map<Member, number>();

  /** Undefined when nobody has a deadline. */
  get earliest(): { readonly member: Member; readonly atMs: number } | undefined {
    for (;;) {
      const top = this.#heap[0];
      const atMs = top?.member.nextTimeoutMs;
      if (top === undefined || atMs === undefined || atMs <= top.atMs) return top;
      top.atMs = atMs;
      this.#sink(0);
    }
  }

  /** No deadline is earlier, though there may be none at that time any more: costs less than `earliest`. */
  get soonest(): { readonly member: Member; readonly atMs: number } | undefined {
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Everybody whose deadline is `atMs` or earlier, the earliest first. */
  dueBy(atMs: number): readonly Member[] {
    const due: { readonly member: Member; readonly dueAtMs: number }[] = [];
    const look = (place: number): void => {
      const entry = this.#heap[place];
      if (entry === undefined || entry.atMs > atMs) return;
      const { member } = entry;
      const dueAtMs = member.nextTimeoutMs ?? Number.POSITIVE_INFINITY;
      if (dueAtMs <= atMs) due.push({ member, dueAtMs });
      look(2 * place + 1);
      look(2 * place + 2);
    };
    look(0);
    return due.sort((a, b) => a.dueAtMs - b.dueAtMs).map(({ member }) => member);
  }

  /** To be called whenever the member's `nextTimeoutMs` may have changed; costs nothing when it has not, or is later now. */
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
    if (entry === undefined || entry.atMs <= atMs) return;
    entry.atMs = atMs;
    this.#rise(place);
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
