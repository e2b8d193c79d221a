/** The wording of what VRRP instances report: keepalived's own words wherever operators grep for them. */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import { nowMs } from '../kernel/clock.ts';
import type { Fault, Hold, InstanceEffect, InstanceReport, StateName } from '../vrrp/messages.ts';
import { describeDuration } from './durations.ts';
import type { LogRecord } from './ipc.ts';

export type DescribedInstance = Pick<VrrpInstanceConfig, 'name' | 'vrid' | 'interface' | 'family'>;

type StateChanged = Extract<InstanceEffect, { kind: 'stateChanged' }>;

const stateWords: Readonly<Record<StateName, string>> = {
  Initialize: 'INIT',
  Backup: 'BACKUP',
  Master: 'MASTER',
  Leaving: 'LEAVING',
  Fault: 'FAULT',
};

/** `(VI_1) Entering MASTER STATE`; the first state after the start says `(init)`, as keepalived does. */
export function describeStateChange({ name }: DescribedInstance, change: StateChanged): LogRecord {
  if (change.to === 'Initialize') return { level: 'notice', message: `(${name}) Stopped`, detail: true };
  // Its report says more.
  if (change.to === 'Leaving') return detail(`(${name}) Leaving MASTER STATE`);
  const suffix = change.from === 'Initialize' ? ' (init)' : '';
  return notice(`(${name}) Entering ${stateWords[change.to]} STATE${suffix}`);
}

/** What keeps an instance from running: `Entering FAULT STATE` alone does not say. */
export function describeFault({ interface: device, family }: DescribedInstance, fault: Fault): string {
  const { reason, subject } = fault;
  switch (reason) {
    case 'interface-missing':
      return `interface ${subject ?? device} doesn't exist`;
    case 'interface-down':
      return `interface ${subject ?? device} is down`;
    case 'no-source-address':
      return device === undefined
        ? 'its source address is not on this host'
        : `Cannot find an IP address to use for interface ${device}: it has no IPv${family} address of its own`;
    case 'socket-refused':
      return `the kernel refuses a socket${device === undefined ? '' : ` on interface ${device}`}`;
    case 'no-unicast-peer':
      return 'it has no unicast peer, and unicast_fault_no_peer is set';
    case 'tracked-interface':
      return `tracked interface ${subject} is down`;
    case 'tracked-script':
      return `tracked script ${subject} has failed`;
    case 'tracked-file':
      return `tracked file ${subject} says so`;
    case 'tracked-process':
      return `tracked process ${subject} has not as many as it should`;
    case 'tracked-bfd':
      return `tracked BFD session ${subject} is down`;
    case 'static-item':
      return `${subject} is gone and cannot be put back`;
    case 'sync-group':
      return `another member of sync group ${subject} is in FAULT state`;
    case 'awaiting-trackers':
      return `${subject} has not been checked yet`;
  }
}

/** One line for one report. `detail` lines are written only with -D. */
export function describeReport(instance: DescribedInstance, report: InstanceReport): LogRecord {
  // The table gives each kind the sentence for its own report; the compiler cannot follow that through the union.
  const sentence = sentences[report.kind] as (
    report: InstanceReport,
    instance: DescribedInstance,
  ) => LogRecord;
  const line = sentence(report, instance);
  return { ...line, message: `(${instance.name}) ${line.message}` };
}

type Sentences = {
  readonly [Kind in InstanceReport['kind']]: (
    report: Extract<InstanceReport, { kind: Kind }>,
    instance: DescribedInstance,
  ) => LogRecord;
};

const sentences: Sentences = {
  advertisementTimeout: () => notice('Receive advertisement timeout'),
  higherPriorityReceived: (report) =>
    notice(
      `Master received advert from ${report.source} with higher priority ${report.priority}, ours ${report.ours}`,
    ),
  tieBreakLost: (report) =>
    notice(
      `Master received advert from ${report.source} with same priority ${report.priority} but higher IP address than ours`,
    ),
  forcingElection: (report) =>
    notice(
      `Received advert from ${report.source} with lower priority ${report.priority}, ours ${report.ours}, forcing new election`,
    ),
  ownAddressReceived: () =>
    warning('WARNING - equal priority advert received from remote host with our IP address.'),
  lowerPriorityDiscarded: (report) =>
    notice(`received lower priority (${report.priority}) advert from ${report.source} - discarding`),
  priorityZeroReceived: () => detail('Backup received priority 0 advertisement'),
  priorityZeroSent: () => detail('sent 0 priority'),
  twoOwners: (report) =>
    warning(
      `CONFIGURATION ERROR: local instance and ${report.source} are both configured as address owner, please resolve`,
    ),
  masterChanged: (report) =>
    detail(
      report.from === undefined
        ? `master set to ${report.to}`
        : `master changed from ${report.from} to ${report.to}`,
    ),
  priorityChanged: (report) => notice(`Changing effective priority from ${report.from} to ${report.to}`),
  preemptDelayStarted: (report) => detail(`start preempt delay (${(report.delayMs / 1000).toFixed(6)})`),
  preemptDelayStopped: () => detail('stop preempt delay'),
  waitingForGroup: () => detail('waiting for the other members of its sync group'),
  intervalAdopted: (report) =>
    notice(`advertisement interval is now ${report.intervalMs / 1000} s, as ${report.source} has it`),
  faults: (report, instance) =>
    warning(report.faults.map((fault) => describeFault(instance, fault)).join('; ')),
  dualMaster: (report) => warning(`dual master since ${describeTime(report.sinceMs)}, peer ${report.source}`),
  dualMasterEnded: (report) =>
    notice(`dual master with ${report.source} ended after ${describeDuration(report.durationMs)}`),
  addressClaimed: (report) =>
    warning(
      `${report.mac} says that it has ${report.address}, of which this router is Master; announcing it again`,
    ),
  paused: (report) => warning(describePause(report)),
  handingOver: (report) =>
    notice(`handing over: serving until a successor is heard, at most ${describeDuration(report.atMostMs)}`),
  successorHeard: (report) =>
    notice(`${report.source} has taken over after ${describeDuration(report.afterMs)}`),
  noSuccessor: () => notice('nobody has taken over; letting go'),
  takenBack: (report) =>
    warning(`nobody has taken over within ${describeDuration(report.afterMs)}; staying MASTER`),
  held: (report) => notice(`${describeHold(report.hold)}, until resumed or its time is over`),
  holdEnded: (report) => notice(`no longer held: ${describeHold(report.hold)}`),
  routesRestored: (report) => warning(`${report.what} was removed by someone else; put back`),
  addressRestored: (report) =>
    warning(
      `${report.address.address} was removed from ${report.address.interface} by someone else; put back`,
    ),
  addressAddFailed: (report) => ({
    level: 'error',
    message: `cannot add ${report.address.address} to ${report.address.interface}: ${report.error}`,
  }),
  packetDropped: (report) =>
    warning(
      `${report.detail}; packets of this kind from ${report.source} are dropped and counted (${report.counter})`,
    ),
  packetTolerated: (report) =>
    warning(
      `${report.detail}; packets of this kind from ${report.source} are accepted and counted (${report.counter})`,
    ),
  addressListDiffers: (report, instance) =>
    warning(
      `${report.detail} in the advert from ${report.source} for VRID ${instance.vrid}; accepted all the same`,
    ),
};

function describePause({ lateMs, overtakenBy }: Extract<InstanceReport, { kind: 'paused' }>): string {
  const paused = `this process did not run for ${describeDuration(lateMs)}`;
  if (overtakenBy === undefined) return `${paused}; nobody was heard meanwhile, announcing again`;
  return `${paused}, and ${overtakenBy} became MASTER meanwhile`;
}

function describeHold({ kind, reason }: Hold): string {
  const what = kind === 'drain' ? 'drained: takes part in no election' : 'failover: does not preempt';
  return reason === undefined ? what : `${what} (${reason})`;
}

/** The core's clock counts from the start of the machine; people have another. */
function describeTime(atMs: number): string {
  return new Date(Date.now() - (nowMs() - atMs)).toISOString();
}

function notice(message: string): LogRecord {
  return { level: 'notice', message };
}

function warning(message: string): LogRecord {
  return { level: 'warning', message };
}

function detail(message: string): LogRecord {
  return { level: 'info', message, detail: true };
}
