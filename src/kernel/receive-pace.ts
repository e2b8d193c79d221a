/** Reads a busy socket at a pace of its own in place of one wake-up a packet; an idle one wakes the process as ever. */
import { type DatagramSocket, RECEIVE_BATCH } from './datagram-socket.ts';

/** So many packets at a time, or a flood would keep the process from everything else. */
const mostBatches = 16;

export type PacedSocket = Pick<DatagramSocket, 'pause' | 'resume' | 'receivePending'>;

export class ReceivePace {
  readonly #socket: PacedSocket;
  #paceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: PacedSocket) {
    this.#socket = socket;
  }

  /** 0 ends it. */
  set(paceMs: number): void {
    this.#paceMs = paceMs;
    if (paceMs > 0 || this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#socket.resume();
  }

  /** To be called with each packet: others are likely to follow. */
  received(): void {
    if (this.#paceMs === 0 || this.#timer !== undefined) return;
    this.#socket.pause();
    this.#timer = setTimeout(() => this.#readOn(), this.#paceMs);
  }

  #readOn(): void {
    let received = 0;
    for (let batch = 0; batch < mostBatches; batch += 1) {
      const count = this.#socket.receivePending();
      received += count;
      if (count < RECEIVE_BATCH) break;
    }
    // What was received may have ended it.
    if (this.#timer === undefined) return;
    if (received > 0) this.#timer.refresh();
    else {
      this.#timer = undefined;
      this.#socket.resume();
    }
  }
}
