/** keepalived.conf(5): vrrp_sync_group: its members are Master together or not at all. */
import { describe, expect, test } from 'vitest';
import { groupEvents, groupFaults, groupState, type StateName } from '../../src/vrrp/index.ts';
import { Instance, surroundings } from './instances.ts';

/** Two members that are told of each other as the daemon does it. */
class Group {
  readonly members: readonly Instance[];

  constructor(...changes: readonly ConstructorParameters<typeof Instance>[0][]) {
    this.members = changes.map((change) => new Instance({ ...change, syncGroup: 'G1' }));
    for (const member of this.members) {
      this.#act(member, () => member.on({ kind: 'startup', surroundings: surroundings() }, 0));
    }
  }

  get states(): readonly StateName[] {
    return this.members.map(({ state }) => state.name);
  }

  at(index: number): Instance {
    const member = this.members[index];
    if (member === undefined) throw new Error(`there is no member ${index}`);
    return member;
  }

  act(index: number, act: (member: Instance) => void, atMs: number): void {
    const member = this.at(index);
    this.#act(member, () => act(member), atMs);
  }

  #act(member: Instance, act: () => void, atMs = 0): void {
    const from = member.state.name;
    act();
    const to = member.state.name;
    const changed = from === to ? undefined : { member, from, to };
    for (const told of [changed, undefined]) {
      for (const { member: other, event } of groupEvents(this.members, told)) {
        this.#act(other, () => other.on(event, atMs), atMs);
      }
    }
  }
}

describe('a group', () => {
  test('becomes Master when the last of its members is ready, and not before', () => {
    const group = new Group({ basePriority: 200 }, { basePriority: 100 });
    group.act(0, (member) => member.times(3500), 3500);
    expect(group.states).toEqual(['Backup', 'Backup']);
    expect(group.at(0).kinds).toContain('report waitingForGroup');
    group.act(1, (member) => member.times(3610), 3610);
    expect(group.states).toEqual(['Master', 'Master']);
    expect(group.at(0).kinds.at(-1)).toBe('Backup -> Master: group-ready');
  });

  test('stays Backup while one member hears a better Master', () => {
    const group = new Group({}, {});
    group.act(1, (member) => member.hears(150, 1000), 1000);
    group.act(0, (member) => member.times(4000), 4000);
    group.act(1, (member) => member.hears(150, 4100), 4100);
    expect(group.states).toEqual(['Backup', 'Backup']);
  });

  test('whose waiting member hears a better Master again waits no more', () => {
    const group = new Group({}, {});
    group.act(0, (member) => member.times(4000), 4000);
    group.act(0, (member) => member.hears(150, 4100), 4100);
    expect(group.at(0).in('Backup').awaitsGroup).toBe(false);
    group.act(1, (member) => member.times(4200), 4200);
    expect(group.states).toEqual(['Backup', 'Backup']);
  });

  test('leaves as a whole when one member gives way, the others with priority 0', () => {
    const group = new Group({}, {});
    for (const index of [0, 1]) group.act(index, (member) => member.times(4000), 4000);
    group.act(0, (member) => member.hears(150, 5000), 5000);
    expect(group.states).toEqual(['Backup', 'Leaving']);
    expect(group.at(1).kinds).toContain('sendAdvertisement 0');
  });

  test('with an owner in it is not Master before its other members are', () => {
    const group = new Group({ basePriority: 255 }, { basePriority: 100 });
    expect(group.states).toEqual(['Backup', 'Backup']);
    group.act(1, (member) => member.times(3610), 3610);
    expect(group.states).toEqual(['Master', 'Master']);
  });
});

test('the fault of one is a fault of all, and its own for none but itself', () => {
  const down = [{ reason: 'interface-down' }] as const;
  expect(groupFaults('G1', [down, [], []])).toEqual([
    down,
    [{ reason: 'sync-group', subject: 'G1' }],
    [{ reason: 'sync-group', subject: 'G1' }],
  ]);
  expect(groupFaults('G1', [[], []])).toEqual([[], []]);
});

test('the state of a group is what all share, Fault as soon as one is, and none on the way', () => {
  const group = new Group({}, {});
  const states = () => group.members.map(({ state }) => state);
  expect(groupState(states())).toBe('Backup');
  group.at(0).faces(100, { reasons: ['interface-down'] });
  expect(groupState(states())).toBe('Fault');
  expect(groupState([])).toBeUndefined();
});
