/** What each keyword about gratuitous ARP changes, in the instance and in global_defs. */
import { describe, expect, test } from 'vitest';
import { announcementsOf, becameMaster, configured, started } from './configured.ts';

/** The first burst comes with the state, which the instance has made at 100 s. */
function firstBurst(lines: string, globals = ''): readonly number[] {
  return becameMaster(lines, globals).effects.flatMap((effect) =>
    effect.kind === 'sendGratuitousArp' ? effect.repeat : [],
  );
}

function later(lines: string, globals = '', forMs = 20_000) {
  return announcementsOf(becameMaster(lines, globals), 100_000, forMs);
}

/** What a Master sends when it hears a lower priority at 101 s, and in the time after that. */
function afterLower(lines: string, globals = '') {
  const instance = becameMaster(`garp_master_delay 0\n${lines}`, globals);
  const now = instance.hears(1, 101_000).flatMap((effect) => {
    return effect.kind === 'sendGratuitousArp' ? effect.repeat : [];
  });
  return { now, later: announcementsOf(instance, 101_000, 20_000) };
}

describe('a new Master announces its addresses', () => {
  test('five times without a word, and five times again after five seconds', () => {
    expect(firstBurst('')).toEqual([5]);
    expect(later('')).toEqual([[5000, 5]]);
  });

  test.each([
    ['garp_master_repeat 3', ''],
    ['', 'vrrp_garp_master_repeat 3'],
    ['garp_master_repeat 3', 'vrrp_garp_master_repeat 9'],
  ])('as often as garp_master_repeat says: %j beside %j', (lines, globals) => {
    expect(firstBurst(lines, globals)).toEqual([3]);
    expect(later(lines, globals)).toEqual([[5000, 3]]);
  });

  test.each([
    ['garp_master_delay 2', ''],
    ['', 'vrrp_garp_master_delay 2'],
    ['garp_master_delay 2', 'vrrp_garp_master_delay 9'],
  ])('again after garp_master_delay: %j beside %j', (lines, globals) => {
    expect(later(lines, globals)).toEqual([[2000, 5]]);
  });

  test('once only with garp_master_delay 0', () => {
    expect(later('garp_master_delay 0')).toEqual([]);
  });

  test('once in all with vrrp_min_garp', () => {
    expect(firstBurst('', 'vrrp_min_garp')).toEqual([1]);
    expect(later('', 'vrrp_min_garp')).toEqual([]);
  });
});

describe('a Master goes on announcing', () => {
  test.each([
    ['garp_master_delay 0\ngarp_master_refresh 6', ''],
    ['garp_master_delay 0', 'vrrp_garp_master_refresh 6'],
  ])('every garp_master_refresh: %j beside %j', (lines, globals) => {
    expect(later(lines, globals)).toEqual([
      [6000, 1],
      [12_000, 1],
      [18_000, 1],
    ]);
  });

  test.each([
    ['garp_master_delay 0\ngarp_master_refresh 9\ngarp_master_refresh_repeat 4', ''],
    ['garp_master_delay 0\ngarp_master_refresh 9', 'vrrp_garp_master_refresh_repeat 4'],
  ])('as often as garp_master_refresh_repeat says: %j beside %j', (lines, globals) => {
    expect(later(lines, globals, 10_000)).toEqual([[9000, 4]]);
  });

  test.each([
    ['garp_extra_if 7', '', false],
    ['garp_extra_if all 7', '', true],
    ['', 'vrrp_garp_extra_if all 7', true],
  ])('on other interfaces every garp_extra_if: %j beside %j', (lines, globals, all) => {
    const instance = becameMaster(`garp_master_delay 0\n${lines}`, globals);
    expect(announcementsOf(instance, 100_000, 15_000)).toEqual([
      [7000, 1],
      [14_000, 1],
    ]);
    const [last] = instance.times(121_000).filter(({ kind }) => kind === 'sendGratuitousArp');
    expect(last).toMatchObject({ onExtraInterfaces: true });
    expect(instance.config.gratuitousArp.extraInterfaceAll).toBe(all);
  });
});

describe('a Master that hears a lower priority announces', () => {
  test('as a new one does without a word', () => {
    expect(afterLower('garp_lower_prio_delay 5')).toEqual({ now: [5], later: [[5000, 5]] });
  });

  test.each([
    ['garp_lower_prio_repeat 2', 'vrrp_garp_lower_prio_delay 5'],
    ['garp_lower_prio_delay 5', 'vrrp_garp_lower_prio_repeat 2'],
  ])('as often as garp_lower_prio_repeat says: %j beside %j', (lines, globals) => {
    expect(afterLower(lines, globals)).toEqual({ now: [2], later: [[5000, 2]] });
  });

  test.each([
    ['garp_lower_prio_delay 3', ''],
    ['', 'vrrp_garp_lower_prio_delay 3'],
  ])('again after garp_lower_prio_delay: %j beside %j', (lines, globals) => {
    expect(afterLower(lines, globals)).toEqual({ now: [5], later: [[3000, 5]] });
  });

  test('nothing with garp_lower_prio_repeat 0', () => {
    expect(afterLower('garp_lower_prio_repeat 0')).toEqual({ now: [], later: [] });
  });
});

test('a Backup announces nothing, whatever these keywords say', () => {
  const instance = started('garp_master_refresh 1\ngarp_extra_if all 1');
  for (let atMs = 0; atMs < 10_000; atMs += 500) {
    instance.hears(200, atMs);
    expect(instance.times(atMs)).toEqual([]);
  }
  expect(configured('garp_master_refresh 1').gratuitousArp.masterRefreshMs).toBe(1000);
});
