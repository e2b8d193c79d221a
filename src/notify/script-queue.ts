/**
 * The order of the scripts of one instance or one sync group: one after the other, as the events came.
 *
 * keepalived starts each script when its event happens and waits for none, so that a slow BACKUP script can end after the
 * MASTER script that followed it, and leave behind the address, the mount or the cloud route of a Backup on a Master. Here the
 * next script waits until the one before has ended. It does not wait for ever: after 30 s (longer than moving a floating
 * address by a provider's interface takes, shorter than an operator's patience) it starts anyway, the one that hangs goes
 * on beside it, and that is reported. A script whose state has passed is run all the same: scripts that count, log or undo what
 * another did rely on hearing every state.
 *
 * Decides only. Times are absolute, on the clock of `nowMs`.
 */

export const patienceMs = 30_000;

export interface ScriptQueue<Job> {
  readonly waiting: readonly Job[];
  /** The last one started, unless it has ended. */
  readonly current: { readonly job: Job; readonly startedAtMs: number } | undefined;
  /** How long the next waits for `current`; less when the daemon is about to end. */
  readonly patienceMs: number;
}

export type ScriptQueueEvent<Job> =
  | { readonly kind: 'added'; readonly job: Job }
  | { readonly kind: 'ended'; readonly job: Job }
  /** The daemon is about to end: nobody waits longer than this for another, counted from each one's start. */
  | { readonly kind: 'hurry'; readonly patienceMs: number }
  | { readonly kind: 'timeout' };

export type ScriptQueueEffect<Job> =
  | { readonly kind: 'start'; readonly job: Job }
  /** `job` still runs after `afterMs`, and another starts beside it. */
  | { readonly kind: 'overtaken'; readonly job: Job; readonly afterMs: number; readonly waiting: number };

export interface ScriptQueueStep<Job> {
  readonly next: ScriptQueue<Job>;
  readonly effects: readonly ScriptQueueEffect<Job>[];
}

export function emptyScriptQueue<Job>(): ScriptQueue<Job> {
  return { waiting: [], current: undefined, patienceMs };
}

export function stepScriptQueue<Job>(
  queue: ScriptQueue<Job>,
  event: ScriptQueueEvent<Job>,
  nowMs: number,
): ScriptQueueStep<Job> {
  return startDue({ next: taken(queue, event), effects: [] }, nowMs);
}

/** When the queue next wants a `timeout`; undefined when only events can move it. */
export function nextTimeout<Job>({ waiting, current, patienceMs }: ScriptQueue<Job>): number | undefined {
  return waiting.length === 0 || current === undefined ? undefined : current.startedAtMs + patienceMs;
}

function taken<Job>(queue: ScriptQueue<Job>, event: ScriptQueueEvent<Job>): ScriptQueue<Job> {
  switch (event.kind) {
    case 'added':
      return { ...queue, waiting: [...queue.waiting, event.job] };
    case 'ended':
      // One that was overtaken ends unheard: another one is waited for now.
      return queue.current?.job === event.job ? { ...queue, current: undefined } : queue;
    case 'hurry':
      return { ...queue, patienceMs: Math.min(queue.patienceMs, event.patienceMs) };
    case 'timeout':
      return queue;
  }
}

/** One, or with no patience left all of them. */
function startDue<Job>({ next: queue, effects }: ScriptQueueStep<Job>, nowMs: number): ScriptQueueStep<Job> {
  const [job, ...waiting] = queue.waiting;
  if (job === undefined || nowMs < (nextTimeout(queue) ?? nowMs)) return { next: queue, effects };
  const next = { ...queue, waiting, current: { job, startedAtMs: nowMs } };
  return startDue({ next, effects: [...effects, ...overtaken(queue, nowMs), { kind: 'start', job }] }, nowMs);
}

function overtaken<Job>({ current, waiting }: ScriptQueue<Job>, nowMs: number): ScriptQueueEffect<Job>[] {
  if (current === undefined) return [];
  const afterMs = nowMs - current.startedAtMs;
  return [{ kind: 'overtaken', job: current.job, afterMs, waiting: waiting.length }];
}
