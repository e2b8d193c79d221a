import { describe, expect, test } from 'vitest';
import { summarizeCrash } from '../../src/drill/bench-crash.ts';
import { answersIn, benchPort } from '../../src/drill/bench-load.ts';
import {
  type Advertisement,
  latenesses,
  percentiles,
  summarizeMassTakeover,
} from '../../src/drill/bench-many.ts';
import { benchAddress, configurationText } from '../../src/drill/bench-pair.ts';
import { summarizeSwitchover } from '../../src/drill/bench-switchover.ts';
import type { Sighting } from '../../src/drill/frames.ts';
import { hostAddresses } from '../../src/drill/tutorial-network.ts';

function advertisement(atMs: number, vrid: number, source: string = hostAddresses.lb01): Advertisement {
  return { kind: 'advertisement', atMs, source, version: 3, vrid, priority: 100 };
}

function gratuitousArp(atMs: number, address: string): Sighting {
  return { kind: 'gratuitousArp', atMs, address, hardwareAddress: '02:00:00:00:00:01' };
}

describe('a crash', () => {
  const answers = [
    { atMs: 990, server: 'lb01' },
    { atMs: 999, server: 'lb01' },
    { atMs: 1034, server: 'lb02' },
    { atMs: 1036, server: 'lb02' },
  ];

  test('is over with the first answer of lb02, and its gap begins with the last one of lb01', () => {
    expect(summarizeCrash(answers, 1000)).toEqual({ servedAfterMs: 34, longestGapMs: 35 });
  });

  test('that lb02 never answers is an error, not a short gap', () => {
    expect(() => summarizeCrash(answers.slice(0, 2), 1000)).toThrow('lb02 answered nobody');
  });
});

test('an answer is a UDP datagram from the port of the bench; anything else in the capture is not', () => {
  const bytes = new Uint8Array(46);
  bytes[23] = 17;
  new DataView(bytes.buffer).setUint16(34, benchPort);
  bytes.set(Buffer.from('lb02'), 42);
  const other = Uint8Array.from(bytes);
  other[35] = 1;
  const packets = [
    { atMs: 5, bytes },
    { atMs: 6, bytes: other },
  ];
  expect(answersIn(packets)).toEqual([{ atMs: 5, server: 'lb02' }]);
});

test('lateness is counted for each VRID from its own advertisement before', () => {
  const seen = [
    advertisement(0, 1),
    advertisement(50, 2),
    advertisement(101, 1),
    advertisement(149, 2),
    advertisement(201, 1),
  ];
  expect(latenesses(seen, 100)).toEqual([1, -1, 0]);
});

test('percentiles are values that occurred, and none of nothing', () => {
  const values = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  expect(percentiles(values)).toEqual({ p50: 500, p99: 990, p999: 999 });
  expect(() => percentiles([])).toThrow('no values');
});

describe('a takeover of all instances', () => {
  const { lb02 } = hostAddresses;
  const seen = [
    advertisement(0, 1),
    advertisement(20, 2),
    advertisement(361, 1, lb02),
    gratuitousArp(362, benchAddress(1)),
    advertisement(385, 2, lb02),
    gratuitousArp(387, benchAddress(2)),
    gratuitousArp(388, benchAddress(2)),
  ];

  test('lasts from the first deadline to the last first advertisement and first announcement', () => {
    const { advertisedWithinMs, announcedWithinMs } = summarizeMassTakeover(seen, 2);
    expect(advertisedWithinMs).toBeCloseTo(385 - 360.9375);
    expect(announcedWithinMs).toBeCloseTo(387 - 360.9375);
  });

  test('that leaves an instance without its address is an error', () => {
    expect(() => summarizeMassTakeover(seen.slice(0, 5), 2)).toThrow('no gratuitous ARP of 10.0.1.2');
  });
});

test('a switchover counts what failed by kind, with when it began', () => {
  const ok = { source: '', server: 'lb01', tookMs: 1 };
  const requests = [
    { ...ok, atMs: 8000 },
    { ...ok, atMs: 9500 },
    { ...ok, atMs: 10_100, server: undefined, error: 'ECONNRESET, connected', tookMs: 2 },
    { ...ok, atMs: 10_200, tookMs: 30 },
    { ...ok, atMs: 20_000 },
  ];
  expect(summarizeSwitchover(requests, { kind: 'stop', fromMs: 10_000, toMs: 15_000 })).toEqual({
    kind: 'stop',
    requests: 3,
    failed: 1,
    failures: new Map([['ECONNRESET, connected', [100]]]),
    longestGapMs: 700,
    slowestMs: 30,
  });
});

test('a configuration differs from another in the priorities that were changed, and in nothing else', () => {
  const wanted = { version: 3, intervalMs: 100, instances: 3 } as const;
  const before = configurationText('lb01', wanted).split('\n');
  const after = configurationText('lb01', wanted, new Map([[2, 151]])).split('\n');
  expect(after.filter((line, index) => line !== before[index])).toEqual(['    priority 151']);
});
