/** Performs what the machine of a switchover decides: asks the daemon, keeps its deadlines, tells it what was seen. */
import type { RequestSeen } from '../observation.ts';
import type { SwitchControl } from './control-access.ts';
import type { EndedState, LiveEffect, LiveEvent, LivePlan, LiveState } from './live-messages.ts';
import { liveStep, nextTimeout, startLive } from './live-step.ts';

export interface SwitchoverTools {
  /** Its times may become known while it waits for the steady state. */
  readonly planNow: () => LivePlan;
  readonly control: SwitchControl;
  /** The virtual router and those who advertise for it, if they are several. */
  readonly rivals: () => readonly string[];
  readonly onRequests: (take: (seen: RequestSeen) => void) => void;
  readonly say: (text: string) => void;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

const statusEveryMs = 250;

/** Never rejects. */
export async function performSwitchover(tools: SwitchoverTools): Promise<EndedState> {
  const run = new Switchover(tools);
  return run.perform();
}

class Switchover {
  readonly #tools: SwitchoverTools;
  #plan: LivePlan;
  #state: LiveState;
  #timer: NodeJS.Timeout | undefined;
  /** Counts what makes an answer to an earlier question stale. */
  #epoch = 0;
  #isAsking = false;
  #end: (ended: EndedState) => void = () => undefined;

  constructor(tools: SwitchoverTools) {
    this.#tools = tools;
    this.#plan = tools.planNow();
    this.#state = startLive(this.#plan, tools.nowMs());
  }

  async perform(): Promise<EndedState> {
    const { signal, onRequests, say } = this.#tools;
    say(`looking for ${this.#plan.steadyMs / 1000} s whether everything is as it should be`);
    const ended = new Promise<EndedState>((resolve) => {
      this.#end = resolve;
    });
    const interrupted = (): void => this.#take({ kind: 'interrupted' });
    signal.addEventListener('abort', interrupted);
    const poll = setInterval(() => this.#askStatus(), statusEveryMs);
    onRequests(({ service, outcome, atMs }) => this.#take({ kind: 'request', service, outcome, atMs }));
    this.#askStatus();
    this.#arm();
    if (signal.aborted) interrupted();
    try {
      return await ended;
    } finally {
      clearInterval(poll);
      clearTimeout(this.#timer);
      signal.removeEventListener('abort', interrupted);
      onRequests(() => undefined);
    }
  }

  #take(event: LiveEvent): void {
    if (this.#state.name === 'ended') return;
    if (this.#state.name === 'steady') this.#plan = this.#tools.planNow();
    const before = this.#state.name;
    const { next, effects } = liveStep(this.#plan, this.#state, event, this.#tools.nowMs());
    this.#state = next;
    if (before !== next.name || event.kind.startsWith('resume') || event.kind.startsWith('giveUp'))
      this.#epoch += 1;
    for (const effect of effects) this.#perform(effect);
    this.#arm();
  }

  #perform(effect: LiveEffect): void {
    const { control, say } = this.#tools;
    switch (effect.kind) {
      case 'say':
        say(effect.text);
        return;
      case 'giveUp':
        control.giveUp(effect.instances, effect.forMs).then(
          ({ ok, lines }) => this.#take({ kind: 'giveUpAnswered', ok, lines }),
          (error: unknown) => this.#take({ kind: 'giveUpFailed', reason: messageOf(error) }),
        );
        return;
      case 'resume':
        control.resume(effect.instances).then(
          ({ ok, lines }) => this.#take({ kind: 'resumeAnswered', ok, lines }),
          (error: unknown) => this.#take({ kind: 'resumeFailed', reason: messageOf(error) }),
        );
        return;
      case 'end':
        if (this.#state.name === 'ended') this.#end(this.#state);
        return;
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const atMs = nextTimeout(this.#plan, this.#state);
    if (atMs === undefined) return;
    const waitMs = Math.max(1, Math.ceil(atMs - this.#tools.nowMs()));
    this.#timer = setTimeout(() => this.#take({ kind: 'timeout' }), waitMs);
  }

  /** An answer from before the last change of state tells of what was, and is dropped. */
  #askStatus(): void {
    const [router, ...rivals] = this.#tools.rivals();
    if (router !== undefined)
      this.#take({ kind: 'twoMasters', text: `${router} has two Masters, ${rivals.join(' and ')}` });
    if (this.#isAsking) return;
    this.#isAsking = true;
    const epoch = this.#epoch;
    const answered = (event: LiveEvent): void => {
      this.#isAsking = false;
      if (epoch === this.#epoch) this.#take(event);
    };
    this.#tools.control.status().then(
      ({ vrrp, vrrpSilence }) =>
        answered(
          vrrp === undefined
            ? { kind: 'statusFailed', reason: `the daemon tells nothing of VRRP: ${vrrpSilence ?? ''}` }
            : { kind: 'status', instances: vrrp.instances },
        ),
      (error: unknown) => answered({ kind: 'statusFailed', reason: messageOf(error) }),
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
