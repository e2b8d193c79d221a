/** Hand-overs, holds, pauses, sync groups: stories of what the simulation has found, and of what it must not find. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { instanceConfig, nothingTracked } from '../vrrp/instances.ts';
import { grouped, tutorial, untilMaster, world } from './small-worlds.ts';
import type { World } from './world.ts';

/** For how long nobody held the addresses of `instance` in the next `durationMs`, to half a millisecond. */
function gapMs(running: World, durationMs: number, instance = 'VI_1'): number {
  let gap = 0;
  for (let passedMs = 0; passedMs < durationMs; passedMs += 0.5) {
    running.run(0.5);
    const holders = running.instances.filter(({ config, held }) => config.name === instance && held.size > 0);
    if (holders.length === 0) gap += 0.5;
  }
  return gap;
}

const untracked = { ...nothingTracked, scripts: [{ name: 'x', weight: 0, reverse: false }] };

describe('an address has a holder at every moment', () => {
  test('when its Master is stopped, and when that comes back', () => {
    const running = tutorial();
    running.run(10_000);
    running.stop('lb01');
    expect(gapMs(running, 2000)).toBe(0);
    expect(running.router('lb01').isRunning).toBe(false);
    running.start('lb01');
    expect(gapMs(running, 6000)).toBe(0);
    expect(running.masters).toEqual(['lb01.VI_1']);
  });

  test('when a Master sleeps, and gives way by what waited to one that is no longer better', () => {
    const running = world([{ basePriority: 150, higherPrioSendAdvert: true }, {}]);
    running.run(10_000);
    running.pause('lb01');
    running.run(10_000);
    for (const basePriority of [200, 20]) {
      running.reload('lb02', { basePriority });
      running.run(1500);
    }
    running.unpause('lb01');
    expect(gapMs(running, 6000)).toBe(0);
    expect(running.masters).toEqual(['lb01.VI_1']);
  });

  test('when its Master is drained, by a Backup and by nobody', () => {
    const running = tutorial();
    running.run(10_000);
    running.giveUp('lb01', { kind: 'drain' });
    expect(gapMs(running, 6000)).toBe(0);
    expect(running.masters).toEqual(['lb02.VI_1']);
    running.stop('lb02', true);
    running.run(10_000);
    expect(running.masters).toEqual([]);
    const alone = world([{}]);
    alone.run(10_000);
    alone.giveUp('lb01', { kind: 'drain' });
    expect(gapMs(alone, 6000)).toBe(0);
    expect(alone.masters).toEqual(['lb01.VI_1']);
  });

  test('when a check of its Master fails for good', () => {
    const running = world([{ basePriority: 150, tracking: untracked }, {}]);
    running.track('lb01', { kind: 'script', name: 'x', isUp: true });
    running.run(10_000);
    running.track('lb01', { kind: 'script', name: 'x', isUp: false });
    expect(gapMs(running, 6000)).toBe(0);
    expect(running.instance('lb01').state.name).toBe('Fault');
    expect(running.masters).toEqual(['lb02.VI_1']);
  });

  test('when somebody deletes it while its Master is leaving', () => {
    const running = tutorial();
    running.run(10_000);
    running.stop('lb01');
    running.run(100);
    running.deleteAddress('lb01');
    expect(gapMs(running, 2000)).toBe(0);
  });

  test('that is reachable, when the link of another member of its sync group goes down', () => {
    const running = grouped();
    running.run(10_000);
    running.linkDown('lb01', 'eth1');
    expect(gapMs(running, 10_000, 'VI_1')).toBe(0);
    expect(running.masters).toEqual(['lb02.VI_1', 'lb02.VI_2']);
    expect(running.instance('lb01').held.size).toBe(0);
  });
});

describe('a sync group that is given up', () => {
  test.each(['failover', 'drain'] as const)('by %s goes as a whole, and is missed by nobody', (kind) => {
    const running = grouped();
    running.run(10_000);
    running.giveUp('lb01', { kind });
    expect(gapMs(running, 6000)).toBe(0);
    expect(running.masters).toEqual(['lb02.VI_1', 'lb02.VI_2']);
  });

  test.each(['failover', 'drain'] as const)('by %s and wanted by nobody is taken back as a whole', (kind) => {
    const running = grouped();
    running.stop('lb02', true);
    running.run(10_000);
    running.giveUp('lb01', { kind });
    expect(gapMs(running, 3000, 'VI_1')).toBe(0);
    expect(gapMs(running, 3000, 'VI_2')).toBe(0);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
  });

  test('with one of its members alone is taken back as a whole all the same', () => {
    const running = grouped();
    running.stop('lb02', true);
    running.run(10_000);
    running.giveUp('lb01', { kind: 'drain' }, 'VI_2');
    expect(gapMs(running, 6000, 'VI_1')).toBe(0);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
  });
});

describe('a hold', () => {
  test('of the kind failover ends one of the kind drain: the router is in the election again', () => {
    const running = tutorial();
    running.run(10_000);
    running.giveUp('lb02', { kind: 'drain' });
    running.giveUp('lb02', { kind: 'failover' });
    running.crash('lb01');
    expect(untilMaster(running, 'lb02')).toBeLessThanOrEqual(3609.375 + 1);
  });

  test('of the kind drain survives the death of the Master: nobody is better than somebody in repair', () => {
    const running = tutorial();
    running.run(10_000);
    running.giveUp('lb02', { kind: 'drain', untilMs: 30_000 });
    running.crash('lb01');
    running.run(19_000);
    expect(running.masters).toEqual([]);
    running.run(5000);
    expect(running.masters).toEqual(['lb02.VI_1']);
  });
});

describe('a Master that did not run for a while', () => {
  test('gives way to a better one before it says a word', () => {
    const running = tutorial();
    running.run(10_000);
    running.pause('lb02');
    running.run(20_000);
    running.unpause('lb02');
    expect(running.masters).toEqual(['lb01.VI_1']);
    expect(running.instance('lb02').state.statistics).toMatchObject({ becomeMaster: 0, advertSent: 0 });
  });

  test('claims once what is its own, whatever waited for it', () => {
    const running = tutorial();
    running.run(10_000);
    running.pause('lb01');
    running.run(20_000);
    const { advertSent } = running.instance('lb01').state.statistics;
    running.unpause('lb01');
    expect(running.instance('lb01').state.statistics).toMatchObject({
      pauses: 1,
      advertSent: advertSent + 1,
    });
    running.run(10);
    expect(running.masters).toEqual(['lb01.VI_1']);
  });

  test('has not heard nothing when the other has come and gone meanwhile: it is a pause, told and announced', () => {
    const running = tutorial();
    running.run(10_000);
    running.pause('lb01');
    running.run(6000);
    running.stop('lb02');
    running.run(2500);
    running.unpause('lb01');
    expect(running.instance('lb01').state.statistics.pauses).toBe(1);
    expect(running.masters).toEqual(['lb01.VI_1']);
  });

  test('with nopreempt says nothing to one that has started meanwhile, and gives way to it', () => {
    const plain = { version: 3, authentication: { type: 'none' } } as const;
    const running = world([{ ...plain, basePriority: 150, preempt: false, advertisementIntervalMs: 2000 }]);
    running.run(10_000);
    running.pause('lb01');
    running.add('lb02', address('10.0.0.10'), instanceConfig(plain));
    running.start('lb02');
    running.run(20_000);
    running.unpause('lb01');
    expect(gapMs(running, 1000)).toBe(0);
    expect(running.masters).toEqual(['lb02.VI_1']);
  });

  test('with nopreempt does not give way to one that has come and gone meanwhile', () => {
    const running = world([{ basePriority: 150, preempt: false }, {}]);
    running.run(10_000);
    running.pause('lb01');
    running.run(6000);
    running.stop('lb02');
    running.run(2500);
    running.unpause('lb01');
    expect(running.masters).toEqual(['lb01.VI_1']);
  });
});

describe('a sync group', () => {
  test('moves as a whole, and comes back as a whole', () => {
    const running = grouped();
    running.run(10_000);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
    running.linkDown('lb01', 'eth1');
    running.run(10_000);
    expect(running.masters).toEqual(['lb02.VI_1', 'lb02.VI_2']);
    running.linkUp('lb01', 'eth1');
    running.run(10_000);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
  });

  test('does not move for a reload that lets one member track what has not been measured yet', () => {
    const running = grouped();
    running.run(10_000);
    running.reload('lb01', { tracking: untracked }, 'VI_1');
    running.run(10_000);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
    running.track('lb01', { kind: 'script', name: 'x', isUp: false });
    running.run(10_000);
    expect(running.masters).toEqual(['lb02.VI_1', 'lb02.VI_2']);
  });

  test('starts when what each member tracks has been measured, and not before', () => {
    const running = grouped({ tracking: untracked });
    running.run(10_000);
    expect(running.instances.map(({ state }) => state.name)).toEqual(Array(4).fill('Fault'));
    running.track('lb01', { kind: 'script', name: 'x', isUp: true });
    running.run(10_000);
    expect(running.masters).toEqual(['lb01.VI_1', 'lb01.VI_2']);
  });
});
