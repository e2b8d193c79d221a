/** What scripts, named pipes and mails are told of a change of health, in keepalived's words. Pure. */
import type {
  CheckerConfig,
  CheckerKind,
  RealServerConfig,
  VirtualServerConfig,
} from '../../config-parser/config.ts';
import { type HealthEvent, isRealServerUp, type VirtualServerHealth } from '../../healthcheck/index.ts';
import type { RealServerNotifyEvent, VirtualServerNotifyEvent } from '../../notify/messages.ts';
import { realServerName } from './server-names.ts';
import { quorumText } from './wording.ts';

type ServerNotifyEvent = RealServerNotifyEvent | VirtualServerNotifyEvent;

export interface NotifyRules {
  /** keepalived.conf(5): rs_init_notifies. */
  readonly notifiesInitialState: boolean;
}

/**
 * A start with the quorum is told to nobody, a start without to everybody. What a reload removes is told whether or not
 * keepalived.conf(5): omega is set, which is for the end of the daemon.
 */
export function notifyEventsFor(event: HealthEvent, rules: NotifyRules): readonly ServerNotifyEvent[] {
  switch (event.kind) {
    case 'realServerUp':
    case 'realServerDown': {
      if (event.isNew !== undefined && !rules.notifiesInitialState) return [];
      const state = event.kind === 'realServerUp' ? 'UP' : 'DOWN';
      return [realServerEvent(event, state, checkText(event.checker, state))];
    }
    case 'realServerStaysDown':
      return rules.notifiesInitialState
        ? [realServerEvent(event, 'DOWN', checkText(event.checker, 'DOWN'))]
        : [];
    case 'realServerRemoved':
      return event.wasUp ? [realServerEvent(event, 'DOWN', 'Removing')] : [];
    case 'virtualServerRemoved':
      return removalEvents(event.health);
    case 'quorumGained':
      return event.isFirst ? [] : [virtualServerEvent(event.virtualServer, 'UP', quorumText(event))];
    case 'quorumLost':
      return [virtualServerEvent(event.virtualServer, 'DOWN', quorumText(event))];
    case 'weightChanged':
    case 'sorryServerReplaced':
      return [];
  }
}

/** keepalived.conf(5): omega. At the end of the daemon every server goes down that was up, and every quorum. */
export function lastNotifyEvents({ config, realServers }: VirtualServerHealth): readonly ServerNotifyEvent[] {
  if (!config.omega) return [];
  const text = 'Shutting down';
  const events = realServers
    .filter(isRealServerUp)
    .map((real) => realServerEvent({ virtualServer: config, realServer: real.config }, 'DOWN', text));
  return [...events, virtualServerEvent(config, 'DOWN', text)].map((event) => ({ ...event, isLast: true }));
}

function removalEvents({
  config,
  realServers,
  hasQuorum,
}: VirtualServerHealth): readonly ServerNotifyEvent[] {
  const events = realServers
    .filter(isRealServerUp)
    .map((real) => realServerEvent({ virtualServer: config, realServer: real.config }, 'DOWN', 'Removing'));
  return hasQuorum ? [...events, virtualServerEvent(config, 'DOWN', 'Removing')] : events;
}

function realServerEvent(
  about: { readonly virtualServer: VirtualServerConfig; readonly realServer: RealServerConfig },
  state: 'UP' | 'DOWN',
  text: string,
): RealServerNotifyEvent {
  const { virtualServer, realServer } = about;
  const command = state === 'UP' ? realServer.notifyUp : realServer.notifyDown;
  return {
    kind: 'realServer',
    name: realServerName(realServer, virtualServer),
    virtualServer: virtualServer.name,
    state,
    ...(command !== undefined && { command }),
    mail: realServer.mail,
    text,
  };
}

function virtualServerEvent(
  server: VirtualServerConfig,
  state: 'UP' | 'DOWN',
  text: string,
): VirtualServerNotifyEvent {
  const command = state === 'UP' ? server.quorumUp : server.quorumDown;
  return {
    kind: 'virtualServer',
    name: server.name,
    state,
    ...(command !== undefined && { command }),
    mail: server.mail,
    text,
  };
}

const checkWords: Readonly<Record<CheckerKind, string>> = {
  TCP_CHECK: 'TCP CHECK',
  HTTP_GET: 'HTTP CHECK',
  SSL_GET: 'SSL CHECK',
  SMTP_CHECK: 'SMTP CHECK',
  DNS_CHECK: 'DNS_CHECK',
  UDP_CHECK: 'UDP CHECK',
  PING_CHECK: 'PING CHECK',
  MISC_CHECK: 'MISC CHECK',
  FILE_CHECK: 'FILE CHECK',
  BFD_CHECK: 'BFD CHECK',
};

/** `TCP CHECK failed on service`. A reload that takes a server up or down has no check to name. */
function checkText(checker: CheckerConfig | undefined, state: 'UP' | 'DOWN'): string {
  if (checker === undefined) return `Configuration takes the server ${state === 'UP' ? 'up' : 'down'}`;
  const word = state === 'UP' ? 'succeed' : 'failed';
  const session = checker.kind === 'BFD_CHECK' ? ` ${checker.name}` : '';
  return `${checkWords[checker.kind]}${session} ${word} on service`;
}
