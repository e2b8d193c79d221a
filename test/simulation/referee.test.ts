/** The referee can fail: the core is broken on purpose, in ways that others have got wrong, and the referee must object. */
import { describe, expect, test } from 'vitest';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';
import { type InstanceEvent, type InstanceState, type Step, step } from '../../src/vrrp/index.ts';
import { backup, instanceConfig, master } from '../vrrp/instances.ts';
import { Referee } from './referee.ts';
import { play } from './scenario.ts';
import { Router } from './world.ts';

type Core = typeof step;

/** The core with its answer changed afterwards. */
function changed(
  change: (answer: Step, before: InstanceState, nowMs: number, event: InstanceEvent) => Step,
): Core {
  return (config, state, event, nowMs) => change(step(config, state, event, nowMs), state, nowMs, event);
}

function withoutEffects(
  kind: Step['effects'][number]['kind'],
  when: (answer: Step) => boolean = () => true,
): Core {
  return changed((answer) =>
    when(answer) ? { ...answer, effects: answer.effects.filter((effect) => effect.kind !== kind) } : answer,
  );
}

function isPriorityZero(event: InstanceEvent): boolean {
  return event.kind === 'packet' && event.datagram.payload[2] === 0;
}

const truncatedSkew = changed((answer, before, nowMs) => {
  const { next } = answer;
  if (next.name !== 'Backup') return answer;
  if (before.name === 'Backup' && before.masterDownAtMs === next.masterDownAtMs) return answer;
  return {
    ...answer,
    next: { ...next, masterDownAtMs: nowMs + Math.floor((next.masterDownAtMs - nowMs) / 1000) * 1000 },
  };
});

const deafToPriorityZero = changed((answer, before, _nowMs, event) => {
  const { next } = answer;
  if (!isPriorityZero(event) || next.name !== 'Backup' || before.name !== 'Backup') return answer;
  return { ...answer, next: { ...next, masterDownAtMs: before.masterDownAtMs } };
});

const takeoverAtOnce = changed((answer, _before, nowMs, event) => {
  const { next } = answer;
  return isPriorityZero(event) && next.name === 'Backup'
    ? { ...answer, next: { ...next, masterDownAtMs: nowMs } }
    : answer;
});

/** Compares the addresses as text, where 10.0.0.9 is above 10.0.0.10. */
const textTieBreak: Core = (config, state, event, nowMs) => {
  if (state.name !== 'Master' || event.kind !== 'packet') return step(config, state, event, nowMs);
  const isHigherAsText = event.datagram.source > state.sourceAddress;
  const pretended = { ...state, sourceAddress: address(isHigherAsText ? '0.0.0.1' : '255.255.255.254') };
  const { next, effects } = step(config, pretended, event, nowMs);
  const restored =
    next.name === 'Master' || next.name === 'Backup' ? { ...next, sourceAddress: state.sourceAddress } : next;
  return { next: restored, effects };
};

const neverPreempts: Core = (config, state, event, nowMs) =>
  step({ ...config, preempt: false }, state, event, nowMs);

const slowMaster = changed((answer, before) => {
  const { next } = answer;
  if (next.name !== 'Master' || (before.name === 'Master' && before.advertiseAtMs === next.advertiseAtMs))
    return answer;
  return { ...answer, next: { ...next, advertiseAtMs: next.advertiseAtMs + 500 } };
});

const storm = changed((answer, before) => {
  const { next } = answer;
  if (next.name !== 'Master' || (before.name === 'Master' && before.advertiseAtMs === next.advertiseAtMs))
    return answer;
  return { ...answer, next: { ...next, advertiseAtMs: next.advertiseAtMs - 900 } };
});

const forgetfulCounters = changed((answer, before) =>
  answer.next.name === before.name
    ? answer
    : { ...answer, next: { ...answer.next, statistics: { ...answer.next.statistics, advertRcvd: 0 } } },
);

const trusting: Core = (config, state, event, nowMs) => {
  const answer = step(config, state, event, nowMs);
  if (event.kind !== 'packet') return answer;
  const { checksumErr, advertRcvd } = answer.next.statistics;
  if (checksumErr === state.statistics.checksumErr) return answer;
  const statistics = { ...answer.next.statistics, checksumErr: checksumErr - 1, advertRcvd: advertRcvd + 1 };
  return { ...answer, next: { ...answer.next, statistics } };
};

const leavesAddressAlone = changed((answer, _before, _nowMs, event) =>
  event.kind === 'addressDeleted' ? { ...answer, effects: [] } : answer,
);

const addsFirst = changed((answer) => ({
  ...answer,
  effects:
    answer.next.name === 'Master'
      ? [...answer.effects].sort((a, b) => a.kind.localeCompare(b.kind))
      : answer.effects,
}));

const mutants: readonly (readonly [string, Core, RegExp])[] = [
  ['cuts the skew to whole seconds', truncatedSkew, /waits until/],
  ['does not hear priority 0', deafToPriorityZero, /waits until/],
  ['takes over at once on priority 0', takeoverAtOnce, /waits until/],
  ['compares addresses as text', textTieBreak, /stayed Master against a better one|gave way to a worse/],
  ['never preempts', neverPreempts, /waits until|is better/],
  ['advertises too seldom', slowMaster, /has been silent/],
  ['advertises too often', storm, /a storm/],
  ['forgets its counters', forgetfulCounters, /counter advertRcvd .* fell/],
  ['believes packets with a bad checksum', trusting, /heard a bad packet/],
  ['keeps its addresses when it leaves', withoutEffects('removeAddresses'), /went from Master/],
  ['adds no addresses', withoutEffects('addAddresses'), /to Master by/],
  ['announces nothing', withoutEffects('sendGratuitousArp'), /to Master by/],
  ['adds addresses before it advertises', addsFirst, /to Master by "addAddresses/],
  [
    'leaves without priority 0',
    withoutEffects('sendAdvertisement', ({ next }) => next.name === 'Initialize' || next.name === 'Fault'),
    /went from Master to (Initialize|Fault)/,
  ],
  ['does not put a deleted address back', leavesAddressAlone, /is Master and holds/],
];

function firstObjection(core: Core): string | undefined {
  for (let seed = 1; seed <= 300; seed += 1) {
    try {
      play(seed, core);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return undefined;
}

describe('the referee objects to a core that', () => {
  test.each(mutants)('%s', (_what, core, objection) => {
    expect(firstObjection(core)).toMatch(objection);
  });

  test('is broken in any way with the seed as the first word, so that it can be replayed', () => {
    const message = firstObjection(truncatedSkew) ?? '';
    const seed = Number(message.split(' ')[0]);
    expect(() => play(seed, truncatedSkew)).toThrow(message);
  });
});

describe('the referee objects to a network at rest with', () => {
  const backupState = backup().state;
  const masterState = master().state;
  const [low, high] = [address('10.0.0.9'), address('10.0.0.10')];

  function atRest(
    states: readonly InstanceState[],
    changes: readonly Partial<VrrpInstanceConfig>[] = [{}, {}],
  ): Referee {
    const referee = new Referee(1, 0);
    const routers = states.map((state, index) => {
      const config = instanceConfig({ virtualAddresses: [], ...changes[index] });
      const router = new Router(`lb0${index + 1}`, index === 0 ? low : high, config);
      referee.started(router);
      return Object.assign(router, { state, isRunning: true });
    });
    referee.looked(routers, 100_000, 0);
    return referee;
  }

  test('no Master', () => {
    expect(() => atRest([backupState, backupState])).toThrow('with the Masters ""');
  });

  test('two Masters', () => {
    expect(() => atRest([masterState, masterState])).toThrow('with the Masters "lb01,lb02"');
  });

  test('a Master of lower priority than a Backup that may preempt', () => {
    const better = { basePriority: 101 };
    expect(() => atRest([masterState, backupState], [{}, better])).toThrow('with lb01, and lb02 is better');
    expect(atRest([masterState, backupState], [{}, { ...better, preempt: false }]).timesAtRest).toBe(1);
  });

  test('but not with the one right Master, nor before it has had the time to settle', () => {
    expect(atRest([masterState, backupState]).timesAtRest).toBe(1);
    const referee = new Referee(1, 0);
    referee.looked([], 0, 0);
    expect(referee.timesAtRest).toBe(0);
  });
});

test('the referee does not object to the core as it is, on the same seeds', () => {
  expect(firstObjection(step)).toBeUndefined();
});
