/** The sockets that sessions listen on, opened for what the sessions need and tried again where that failed. */
import { controlPort } from '../../bfd/index.ts';
import type { BfdInstanceConfig } from '../../config-parser/config.ts';
import { type BfdDatagram, type BfdListener, openBfdListener } from '../../kernel/bfd-socket.ts';
import { type AddressFamily, familyOf } from '../../net/address.ts';
import type { LogRecord } from '../ipc.ts';

/** More than the receive buffer holds: a flood cannot keep a deadline from being served. */
const mostDrained = 4096;

export interface ListenerHandlers {
  onDatagram(datagram: BfdDatagram, port: number, receivedAtMs: number): void;
  log(record: LogRecord): void;
}

interface Place {
  readonly family: AddressFamily;
  readonly port: number;
}

export class Listeners {
  readonly #handlers: ListenerHandlers;
  readonly #open = new Map<string, BfdListener>();
  readonly #refused = new Set<string>();
  #wanted: readonly Place[] = [];
  #received = 0;

  constructor(handlers: ListenerHandlers) {
    this.#handlers = handlers;
  }

  /** Closes what no session needs any more and opens what is missing. */
  follow(configs: readonly BfdInstanceConfig[]): void {
    const places = configs.map((config) => ({
      family: familyOf(config.neighborAddress),
      port: controlPort(config),
    }));
    this.#wanted = [...new Map(places.map((place) => [keyOf(place), place])).values()];
    const keys = new Set(this.#wanted.map(keyOf));
    for (const [key, listener] of this.#open) {
      if (keys.has(key)) continue;
      listener.close();
      this.#open.delete(key);
    }
    this.retry();
  }

  /** Opens what could not be opened so far. */
  retry(): void {
    for (const place of this.#wanted) if (!this.#open.has(keyOf(place))) this.#openAt(place);
  }

  /** Takes in what already waits in the sockets: what was received in time must be heard before a deadline decides. */
  drain(): void {
    const startedAt = this.#received;
    for (const listener of this.#open.values()) {
      for (let before = -1; before !== this.#received && this.#received - startedAt < mostDrained; ) {
        before = this.#received;
        listener.receivePending();
      }
    }
  }

  close(): void {
    this.follow([]);
  }

  #openAt(place: Place): void {
    const { log } = this.#handlers;
    const { family, port } = place;
    const key = keyOf(place);
    try {
      const listener = openBfdListener(place, {
        onDatagram: (datagram, receivedAtMs) => {
          this.#received += 1;
          this.#handlers.onDatagram(datagram, port, receivedAtMs);
        },
        onError: (error) => log({ level: 'warning', message: `BFD port ${port}: ${error.message}` }),
      });
      this.#open.set(key, listener);
      if (this.#refused.delete(key)) {
        log({ level: 'notice', message: `BFD listens on UDP port ${port} over IPv${family} now` });
      }
    } catch (error) {
      if (this.#refused.has(key)) return;
      this.#refused.add(key);
      const reason = error instanceof Error ? error.message : String(error);
      const message = `BFD cannot hear its neighbours, sessions stay down and this is tried again every second: ${reason}`;
      log({ level: 'error', message });
    }
  }
}

function keyOf({ family, port }: Place): string {
  return `${family} ${port}`;
}
