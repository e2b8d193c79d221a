/** keepalived.conf(5): what tracked things mean for faults and priority. */
import { describe, expect, test } from 'vitest';
import type { TrackedItem, TrackingConfig } from '../../src/config-parser/config.ts';
import { type TrackerReading, trackerKey, trackingResult } from '../../src/vrrp/index.ts';
import { backup, master, nothingTracked } from './instances.ts';

type Kind = 'interfaces' | 'scripts' | 'files' | 'processes' | 'bfds';

function tracking(kind: Kind, ...items: readonly (readonly [number, boolean?])[]): TrackingConfig {
  const list: TrackedItem[] = items.map(([weight, reverse = false], index) => ({
    name: `x${index}`,
    weight,
    reverse,
  }));
  return { ...nothingTracked, [kind]: list };
}

function readings(...all: readonly TrackerReading[]): ReadonlyMap<string, TrackerReading> {
  return new Map(all.map((reading) => [trackerKey(reading), reading]));
}

function script(isUp: boolean, name = 'x0'): TrackerReading {
  return { kind: 'script', name, isUp };
}

describe('a script', () => {
  test.each([
    { weight: 10, isUp: true, expected: 10 },
    { weight: 10, isUp: false, expected: 0 },
    { weight: -10, isUp: true, expected: 0 },
    { weight: -10, isUp: false, expected: -10 },
  ])('of weight $weight that is up: $isUp adds $expected', ({ weight, isUp, expected }) => {
    const result = trackingResult(tracking('scripts', [weight]), readings(script(isUp)));
    expect(result).toEqual({ faults: [], weight: expected });
    const reversed = trackingResult(tracking('scripts', [weight, true]), readings(script(isUp)));
    expect(reversed.weight).toBe(expected === 0 ? 0 : -expected);
  });

  test('without a weight is a fault while it fails, and with reverse while it succeeds', () => {
    const faults = [{ reason: 'tracked-script', subject: 'x0' }];
    expect(trackingResult(tracking('scripts', [0]), readings(script(false))).faults).toEqual(faults);
    expect(trackingResult(tracking('scripts', [0]), readings(script(true))).faults).toEqual([]);
    expect(trackingResult(tracking('scripts', [0, true]), readings(script(true))).faults).toEqual(faults);
  });

  test('that has said nothing yet is waited for if it could be a fault, and adds nothing if not', () => {
    expect(trackingResult(tracking('scripts', [0]), readings()).faults).toEqual([
      { reason: 'awaiting-trackers', subject: 'x0' },
    ]);
    expect(trackingResult(tracking('scripts', [-20]), readings())).toEqual({ faults: [], weight: 0 });
  });
});

describe('a file', () => {
  const file = (value: number): TrackerReading => ({ kind: 'file', name: 'x0', value });

  test.each([
    { weight: 1, value: -7, expected: { faults: [], weight: -7 } },
    { weight: 2, value: 300, expected: { faults: [], weight: 254 } },
    { weight: 0, value: 0, expected: { faults: [], weight: 0 } },
  ])('of $value with weight $weight', ({ weight, value, expected }) => {
    expect(trackingResult(tracking('files', [weight]), readings(file(value)))).toEqual(expected);
  });

  test('is a fault at -254 and below, and without a weight at anything but 0', () => {
    const faults = [{ reason: 'tracked-file', subject: 'x0' }];
    expect(trackingResult(tracking('files', [1]), readings(file(-254))).faults).toEqual(faults);
    expect(trackingResult(tracking('files', [1]), readings(file(-253))).faults).toEqual([]);
    expect(trackingResult(tracking('files', [0]), readings(file(1))).faults).toEqual(faults);
  });
});

test('weights add up, and count for nothing where the sync group does not want them; faults count always', () => {
  const both = tracking('scripts', [-5], [-7], [0]);
  const down = readings(script(false), script(false, 'x1'), script(false, 'x2'));
  expect(trackingResult(both, down)).toMatchObject({ weight: -12, faults: [{ subject: 'x2' }] });
  expect(trackingResult(both, down, { weights: false })).toMatchObject({ weight: 0, faults: [{}] });
});

describe('a weight', () => {
  test('moves the running timer of a Backup by the change in Skew_Time, and says so', () => {
    const instance = backup();
    instance.hears(150, 1000);
    instance.faces(1500, { weight: 40 });
    expect(instance.kinds).toEqual(['report priorityChanged']);
    expect(instance.in('Backup').masterDownAtMs).toBe(1000 + 3609.375 - 156.25);
  });

  test('shows in the next advertisement of a Master, which goes on being one', () => {
    const instance = master();
    instance.faces(10_500, { weight: -60 });
    instance.times(11_000);
    expect(instance.kinds).toEqual(['sendAdvertisement 40']);
  });

  test('never makes a priority below 1 or above 254, and never touches the 255 of an owner', () => {
    const low = master();
    low.faces(10_500, { weight: -500 });
    low.times(11_000);
    expect(low.kinds).toEqual(['sendAdvertisement 1']);
    const high = master();
    high.faces(10_500, { weight: 500 });
    high.times(11_000);
    expect(high.kinds).toEqual(['sendAdvertisement 254']);
    const owner = master({ basePriority: 255 }, 0);
    owner.faces(500, { weight: -100 });
    owner.times(1000);
    expect(owner.kinds).toEqual(['sendAdvertisement 255']);
  });
});

describe('what has not been measured yet', () => {
  test('does not move a Master that a reload lets track it', () => {
    const instance = master();
    instance.faces(10_500, { reasons: ['awaiting-trackers'] });
    expect(instance.kinds).toEqual([]);
    expect(instance.state.name).toBe('Master');
  });

  test('keeps an instance in Fault that has nothing else against it', () => {
    const instance = backup();
    instance.faces(100, { reasons: ['interface-down'] });
    instance.faces(200, { reasons: ['awaiting-trackers'] });
    expect(instance.state.name).toBe('Fault');
  });
});
