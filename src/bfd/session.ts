/** The state machine of a session: RFC 5880 section 6.8. Pure: time and chance come in with the state and the event. */
import type { BfdInstanceConfig } from '../config-parser/config.ts';
import { nextJitter } from './jitter.ts';
import type { SessionEffect, SessionEvent, SessionReport } from './messages.ts';
import { type BfdPacket, diagnostics, type SessionStateName } from './packet.ts';
import { refusalOf } from './reception.ts';
import { maySpeak, type Parameters, type SessionState, withDeadlines } from './state.ts';
import { counted, type SessionCounter } from './statistics.ts';
import { detectionTimeMs, idleTxMs } from './timers.ts';

export interface SessionStep {
  readonly next: SessionState;
  /** To be performed in this order. */
  readonly effects: readonly SessionEffect[];
}

interface Context {
  readonly config: BfdInstanceConfig;
  readonly nowMs: number;
}

/** `nowMs` is on a clock that never goes back; of a packet, when the kernel received it. */
export function step(
  config: BfdInstanceConfig,
  state: SessionState,
  event: SessionEvent,
  nowMs: number,
): SessionStep {
  const context = { config, nowMs };
  switch (event.kind) {
    case 'timeout':
      return onTimeout(context, state);
    case 'packet':
      return withDetectionTime(state, onPacket(context, state, event));
    case 'shutdown':
      return onShutdown(context, state);
  }
}

/**
 * The session goes on under `config`. RFC 5880 section 6.8.3: a change of the intervals is announced in a Poll Sequence, and
 * counts at once only where nobody can miss a packet because of it.
 */
export function reconfigure(
  previous: BfdInstanceConfig,
  config: BfdInstanceConfig,
  state: SessionState,
  nowMs: number,
): SessionStep {
  const context = { config, nowMs };
  const settled = withDetectionTime(state, settle(context, state));
  const contentDiffers = previous.multiplier !== config.multiplier && state.name !== 'AdminDown';
  if (!contentDiffers || !maySpeak(config, settled.next)) return settled;
  return then(settled, (next) => send(context, next));
}

function onTimeout(context: Context, state: SessionState): SessionStep {
  const { config, nowMs } = context;
  const isExpired = state.detectAtMs !== undefined && state.detectAtMs <= nowMs;
  const heard = isExpired ? expire(context, state) : { next: state, effects: [] };
  const { sendAtMs } = heard.next;
  if (sendAtMs === undefined || sendAtMs > nowMs) return heard;
  return then(heard, (next) => send({ config, nowMs }, next));
}

/** RFC 5880 section 6.8.4, and 6.8.1 for bfd.RemoteDiscr. */
function expire(context: Context, state: SessionState): SessionStep {
  const { lastHeardAtMs = context.nowMs, detectAtMs = context.nowMs } = state;
  const forgotten = withDeadlines(context.config, {
    ...state,
    lastHeardAtMs: undefined,
    remoteDiscriminator: 0,
  });
  if (state.name !== 'Init' && state.name !== 'Up') return { next: forgotten, effects: [] };
  const expired: SessionReport = {
    kind: 'expired',
    afterMs: context.nowMs - lastHeardAtMs,
    overdueMs: context.nowMs - detectAtMs,
  };
  const down = enter(context, forgotten, 'Down', diagnostics.detectionTimeExpired);
  return withReports(announce(context, down), expired);
}

/** RFC 5880 section 6.8.6, from where the session is known. */
function onPacket(
  context: Context,
  state: SessionState,
  { packet, hopLimit }: Extract<SessionEvent, { kind: 'packet' }>,
): SessionStep {
  const { config } = context;
  const refusal = state.name === 'AdminDown' ? 'adminDown' : refusalOf(config, packet, hopLimit);
  if (refusal !== undefined) return refuse(state, refusal);
  const heard = hear(context, state, packet);
  const target = transition(heard.name, packet.state);
  const isLeft = target === 'Down' && heard.name !== 'Down';
  const diagnostic = isLeft ? diagnostics.neighborSignaledDown : diagnostics.none;
  const moved = target === heard.name ? settle(context, heard) : enter(context, heard, target, diagnostic);
  if (packet.isPoll) return then(moved, (next) => send(context, next, { isFinal: true }));
  return target === heard.name ? moved : announce(context, moved);
}

function refuse(state: SessionState, counter: SessionCounter): SessionStep {
  const isFirst = counter === 'authErr' && state.statistics.authErr === 0;
  const next = { ...state, statistics: counted(state.statistics, counter) };
  return { next, effects: isFirst ? [{ kind: 'report', report: { kind: 'authenticatedPacket' } }] : [] };
}

function hear({ nowMs }: Context, state: SessionState, packet: BfdPacket): SessionState {
  const heard: SessionState = {
    ...state,
    remoteDiscriminator: packet.myDiscriminator,
    remote: {
      state: packet.state,
      diagnostic: packet.diagnostic,
      isDemand: packet.isDemand,
      minTxMs: packet.desiredMinTxMs,
      minRxMs: packet.requiredMinRxMs,
      multiplier: packet.detectMultiplier,
    },
    // Two sockets may be read in another order than their packets came.
    lastHeardAtMs: Math.max(nowMs, state.lastHeardAtMs ?? nowMs),
    statistics: counted(state.statistics, 'packetsReceived'),
  };
  return packet.isFinal ? endPoll(heard) : heard;
}

/** RFC 5880 section 6.5. A Final bit that answers no poll of ours means nothing. */
function endPoll(state: SessionState): SessionState {
  const { poll, advertised } = state;
  if (poll === undefined || !poll.isSent) return state;
  if (same(poll.confirms, advertised)) return { ...state, poll: undefined, inForce: advertised };
  // Section 6.8.3: what changed meanwhile is confirmed by a sequence of its own, which follows now.
  return { ...state, poll: { confirms: advertised, isSent: false } };
}

/** RFC 5880 section 6.2 and the end of 6.8.6. */
function transition(own: SessionStateName, remote: SessionStateName): SessionStateName {
  if (remote === 'AdminDown') return 'Down';
  switch (own) {
    case 'Down':
      if (remote === 'Down') return 'Init';
      return remote === 'Init' ? 'Up' : 'Down';
    case 'Init':
      return remote === 'Down' ? 'Init' : 'Up';
    case 'Up':
      return remote === 'Down' ? 'Down' : 'Up';
    case 'AdminDown':
      return 'AdminDown';
  }
}

function enter(context: Context, state: SessionState, to: SessionStateName, diagnostic: number): SessionStep {
  const from = state.name;
  const change = { from, to, diagnostic, remoteDiagnostic: state.remote.diagnostic };
  const counter = to === 'Up' ? 'becomeUp' : from === 'Up' ? 'leaveUp' : undefined;
  const statistics = counter === undefined ? state.statistics : counted(state.statistics, counter);
  const settled = settle(context, { ...state, name: to, diagnostic, statistics });
  return { next: settled.next, effects: [{ kind: 'stateChanged', change }, ...settled.effects] };
}

/**
 * Makes what is advertised that of the configuration and the state. RFC 5880 section 6.8.3: every change of it begins a Poll
 * Sequence. While Up, sending less often and expecting packets more often wait for the end of that sequence.
 */
function settle({ config }: Context, state: SessionState): SessionStep {
  const isUp = state.name === 'Up';
  const advertised = { minTxMs: isUp ? config.minTxMs : idleTxMs(config), minRxMs: config.minRxMs };
  const inForce = isUp
    ? {
        minTxMs: Math.min(state.inForce.minTxMs, advertised.minTxMs),
        minRxMs: Math.max(state.inForce.minRxMs, advertised.minRxMs),
      }
    : advertised;
  const isChanged = !same(advertised, state.advertised);
  if (!isChanged && same(inForce, state.inForce)) return { next: withDeadlines(config, state), effects: [] };
  const begins = isChanged && state.poll?.isSent !== true && state.name !== 'AdminDown';
  const next = withDeadlines(config, {
    ...state,
    advertised,
    inForce,
    ...(begins && { poll: { confirms: advertised, isSent: false } }),
  });
  const isNew = begins && state.poll === undefined;
  return { next, effects: isNew ? [{ kind: 'report', report: { kind: 'pollStarted' } }] : [] };
}

/** RFC 5880 section 6.8.7: a packet SHOULD be sent between two periodic ones when its content is another. */
function announce(context: Context, change: SessionStep): SessionStep {
  if (!maySpeak(context.config, change.next)) return change;
  return then(change, (next) => send(context, next));
}

function onShutdown(context: Context, state: SessionState): SessionStep {
  if (state.name === 'AdminDown') return announce(context, { next: state, effects: [] });
  const speaks = maySpeak(context.config, state);
  const silent = { ...state, lastHeardAtMs: undefined, poll: undefined };
  const down = enter(context, silent, 'AdminDown', diagnostics.administrativelyDown);
  return speaks ? then(down, (next) => send(context, next)) : down;
}

function send(
  { config, nowMs }: Context,
  state: SessionState,
  { isFinal }: { readonly isFinal: boolean } = { isFinal: false },
): SessionStep {
  const { poll } = state;
  // RFC 5880 section 6.5: a packet never has both bits; the answer goes first, and ours is asked with the next packet.
  const isPoll = poll !== undefined && !isFinal && state.name !== 'AdminDown';
  const next = withDeadlines(config, {
    ...state,
    ...(isPoll && { poll: { ...poll, isSent: true } }),
    jitter: nextJitter(state.jitter.seed, config.multiplier),
    // What a packet makes us send is dated by its reception, which may be before what we sent meanwhile.
    lastSentAtMs: Math.max(nowMs, state.lastSentAtMs),
    statistics: counted(state.statistics, 'packetsSent'),
  });
  return { next, effects: [{ kind: 'sendPacket', packet: packetOf(config, state, { isPoll, isFinal }) }] };
}

function packetOf(
  config: BfdInstanceConfig,
  state: SessionState,
  bits: { readonly isPoll: boolean; readonly isFinal: boolean },
): BfdPacket {
  return {
    diagnostic: state.diagnostic,
    state: state.name,
    ...bits,
    hasAuthentication: false,
    // Demand mode is for who knows of the path by other means; we never ask for it.
    isDemand: false,
    detectMultiplier: config.multiplier,
    myDiscriminator: state.localDiscriminator,
    yourDiscriminator: state.remoteDiscriminator,
    desiredMinTxMs: state.advertised.minTxMs,
    requiredMinRxMs: state.advertised.minRxMs,
    requiredMinEchoRxMs: 0,
  };
}

function withDetectionTime(before: SessionState, after: SessionStep): SessionStep {
  const [wasMs, isMs] = [detectionTimeMs(before), detectionTimeMs(after.next)];
  return wasMs === isMs
    ? after
    : withReports(after, { kind: 'detectionTimeChanged', detectionTimeMs: isMs, wasMs });
}

function then(before: SessionStep, act: (state: SessionState) => SessionStep): SessionStep {
  const after = act(before.next);
  return { next: after.next, effects: [...before.effects, ...after.effects] };
}

function withReports({ next, effects }: SessionStep, ...reports: readonly SessionReport[]): SessionStep {
  return { next, effects: [...effects, ...reports.map((report) => ({ kind: 'report', report }) as const)] };
}

function same(a: Parameters, b: Parameters): boolean {
  return a.minTxMs === b.minTxMs && a.minRxMs === b.minRxMs;
}
