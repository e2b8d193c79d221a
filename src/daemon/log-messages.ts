/** The wording of what VRRP instances report: keepalived's own words wherever operators grep for them. */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import type {
  FaultReason,
  InstanceEffect,
  InstanceReport,
  StateName,
  TransitionReason,
} from '../vrrp/messages.ts';
import type { LogRecord } from './ipc.ts';

export type DescribedInstance = Pick<VrrpInstanceConfig, 'name' | 'vrid' | 'interface' | 'family'>;

type StateChanged = Extract<InstanceEffect, { kind: 'stateChanged' }>;

const stateWords: Readonly<Record<StateName, string>> = {
  Initialize: 'INIT',
  Backup: 'BACKUP',
  Master: 'MASTER',
  Fault: 'FAULT',
};

/** `(VI_1) Entering MASTER STATE`; the first state after the start says `(init)`, as keepalived does. */
export function describeStateChange(instance: string, change: StateChanged): LogRecord {
  if (change.to === 'Initialize') return { level: 'notice', message: `(${instance}) Stopped`, detail: true };
  const suffix = change.from === 'Initialize' ? ' (init)' : '';
  return { level: 'notice', message: `(${instance}) Entering ${stateWords[change.to]} STATE${suffix}` };
}

/** What keeps an instance from running, in a line of its own: `Entering FAULT STATE` alone does not say. */
export function describeFault(instance: DescribedInstance, reason: TransitionReason): LogRecord | undefined {
  if (!isFault(reason)) return undefined;
  return warning(`(${instance.name}) ${faultText(instance, reason)}`);
}

const faultReasons: ReadonlySet<TransitionReason> = new Set<FaultReason>([
  'interface-missing',
  'interface-down',
  'no-source-address',
  'socket-refused',
]);

function isFault(reason: TransitionReason): reason is FaultReason {
  return faultReasons.has(reason);
}

function faultText({ interface: device, family }: DescribedInstance, fault: FaultReason): string {
  switch (fault) {
    case 'interface-missing':
      return `interface ${device} doesn't exist`;
    case 'interface-down':
      return `interface ${device} is down`;
    case 'no-source-address':
      return `Cannot find an IP address to use for interface ${device}: it has no IPv${family} address of its own`;
    case 'socket-refused':
      return `the kernel refuses a socket on interface ${device}`;
  }
}

/** One line for one report. `detail` lines are written only with -D. */
export function describeReport(instance: DescribedInstance, report: InstanceReport): LogRecord {
  const line = sentence(instance, report);
  return { ...line, message: `(${instance.name}) ${line.message}` };
}

// One flat switch, a member a line: longer than most functions, and easier to read than any split of it.
function sentence(instance: DescribedInstance, report: InstanceReport): LogRecord {
  switch (report.kind) {
    case 'advertisementTimeout':
      return notice('Receive advertisement timeout');
    case 'higherPriorityReceived':
      return notice(
        `Master received advert from ${report.source} with higher priority ${report.priority}, ours ${report.ours}`,
      );
    case 'tieBreakLost':
      return notice(
        `Master received advert from ${report.source} with same priority ${report.priority} but higher IP address than ours`,
      );
    case 'forcingElection':
      return notice(
        `Received advert from ${report.source} with lower priority ${report.priority}, ours ${report.ours}, forcing new election`,
      );
    case 'ownAddressReceived':
      return warning('WARNING - equal priority advert received from remote host with our IP address.');
    case 'lowerPriorityDiscarded':
      return notice(`received lower priority (${report.priority}) advert from ${report.source} - discarding`);
    case 'priorityZeroReceived':
      return detail('Backup received priority 0 advertisement');
    case 'priorityZeroSent':
      return detail('sent 0 priority');
    case 'twoOwners':
      return warning(
        `CONFIGURATION ERROR: local instance and ${report.source} are both configured as address owner, please resolve`,
      );
    case 'masterChanged':
      return detail(
        report.from === undefined
          ? `master set to ${report.to}`
          : `master changed from ${report.from} to ${report.to}`,
      );
    case 'faultChanged':
      return warning(faultText(instance, report.fault));
    case 'addressRestored':
      return warning(
        `${report.address.address} was removed from ${report.address.interface} by someone else; put back`,
      );
    case 'addressAddFailed':
      return {
        level: 'error',
        message: `cannot add ${report.address.address} to ${report.address.interface}: ${report.error}`,
      };
    case 'packetDropped':
      return warning(
        `${report.detail}; packets of this kind from ${report.source} are dropped and counted (${report.counter})`,
      );
    case 'addressListDiffers':
      return warning(
        `${report.detail} in the advert from ${report.source} for VRID ${instance.vrid}; accepted all the same`,
      );
  }
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
