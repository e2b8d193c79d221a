/**
 * keepalived.conf(5): vrrp_sync_group. Its members are Master together or not at all: what one member's change means for the
 * others, as events for them. What keeps one from running keeps all.
 */
import type { Fault, InstanceEvent, StateName } from './messages.ts';
import type { InstanceState } from './state.ts';

export interface GroupEvent<Member> {
  readonly member: Member;
  readonly event: InstanceEvent;
}

interface HasState {
  readonly state: InstanceState;
}

/** To be asked after each change of a member's state; `changed` is undefined where its timers alone have changed. */
export function groupEvents<Member extends HasState>(
  members: readonly Member[],
  changed: { readonly member: Member; readonly from: StateName; readonly to: StateName } | undefined,
): readonly GroupEvent<Member>[] {
  if (changed !== undefined && leftMaster(changed)) {
    return members
      .filter((member) => member !== changed.member && holds(member.state))
      .map((member) => ({ member, event: { kind: 'groupLeft' } }));
  }
  const isReady = members.every(({ state }) => state.name === 'Backup' && state.awaitsGroup);
  return isReady ? members.map((member) => ({ member, event: { kind: 'groupReady' } })) : [];
}

/** Also from Leaving: a successor was heard for one, so the others must not come back. */
function leftMaster({ from, to }: { readonly from: StateName; readonly to: StateName }): boolean {
  return (from === 'Master' && to !== 'Master') || (from === 'Leaving' && to === 'Backup');
}

function holds({ name }: InstanceState): boolean {
  return name === 'Master' || name === 'Leaving';
}

/** The faults of each member as all of the group have them, in the order of `own`. */
export function groupFaults(
  group: string,
  own: readonly (readonly Fault[])[],
): readonly (readonly Fault[])[] {
  if (own.every((faults) => faults.length === 0)) return own;
  return own.map((faults) => (faults.length > 0 ? faults : [{ reason: 'sync-group', subject: group }]));
}

/** As keepalived tells it: the state that all members share, or Fault as soon as one is. Undefined on the way between two. */
export function groupState(states: readonly InstanceState[]): 'Master' | 'Backup' | 'Fault' | undefined {
  if (states.some(({ name }) => name === 'Fault')) return 'Fault';
  if (states.length > 0 && states.every(({ name }) => name === 'Master')) return 'Master';
  if (states.length > 0 && states.every(({ name }) => name === 'Backup')) return 'Backup';
  return undefined;
}
