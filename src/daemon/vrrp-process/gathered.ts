/** Items that come singly and go out together at the end of the event loop's turn: a message each would make a takeover of hundreds slow. */
export class Gathered<Item> {
  readonly #send: (items: readonly Item[]) => void;
  #waiting: Item[] = [];

  constructor(send: (items: readonly Item[]) => void) {
    this.#send = send;
  }

  add(items: readonly Item[]): void {
    if (items.length === 0) return;
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    this.#waiting.push(...items);
  }

  /** At once, for whoever is about to end. */
  flush(): void {
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length > 0) this.#send(items);
  }
}
