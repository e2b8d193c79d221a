/** The core, broken on purpose in ways that others have got wrong or that it was once broken in itself; none may escape the referee. */
import { step } from '../../src/vrrp/index.ts';
import {
  addressesFirst,
  advertising,
  alone,
  believing,
  type Core,
  changed,
  drained,
  entering,
  forgetful,
  heldBack,
  isLate,
  noLinger,
  nothing,
  priorityIn,
  reckless,
  silentDrops,
  stuckDrain,
  textTieBreak,
  waiting,
  weightless,
  where,
  withoutEffects,
} from './broken-cores.ts';

export interface Mutant {
  readonly what: string;
  readonly core: Core;
  /** What the referee says. */
  readonly objection: RegExp;
}

const backups: readonly Mutant[] = [
  {
    what: 'cuts the skew to whole intervals',
    core: waiting((next, { nowMs }) => {
      const { masterAdverIntervalMs } = next;
      const turns = Math.floor((next.masterDownAtMs - nowMs) / masterAdverIntervalMs);
      return { ...next, masterDownAtMs: nowMs + turns * masterAdverIntervalMs };
    }),
    objection: /waits until/,
  },
  {
    what: 'does not hear priority 0',
    core: waiting((next, { before, event }) =>
      priorityIn(event) === 0 && before.name === 'Backup'
        ? { ...next, masterDownAtMs: before.masterDownAtMs }
        : next,
    ),
    objection: /waits until/,
  },
  {
    what: 'takes over at once on priority 0',
    core: waiting((next, { event, nowMs }) =>
      priorityIn(event) === 0 ? { ...next, masterDownAtMs: nowMs } : next,
    ),
    objection: /waits until/,
  },
  {
    what: 'does not set its timer again when it hears its Master',
    core: waiting((next, { before, event }) =>
      before.name === 'Backup' && event.kind === 'packet'
        ? { ...next, masterDownAtMs: before.masterDownAtMs }
        : next,
    ),
    objection: /waits until/,
  },
  {
    what: 'sleeps over its Master_Down_Timer',
    core: where(({ name }, { kind }) => name === 'Backup' && kind === 'timeout', nothing),
    objection: /a storm|still Backup after its Master_Down_Timer/,
  },
  {
    what: 'counts with its own interval in version 3',
    core: waiting((next, { before }) =>
      before.name === 'Backup' ? { ...next, masterAdverIntervalMs: before.masterAdverIntervalMs } : next,
    ),
    objection: /counts with an interval/,
  },
  {
    what: 'never preempts',
    core: (config, state, event, nowMs) => step({ ...config, preempt: false }, state, event, nowMs),
    objection: /waits until|for its group|counts with|is better/,
  },
  {
    what: 'always preempts',
    core: (config, state, event, nowMs) => step({ ...config, preempt: true }, state, event, nowMs),
    objection: /waits until|for its group|counts with|while drained/,
  },
  {
    what: 'knows no preempt_delay',
    core: (config, state, event, nowMs) => step({ ...config, preemptDelayMs: 0 }, state, event, nowMs),
    objection: /waits until|counts with/,
  },
  { what: 'is Master alone of its group', core: alone, objection: /before its group was ready/ },
  {
    what: 'preempts while an operator holds it back',
    core: heldBack,
    objection: /waits until|counts with|while drained|by itself|for its group/,
  },
  {
    what: 'takes a drain for a failover',
    core: drained,
    objection: /waits until|while drained|for its group/,
  },
  {
    what: 'is out of every election when a failover follows a drain',
    core: stuckDrain,
    objection: /waits until Infinity/,
  },
];

const masters: readonly Mutant[] = [
  {
    what: 'compares addresses as text',
    core: textTieBreak,
    objection: /stayed Master against a better one|gave way to a worse/,
  },
  {
    what: 'is deaf as Master',
    core: changed(({ answer, before, event }) =>
      before.name === 'Master' && event.kind === 'packet'
        ? { next: { ...before, statistics: answer.next.statistics }, effects: [] }
        : answer,
    ),
    objection: /stayed Master against a better one|did not/,
  },
  {
    what: 'advertises too seldom',
    core: advertising((next, { nowMs }) => ({
      ...next,
      advertiseAtMs: nowMs + (next.advertiseAtMs - nowMs) * 1.5,
    })),
    objection: /has been silent/,
  },
  {
    what: 'advertises too often',
    core: advertising((next, { nowMs }) => ({
      ...next,
      advertiseAtMs: nowMs + (next.advertiseAtMs - nowMs) / 10,
    })),
    objection: /a storm/,
  },
  {
    what: 'does not answer priority 0',
    core: where(
      ({ name }, event) => name === 'Master' && priorityIn(event) === 0,
      withoutEffects('sendAdvertisement'),
    ),
    objection: /did not answer priority 0/,
  },
  {
    what: 'claims after a pause whatever it has heard',
    core: where(
      ({ name }, { kind }) => name === 'Master' && kind === 'timeout',
      (config, state, event, nowMs) => {
        const { next, effects } = step(
          { ...config, preempt: true },
          { ...state, hold: undefined },
          event,
          nowMs,
        );
        return { next: { ...next, hold: state.hold }, effects };
      },
    ),
    objection: /without having heard first/,
  },
  {
    what: 'gives way after every pause',
    core: (config, state, event, nowMs) =>
      step(
        state.name === 'Master' && event.kind === 'timeout' ? { ...config, timerExpiredBackup: 254 } : config,
        state,
        event,
        nowMs,
      ),
    objection: /gave way by itself/,
  },
  {
    what: 'makes up for every advertisement that it missed in a pause',
    core: changed((answered) => {
      const { answer, event } = answered;
      const sent = answer.effects.find(({ kind }) => kind === 'sendAdvertisement');
      if (event.kind !== 'timeout' || sent === undefined || !isLate(answered)) return answer;
      return { ...answer, effects: [...Array.from({ length: 9 }, () => sent), ...answer.effects] };
    }),
    objection: /a storm|by "sendAdvertisement/,
  },
  {
    what: 'keeps its addresses when it leaves',
    core: withoutEffects('removeAddresses'),
    objection: /by ".*" and must|holds/,
  },
  {
    what: 'forgets its addresses at a fault',
    core: withoutEffects('removeAddresses', ({ answer }) => answer.next.name === 'Fault'),
    objection: /to Fault by/,
  },
  {
    what: 'adds no addresses',
    core: withoutEffects('addAddresses'),
    objection: /to Master by|is Master and holds/,
  },
  { what: 'announces nothing', core: withoutEffects('sendGratuitousArp'), objection: /to Master by/ },
  {
    what: 'adds addresses before it advertises',
    core: addressesFirst,
    objection: /to Master by "addAddresses/,
  },
  {
    what: 'does not put a deleted address back',
    core: where((_state, { kind }) => kind === 'addressDeleted', nothing),
    objection: /is (Master|Leaving) and holds/,
  },
];

const leavers: readonly Mutant[] = [
  {
    what: 'leaves without priority 0',
    core: withoutEffects(
      'sendAdvertisement',
      ({ answer, before }) => before.name === 'Master' && answer.next.name !== 'Master',
    ),
    objection: /from Master to \w+ by/,
  },
  {
    what: 'lets go as soon as it has said priority 0, as keepalived does',
    core: entering((next, { nowMs }) => ({ ...next, endsAtMs: nowMs })),
    objection: /nobody holds|while it was leaving/,
  },
  {
    what: 'never lets go',
    core: entering((next) => ({ ...next, endsAtMs: 1e12 })),
    objection: /is Leaving after its time/,
  },
  {
    what: 'leaves a group as quickly as if each were alone',
    core: entering((next, { nowMs }) =>
      next.leave.to === 'Fault' || (next.leave.to === 'Backup' && next.leave.reason === 'group-left')
        ? { ...next, endsAtMs: nowMs + (next.endsAtMs - nowMs) / 4 }
        : next,
    ),
    objection: /nobody holds/,
  },
  {
    what: 'drops its addresses when it hears a better Master',
    core: noLinger,
    objection: /let go before its successor|holds/,
  },
  {
    what: 'keeps them for ever',
    core: changed(({ answer }) => {
      const { next } = answer;
      return next.name === 'Backup' ? { ...answer, next: { ...next, releaseAtMs: undefined } } : answer;
    }),
    objection: /is Backup and holds/,
  },
  {
    what: 'goes on advertising while it leaves',
    core: changed(({ answer, before, event }) =>
      before.name === 'Leaving' && event.kind === 'packet'
        ? { ...answer, effects: [{ kind: 'sendAdvertisement', priority: 100 }, ...answer.effects] }
        : answer,
    ),
    objection: /advertised|by "sendAdvertisement/,
  },
];

const others: readonly Mutant[] = [
  { what: 'forgets its counters', core: forgetful, objection: /counter advertRcvd fall/ },
  { what: 'believes packets with a bad checksum', core: believing, objection: /heard a bad packet/ },
  { what: 'drops packets without a reason', core: silentDrops, objection: /counted a packet 0 times/ },
  {
    what: 'ignores the weights of what it tracks',
    core: weightless,
    objection: /waits until|and has|stayed|gave way|better/,
  },
  { what: 'goes on with a fault', core: reckless, objection: /with a fault|without a link/ },
];

export const mutants: readonly Mutant[] = [...backups, ...masters, ...leavers, ...others];
