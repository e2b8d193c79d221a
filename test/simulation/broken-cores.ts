/** How the core is broken: a function around the real one that changes what goes in or what comes out. */
import { address } from '../../src/net/address.ts';
import {
  type BackupState,
  type InstanceEvent,
  type InstanceState,
  type LeavingState,
  type MasterState,
  type Step,
  step,
} from '../../src/vrrp/index.ts';

export type Core = typeof step;

interface Answered {
  readonly answer: Step;
  readonly before: InstanceState;
  readonly event: InstanceEvent;
  readonly nowMs: number;
}

/** The core with its answer changed afterwards. */
export function changed(change: (answered: Answered) => Step): Core {
  return (config, state, event, nowMs) => {
    const answer = step(config, state, event, nowMs);
    return change({ answer, before: state, event, nowMs });
  };
}

export function withoutEffects(
  kind: Step['effects'][number]['kind'],
  when: (answered: Answered) => boolean = () => true,
): Core {
  return changed((answered) => {
    const { answer } = answered;
    if (!when(answered)) return answer;
    return { ...answer, effects: answer.effects.filter((effect) => effect.kind !== kind) };
  });
}

/** A change to the new state where it is Backup and its Master_Down_Timer was set by this step. */
export function waiting(change: (next: BackupState, answered: Answered) => BackupState): Core {
  return changed((answered) => {
    const { answer, before } = answered;
    const { next } = answer;
    if (next.name !== 'Backup' || next.masterDownAtMs === Number.POSITIVE_INFINITY) return answer;
    if (before.name === 'Backup' && before.masterDownAtMs === next.masterDownAtMs) return answer;
    return { ...answer, next: change(next, answered) };
  });
}

/** A change to the new state where it is Master and its Adver_Timer was set by this step. */
export function advertising(change: (next: MasterState, answered: Answered) => MasterState): Core {
  return changed((answered) => {
    const { answer, before } = answered;
    const { next } = answer;
    const isSame =
      before.name === 'Master' && next.name === 'Master' && before.advertiseAtMs === next.advertiseAtMs;
    return next.name !== 'Master' || isSame ? answer : { ...answer, next: change(next, answered) };
  });
}

export function entering(change: (next: LeavingState, answered: Answered) => LeavingState): Core {
  return changed((answered) => {
    const { answer, before } = answered;
    const { next } = answer;
    return next.name === 'Leaving' && before.name !== 'Leaving'
      ? { ...answer, next: change(next, answered) }
      : answer;
  });
}

/** Where the first core takes the event, and where the real one. */
export function where(isBroken: (state: InstanceState, event: InstanceEvent) => boolean, core: Core): Core {
  return (config, state, event, nowMs) => (isBroken(state, event) ? core : step)(config, state, event, nowMs);
}

export const nothing: Core = (_config, next) => ({ next, effects: [] });

export function priorityIn(event: InstanceEvent): number | undefined {
  return event.kind === 'packet' ? event.datagram.payload[2] : undefined;
}

/** Compares the addresses as text, where 10.0.0.9 is above 10.0.0.10. */
export const textTieBreak: Core = (config, state, event, nowMs) => {
  if (state.name !== 'Master' || event.kind !== 'packet') return step(config, state, event, nowMs);
  const isHigherAsText = event.datagram.source > state.sourceAddress;
  const [low, high] = config.family === 4 ? ['0.0.0.1', '255.255.255.254'] : ['::1', 'ff00::1'];
  const pretended = { ...state, sourceAddress: address(isHigherAsText ? low : high) };
  const { next, effects } = step(config, pretended, event, nowMs);
  const restored =
    next.name === 'Master' || next.name === 'Backup' ? { ...next, sourceAddress: state.sourceAddress } : next;
  return { next: restored, effects };
};

export const believing = changed(({ answer, before, event }) => {
  if (event.kind !== 'packet') return answer;
  const { checksumErr, advertRcvd } = answer.next.statistics;
  if (checksumErr === before.statistics.checksumErr) return answer;
  const statistics = { ...answer.next.statistics, checksumErr: checksumErr - 1, advertRcvd: advertRcvd + 1 };
  return { ...answer, next: { ...answer.next, statistics } };
});

export const forgetful = changed(({ answer, before }) =>
  answer.next.name === before.name
    ? answer
    : { ...answer, next: { ...answer.next, statistics: { ...answer.next.statistics, advertRcvd: 0 } } },
);

export const silentDrops = changed(({ answer, before, event }) => {
  const isDropped =
    event.kind === 'packet' && answer.next.statistics.advertRcvd === before.statistics.advertRcvd;
  return isDropped ? { ...answer, next: { ...answer.next, statistics: before.statistics } } : answer;
});

export const alone: Core = (config, state, event, nowMs) => {
  const { syncGroup: _group, ...others } = config;
  return step(state.name === 'Backup' && event.kind === 'timeout' ? others : config, state, event, nowMs);
};

export const drained: Core = (config, state, event, nowMs) => {
  if (event.kind !== 'giveUp') return step(config, state, event, nowMs);
  const { next, effects } = step(
    config,
    state,
    { ...event, hold: { ...event.hold, kind: 'failover' } },
    nowMs,
  );
  return { next: { ...next, hold: event.hold }, effects };
};

export const heldBack: Core = (config, state, event, nowMs) => {
  const { next, effects } = step(config, { ...state, hold: undefined }, event, nowMs);
  return { next: { ...next, hold: state.hold }, effects };
};

export const weightless: Core = (config, state, event, nowMs) => {
  if (event.kind !== 'startup' && event.kind !== 'surroundingsChanged')
    return step(config, state, event, nowMs);
  return step(config, state, { ...event, surroundings: { ...event.surroundings, weight: 0 } }, nowMs);
};

export const reckless: Core = (config, state, event, nowMs) => {
  if (event.kind !== 'surroundingsChanged') return step(config, state, event, nowMs);
  return step(config, state, { ...event, surroundings: { ...event.surroundings, faults: [] } }, nowMs);
};

export const addressesFirst = changed(({ answer }) =>
  answer.next.name === 'Master'
    ? { ...answer, effects: [...answer.effects].sort((a, b) => a.kind.localeCompare(b.kind)) }
    : answer,
);

export const noLinger = changed(({ answer }) => {
  const { next, effects } = answer;
  if (next.name !== 'Backup' || next.releaseAtMs === undefined) return answer;
  return { next: { ...next, releaseAtMs: next.releaseAtMs - 20 }, effects };
});

/** As it was once: a failover after a drain left the timer where the drain had put it. */
export const stuckDrain: Core = changed(({ answer, before, event }) => {
  const { next } = answer;
  const isOut = before.name === 'Backup' && before.masterDownAtMs === Number.POSITIVE_INFINITY;
  if (event.kind !== 'giveUp' || next.name !== 'Backup' || !isOut) return answer;
  return { ...answer, next: { ...next, masterDownAtMs: Number.POSITIVE_INFINITY } };
});

export const isLate = ({ before, nowMs }: Answered) =>
  before.name === 'Master' && nowMs > before.advertiseAtMs + 1000;
