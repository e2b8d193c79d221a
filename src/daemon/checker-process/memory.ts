/** What the supervisor is told to remember for a successor of this process: gathered, and told a few times a second at most. */
import type { CheckerState } from '../../healthcheck/index.ts';
import type { ChildMessage } from '../ipc.ts';

export type News = Omit<Extract<ChildMessage, { kind: 'remember' }>, 'kind'>;

export interface MemoryPorts {
  readonly nowMs: () => number;
  readonly callAt: (atMs: number, run: () => void) => () => void;
  readonly remember: (news: News) => void;
}

/** A crash loses no more than this. */
const gatherMs = 100;

export class Memory {
  readonly #ports: MemoryPorts;
  #verdicts = new Map<string, CheckerState>();
  #rest: Omit<News, 'verdicts'> = {};
  #forget: (() => void) | undefined;

  constructor(ports: MemoryPorts) {
    this.#ports = ports;
  }

  noteVerdict(id: string, state: CheckerState): void {
    this.#verdicts.set(id, state);
    this.#arm();
  }

  note(news: Omit<News, 'verdicts'>): void {
    this.#rest = { ...this.#rest, ...news };
    this.#arm();
  }

  /** Tells what is gathered now. */
  flush(): void {
    this.#forget?.();
    this.#forget = undefined;
    const verdicts = [...this.#verdicts];
    const news = { ...this.#rest, ...(verdicts.length > 0 && { verdicts }) };
    this.#verdicts = new Map();
    this.#rest = {};
    if (Object.keys(news).length > 0) this.#ports.remember(news);
  }

  #arm(): void {
    this.#forget ??= this.#ports.callAt(this.#ports.nowMs() + gatherMs, () => this.flush());
  }
}
