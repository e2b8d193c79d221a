/** The referee can fail: it must object to a core that is broken, and to networks at rest with the wrong Masters. */
import { describe, expect, test } from 'vitest';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';
import { type InstanceState, step } from '../../src/vrrp/index.ts';
import { backup, instanceConfig, master } from '../vrrp/instances.ts';
import type { Core } from './broken-cores.ts';
import { mutants } from './mutants.ts';
import { Referee } from './referee.ts';
import { Instance, Router } from './router.ts';
import { play } from './scenario.ts';

/** A mutant that lives longer than this is one that the simulation does not see. */
const seedsMax = 400;

function firstObjection(core: Core, seedMax = seedsMax): string | undefined {
  for (let seed = 1; seed <= seedMax; seed += 1) {
    try {
      play(seed, core);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return undefined;
}

describe('the referee objects to a core that', () => {
  test.each(mutants)('$what', ({ core, objection }) => {
    expect(firstObjection(core)).toMatch(objection);
  });

  test('is broken in any way with the seed as the first word, so that it can be replayed', () => {
    const [mutant] = mutants;
    const core = mutant?.core ?? step;
    const message = firstObjection(core) ?? '';
    const seed = Number(message.split(' ')[0]);
    expect(() => play(seed, core)).toThrow(message);
  });
});

test('the referee does not object to the core as it is, on the same seeds', () => {
  expect(firstObjection(step, 100)).toBeUndefined();
});

describe('the referee objects to a network at rest with', () => {
  const backupState = backup().state;
  const masterState = master().state;

  function atRest(
    states: readonly InstanceState[],
    changes: readonly Partial<VrrpInstanceConfig>[] = [{}, {}],
  ): Referee {
    let nowMs = 0;
    const routers = new Map<string, Router>();
    const options = {
      latencyMs: 0,
      lossPercent: 0,
      duplicatePercent: 0,
      corruptPercent: 0,
      reorderPercent: 0,
      reorderMs: 0,
    };
    const network = { isWhole: true, lastArrivalMs: 0, options };
    const referee = new Referee({ seed: 1, latenessMs: 0, network, routers, nowMs: () => nowMs });
    for (const [index, state] of states.entries()) {
      const router = new Router(`lb0${index + 1}`);
      const config = instanceConfig({ virtualAddresses: [], ...changes[index] });
      const instance = new Instance(router, address(`10.0.0.${9 + index}`), config);
      router.instances.push(instance);
      router.isRunning = true;
      routers.set(router.name, router);
      referee.started(instance);
      instance.state = state;
    }
    nowMs = 100_000;
    referee.lookedAtAll();
    return referee;
  }

  test('no Master', () => {
    expect(() => atRest([backupState, backupState])).toThrow('with no Master of VRID 51 IPv4');
  });

  test('two Masters', () => {
    expect(() => atRest([masterState, masterState])).toThrow('with the Masters "lb01.VI_1,lb02.VI_1"');
  });

  test('a Master of lower priority than a Backup that may preempt', () => {
    const better = { basePriority: 101 };
    expect(() => atRest([masterState, backupState], [{}, better])).toThrow(
      'with lb01.VI_1, and lb02.VI_1 is better',
    );
    expect(atRest([masterState, backupState], [{}, { ...better, preempt: false }]).timesAtRest).toBe(1);
  });

  test('but not with the one right Master', () => {
    expect(atRest([masterState, backupState]).timesAtRest).toBe(1);
  });
});
