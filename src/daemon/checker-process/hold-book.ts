/** The servers that operators have drained, kept for a successor of this process and ended when their time is over. */
import type { LogRecord, ServerHold } from '../ipc.ts';
import { expiredHolds, type Holds, holdsOf, nextExpiryMs, withHolds, withoutHolds } from './holds.ts';

export interface HoldPorts {
  readonly nowMs: () => number;
  readonly callAt: (atMs: number, run: () => void) => () => void;
  readonly log: (record: LogRecord) => void;
}

export class HoldBook {
  readonly #ports: HoldPorts;
  /** Told after every change but `restore`: the holds from now on, and whose have come or gone. */
  readonly #onChange: (holds: readonly ServerHold[], concerned: readonly ServerHold[]) => void;
  #holds: Holds = new Map();
  #forget: (() => void) | undefined;

  constructor(
    ports: HoldPorts,
    onChange: (holds: readonly ServerHold[], concerned: readonly ServerHold[]) => void,
  ) {
    this.#ports = ports;
    this.#onChange = onChange;
  }

  get holds(): Holds {
    return this.#holds;
  }

  /** What a predecessor of this process has left. */
  restore(holds: readonly ServerHold[]): void {
    const all = holdsOf(holds);
    this.#holds = withoutHolds(all, expiredHolds(all, this.#ports.nowMs()));
    this.#arm();
  }

  add(holds: readonly ServerHold[]): void {
    this.#set(withHolds(this.#holds, holds), holds);
  }

  remove(holds: readonly ServerHold[]): void {
    if (holds.length > 0) this.#set(withoutHolds(this.#holds, holds), holds);
  }

  close(): void {
    this.#forget?.();
  }

  #set(holds: Holds, concerned: readonly ServerHold[]): void {
    this.#holds = holds;
    this.#arm();
    this.#onChange([...holds.values()], concerned);
  }

  #arm(): void {
    this.#forget?.();
    const atMs = nextExpiryMs(this.#holds);
    this.#forget = atMs === undefined ? undefined : this.#ports.callAt(atMs, () => this.#expire());
  }

  #expire(): void {
    const expired = expiredHolds(this.#holds, this.#ports.nowMs());
    for (const { virtualServer, realServer } of expired) {
      const name = `${realServer.address} port ${realServer.port}`;
      this.#ports.log({
        level: 'notice',
        message: `The time of the drain of ${name} of VS ${virtualServer} is over`,
      });
    }
    this.remove(expired);
    if (expired.length === 0) this.#arm();
  }
}
