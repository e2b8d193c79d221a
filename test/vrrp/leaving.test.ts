/** Leaving is a hand-over: a Master that leaves goes on serving until its successor is heard, or nobody can come any more. */
import { describe, expect, test } from 'vitest';
import { nextTimeout } from '../../src/vrrp/index.ts';
import { handOverMs, latestTakeoverMs, lingerMs } from '../../src/vrrp/timers.ts';
import { backup, type Instance, instanceConfig, master } from './instances.ts';

const config = instanceConfig();
const failover = { kind: 'giveUp', hold: { kind: 'failover', untilMs: 100_000 } } as const;
const drain = { kind: 'giveUp', hold: { kind: 'drain' } } as const;

/** Shut down at 12 s. */
function leaving(): Instance {
  const instance = master();
  instance.times(11_500);
  instance.on({ kind: 'shutdown' }, 12_000);
  return instance;
}

describe('a Master that is shut down', () => {
  test('says priority 0 and keeps its addresses', () => {
    expect(leaving().kinds).toEqual([
      'sendAdvertisement 0',
      'report priorityZeroSent',
      'report handingOver',
      'Master -> Leaving: shutdown',
    ]);
  });

  test('waits as long as the lowest priority waits, and a little; then it lets go', () => {
    const instance = leaving();
    const endsAtMs = 12_000 + handOverMs(config);
    expect(handOverMs(config)).toBeGreaterThan((255 / 256) * 1000);
    expect(nextTimeout(instance.state)).toBe(endsAtMs);
    expect(instance.times(endsAtMs - 1)).toEqual([]);
    instance.times(endsAtMs);
    expect(instance.kinds).toEqual([
      'removeAddresses',
      'report noSuccessor',
      'Leaving -> Initialize: shutdown',
    ]);
  });

  test('sends nothing more, whatever it hears', () => {
    const instance = leaving();
    instance.hears(50, 12_300);
    instance.hears(100, 12_400);
    instance.hears(0, 12_500);
    expect(instance.kinds).toEqual([]);
    expect(instance.state.name).toBe('Leaving');
  });

  test('does not say that it has waited for a successor whose advertisement was received before', () => {
    const instance = leaving();
    expect(instance.hears(1, 11_900)).toMatchObject([{ report: { kind: 'successorHeard', afterMs: 0 } }]);
  });

  test('lets go a moment after it has heard its successor, of whatever priority', () => {
    const instance = leaving();
    expect(instance.hears(1, 12_600)).toMatchObject([{ report: { kind: 'successorHeard', afterMs: 600 } }]);
    expect(nextTimeout(instance.state)).toBe(12_600 + lingerMs);
    instance.times(12_600 + lingerMs);
    expect(instance.kinds).toEqual(['removeAddresses', 'Leaving -> Initialize: shutdown']);
    expect(instance.state.statistics).toMatchObject({ priZeroSent: 1, releaseMaster: 1 });
  });

  test('takes priority 0 of another one that leaves for no successor', () => {
    const instance = leaving();
    instance.hears(0, 12_100);
    expect(instance.in('Leaving').successor).toBeUndefined();
  });

  test('lets go at once when told again that it must end now', () => {
    const instance = leaving();
    instance.on({ kind: 'shutdown', atOnce: true }, 12_100);
    expect(instance.kinds).toEqual(['removeAddresses', 'Leaving -> Initialize: shutdown']);
  });

  test('lets go at once when its interface goes down: nobody can reach it any more', () => {
    const instance = leaving();
    instance.faces(12_100, { reasons: ['interface-down'] });
    expect(instance.kinds).toEqual(['removeAddresses', 'Leaving -> Initialize: shutdown']);
  });
});

describe('a fault', () => {
  test('that leaves the router reachable is left in order: it serves until somebody else does', () => {
    const instance = master();
    instance.faces(12_000, { reasons: ['tracked-script'] });
    expect(instance.kinds).toEqual([
      'report faults',
      'sendAdvertisement 0',
      'report priorityZeroSent',
      'report handingOver',
      'Master -> Leaving: tracked-script',
    ]);
    instance.hears(90, 12_700);
    instance.times(12_700 + lingerMs);
    expect(instance.kinds).toEqual(['removeAddresses', 'report faults', 'Leaving -> Fault: tracked-script']);
  });

  test('that cuts it off ends it at once', () => {
    const instance = master();
    instance.faces(12_000, { reasons: ['interface-down'] });
    expect(instance.state.name).toBe('Fault');
    expect(instance.kinds).toContain('removeAddresses');
  });

  test('that is over before anybody has taken the addresses ends in Backup', () => {
    const instance = master();
    instance.faces(12_000, { reasons: ['tracked-script'] });
    instance.faces(12_300, {});
    instance.times(20_000);
    expect(instance.kinds.at(-1)).toBe('Leaving -> Backup: fault-cleared');
  });
});

describe('failover', () => {
  test('gives the addresses to whoever takes them, and does not take them back by itself', () => {
    const instance = master();
    instance.on(failover, 12_000);
    instance.hears(90, 12_648);
    expect(instance.kinds).toEqual(['report successorHeard', 'Leaving -> Backup: failover']);
    instance.times(12_648 + lingerMs);
    expect(instance.kinds).toEqual(['removeAddresses']);
    for (let atMs = 13_648; atMs < 99_000; atMs += 1000) instance.hears(90, atMs);
    expect(instance.in('Backup').masterDownAtMs).toBeGreaterThan(99_000);
  });

  test('preempts again when its time is over', () => {
    const instance = master();
    instance.on(failover, 12_000);
    instance.hears(90, 12_648);
    instance.times(12_700);
    instance.hears(90, 99_648);
    instance.times(100_000);
    expect(instance.kinds).toEqual(['report holdEnded']);
    const dueAtMs = instance.in('Backup').masterDownAtMs;
    instance.hears(90, 100_648);
    expect(instance.in('Backup').masterDownAtMs).toBe(dueAtMs);
  });

  test('keeps the addresses all the time where nobody takes them, and goes on as Master', () => {
    const instance = master();
    instance.on(failover, 12_000);
    const endsAtMs = 12_000 + latestTakeoverMs(config);
    expect(nextTimeout(instance.state)).toBe(endsAtMs);
    instance.times(endsAtMs);
    expect(instance.kinds).not.toContain('removeAddresses');
    expect(instance.kinds).toContain('report takenBack');
    expect(instance.kinds.at(-1)).toBe('Leaving -> Master: not-taken');
    expect(instance.state.hold).toBeUndefined();
  });

  test('takes over all the same where there is no Master at all', () => {
    const instance = master();
    instance.on(failover, 12_000);
    instance.hears(90, 12_648);
    instance.times(12_700);
    instance.times(12_648 + 3609.375);
    expect(instance.kinds.at(-1)).toBe('Backup -> Master: master-down-expired');
  });

  test('is called off by resume while nobody has taken over', () => {
    const instance = master();
    instance.on(failover, 12_000);
    instance.on({ kind: 'resume' }, 12_200);
    expect(instance.kinds).toContain('sendAdvertisement 100');
    expect(instance.kinds.at(-1)).toBe('Leaving -> Master: resumed');
  });
});

describe('drain', () => {
  test('keeps a Backup out of every election, also where the Master dies', () => {
    const instance = backup();
    instance.hears(150, 1000);
    instance.on(drain, 1500);
    expect(nextTimeout(instance.state)).toBeUndefined();
    instance.hears(0, 2000);
    expect(instance.times(100_000)).toEqual([]);
    expect(instance.state.name).toBe('Backup');
  });

  test('ends by resume, with a whole Master_Down_Interval of listening', () => {
    const instance = backup();
    instance.on(drain, 1500);
    instance.on({ kind: 'resume' }, 50_000);
    expect(instance.in('Backup').masterDownAtMs).toBe(50_000 + 3609.375);
  });

  test('lasts over a fault', () => {
    const instance = backup();
    instance.on(drain, 1500);
    instance.faces(2000, { reasons: ['interface-down'] });
    instance.faces(3000, {});
    expect(instance.in('Backup').masterDownAtMs).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a better Master', () => {
  test('is given way to at once, and the addresses stay until it has announced them', () => {
    const instance = master();
    instance.hears(150, 12_000);
    expect(instance.kinds).toEqual(['report higherPriorityReceived', 'Master -> Backup: higher-priority']);
    expect(nextTimeout(instance.state)).toBe(12_000 + lingerMs);
    instance.times(12_000 + lingerMs);
    expect(instance.kinds).toEqual(['removeAddresses']);
  });

  test('that dies within that moment does not keep the addresses from going', () => {
    const instance = master();
    instance.hears(150, 12_000);
    instance.on({ kind: 'shutdown' }, 12_005);
    expect(instance.kinds).toEqual(['removeAddresses', 'Backup -> Initialize: shutdown']);
  });
});

test('an instance that holds rules alone lets them go too when it gives way', () => {
  const rule = { invert: false, action: { kind: 'nop' }, noTrack: false } as const;
  const instance = master({ virtualAddresses: [], virtualRules: [rule] });
  instance.hears(150, 12_000);
  instance.times(12_000 + lingerMs);
  expect(instance.kinds).toEqual(['removeRoutes']);
});
