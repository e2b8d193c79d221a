/** What each keyword about tracking changes: the priority that an instance has, or whether it runs. */
import { describe, expect, test } from 'vitest';
import type { TrackingConfig } from '../../../src/config-parser/config.ts';
import { type TrackerReading, trackerKey, trackingResult } from '../../../src/vrrp/index.ts';
import { blockOf, instanceWith, onlyInstance, parseText } from '../../config-parser/parse-helpers.ts';

const definitions = [
  blockOf('vrrp_script check', 'script /bin/true'),
  blockOf('vrrp_script heavy', 'script /bin/true', 'weight -20'),
  blockOf('track_file number', 'file /run/number'),
  blockOf('track_file heavy', 'file /run/heavy', 'weight 3'),
  blockOf('vrrp_track_process nginx', 'process nginx'),
  blockOf('vrrp_track_process heavy', 'process haproxy', 'weight 30'),
  blockOf('bfd_instance peer', 'neighbor_ip 192.0.2.2'),
  blockOf('bfd_instance heavy', 'neighbor_ip 192.0.2.3', 'weight -40'),
].join('\n');

function trackingOf(keyword: string, entry: string): TrackingConfig {
  return onlyInstance(`${definitions}\n${instanceWith(blockOf(keyword, entry))}`).tracking;
}

function resultOf(tracking: TrackingConfig, reading: TrackerReading): number | string {
  const { faults, weight } = trackingResult(tracking, new Map([[trackerKey(reading), reading]]));
  return faults[0]?.reason ?? weight;
}

const up = (kind: 'interface' | 'script' | 'process' | 'bfd', name: string) =>
  ({ kind, name, isUp: true }) as const;

describe.each([
  ['track_interface', 'interface', 'eth7', 'tracked-interface'],
  ['track_script', 'script', 'check', 'tracked-script'],
  ['track_process', 'process', 'nginx', 'tracked-process'],
  ['track_bfd', 'bfd', 'peer', 'tracked-bfd'],
] as const)('%s', (keyword, kind, name, fault) => {
  test.each([
    ['', 0, fault],
    [' weight 10', 10, 0],
    [' weight -10', 0, -10],
    [' weight 10 reverse', -10, 0],
    [' weight -10 reverse', 0, 10],
  ])('with "%s" is worth %s while up and %s while down', (options, whileUp, whileDown) => {
    const tracking = trackingOf(keyword, `${name}${options}`);
    expect(resultOf(tracking, up(kind, name))).toBe(whileUp);
    expect(resultOf(tracking, { ...up(kind, name), isUp: false })).toBe(whileDown);
  });
});

describe('track_file', () => {
  test.each([
    ['number', 7, 7],
    ['number weight 0', 0, 0],
    ['number weight 0', 1, 'tracked-file'],
    ['number weight 0 reverse', 0, 'tracked-file'],
    ['number weight 1', 7, 7],
    ['number weight 2', -7, -14],
    ['number weight 1 reverse', 7, -7],
    ['number weight 1', -254, 'tracked-file'],
  ])('%s is with the number %i worth %s', (entry, value, expected) => {
    const reading = { kind: 'file', name: 'number', value } as const;
    expect(resultOf(trackingOf('track_file', entry), reading)).toBe(expected);
  });
});

describe('the weight of the definition', () => {
  test.each([
    ['track_script', { ...up('script', 'heavy'), isUp: false }, -20],
    ['track_process', up('process', 'heavy'), 30],
    ['track_bfd', { ...up('bfd', 'heavy'), isUp: false }, -40],
    ['track_file', { kind: 'file', name: 'heavy', value: 5 }, 15],
  ] as const)('holds in %s where the line has none', (keyword, reading, expected) => {
    expect(resultOf(trackingOf(keyword, 'heavy'), reading)).toBe(expected);
  });

  test('gives way to that of the line, and noreverse undoes its reverse', () => {
    const scripts = blockOf('vrrp_script back', 'script /bin/true', 'weight 5 reverse');
    const tracking = (entry: string) =>
      onlyInstance(`${scripts}\n${instanceWith(blockOf('track_script', entry))}`).tracking;
    const reading = up('script', 'back');
    expect(resultOf(tracking('back'), reading)).toBe(-5);
    expect(resultOf(tracking('back weight 9 noreverse'), reading)).toBe(9);
  });
});

describe('a vrrp_sync_group', () => {
  const groupOf = (...lines: readonly string[]) => {
    const text = `${definitions}\n${blockOf('vrrp_sync_group G', blockOf('group', 'VI_1 VI_2'), ...lines)}`;
    const second = instanceWith().replace('VI_1', 'VI_2').replace(' 51', ' 52');
    const [group] = parseText(`${text}\n${instanceWith()}${second}`).config.syncGroups;
    if (group === undefined) throw new Error('the group was left out');
    return group;
  };

  test.each([
    ['track_interface', 'eth7', { ...up('interface', 'eth7'), isUp: false }, 'tracked-interface'],
    ['track_script', 'check', { ...up('script', 'check'), isUp: false }, 'tracked-script'],
    ['track_process', 'nginx', { ...up('process', 'nginx'), isUp: false }, 'tracked-process'],
    ['track_bfd', 'peer', { ...up('bfd', 'peer'), isUp: false }, 'tracked-bfd'],
    ['track_file', 'number weight 0', { kind: 'file', name: 'number', value: 1 }, 'tracked-file'],
  ] as const)('has a fault by %s', (keyword, name, reading, fault) => {
    expect(resultOf(groupOf(blockOf(keyword, name)).tracking, reading)).toBe(fault);
  });

  test('lets the weights of its members count only with sync_group_tracking_weight', () => {
    expect([groupOf().memberWeights, groupOf('sync_group_tracking_weight').memberWeights]).toEqual([
      false,
      true,
    ]);
  });
});
