/** The wording of what health checks report: keepalived's own words wherever operators grep for them. */
import type {
  RealServerConfig,
  SorryServerConfig,
  VirtualServerConfig,
  VirtualService,
} from '../../config-parser/config.ts';
import {
  type CheckerState,
  type HealthEvent,
  isUp,
  type LocatedChecker,
  type ProbeOutcome,
} from '../../healthcheck/index.ts';
import type { LogRecord } from '../ipc.ts';

/** `[10.0.0.3]:tcp:80`, or `FWM 5`. */
export function virtualServerName(service: VirtualService): string {
  return service.kind === 'fwmark'
    ? `FWM ${service.mark}`
    : `[${service.address}]:${service.protocol.toLowerCase()}:${service.port}`;
}

/** `[10.0.0.7]:tcp:80`. A firewall mark says nothing about the protocol. */
export function realServerName(
  server: Pick<RealServerConfig | SorryServerConfig, 'address' | 'port'>,
  service: VirtualService,
): string {
  const protocol = service.kind === 'fwmark' ? 'none' : service.protocol.toLowerCase();
  return `[${server.address}]:${protocol}:${server.port}`;
}

export function describeActivation(checker: LocatedChecker): LogRecord {
  return info(
    `Activating healthchecker for service ${checkedName(checker)} for VS ${virtualServerName(checker.virtualServer.service)}`,
  );
}

/** One probe. As with keepalived the failures of a server that is down already are not repeated. */
export function describeProbe(
  checker: LocatedChecker,
  outcome: ProbeOutcome,
  state: CheckerState,
): readonly LogRecord[] {
  if (outcome.kind !== 'failed' || !isUp(state)) return [];
  const word = outcome.reason === 'timeout' ? 'timeout' : 'failed';
  return [{ ...info(`TCP connection to ${checkedName(checker)} ${word}. ${outcome.detail}`), detail: true }];
}

export function describeInconclusive(checker: LocatedChecker, detail: string): LogRecord {
  return warning(
    `${checker.config.kind} on service ${checkedName(checker)} cannot be made from this host (${detail}). ` +
      'The server keeps its state; trying again at every delay_loop.',
  );
}

export function describeVerdict(
  checker: LocatedChecker,
  next: CheckerState,
  before: CheckerState,
): LogRecord {
  const name = checkedName(checker);
  if (isUp(next)) return info(`TCP connection to ${name} success.`);
  const { retry } = checker.config.timing;
  const suffix = before === 'up' && retry > 0 ? ` after ${retry} retries` : '';
  return info(`${checker.config.kind} on service ${name} failed${suffix}.`);
}

export function describeHealthEvent(event: HealthEvent): readonly LogRecord[] {
  const virtual = virtualServerName(event.virtualServer.service);
  switch (event.kind) {
    case 'realServerUp':
    case 'realServerDown':
      return [describeRealServer(event.kind === 'realServerUp', event.realServer, event.virtualServer)];
    case 'realServerRemoved': {
      const name = realServerName(event.realServer, event.virtualServer.service);
      const gone = info(`service ${name} no longer exist`);
      return event.wasUp ? [gone, info(`Removing service ${name} from VS ${virtual}`)] : [gone];
    }
    case 'virtualServerRemoved':
      return [info(`Removing Virtual Server ${virtual}`)];
    case 'weightChanged': {
      const name = realServerName(event.realServer, event.virtualServer.service);
      const active = event.isUp ? 'active' : 'inactive';
      return [
        info(
          `Changing weight from ${event.from} to ${event.to} for ${active} service ${name} of VS ${virtual}`,
        ),
      ];
    }
    case 'quorumGained':
    case 'quorumLost':
      return describeQuorum(event);
  }
}

/** keepalived's line for each real server at stop. */
export function describeShutdown(server: RealServerConfig, virtual: VirtualServerConfig): LogRecord {
  const { service } = virtual;
  return info(
    `Shutting down service ${realServerName(server, service)} from VS ${virtualServerName(service)}`,
  );
}

function describeRealServer(up: boolean, server: RealServerConfig, virtual: VirtualServerConfig): LogRecord {
  const name = realServerName(server, virtual.service);
  const of = virtualServerName(virtual.service);
  if (server.inhibitOnFailure) {
    return notice(`${up ? 'Enabling' : 'Disabling'} service ${name} of VS ${of}`);
  }
  return notice(up ? `Adding service ${name} to VS ${of}` : `Removing service ${name} from VS ${of}`);
}

type QuorumEvent = Extract<HealthEvent, { kind: 'quorumGained' | 'quorumLost' }>;

function describeQuorum(event: QuorumEvent): readonly LogRecord[] {
  const { quorum, hysteresis } = event.virtualServer;
  const virtual = virtualServerName(event.virtualServer.service);
  if (event.kind === 'quorumGained') {
    const sum = `${quorum}+${hysteresis}=${event.threshold} <= ${event.liveWeight}`;
    return [notice(`Gained quorum ${sum} for VS ${virtual}`), ...describeSorryServer(event)];
  }
  const sign = event.isFirst ? '+' : '-';
  const sum = `${quorum}${sign}${hysteresis}=${event.threshold} > ${event.liveWeight}`;
  const opening = event.isFirst ? 'Starting with quorum down' : 'Lost quorum';
  return [warning(`${opening} ${sum} for VS ${virtual}`), ...describeSorryServer(event)];
}

function describeSorryServer({ kind, isFirst, virtualServer }: QuorumEvent): readonly LogRecord[] {
  const { sorryServer, service } = virtualServer;
  if (sorryServer === undefined || (kind === 'quorumGained' && isFirst)) return [];
  const sorry = realServerName(sorryServer, service);
  const virtual = virtualServerName(service);
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

function checkedName(checker: LocatedChecker): string {
  return realServerName(checker.realServer, checker.virtualServer.service);
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
