import { describe, expect, it } from 'vitest';
import type { SyncGroupConfig } from '../../src/config-parser/config.ts';
import { noTracking, syncGroupOf } from './empty-config.ts';
import { blockOf, instanceWith, parseText } from './parse-helpers.ts';

const script = `${blockOf('vrrp_script s', 'script /bin/true', 'weight 5')}\n`;

function member(number: number, ...lines: readonly string[]): string {
  return instanceWith(...lines)
    .replace('VI_1', `VI_${number}`)
    .replace('51', `${50 + number}`);
}

function group(names: readonly string[], ...lines: readonly string[]): string {
  return `${blockOf('vrrp_sync_group G', blockOf('group', ...names), ...lines)}\n`;
}

function groupsOf(text: string): readonly SyncGroupConfig[] {
  return parseText(text).config.syncGroups;
}

function codes(text: string): readonly string[] {
  return parseText(text).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

const two = member(1) + member(2);

describe('a vrrp_sync_group', () => {
  it('that says nothing more tells nobody and tracks nothing', () => {
    const text = two + group(['VI_2', 'VI_1']);
    expect(groupsOf(text)).toEqual([syncGroupOf(['VI_2', 'VI_1'])]);
    expect(codes(text)).toEqual([]);
  });

  it('has several members on a line, may stand above them, and tells whom it says', () => {
    const text =
      group(
        ['VI_1 VI_2'],
        'notify "/bin/all a"',
        'notify_stop /bin/stop nobody',
        'smtp_alert',
        'notify_priority_changes',
      ) + two;
    expect(groupsOf(text)).toEqual([
      syncGroupOf(['VI_1', 'VI_2'], {
        notify: {
          any: { argv: ['/bin/all', 'a'] },
          stop: { argv: ['/bin/stop'], user: 'nobody' },
          mail: true,
          priorityChanges: true,
        },
      }),
    ]);
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'a member that is not there',
      group(['VI_1', 'VI_2', 'VI_9']),
      ['VI_1', 'VI_2'],
      ['error sync-group-unknown-member'],
    ],
    ['one member', group(['VI_1']), ['VI_1'], ['warning sync-group-too-small']],
    ['a member twice', group(['VI_1', 'VI_2', 'VI_1']), ['VI_1', 'VI_2'], ['error sync-group-member-twice']],
  ])('with %s goes on with those that are', (_what, text, members, told) => {
    expect(groupsOf(two + text).map((found) => found.members)).toEqual([members]);
    expect(codes(two + text)).toEqual(told);
  });

  it.each([
    ['no members', group([])],
    ['nobody that is there', group(['VI_9'])],
  ])('with %s is left out', (_what, text) => {
    expect(groupsOf(two + text)).toEqual([]);
    expect(codes(two + text)).toContain('error sync-group-too-small');
  });

  it('does not get an instance that is in another one', () => {
    const text = two + member(3) + group(['VI_1', 'VI_2']) + group(['VI_2', 'VI_3']).replace('G', 'H');
    expect(groupsOf(text).map(({ members }) => members)).toEqual([['VI_1', 'VI_2'], ['VI_3']]);
  });

  it('of owners and others is told of', () => {
    const text = member(1, 'priority 255') + member(2) + group(['VI_1', 'VI_2']);
    expect(codes(text)).toEqual(['error sync-group-mixed-owner']);
  });
});

describe('weights and sync groups', () => {
  const tracks = (entry: string) => blockOf('track_script', entry);
  const membersOf = (text: string) =>
    parseText(text).config.vrrpInstances.map(({ tracking }) => tracking.scripts.map(({ weight }) => weight));

  it.each<[string, string, readonly number[], readonly string[]]>([
    ['s', '', [], ['error weight-ignored-in-sync-group']],
    ['s weight 0', '', [0], []],
    ['s', 'sync_group_tracking_weight', [5], []],
  ])('the member that tracks %j in a group with %j has %j', (entry, line, weights, told) => {
    const text = script + member(1, tracks(entry)) + member(2) + group(['VI_1', 'VI_2'], line);
    expect(membersOf(text)).toEqual([weights, []]);
    expect(codes(text)).toEqual(told);
    expect(groupsOf(text)[0]?.memberWeights).toBe(line !== '');
  });

  it('do not concern each other where the instance is in none', () => {
    expect(membersOf(script + member(1, tracks('s')) + member(2))).toEqual([[5], []]);
  });

  it('count in the group, unless a member is the owner: then it is a fault', () => {
    const weightsOf = (...lines: readonly string[]) =>
      groupsOf(script + member(1, ...lines) + member(2, ...lines) + group(['VI_1', 'VI_2'], tracks('s'))).map(
        ({ tracking }) => tracking,
      );
    expect(weightsOf()).toEqual([{ ...noTracking, scripts: [{ name: 's', weight: 5, reverse: false }] }]);
    expect(weightsOf('priority 255')).toEqual([
      { ...noTracking, scripts: [{ name: 's', weight: 0, reverse: false }] },
    ]);
  });

  it('an interface that both track is told of', () => {
    const track = blockOf('track_interface', 'eth1');
    const text = member(1, track) + member(2) + group(['VI_1', 'VI_2'], track);
    expect(codes(text)).toEqual(['error track-interface-on-instance-and-group']);
  });
});
