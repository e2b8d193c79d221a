/** The wording of what VRRP instances report: keepalived's own words wherever operators grep for them. */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import type { InstanceEffect, InstanceReport, StateName } from '../vrrp/messages.ts';
import type { LogRecord } from './ipc.ts';

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

/** One line for one report. `detail` lines are written only with -D. */
export function describeReport(
  instance: Pick<VrrpInstanceConfig, 'name' | 'vrid'>,
  report: InstanceReport,
): LogRecord {
  const line = sentence(instance.vrid, report);
  return { ...line, message: `(${instance.name}) ${line.message}` };
}

// One flat switch, a member a line: longer than most functions, and easier to read than any split of it.
function sentence(vrid: number, report: InstanceReport): LogRecord {
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
        `${report.detail} in the advert from ${report.source} for VRID ${vrid}; accepted all the same`,
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
