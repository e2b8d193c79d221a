/**
 * Sessions that were up in the process before this one, which was killed. They begin anew, and until they had the time to come up
 * nobody is told that they are down: the neighbour has not failed, we have.
 */
import { idleTxMs } from '../../bfd/index.ts';
import type { BfdInstanceConfig } from '../../config-parser/config.ts';

export class InheritedSessions {
  readonly #onOver: (name: string) => void;
  /** Undefined until the session is known. */
  readonly #waiting = new Map<string, NodeJS.Timeout | undefined>();

  /** `onOver` is told of sessions whose time is over. */
  constructor(onOver: (name: string) => void) {
    this.#onOver = onOver;
  }

  /** Before the first configuration. */
  take(names: readonly string[]): void {
    for (const name of names) this.#waiting.set(name, undefined);
  }

  /** At every configuration: time begins to run with the first; whoever is not in it is forgotten. */
  follow(configs: readonly BfdInstanceConfig[]): void {
    for (const name of this.#waiting.keys()) {
      const config = configs.find((one) => one.name === name);
      if (config === undefined) this.settle(name);
      else this.#waiting.set(name, this.#waiting.get(name) ?? this.#begin(config));
    }
  }

  /** Whether the session is to count as up, though it is not. */
  has(name: string): boolean {
    return this.#waiting.has(name);
  }

  /** It has come up, or is no more. */
  settle(name: string): void {
    clearTimeout(this.#waiting.get(name));
    this.#waiting.delete(name);
  }

  close(): void {
    for (const name of [...this.#waiting.keys()]) this.settle(name);
  }

  /** As long as a neighbour may be silent before a session that is coming up would be given up. */
  #begin(config: BfdInstanceConfig): NodeJS.Timeout {
    return setTimeout(() => {
      this.#waiting.delete(config.name);
      this.#onOver(config.name);
    }, config.multiplier * idleTxMs(config));
  }
}
