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

interface Changed<Member> {
  readonly member: Member;
  readonly from: StateName;
  readonly to: StateName;
}

interface HasState {
  readonly state: InstanceState;
}

/** To be asked after each change of a member's state; `changed` is undefined where its timers alone have changed. */
export function groupEvents<Member extends HasState>(
  members: readonly Member[],
  changed: Changed<Member> | undefined,
): readonly GroupEvent<Member>[] {
  if (changed !== undefined && leftMaster(changed)) {
    // Who leaves already goes on as it does, until one of them has a successor.
    const isConcerned = changed.to === 'Leaving' ? isMaster : holds;
    return members
      .filter((member) => member !== changed.member && isConcerned(member.state))
      .map((member) => ({ member, event: { kind: 'groupLeft' } }));
  }
  const isReady = members.every(({ state }) => state.name === 'Backup' && state.awaitsGroup);
  return isReady ? members.map((member) => ({ member, event: { kind: 'groupReady' } })) : [];
}

/** Also from Leaving: a successor was heard for one, so the others must not come back. One that nobody wanted waits for them. */
function leftMaster({ member, from, to }: Changed<HasState>): boolean {
  const { state } = member;
  if (from === 'Leaving') return to === 'Backup' && !(state.name === 'Backup' && state.awaitsGroup);
  return from === 'Master' && to !== 'Master';
}

function isMaster({ name }: InstanceState): boolean {
  return name === 'Master';
}

function holds({ name }: InstanceState): boolean {
  return name === 'Master' || name === 'Leaving';
}

/**
 * The faults of each member as all of the group have them, in the order of `own`. What one member's trackers have not said yet
 * keeps the others from starting, as it does that member, and ends none that runs.
 */
export function groupFaults(
  group: string,
  own: readonly (readonly Fault[])[],
): readonly (readonly Fault[])[] {
  if (own.every((faults) => faults.length === 0)) return own;
  const reason = own.some(isUnfit) ? 'sync-group' : 'awaiting-trackers';
  return own.map((faults) =>
    isUnfit(faults) || (faults.length > 0 && reason === 'awaiting-trackers')
      ? faults
      : [...faults, { reason, subject: group }],
  );
}

function isUnfit(faults: readonly Fault[]): boolean {
  return faults.some(({ reason }) => reason !== 'awaiting-trackers');
}

/**
 * As keepalived tells it: the state that all members share, or Fault as soon as one is and none has still to hand over. Undefined
 * on the way between two.
 */
export function groupState(states: readonly InstanceState[]): 'Master' | 'Backup' | 'Fault' | undefined {
  if (states.some(({ name }) => name === 'Leaving')) return undefined;
  if (states.some(({ name }) => name === 'Fault')) return 'Fault';
  if (states.length > 0 && states.every(({ name }) => name === 'Master')) return 'Master';
  if (states.length > 0 && states.every(({ name }) => name === 'Backup')) return 'Backup';
  return undefined;
}
