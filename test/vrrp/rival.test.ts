/** Two Masters that hear each other: told, counted, and ended with another announcement. */
import { expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { lowerAddress, master } from './instances.ts';

test('one advertisement of a lower priority is no dual master: it may have been under way', () => {
  const instance = master();
  instance.hears(50, 10_100);
  expect(instance.kinds).not.toContain('report dualMaster');
  expect(instance.state.statistics.dualMaster).toBe(0);
});

test('the second one is, since the first; it is told and counted once', () => {
  const instance = master();
  instance.hears(50, 10_100);
  instance.hears(50, 11_100);
  expect(instance.effects).toContainEqual({
    kind: 'report',
    report: { kind: 'dualMaster', source: lowerAddress, sinceMs: 10_100 },
  });
  instance.hears(50, 12_100);
  expect(instance.kinds).not.toContain('report dualMaster');
  expect(instance.state.statistics.dualMaster).toBe(1);
});

test('when the other has been silent for a Master_Down_Interval we have won, and announce our addresses again', () => {
  const instance = master({ lowerPrioNoAdvert: true });
  instance.hears(50, 10_100);
  instance.hears(50, 11_100);
  for (const atMs of [11_000, 12_000, 13_000, 14_000]) instance.times(atMs);
  instance.times(15_000);
  expect(instance.kinds).toContain('report dualMasterEnded');
  expect(instance.kinds).toContain('sendGratuitousArp');
  expect(instance.in('Master').rival).toBeUndefined();
});

test('who gives way to the other says that it is over', () => {
  const instance = master();
  instance.hears(50, 10_100);
  instance.hears(50, 11_100);
  instance.hears(150, 12_100);
  expect(instance.kinds).toContain('report dualMasterEnded');
});

test('a claim of our address is told once for each station, and answered once a second at most', () => {
  const instance = master();
  for (const atMs of [12_000, 14_000, 15_000]) instance.times(atMs);
  const claim = { kind: 'addressClaimed', address: address('10.0.0.3'), mac: '02:00:00:00:00:01' } as const;
  instance.on(claim, 15_100);
  expect(instance.kinds).toEqual(['report addressClaimed']);
  instance.on(claim, 15_200);
  expect(instance.kinds).toEqual([]);
  expect(instance.in('Master').secondBurst).toEqual({ atMs: 16_100, repeat: 5 });
  expect(instance.state.statistics.addressClaimed).toBe(2);
});
