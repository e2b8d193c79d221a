/**
 * What a Backup must wait for: RFC 3768 section 6.4.2, RFC 5798 section 6.4.2, and keepalived.conf(5): preempt_delay and
 * vrrp_sync_group. Moves the record; whether the instance does the same is compared afterwards.
 */
import type { LeavingState } from '../../src/vrrp/index.ts';
import type { PacketFacts } from './network.ts';
import { never, type Record, type Stepped } from './record.ts';
import { lingerMs, masterDownMs, skewMs } from './rfc.ts';
import type { Instance } from './router.ts';

export function backupStepped(happened: Stepped, record: Record, packet: PacketFacts | undefined): void {
  const { instance, before, event, nowMs } = happened;
  const { state, config } = instance;
  const wasDrained = before.hold?.kind === 'drain';
  if (state.name !== 'Backup') {
    record.lingersUntilMs = undefined;
    record.awaits = false;
    return;
  }
  if (before.name !== 'Backup') backupEntered(happened, record, packet);
  else if (packet !== undefined) backupHeard(instance, record, packet, nowMs);
  else if (event.kind === 'giveUp') {
    record.preemptAtMs = undefined;
    const isDrained = event.hold.kind === 'drain';
    if (isDrained || wasDrained) {
      record.downAtMs = isDrained ? never : nowMs + masterDownMs(config, record.priority, record.adverMs);
      record.awaits = false;
      record.hasFollowed = false;
    }
  } else if (event.kind === 'timeout' && nowMs >= record.downAtMs && config.syncGroup !== undefined) {
    const isLifted = record.hold?.kind === 'drain';
    record.downAtMs = never;
    record.awaits = !isLifted;
  }
}

function backupEntered(
  { instance, before, event, nowMs }: Stepped,
  record: Record,
  packet: PacketFacts | undefined,
): void {
  const { config } = instance;
  const isComingBack = before.name === 'Master' && event.kind === 'timeout';
  const heardMs =
    packet?.config.advertisementIntervalMs ?? (isComingBack ? record.rival?.intervalMs : undefined);
  const wasMaster = before.name === 'Master' || before.name === 'Leaving';
  const isTakenBack = before.name === 'Leaving' && heardMs === undefined && wantsBack(before, record, nowMs);
  const isOwner = !wasMaster && config.basePriority === 255 && record.hold === undefined;
  if (isTakenBack && before.leave.to === 'Backup' && before.leave.takesBack) record.hold = undefined;
  record.adverMs = heardMs ?? config.advertisementIntervalMs;
  record.hasFollowed = heardMs !== undefined;
  record.knowsMaster = heardMs !== undefined;
  record.preemptAtMs = undefined;
  const lingers = wasMaster && (heardMs !== undefined || isTakenBack);
  record.lingersUntilMs = lingers ? nowMs + lingerMs : undefined;
  record.awaits = config.syncGroup !== undefined && (isOwner || isTakenBack);
  record.downAtMs = waits(record) ? never : nowMs + masterDownMs(config, record.priority, record.adverMs);
}

/** A member of a group that nobody has succeeded: given up by an operator, or gone with another member that was. */
function wantsBack({ leave }: LeavingState, { hold }: Record, nowMs: number): boolean {
  if (leave.to !== 'Backup') return false;
  const isOver = hold?.untilMs !== undefined && nowMs >= hold.untilMs;
  return leave.takesBack || (leave.reason === 'group-left' && (hold?.kind !== 'drain' || isOver));
}

function backupHeard({ config }: Instance, record: Record, packet: PacketFacts, nowMs: number): void {
  const { priority } = packet;
  if (priority === 0) {
    if (!waits(record)) record.downAtMs = nowMs + skewMs(config.version, record.priority, record.adverMs);
    return;
  }
  const preempts = priority < record.priority && config.preempt && record.hold === undefined;
  const preemptAtMs = preempts ? (record.preemptAtMs ?? nowMs + config.preemptDelayMs) : undefined;
  record.preemptAtMs = config.preemptDelayMs > 0 ? preemptAtMs : undefined;
  if (preemptAtMs !== undefined && nowMs >= preemptAtMs) return;
  record.adverMs = packet.config.advertisementIntervalMs;
  record.hasFollowed = true;
  record.knowsMaster = true;
  record.awaits = false;
  const isDrained = record.hold?.kind === 'drain';
  record.downAtMs = isDrained ? never : nowMs + masterDownMs(config, record.priority, record.adverMs);
}

function waits({ awaits, hold }: Record): boolean {
  return awaits || hold?.kind === 'drain';
}
