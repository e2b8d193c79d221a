/**
 * keepalived's rules for the verdict of one checker, as pure functions. A checker that is up goes down after `retry` + 1
 * failures in a row; one that is down comes up with one success, HTTP_GET and SSL_GET with two. The first run is special:
 * see `CheckerState`.
 */
import type { CheckerConfig, CheckerTiming, HttpCheckConfig } from '../config-parser/config.ts';
import type { ProbeOutcome } from './probe.ts';

/**
 * `assumed…` has not run yet. Without `alpha` a server is assumed up and carries traffic at once, but its first failing
 * run brings it down without retries: nothing has ever shown it to work.
 */
export type CheckerState = 'assumedUp' | 'assumedDown' | 'up' | 'down';

/** What a checker remembers from one attempt to the next. */
export interface Progress {
  readonly state: CheckerState;
  /** Good attempts in a row while it is down. */
  readonly goodAttempts: number;
}

/** How the next attempt is made: `retries` further probes after a failing one, `delayBeforeRetryMs` apart. */
export interface AttemptPlan {
  readonly retries: number;
  readonly delayBeforeRetryMs: number;
}

export interface AfterAttempt {
  readonly next: Progress;
  readonly nextDelayMs: number;
}

/** keepalived schedules no check in the first second of its life. */
export const bootstrapDelayMs = 1000;

/** The state of a checker about which nothing is known. keepalived.conf(5): alpha. */
export function initialState(checker: Pick<CheckerConfig, 'alpha'>): CheckerState {
  return checker.alpha ? 'assumedDown' : 'assumedUp';
}

export function isUp(state: CheckerState): boolean {
  return state === 'up' || state === 'assumedUp';
}

/** An attempt has shown it. */
export function isProven(state: CheckerState): state is 'up' | 'down' {
  return state === 'up' || state === 'down';
}

/** keepalived.conf(5): retry, delay_before_retry. Only a server seen working is granted retries. */
export function planAttempt(state: CheckerState, timing: CheckerTiming): AttemptPlan {
  return { retries: state === 'up' ? timing.retry : 0, delayBeforeRetryMs: timing.delayBeforeRetryMs };
}

/** What an attempt, retries included, makes of it. An inconclusive one makes nothing of it. */
export function afterAttempt(
  checker: CheckerConfig,
  before: Progress,
  outcome: ProbeOutcome['kind'],
): AfterAttempt {
  return { next: progressAfter(checker, before, outcome), nextDelayMs: delayAfter(checker, outcome) };
}

/** keepalived.conf(5): warmup. `random` is from 0 to below 1, so that many checkers do not start in one moment. */
export function firstDelayMs(timing: CheckerTiming, random: number): number {
  return bootstrapDelayMs + random * timing.warmupMs;
}

/** When checks go on that had rested: spread like the first ones, but the second of the start has long been. */
export function resumeDelayMs(timing: CheckerTiming, random: number): number {
  return random * timing.warmupMs;
}

function progressAfter(checker: CheckerConfig, before: Progress, outcome: ProbeOutcome['kind']): Progress {
  switch (outcome) {
    case 'failed':
      return { state: 'down', goodAttempts: 0 };
    case 'inconclusive':
      return before;
    case 'ok': {
      const goodAttempts = before.goodAttempts + 1;
      const isStillDown = before.state === 'down' && goodAttempts < attemptsToRecover(checker);
      return isStillDown ? { state: 'down', goodAttempts } : { state: 'up', goodAttempts: 0 };
    }
  }
}

/**
 * keepalived asks for one url a delay_loop. After a failure it stays with the url that failed, and once that works it begins
 * again with the first: a server comes back after (number of urls) + 1 successes, each a delay_loop apart. Here one attempt asks
 * for all urls, so that what is left of the rule is its purpose: a server that has just come back answers once more, a delay_loop
 * later, before it gets traffic. keepalived.conf(5): fast_recovery is for those who do not want that.
 */
export function attemptsToRecover(checker: CheckerConfig): number {
  return isWeb(checker) && !checker.fastRecovery ? 2 : 1;
}

/** As keepalived, which never asks a web server that failed sooner than delay_before_retry. */
export function delayAfter(checker: CheckerConfig, outcome: ProbeOutcome['kind']): number {
  const { delayLoopMs, delayBeforeRetryMs } = checker.timing;
  return isWeb(checker) && outcome === 'failed' ? Math.max(delayLoopMs, delayBeforeRetryMs) : delayLoopMs;
}

export function isWeb(checker: CheckerConfig): checker is HttpCheckConfig {
  return checker.kind === 'HTTP_GET' || checker.kind === 'SSL_GET';
}
