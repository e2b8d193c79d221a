/**
 * Judges each step of an instance: its counters, the order of its effects, its deadlines to the microsecond, and whether it may be
 * what it has become. Keeps a record of what each instance must be waiting for, from the RFCs alone.
 */
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { InstanceState } from '../../src/vrrp/index.ts';
import { backupStepped } from './backup-record.ts';
import { countedOnce, countersGrow } from './counter-judge.ts';
import { effectsInOrder } from './effect-judge.ts';
import type { PacketFacts } from './network.ts';
import { never, newRecord, type Record, type Stepped } from './record.ts';
import type { Referee } from './referee.ts';
import {
  expectedWeight,
  isFaulty,
  isHigherAddress,
  isOverdue,
  lingerMs,
  longestLeaveMs,
  masterDownMs,
  priorityWith,
  skewMs,
} from './rfc.ts';
import type { Instance } from './router.ts';

const toleranceMs = 1e-6;

export class StepJudge {
  readonly #referee: Referee;
  readonly #records = new Map<Instance, Record>();

  constructor(referee: Referee) {
    this.#referee = referee;
  }

  recordOf(instance: Instance): Record {
    const record = this.#records.get(instance);
    if (record === undefined) throw new Error(`${instance.name} was never started`);
    return record;
  }

  started(instance: Instance): void {
    this.#records.set(instance, newRecord(instance));
  }

  /** After the core has answered and before the effects are performed. */
  stepped(happened: Stepped): void {
    const { instance, before, event, packet } = happened;
    const record = this.recordOf(instance);
    const object = (objection: string) =>
      this.#referee.object(`${instance.name} ${objection}`, happened.nowMs);
    countersGrow(happened, object);
    const isHeard = event.kind === 'packet' && packet !== undefined && countedOnce(happened, record, object);
    effectsInOrder(happened, object);
    if (event.kind === 'startup' || event.kind === 'surroundingsChanged') this.#faces(happened, record);
    if (event.kind === 'giveUp') record.hold = event.hold;
    if (isHeard && before.name === 'Master') this.#masterAnswers(happened, record, packet);
    if (event.kind === 'timeout' && before.name === 'Master') this.#masterComesBack(happened, record);
    this.#mayBeMaster(happened, record);
    backupStepped(happened, record, isHeard ? packet : undefined);
    this.#holds(happened, record);
    this.#advertisements(happened, record, isHeard);
    this.#deadlineIsRight(instance, record, happened.nowMs);
    this.#leaves(happened, record);
  }

  /** A change of priority moves the Master_Down_Timer by the change in Skew_Time, and nothing moves the state. */
  reloaded(instance: Instance, previous: VrrpInstanceConfig, before: InstanceState): void {
    const { config, state } = instance;
    const { nowMs } = this.#referee;
    const record = this.recordOf(instance);
    if (state.name !== before.name) this.#referee.object(`a reload moved ${instance.name} to ${state.name}`);
    const was = record.priority;
    record.priority = priorityWith(config, record.weight);
    const adverMs =
      config.version === 3 && record.knowsMaster ? record.adverMs : config.advertisementIntervalMs;
    const downMs = masterDownMs(config, record.priority, adverMs);
    const left = record.awaits && previous.syncGroup !== undefined && config.syncGroup === undefined;
    if (left) {
      record.awaits = false;
      record.downAtMs = nowMs + downMs;
    } else if (adverMs === record.adverMs) record.downAtMs += downMs - masterDownMs(previous, was, adverMs);
    else if (record.downAtMs !== never) record.downAtMs = nowMs + downMs;
    if (state.name === 'Backup' && adverMs !== record.adverMs) record.hasFollowed = false;
    record.adverMs = adverMs;
    if (!config.preempt || config.preemptDelayMs !== previous.preemptDelayMs) record.preemptAtMs = undefined;
    record.lingersUntilMs = undefined;
    const { advertisementIntervalMs } = config;
    record.shortestIntervalMs = Math.min(record.shortestIntervalMs, advertisementIntervalMs);
    record.advertisedAtMs = Math.max(record.advertisedAtMs, nowMs - advertisementIntervalMs);
    if (state.name === 'Master' && was !== record.priority) {
      // The Backups decide by it: it is told now, once more than the interval asks for.
      record.advertisedAtMs = nowMs - advertisementIntervalMs;
      record.allowed += 1;
    }
    this.#deadlineIsRight(instance, record, nowMs);
  }

  /** While it did not run it could not advertise. */
  unpaused(instance: Instance): void {
    const record = this.recordOf(instance);
    const { advertisementIntervalMs } = instance.config;
    record.advertisedAtMs = Math.max(record.advertisedAtMs, this.#referee.nowMs - advertisementIntervalMs);
    if (record.lingersUntilMs !== undefined)
      record.lingersUntilMs = Math.max(record.lingersUntilMs, this.#referee.nowMs);
    record.leavesUntilMs = Math.max(record.leavesUntilMs, this.#referee.nowMs);
  }

  /** What must be so at any time. */
  looked(instance: Instance): void {
    const { router, state, name, config } = instance;
    if (!router.isRunning || router.isPaused) return;
    const { nowMs, slackMs } = this.#referee;
    const record = this.recordOf(instance);
    if (state.name === 'Master') {
      const silentMs = nowMs - record.advertisedAtMs;
      if (silentMs > config.advertisementIntervalMs + slackMs)
        this.#referee.object(`Master ${name} has been silent for ${silentMs} ms`);
    }
    if (state.name === 'Leaving' && nowMs > record.leavesUntilMs + lingerMs + slackMs)
      this.#referee.object(`${name} is Leaving after its time, which ended at ${record.leavesUntilMs}`);
    if (state.name === 'Backup' && nowMs > record.downAtMs + slackMs)
      this.#referee.object(`${name} is still Backup after its Master_Down_Timer, due at ${record.downAtMs}`);
  }

  /** What it tracks decides its priority, and whether it runs at all. */
  #faces({ instance, before, nowMs }: Stepped, record: Record): void {
    const { state, name, config } = instance;
    const was = record.priority;
    record.weight = config.basePriority === 255 ? 0 : expectedWeight(instance);
    record.priority = priorityWith(config, record.weight);
    if (before.name === 'Backup')
      record.downAtMs +=
        skewMs(config.version, record.priority, record.adverMs) - skewMs(config.version, was, record.adverMs);
    const isUnfit = isFaulty(instance);
    if (isUnfit && (state.name === 'Backup' || state.name === 'Master'))
      this.#referee.object(`${name} is ${state.name} with a fault`, nowMs);
    if (!isUnfit && state.name === 'Fault') this.#referee.object(`${name} is in Fault without one`, nowMs);
    if (!instance.isLinkUp && state.name === 'Leaving')
      this.#referee.object(`${name} goes on serving without a link`, nowMs);
  }

  /** RFC 3768 section 6.4.3: the higher priority stays, and with equal ones the higher address. */
  #masterAnswers({ instance, before, effects, nowMs }: Stepped, record: Record, packet: PacketFacts): void {
    const { state, name, sourceAddress, config } = instance;
    const { priority, sender } = packet;
    const isBetter =
      priority > record.priority ||
      (priority === record.priority && isHigherAddress(sender.sourceAddress, sourceAddress));
    if (isBetter && state.name === 'Master')
      this.#referee.object(`${name} stayed Master against a better one`, nowMs);
    if (!isBetter && state.name !== 'Master')
      this.#referee.object(`${name} gave way to a worse Master`, nowMs);
    const isSilent = !effects.some(({ kind }) => kind === 'sendAdvertisement');
    // Whenever it was received: the answer leaves now.
    const isLate = isOverdue(before, config, this.#referee.nowMs);
    if (priority === 0 && isSilent && !isLate)
      this.#referee.object(`${name} did not answer priority 0`, nowMs);
    if (priority === 0 && isLate && record.rival?.sender === sender) record.rival = undefined;
    if (priority === 0 || isBetter) return;
    record.rival = { sender, atMs: nowMs, intervalMs: packet.config.advertisementIntervalMs };
    if (isSilent && !config.lowerPrioNoAdvert && !isLate)
      this.#referee.object(`${name} did not tell a worse Master that it is there`, nowMs);
  }

  /** After a pause in which another one took over, who does not preempt does not come back. */
  #masterComesBack({ instance, before, nowMs }: Stepped, record: Record): void {
    if (before.name !== 'Master') return;
    const { config, state, name } = instance;
    const isOvertaken =
      isOverdue(before, config, nowMs) &&
      record.rival !== undefined &&
      record.rival.atMs > before.advertiseAtMs;
    const mustYield = isOvertaken && (!config.preempt || record.hold !== undefined);
    if (mustYield && state.name === 'Master')
      this.#referee.object(`${name} claimed after a pause without having heard first`, nowMs);
    if (!mustYield && state.name !== 'Master')
      this.#referee.object(`${name} gave way by itself to nobody`, nowMs);
  }

  /** RFC 3768 section 6.4: by the Master_Down_Timer, or as the owner; in a group by all together; drained never. */
  #mayBeMaster({ instance, before, event, nowMs }: Stepped, record: Record): void {
    if (instance.state.name !== 'Master' || before.name === 'Master') return;
    const { name, config, group } = instance;
    const object = (why: string) => this.#referee.object(`${name} became Master ${why}`, nowMs);
    if (before.name === 'Leaving') {
      const isTakenBack = event.kind === 'timeout' && nowMs >= record.leavesUntilMs - toleranceMs;
      if (!record.isGivenUp || !(event.kind === 'resume' || isTakenBack)) object('while it was leaving');
      return;
    }
    if (record.hold?.kind === 'drain') object('while drained');
    if (before.name !== 'Backup') {
      if (config.basePriority !== 255 || record.hold !== undefined || group !== undefined) object('at once');
      return;
    }
    if (group === undefined) {
      if (event.kind !== 'timeout' || nowMs < record.downAtMs - toleranceMs)
        object(`before its Master_Down_Timer, due at ${record.downAtMs}`);
      return;
    }
    const areReady = group.members.every((member) => {
      const { awaits } = this.recordOf(member);
      return awaits || (member !== instance && member.state.name === 'Master');
    });
    if (event.kind !== 'groupReady' || !areReady) object('before its group was ready');
  }

  /** A hold ends by its time or by the operator; who was drained listens for a whole Master_Down_Interval. */
  #holds({ instance, before, event, nowMs }: Stepped, record: Record): void {
    const { hold } = record;
    if (hold === undefined) return;
    const isOver = event.kind === 'timeout' && hold.untilMs !== undefined && nowMs >= hold.untilMs;
    const isBackToMaster = before.name === 'Leaving' && instance.state.name === 'Master';
    if (event.kind !== 'resume' && !isOver && !isBackToMaster) return;
    this.#referee.disturbed();
    record.hold = undefined;
    if (hold.kind !== 'drain' || instance.state.name !== 'Backup') return;
    record.hasFollowed = false;
    if (record.awaits) return;
    record.downAtMs = nowMs + masterDownMs(instance.config, record.priority, record.adverMs);
  }

  #deadlineIsRight({ state, name }: Instance, record: Record, nowMs: number): void {
    if (state.name !== 'Backup') return;
    const object = (objection: string) => this.#referee.object(`${name} ${objection}`, nowMs);
    const { masterDownAtMs, masterAdverIntervalMs, awaitsGroup } = state;
    if (masterAdverIntervalMs !== record.adverMs)
      object(`counts with an interval of ${masterAdverIntervalMs} ms and must with ${record.adverMs}`);
    if (awaitsGroup !== record.awaits)
      object(awaitsGroup ? 'waits for its group' : 'does not wait for its group');
    const isSame =
      masterDownAtMs === record.downAtMs || Math.abs(masterDownAtMs - record.downAtMs) <= toleranceMs;
    if (!isSame) object(`waits until ${masterDownAtMs} and must until ${record.downAtMs}`);
  }

  /** Never further apart than the interval, and never more than the RFC has reason for. */
  #advertisements({ instance, before, effects, nowMs }: Stepped, record: Record, isHeard: boolean): void {
    const { state, config, name } = instance;
    const isMaster = state.name === 'Master';
    const wasMaster = before.name === 'Master';
    if (isMaster && !wasMaster) {
      record.masterSinceMs = nowMs;
      record.shortestIntervalMs = config.advertisementIntervalMs;
      record.rival = undefined;
      record.allowed += 1;
    }
    const turns = Math.floor((nowMs - record.masterSinceMs) / record.shortestIntervalMs + 1e-9);
    if (wasMaster && !isMaster) record.allowed += turns + 1;
    if (wasMaster && isHeard) record.allowed += 1;
    const silentMs = nowMs - record.advertisedAtMs;
    if (wasMaster && silentMs > config.advertisementIntervalMs + this.#referee.slackMs && !isHeard)
      this.#referee.object(`Master ${name} has been silent for ${silentMs} ms`, nowMs);
    for (const effect of effects) {
      if (effect.kind !== 'sendAdvertisement') continue;
      record.sent += 1;
      // What a process answers that has been asleep is sent now, whenever it was received.
      record.advertisedAtMs = Math.max(
        nowMs,
        Number.isNaN(record.advertisedAtMs) ? nowMs : record.advertisedAtMs,
      );
      record.lastWord = effect.priority;
      const expected = effect.priority === 0 && wasMaster && !isMaster ? 0 : record.priority;
      if (effect.priority !== expected)
        this.#referee.object(`${name} advertised priority ${effect.priority} and has ${expected}`, nowMs);
      if (!wasMaster && !isMaster) this.#referee.object(`${name} advertised as ${before.name}`, nowMs);
    }
    if (record.sent > record.allowed + (isMaster ? turns : 0))
      this.#referee.object(`${name} has sent ${record.sent} advertisements: a storm`, nowMs);
  }

  #leaves({ instance, before, event, nowMs }: Stepped, record: Record): void {
    const { state, name } = instance;
    if (state.name === 'Leaving' && before.name !== 'Leaving') {
      record.leftAtMs = nowMs;
      record.isGivenUp = event.kind === 'giveUp';
      record.leavesUntilMs = nowMs + longestLeaveMs(instance.config, true);
    }
    // A group is given up member by member, and the others have left with the first.
    const hasFollowed = before.name === 'Leaving' && before.leave.to === 'Backup';
    if (event.kind === 'giveUp' && hasFollowed) record.isGivenUp = true;
    const isOut = state.name === 'Initialize' || state.name === 'Fault' || state.name === 'Leaving';
    const was = before.name === 'Master' || before.name === 'Leaving';
    if (isOut && was && record.lastWord !== 0)
      this.#referee.object(`${name} left without priority 0 as its last word`, nowMs);
  }
}
