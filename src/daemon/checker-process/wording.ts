/** The wording of what health checks report: keepalived's own words wherever operators grep for them. */
import type { VirtualServerConfig } from '../../config-parser/config.ts';
import {
  type CheckerState,
  type HealthEvent,
  isUp,
  type ProbeFailure,
  type ProbeOutcome,
  type VirtualServerHealth,
} from '../../healthcheck/index.ts';
import { isFollowing } from '../../healthcheck/probes/index.ts';
import type { LogRecord, ServerHold } from '../ipc.ts';
import type { LocatedChecker } from './checker-loops.ts';
import { realServerName } from './server-names.ts';

/** Of so many things that happen together each has a line; of more they have one line together. */
const mostLines = 500;

export function describeActivations(checkers: readonly LocatedChecker[]): readonly LogRecord[] {
  if (checkers.length > mostLines) return [info(`Activating ${checkers.length} healthcheckers`)];
  return checkers.map(({ realServer, virtualServer }) => {
    const name = realServerName(realServer, virtualServer);
    return info(`Activating healthchecker for service ${name} for VS ${virtualServer.name}`);
  });
}

/** In the order of the events. What is as it should be at the start of very many virtual servers is one line. */
export function describeHealthEvents(events: readonly HealthEvent[]): readonly LogRecord[] {
  const isGainedFirst = (event: HealthEvent) => event.kind === 'quorumGained' && event.isFirst;
  const gained = events.filter(isGainedFirst).length;
  if (gained <= mostLines) return events.flatMap(describeHealthEvent);
  const others = events.filter((event) => !isGainedFirst(event));
  return [notice(`Gained quorum for ${gained} VSs`), ...others.flatMap(describeHealthEvent)];
}

/** keepalived.conf(5): ha_suspend. */
export function describeSuspension({ config, realServers }: VirtualServerHealth): readonly LogRecord[] {
  return realServers
    .filter(({ checkers }) => checkers.length > 0)
    .map((real) => {
      const name = realServerName(real.config, config);
      return info(`Suspending healthchecker for service ${name} for VS ${config.name}`);
    });
}

/** Of servers that an operator had drained and a reload has taken out. */
export function describeOrphans(holds: readonly ServerHold[]): readonly LogRecord[] {
  return holds.map(({ virtualServer, realServer }) => {
    const name = `${realServer.address} port ${realServer.port}`;
    return notice(`The drain of ${name} of VS ${virtualServer} ends: the server is no longer configured`);
  });
}

/**
 * One probe. As with keepalived the failures of a server that is down already are not repeated, unless keepalived.conf(5):
 * log_all_failures asks for it, which also makes them more than a detail.
 */
export function describeProbe(
  checker: LocatedChecker,
  outcome: ProbeOutcome,
  state: CheckerState,
): readonly LogRecord[] {
  if (outcome.kind !== 'failed') return [];
  const { logAllFailures } = checker.config;
  if (!isUp(state) && !logAllFailures) return [];
  // What is told is the verdict already, which has a line of its own.
  if (isUp(state) && isFollowing(checker.config)) return [];
  return [{ ...info(failedProbe(checker, outcome)), ...(!logAllFailures && { detail: true }) }];
}

export function describeInconclusive(checker: LocatedChecker, detail: string): LogRecord {
  return warning(
    `${checker.config.kind} on service ${checkedName(checker)} cannot be made from this host (${detail}). ` +
      'The server keeps its state; trying again at every delay_loop.',
  );
}

export function describeVerdict(
  checker: LocatedChecker,
  change: { readonly next: CheckerState; readonly before: CheckerState; readonly outcome: ProbeOutcome },
): LogRecord {
  if (isUp(change.next)) return info(success(checker));
  const { config } = checker;
  const { retry } = config.timing;
  const suffix = change.before === 'up' && retry > 0 ? ` after ${retry} retries` : '';
  switch (config.kind) {
    case 'MISC_CHECK':
      return info(`${miscSubject(checker)} ${miscWord(change.outcome)}${suffix}${reasonOf(change.outcome)}`);
    case 'BFD_CHECK':
      return info(`BFD check of [${config.name}] RS(${checkedName(checker)}) is DOWN`);
    case 'FILE_CHECK':
      return info(`FILE_CHECK on service ${checkedName(checker)} failed${reasonOf(change.outcome)}`);
    default:
      return info(`${checkName(config.kind)} on service ${checkedName(checker)} failed${suffix}.`);
  }
}

export function describeHealthEvent(event: HealthEvent): readonly LogRecord[] {
  switch (event.kind) {
    case 'realServerUp':
    case 'realServerDown':
      return event.isNew === 'withVirtualServer' ? [] : [describeRealServer(event)];
    case 'realServerStaysDown':
      return [];
    case 'realServerRemoved':
      return describeRemoval(event);
    case 'virtualServerRemoved':
      return describeVirtualRemoval(event.health.config);
    case 'weightChanged': {
      const name = realServerName(event.realServer, event.virtualServer);
      const active = event.isUp ? 'active' : 'inactive';
      const change = `Changing weight from ${event.from} to ${event.to}`;
      return [info(`${change} for ${active} service ${name} of VS ${event.virtualServer.name}`)];
    }
    case 'sorryServerReplaced':
      return describeReplacement(event);
    case 'quorumGained':
    case 'quorumLost':
      return describeQuorum(event);
  }
}

/** keepalived's line for each real server at stop. */
export function describeShutdown({ config, realServers }: VirtualServerHealth): readonly LogRecord[] {
  return realServers.map((real) =>
    info(`Shutting down service ${realServerName(real.config, config)} from VS ${config.name}`),
  );
}

/** As keepalived names a check where it speaks of it: without `_GET`. */
function checkName(kind: LocatedChecker['config']['kind']): string {
  return kind === 'HTTP_GET' ? 'HTTP_CHECK' : kind === 'SSL_GET' ? 'SSL_CHECK' : kind;
}

function failedProbe(checker: LocatedChecker, outcome: ProbeFailure): string {
  const name = checkedName(checker);
  const word = outcome.reason === 'timeout' ? 'timeout' : 'failed';
  switch (checker.config.kind) {
    case 'TCP_CHECK':
      return `TCP connection to ${name} ${word}. ${outcome.detail}`;
    case 'UDP_CHECK':
      return `UDP connection to ${name} ${word}. ${outcome.detail}`;
    case 'PING_CHECK':
      return `ICMP connection to ${name} ${word}. ${outcome.detail}`;
    case 'HTTP_GET':
    case 'SSL_GET':
      return `Remote Web server ${name} failed on service. ${outcome.detail}`;
    case 'MISC_CHECK':
      return `${miscSubject(checker)} ${miscWord(outcome)}. ${outcome.detail}`;
    default:
      return `${checker.config.kind} on service ${name} ${word}. ${outcome.detail}`;
  }
}

function success(checker: LocatedChecker): string {
  const name = checkedName(checker);
  const { config } = checker;
  switch (config.kind) {
    case 'TCP_CHECK':
      return `TCP connection to ${name} success.`;
    case 'UDP_CHECK':
      return `UDP connection to ${name} success.`;
    case 'PING_CHECK':
      return `ICMP connection to ${name} success.`;
    case 'HTTP_GET':
    case 'SSL_GET':
      return `Remote Web server ${name} succeed on service.`;
    case 'SMTP_CHECK':
      return `Remote SMTP server ${name} succeed on service.`;
    case 'MISC_CHECK':
      return `${miscSubject(checker)} succeeded.`;
    case 'BFD_CHECK':
      return `BFD check of [${config.name}] RS(${name}) is UP`;
    case 'DNS_CHECK':
    case 'FILE_CHECK':
      return `${config.kind} on service ${name} success.`;
  }
}

/** `Misc check for [[10.0.0.7]:tcp:80 VS [10.0.0.3]:tcp:80] by [/etc/check.sh]`. */
function miscSubject(checker: LocatedChecker): string {
  const program = checker.config.kind === 'MISC_CHECK' ? (checker.config.command.argv[0] ?? '') : '';
  return `Misc check for [${checkedName(checker)} VS ${checker.virtualServer.name}] by [${program}]`;
}

function miscWord(outcome: ProbeOutcome): string {
  return outcome.kind === 'failed' && outcome.reason === 'timeout' ? 'timed out' : 'failed';
}

function reasonOf(outcome: ProbeOutcome): string {
  return outcome.kind === 'failed' ? `. ${outcome.detail}` : '.';
}

type EventOf<Kind extends HealthEvent['kind']> = Extract<HealthEvent, { readonly kind: Kind }>;

function describeRealServer(event: EventOf<'realServerUp' | 'realServerDown'>): LogRecord {
  const name = realServerName(event.realServer, event.virtualServer);
  const of = event.virtualServer.name;
  const isUpNow = event.kind === 'realServerUp';
  if (event.realServer.inhibitOnFailure) {
    return notice(`${isUpNow ? 'Enabling' : 'Disabling'} service ${name} of VS ${of}`);
  }
  return notice(isUpNow ? `Adding service ${name} to VS ${of}` : `Removing service ${name} from VS ${of}`);
}

function describeRemoval(event: EventOf<'realServerRemoved'>): readonly LogRecord[] {
  const name = realServerName(event.realServer, event.virtualServer);
  const gone = info(`service ${name} no longer exist`);
  return event.wasUp ? [gone, info(`Removing service ${name} from VS ${event.virtualServer.name}`)] : [gone];
}

function describeVirtualRemoval({ name, group }: VirtualServerConfig): readonly LogRecord[] {
  return [
    info(
      group === undefined
        ? `Removing Virtual Server ${name}`
        : `Removing Virtual Server Group [${group}], which was ${name}`,
    ),
  ];
}

type QuorumEvent = EventOf<'quorumGained' | 'quorumLost'>;

/** `Gained quorum 2+1=3 <= 5`, as it stands in logs and mails. */
export function quorumText(event: QuorumEvent): string {
  const { quorum, hysteresis } = event.virtualServer;
  if (event.kind === 'quorumGained') {
    return `Gained quorum ${quorum}+${hysteresis}=${event.threshold} <= ${event.liveWeight}`;
  }
  const sum = `${quorum}${event.isFirst ? '+' : '-'}${hysteresis}=${event.threshold} > ${event.liveWeight}`;
  return `${event.isFirst ? 'Starting with quorum down' : 'Lost quorum'} ${sum}`;
}

function describeQuorum(event: QuorumEvent): readonly LogRecord[] {
  const message = `${quorumText(event)} for VS ${event.virtualServer.name}`;
  const record = event.kind === 'quorumGained' ? notice(message) : warning(message);
  return [record, ...describeSorryServer(event)];
}

function describeSorryServer({ kind, isFirst, virtualServer }: QuorumEvent): readonly LogRecord[] {
  const { sorryServer, name: virtual } = virtualServer;
  if (sorryServer === undefined || (kind === 'quorumGained' && isFirst)) return [];
  const sorry = realServerName(sorryServer, virtualServer);
  return kind === 'quorumLost'
    ? [
        notice(`${sorryServer.inhibit ? 'Enabling' : 'Adding'} sorry server ${sorry} to VS ${virtual}`),
        info(`Removing alive servers from the pool for VS ${virtual}`),
      ]
    : [
        notice(`${sorryServer.inhibit ? 'Disabling' : 'Removing'} sorry server ${sorry} from VS ${virtual}`),
        info(`Adding alive servers to the pool for VS ${virtual}`),
      ];
}

function describeReplacement({ virtualServer, from }: EventOf<'sorryServerReplaced'>): readonly LogRecord[] {
  const { sorryServer: to, name: virtual } = virtualServer;
  const gone = notice(`Removing sorry server ${realServerName(from, virtualServer)} from VS ${virtual}`);
  const come =
    to === undefined
      ? info(`Adding alive servers to the pool for VS ${virtual}`)
      : notice(`Adding sorry server ${realServerName(to, virtualServer)} to VS ${virtual}`);
  return [gone, come];
}

function checkedName(checker: LocatedChecker): string {
  return realServerName(checker.realServer, checker.virtualServer);
}

function info(message: string): LogRecord {
  return { level: 'info', message };
}

function notice(message: string): LogRecord {
  return { level: 'notice', message };
}

function warning(message: string): LogRecord {
  return { level: 'warning', message };
}
