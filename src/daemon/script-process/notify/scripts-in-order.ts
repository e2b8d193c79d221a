/** Runs the scripts of every instance and group in the order that `src/notify/script-queue.ts` decides: one queue for each. */
import {
  emptyScriptQueue,
  nextTimeout,
  type ScriptQueue,
  type ScriptQueueEffect,
  type ScriptQueueEvent,
  stepScriptQueue,
} from '../../../notify/index.ts';

export interface OrderedScriptsPorts<Job> {
  /** Starts it; resolves when it has ended, however, and never rejects. */
  readonly run: (job: Job) => Promise<void>;
  readonly onOvertaken: (overtaken: Extract<ScriptQueueEffect<Job>, { kind: 'overtaken' }>) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}

interface Lane<Job> {
  queue: ScriptQueue<Job>;
  timer: NodeJS.Timeout | undefined;
}

export class ScriptsInOrder<Job extends object> {
  readonly #ports: OrderedScriptsPorts<Job>;
  /** By what the scripts are about; one that has nothing to do is not kept. */
  readonly #lanes = new Map<string, Lane<Job>>();
  readonly #idle: (() => void)[] = [];

  constructor(ports: OrderedScriptsPorts<Job>) {
    this.#ports = ports;
  }

  /** `job` runs after those added before under the same `key`. */
  add(key: string, job: Job): void {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { queue: emptyScriptQueue(), timer: undefined };
      this.#lanes.set(key, lane);
    }
    this.#step(key, lane, { kind: 'added', job });
  }

  /** From now on no script that is there waits for another longer than this. */
  hurry(patienceMs: number): void {
    for (const [key, lane] of this.#lanes) this.#step(key, lane, { kind: 'hurry', patienceMs });
  }

  /** Resolves when nothing runs and nothing waits. Scripts that were overtaken are not waited for. */
  whenIdle(): Promise<void> {
    if (this.#lanes.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #step(key: string, lane: Lane<Job>, event: ScriptQueueEvent<Job>): void {
    const { next, effects } = stepScriptQueue(lane.queue, event, this.#ports.nowMs());
    lane.queue = next;
    for (const effect of effects) this.#perform(key, lane, effect);
    this.#arm(key, lane);
    if (next.current !== undefined || next.waiting.length > 0) return;
    this.#lanes.delete(key);
    if (this.#lanes.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #perform(key: string, lane: Lane<Job>, effect: ScriptQueueEffect<Job>): void {
    if (effect.kind === 'overtaken') {
      this.#ports.onOvertaken(effect);
      return;
    }
    const { job } = effect;
    void this.#ports.run(job).then(() => {
      // A lane that has emptied is gone, and one of the same key that came since has other jobs.
      if (this.#lanes.get(key) === lane) this.#step(key, lane, { kind: 'ended', job });
    });
  }

  #arm(key: string, lane: Lane<Job>): void {
    clearTimeout(lane.timer);
    const atMs = nextTimeout(lane.queue);
    if (atMs === undefined) return;
    const delayMs = Math.max(0, Math.ceil(atMs - this.#ports.nowMs()));
    lane.timer = setTimeout(() => this.#step(key, lane, { kind: 'timeout' }), delayMs);
  }
}
