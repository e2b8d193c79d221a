/**
 * One switchover on a real pair, as a state machine: steady, switching, holding, returning, ended. Pure. Whatever happens
 * after it has asked the daemon to give up, it asks it to resume, until that is answered or the daemon's own time limit
 * has passed; nothing is asked before everything has been right for as long as planned.
 */
import type {
  EndedState,
  LiveCounts,
  LiveEffect,
  LiveEvent,
  LivePlan,
  LiveState,
  LiveStep,
  ReturningState,
} from './live-messages.ts';
import { statusProblems } from './steady-problems.ts';

type Acting = Extract<LiveState, { name: 'switching' | 'holding' }>;

const retryMs = 1000;
/** A daemon that has not told its status for so long may be dead. */
const longestMuteMs = 5000;
/** Fewer requests show nothing. */
const fewestRequests = 3;

export function startLive({ steadyMs }: LivePlan, nowMs: number): LiveState {
  const counts = { requests: 0, failed: 0, lastSuccessAtMs: nowMs };
  return { name: 'steady', beganAtMs: nowMs, untilMs: nowMs + steadyMs, hasStatus: false, counts };
}

export function liveStep(plan: LivePlan, state: LiveState, event: LiveEvent, nowMs: number): LiveStep {
  if (state.name === 'ended') return stay(state);
  const counted = { ...state, counts: count(state.counts, event, nowMs) };
  switch (counted.name) {
    case 'steady':
      return inSteady(plan, counted, event, nowMs);
    case 'switching':
      return breakOff(plan, counted, event, nowMs) ?? inSwitching(plan, counted, event, nowMs);
    case 'holding':
      return breakOff(plan, counted, event, nowMs) ?? inHolding(plan, counted, event, nowMs);
    case 'returning':
      return inReturning(plan, counted, event, nowMs);
  }
}

/** When a `timeout` event is due, on the clock of `nowMs`; undefined when it has ended. */
export function nextTimeout(plan: LivePlan, state: LiveState): number | undefined {
  switch (state.name) {
    case 'steady':
      return Math.min(state.untilMs, limitAtMs(plan, state));
    case 'switching':
      return Math.min(...silenceDeadlines(plan, state), limitAtMs(plan, state));
    case 'holding':
      return Math.min(state.untilMs, ...silenceDeadlines(plan, state), limitAtMs(plan, state));
    case 'returning':
      return typeof state.resume === 'object' ? state.resume.againAtMs : returnDeadline(plan, state);
    case 'ended':
      return undefined;
  }
}

function limitAtMs({ timeoutMs }: LivePlan, { beganAtMs }: { readonly beganAtMs: number }): number {
  return beganAtMs + timeoutMs;
}

function count(counts: LiveCounts, event: LiveEvent, nowMs: number): LiveCounts {
  const { failingSinceMs, silentSinceMs, ...plain } = counts;
  const silent = silentSinceMs === undefined ? {} : { silentSinceMs };
  switch (event.kind) {
    case 'request': {
      const requests = counts.requests + 1;
      if (event.outcome === 'ok') return { ...plain, ...silent, requests, lastSuccessAtMs: nowMs };
      const since = failingSinceMs ?? event.atMs;
      return { ...plain, ...silent, requests, failed: counts.failed + 1, failingSinceMs: since };
    }
    case 'status':
      return { ...plain, ...(failingSinceMs === undefined ? {} : { failingSinceMs }) };
    case 'statusFailed':
      return { ...counts, silentSinceMs: silentSinceMs ?? nowMs };
    default:
      return counts;
  }
}

function inSteady(
  plan: LivePlan,
  state: Extract<LiveState, { name: 'steady' }>,
  event: LiveEvent,
  nowMs: number,
): LiveStep {
  const refuse = (reason: string): LiveStep =>
    end({ outcome: 'refused', reason, hasReturned: true, endedAtMs: nowMs, counts: state.counts });
  switch (event.kind) {
    case 'status': {
      const [problem] = statusProblems(plan, event.instances);
      return problem === undefined ? stay({ ...state, hasStatus: true }) : refuse(problem);
    }
    case 'statusFailed':
      return refuse(event.reason);
    case 'request':
      return event.outcome === 'ok'
        ? stay(state)
        : refuse(`a request for ${event.service} ended with ${event.outcome} before anything was done`);
    case 'twoMasters':
      return refuse(event.text);
    case 'interrupted':
      return end({
        outcome: 'aborted',
        reason: 'it was interrupted before anything was done',
        hasReturned: true,
        endedAtMs: nowMs,
        counts: state.counts,
      });
    default:
      break;
  }
  if (nowMs >= limitAtMs(plan, state)) return refuse('its time was over before the steady state was seen');
  if (nowMs < state.untilMs) return stay(state);
  if (!state.hasStatus) return refuse('the daemon has not told its status');
  if (state.counts.requests < fewestRequests)
    return refuse(`only ${state.counts.requests} requests were answered: that shows no steady state`);
  return switchOver(plan, state, nowMs);
}

function switchOver(
  { instances, deadManMs }: LivePlan,
  { beganAtMs, counts }: LiveState & { readonly beganAtMs: number },
  nowMs: number,
): LiveStep {
  const next = { name: 'switching', beganAtMs, askedAtMs: nowMs, counts } as const;
  const names = instances.join(', ');
  return {
    next,
    effects: [
      say(`everything is as it should be; ${names} is asked to fail over, for ${deadManMs / 1000} s at most`),
      { kind: 'giveUp', instances, forMs: deadManMs },
    ],
  };
}

/** What ends a switchover whatever it waits for. */
function breakOff(plan: LivePlan, state: Acting, event: LiveEvent, nowMs: number): LiveStep | undefined {
  const because = whyBreakOff(plan, state, event, nowMs);
  return because === undefined ? undefined : giveBack(plan, state, nowMs, because);
}

function whyBreakOff(plan: LivePlan, state: Acting, event: LiveEvent, nowMs: number): string | undefined {
  const { counts } = state;
  if (event.kind === 'interrupted') return 'it was interrupted';
  if (nowMs >= limitAtMs(plan, state)) return `its time limit of ${plan.timeoutMs / 1000} s was over`;
  const silenceMs = nowMs - counts.lastSuccessAtMs;
  if (silenceMs > plan.longestSilenceMs)
    return `no request has succeeded for ${inSeconds(silenceMs)}, and ${inSeconds(plan.longestSilenceMs)} is the limit`;
  const muteMs = counts.silentSinceMs === undefined ? 0 : nowMs - counts.silentSinceMs;
  if (muteMs > longestMuteMs)
    return `the daemon has told nothing for ${inSeconds(muteMs)}: it may have died or stand still`;
  return brokenLimit(plan, counts, nowMs);
}

/** Only limits that more of the same cannot mend: the others are judged at the end. */
function brokenLimit({ limits }: LivePlan, counts: LiveCounts, nowMs: number): string | undefined {
  const outageMs = counts.failingSinceMs === undefined ? 0 : nowMs - counts.failingSinceMs;
  for (const { figure, comparison, value, text } of limits) {
    const measured =
      figure === 'failed-requests' ? counts.failed : figure === 'outage' ? outageMs : undefined;
    if (measured === undefined) continue;
    const isBroken = comparison === '<=' ? measured > value : comparison === '<' && measured >= value;
    if (!isBroken) continue;
    const found = figure === 'outage' ? inSeconds(measured) : String(measured);
    return `the limit ${text} is broken: ${found}`;
  }
  return undefined;
}

function silenceDeadlines({ longestSilenceMs, limits }: LivePlan, { counts }: LiveState): readonly number[] {
  const { failingSinceMs, lastSuccessAtMs } = counts;
  const outages = limits
    .filter(({ figure, comparison }) => figure === 'outage' && comparison.startsWith('<'))
    .map(({ value }) =>
      failingSinceMs === undefined ? Number.POSITIVE_INFINITY : failingSinceMs + value + 1,
    );
  return [lastSuccessAtMs + longestSilenceMs + 1, ...outages];
}

function inSwitching(
  plan: LivePlan,
  state: Extract<LiveState, { name: 'switching' }>,
  event: LiveEvent,
  nowMs: number,
): LiveStep {
  if (event.kind === 'giveUpFailed') return giveBack(plan, state, nowMs, event.reason, true);
  if (event.kind !== 'giveUpAnswered') return stay(state);
  if (!event.ok) return giveBack(plan, state, nowMs, event.lines.join('; '), true);
  const { beganAtMs, askedAtMs, counts } = state;
  const untilMs = nowMs + plan.holdMs;
  return {
    next: { name: 'holding', beganAtMs, askedAtMs, untilMs, counts },
    effects: [...event.lines.map(say), say(`it stays so for ${inSeconds(plan.holdMs)}`)],
  };
}

function inHolding(
  plan: LivePlan,
  state: Extract<LiveState, { name: 'holding' }>,
  event: LiveEvent,
  nowMs: number,
): LiveStep {
  if (event.kind === 'status') {
    const back = plan.instances.find((name) =>
      event.instances.some((one) => one.name === name && one.state === 'Master'),
    );
    if (back !== undefined)
      return giveBack(plan, state, nowMs, `${back} is Master there again: the successor did not keep it`);
  }
  return nowMs >= state.untilMs ? giveBack(plan, state, nowMs) : stay(state);
}

function giveBack(
  { instances, returnLimitMs }: LivePlan,
  state: Acting,
  nowMs: number,
  because?: string,
  isAnswered = state.name === 'holding',
): LiveStep {
  const { beganAtMs, askedAtMs, counts } = state;
  const next: ReturningState = {
    name: 'returning',
    beganAtMs,
    askedAtMs,
    resumedAtMs: nowMs,
    untilMs: nowMs + returnLimitMs,
    isGiveUpOpen: !isAnswered,
    resume: 'asked',
    ...(because === undefined ? {} : { because }),
    counts,
  };
  const why = because === undefined ? 'the time is over' : `broken off, since ${because}`;
  return {
    next,
    effects: [say(`${why}; ${instances.join(', ')} is given back`), { kind: 'resume', instances }],
  };
}

function inReturning(plan: LivePlan, state: ReturningState, event: LiveEvent, nowMs: number): LiveStep {
  switch (event.kind) {
    case 'giveUpAnswered':
    case 'giveUpFailed':
      // It may have been heard after the first resume.
      return askAgain(plan, { ...state, isGiveUpOpen: false });
    case 'resumeAnswered':
      return resumeAnswered(plan, state, event, nowMs);
    case 'resumeFailed':
      return stay({ ...state, resume: { againAtMs: nowMs + retryMs } });
    case 'interrupted':
      return stay({ ...state, because: state.because ?? 'it was interrupted' });
    case 'status':
      return hasReturned(plan, state, event.instances) ? finish(state, nowMs, true) : stay(state);
    default:
      return timeInReturning(plan, state, nowMs);
  }
}

function resumeAnswered(
  plan: LivePlan,
  state: ReturningState,
  { ok, lines }: Extract<LiveEvent, { kind: 'resumeAnswered' }>,
  nowMs: number,
): LiveStep {
  const next: ReturningState = {
    ...state,
    resume: 'answered',
    untilMs: nowMs + plan.returnLimitMs,
    ...(ok ? {} : { because: state.because ?? lines.join('; ') }),
  };
  return { next, effects: lines.map(say) };
}

function askAgain({ instances }: LivePlan, state: ReturningState): LiveStep {
  return { next: { ...state, resume: 'asked' }, effects: [{ kind: 'resume', instances }] };
}

/** The end of the wait: for the old Master, once resume was answered; for an answer, until the daemon's own limit. */
function returnDeadline({ deadManMs }: LivePlan, state: ReturningState): number {
  const byItselfAtMs = state.askedAtMs + deadManMs + retryMs;
  return state.resume === 'answered' && !state.isGiveUpOpen
    ? state.untilMs
    : Math.max(state.untilMs, byItselfAtMs);
}

function timeInReturning(plan: LivePlan, state: ReturningState, nowMs: number): LiveStep {
  if (nowMs >= returnDeadline(plan, state)) return tooLate(plan, state, nowMs);
  if (typeof state.resume === 'object' && nowMs >= state.resume.againAtMs) return askAgain(plan, state);
  return stay(state);
}

function tooLate(plan: LivePlan, state: ReturningState, nowMs: number): LiveStep {
  if (state.resume === 'answered')
    return finish(state, nowMs, false, `the old Master is not back after ${inSeconds(plan.returnLimitMs)}`);
  const byItself = `the daemon did not answer resume; its hold has ended by itself, ${inSeconds(plan.deadManMs)} after it began`;
  return finish({ ...state, because: state.because ?? byItself }, nowMs, false, byItself);
}

function hasReturned(
  { instances, expectsReturn }: LivePlan,
  state: ReturningState,
  seen: Extract<LiveEvent, { kind: 'status' }>['instances'],
): boolean {
  if (state.resume !== 'answered' || state.isGiveUpOpen) return false;
  return instances.every((name) => {
    const one = seen.find((instance) => instance.name === name);
    return one !== undefined && one.hold === undefined && (!expectsReturn || one.state === 'Master');
  });
}

function finish(state: ReturningState, nowMs: number, isBack: boolean, trouble?: string): LiveStep {
  const { because, askedAtMs, resumedAtMs, counts } = state;
  const reasons = [because, trouble].filter((one) => one !== undefined);
  return end({
    outcome: because === undefined ? 'done' : 'aborted',
    ...(reasons.length === 0 ? {} : { reason: [...new Set(reasons)].join('; ') }),
    hasReturned: isBack,
    askedAtMs,
    resumedAtMs,
    endedAtMs: nowMs,
    counts,
  });
}

function end(ended: Omit<EndedState, 'name'>): LiveStep {
  return { next: { name: 'ended', ...ended }, effects: [{ kind: 'end' }] };
}

function stay(next: LiveState): LiveStep {
  return { next, effects: [] };
}

function say(text: string): LiveEffect {
  return { kind: 'say', text };
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
