/**
 * Mutated packets through the state machine, in every state: none throws, none that is dropped changes anything but a counter and
 * what was said of it once. HOLDFAST_FUZZ_RUNS sets how many; SEED replays.
 */
import { describe, expect, test } from 'vitest';
import { type Counter, type InstanceState, initialState, step } from '../../src/vrrp/index.ts';
import { instanceConfig, ourAddress } from './instances.ts';
import { type MutatedDatagram, mutatedDatagrams, wireConfigs } from './mutated-datagrams.ts';

const seed = Number(process.env['SEED'] ?? 20_261);
const runs = Number(process.env['HOLDFAST_FUZZ_RUNS'] ?? 1_000_000);
const surroundings = { faults: [], weight: 0, sourceAddress: ourAddress } as const;

/** A state to try a packet on, and the configuration that it was made with. */
interface Subject {
  readonly config: ReturnType<typeof instanceConfig>;
  readonly states: readonly InstanceState[];
}

function subjectFor(config: MutatedDatagram['config']): Subject {
  const whole = instanceConfig(config);
  const backup = step(whole, initialState(), { kind: 'startup', surroundings }, 0).next;
  const master = step(whole, backup, { kind: 'timeout' }, 100_000).next;
  const leaving = step(whole, master, { kind: 'shutdown' }, 100_000).next;
  const down = { faults: [{ reason: 'interface-down' }], weight: 0 } as const;
  const fault = step(whole, backup, { kind: 'surroundingsChanged', surroundings: down }, 1).next;
  return { config: whole, states: [backup, master, leaving, fault] };
}

function changedCounters(before: InstanceState, after: InstanceState): readonly Counter[] {
  const counters = Object.keys(before.statistics) as Counter[];
  return counters.filter((counter) => before.statistics[counter] !== after.statistics[counter]);
}

/** What a dropped packet has changed that it must not; undefined: nothing. */
function objection(before: InstanceState, after: InstanceState): string | undefined {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof InstanceState>;
  const changed = [...keys].filter((key) => before[key] !== after[key]);
  const forbidden = changed.filter((key) => key !== 'statistics' && key !== 'reported');
  if (forbidden.length > 0) return `changed ${forbidden.join()} in ${before.name}`;
  const counters = changedCounters(before, after);
  return counters.length === 1 ? undefined : `counted ${counters.join() || 'nothing'} in ${before.name}`;
}

describe(`seed ${seed}`, () => {
  test(`${runs} mutated packets for instances in every state`, { timeout: 300_000 }, () => {
    const subjects = new Map(Object.values(wireConfigs).map((config) => [config, subjectFor(config)]));
    const seen = { heard: 0, dropped: 0, moved: 0 };
    const wrong: string[] = [];
    let index = 0;
    for (const { config, kind, datagram, unixTimeMs } of mutatedDatagrams(seed, runs)) {
      const subject = subjects.get(config);
      if (subject === undefined) throw new Error(`there is no subject for ${kind}`);
      // The kinds take turns, so that the states must take theirs more slowly.
      const before = subject.states[Math.floor(index / subjects.size) % subject.states.length];
      index += 1;
      if (before === undefined) continue;
      const { next, effects } = step(
        subject.config,
        before,
        { kind: 'packet', datagram, unixTimeMs },
        100_500,
      );
      if (next.statistics.advertRcvd > before.statistics.advertRcvd) {
        seen.heard += 1;
        if (next.name !== before.name) seen.moved += 1;
        continue;
      }
      seen.dropped += 1;
      const fault = objection(before, next);
      if (fault !== undefined) wrong.push(`${index} ${kind}: ${fault}`);
      if (effects.some((effect) => effect.kind !== 'report'))
        wrong.push(`${index} ${kind}: something was done`);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs / 1000);
  });
});
