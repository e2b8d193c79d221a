/** After a pause of the process: hear first, then claim. */
import { describe, expect, test } from 'vitest';
import { lowerAddress, master } from './instances.ts';

describe('a Master that did not run for longer than a Backup waits', () => {
  test('and heard nobody goes on, and announces its addresses again', () => {
    const instance = master();
    instance.times(15_001);
    expect(instance.kinds).toEqual(['sendAdvertisement 100', 'sendGratuitousArp', 'report paused']);
    expect(instance.in('Master').secondBurst?.atMs).toBe(20_001);
    expect(instance.state.statistics.pauses).toBe(1);
  });

  test('answers none of the many advertisements that waited for it, and claims once', () => {
    const instance = master();
    for (const atMs of [14_700, 15_700, 16_700]) {
      instance.hears(50, atMs);
      expect(instance.kinds).not.toContain('sendAdvertisement 100');
    }
    instance.times(17_000);
    expect(instance.kinds.filter((kind) => kind.startsWith('send'))).toEqual([
      'sendAdvertisement 100',
      'sendGratuitousArp',
    ]);
    expect(instance.effects.at(-1)).toMatchObject({ report: { kind: 'paused', overtakenBy: lowerAddress } });
  });

  test('gives way to whoever took over meanwhile where it does not preempt', () => {
    const instance = master({ preempt: false });
    instance.hears(50, 14_700);
    instance.times(15_000);
    expect(instance.kinds.at(-1)).toBe('Master -> Backup: overtaken-in-pause');
    expect(instance.in('Backup').master).toBe(lowerAddress);
  });

  test('gives way to a higher priority as ever', () => {
    const instance = master();
    instance.hears(150, 14_700);
    expect(instance.state.name).toBe('Backup');
  });

  test('says no more before it gives way, where it else would: what it heard is long ago', () => {
    const instance = master({ higherPrioSendAdvert: true });
    instance.hears(150, 14_700);
    expect(instance.kinds).toEqual(['report higherPriorityReceived', 'Master -> Backup: higher-priority']);
    expect(instance.state.statistics.advertSent).toBe(1);
  });

  test('with timer_expired_backup takes it for granted that somebody took over', () => {
    const instance = master({ preempt: false, timerExpiredBackup: 200 });
    instance.times(14_500);
    expect(instance.kinds.at(-1)).toBe('Master -> Backup: overtaken-in-pause');
    expect(instance.in('Backup').master).toBeUndefined();
  });
});

test('a Master that is late by less than a Backup waits says nothing of it', () => {
  const instance = master();
  instance.times(12_900);
  expect(instance.kinds).toEqual(['sendAdvertisement 100']);
});
