/**
 * What can happen to a live switchover and what it can want done: the words between the machine that decides
 * (live-step.ts) and the shell that asks, listens and waits. Times are milliseconds on one clock, whichever it is.
 */
import type { InstanceStatus } from '../../daemon/ipc.ts';
import type { Limit } from '../report/report.ts';

/** Of the daemon's status, what the drill decides by. */
export type LiveInstance = Pick<
  InstanceStatus,
  'name' | 'state' | 'vrid' | 'family' | 'faults' | 'peers' | 'hold' | 'rival'
>;

/** Fixed before it begins. */
export interface LivePlan {
  /** Those that change over; all are to be Master where the daemon runs. */
  readonly instances: readonly string[];
  /** How long everything must have been right before anything is done. */
  readonly steadyMs: number;
  readonly holdMs: number;
  /** The daemon ends the hold by itself so long after it was asked to give up, whatever becomes of the drill. */
  readonly deadManMs: number;
  /** For everything, from the begin. */
  readonly timeoutMs: number;
  /** No success for longer breaks the switchover off. */
  readonly longestSilenceMs: number;
  /** What the drill waits after `resume` for the old Master to be back. */
  readonly returnLimitMs: number;
  /** False with nopreempt: the successor stays Master. */
  readonly expectsReturn: boolean;
  /** How long ago a peer may have been heard last; undefined is any time since the daemon started. */
  readonly peerHeardWithinMs?: number;
  /** Although none was ever heard: Backups are silent, and one that has never been Master is not known. */
  readonly evenIfAlone: boolean;
  /** Of --slo; those that can be seen broken on the way break it off. */
  readonly limits: readonly Limit[];
}

export type LiveEvent =
  | { readonly kind: 'status'; readonly instances: readonly LiveInstance[] }
  | { readonly kind: 'statusFailed'; readonly reason: string }
  | { readonly kind: 'request'; readonly service: string; readonly outcome: string; readonly atMs: number }
  /** Several routers advertise as Master of one virtual router. */
  | { readonly kind: 'twoMasters'; readonly text: string }
  | { readonly kind: 'giveUpAnswered'; readonly ok: boolean; readonly lines: readonly string[] }
  /** It is not known whether it was heard. */
  | { readonly kind: 'giveUpFailed'; readonly reason: string }
  | { readonly kind: 'resumeAnswered'; readonly ok: boolean; readonly lines: readonly string[] }
  | { readonly kind: 'resumeFailed'; readonly reason: string }
  /** Ctrl-C. */
  | { readonly kind: 'interrupted' }
  /** A deadline may have passed; one that has not is no harm. */
  | { readonly kind: 'timeout' };

/** Performed in order. */
export type LiveEffect =
  | { readonly kind: 'giveUp'; readonly instances: readonly string[]; readonly forMs: number }
  | { readonly kind: 'resume'; readonly instances: readonly string[] }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'end' };

/** What is counted in every state. */
export interface LiveCounts {
  readonly requests: number;
  readonly failed: number;
  readonly lastSuccessAtMs: number;
  /** Since when no request has succeeded. */
  readonly failingSinceMs?: number;
  /** Since when the daemon has not told its status. */
  readonly silentSinceMs?: number;
}

export type LiveState =
  | {
      readonly name: 'steady';
      readonly beganAtMs: number;
      readonly untilMs: number;
      readonly hasStatus: boolean;
      readonly counts: LiveCounts;
    }
  | {
      readonly name: 'switching';
      readonly beganAtMs: number;
      readonly askedAtMs: number;
      readonly counts: LiveCounts;
    }
  | {
      readonly name: 'holding';
      readonly beganAtMs: number;
      readonly askedAtMs: number;
      readonly untilMs: number;
      readonly counts: LiveCounts;
    }
  | ReturningState
  | EndedState;

export interface ReturningState {
  readonly name: 'returning';
  readonly beganAtMs: number;
  readonly askedAtMs: number;
  readonly resumedAtMs: number;
  readonly untilMs: number;
  /** giveUp has not been answered yet: what it does may come after the first resume. */
  readonly isGiveUpOpen: boolean;
  readonly resume: 'asked' | 'answered' | { readonly againAtMs: number };
  /** Why it was broken off; undefined for the return as planned. */
  readonly because?: string;
  readonly counts: LiveCounts;
}

export interface EndedState {
  readonly name: 'ended';
  /** refused: nothing was done. aborted: broken off, and given back. */
  readonly outcome: 'done' | 'refused' | 'aborted';
  readonly reason?: string;
  /** The old Master is Master again, or is not meant to be. */
  readonly hasReturned: boolean;
  /** Undefined where it was never asked. */
  readonly askedAtMs?: number;
  readonly resumedAtMs?: number;
  readonly endedAtMs: number;
  readonly counts: LiveCounts;
}

export interface LiveStep {
  readonly next: LiveState;
  readonly effects: readonly LiveEffect[];
}
