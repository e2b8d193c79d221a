/** What a change of a virtual or a real server makes the daemon do: its script, a line to each named pipe, mail. */
import type { NotifyGlobals } from '../config-parser/config.ts';
import type { MailSettings } from './mail-for.ts';
import type { Mail, NotifyAction, RealServerNotifyEvent, VirtualServerNotifyEvent } from './messages.ts';

type ServerEvent = VirtualServerNotifyEvent | RealServerNotifyEvent;

export interface ServerNotifySettings extends MailSettings {
  readonly fifos: NotifyGlobals['fifos'];
}

export function serverNotifications(
  settings: ServerNotifySettings,
  event: ServerEvent,
): readonly NotifyAction[] {
  return [...scriptFor(event), ...linesFor(settings.fifos, event), ...mailFor(settings, event)];
}

function scriptFor({ command, isLast }: ServerEvent): readonly NotifyAction[] {
  return command === undefined
    ? []
    : [{ kind: 'runScript', command, arguments: [], isLast: isLast === true }];
}

/**
 * keepalived ends such a line with a NUL byte after the line feed, by mistake, which every reader then finds at the start of the
 * next line. Here there is none.
 */
function linesFor(fifos: NotifyGlobals['fifos'], event: ServerEvent): readonly NotifyAction[] {
  const { name, state } = event;
  const line =
    event.kind === 'virtualServer' ? `VS ${name} ${state}\n` : `RS ${name} ${event.virtualServer} ${state}\n`;
  return fifos
    .filter(({ concerns }) => concerns !== 'vrrp')
    .map(({ path }) => ({ kind: 'writeLine', path, line }));
}

function mailFor(settings: ServerNotifySettings, event: ServerEvent): readonly NotifyAction[] {
  if (settings.mail === undefined || !event.mail) return [];
  const { name, state, text } = event;
  const subject =
    event.kind === 'virtualServer'
      ? `Virtualserver ${name} - ${state}`
      : `Realserver ${name} of virtual server ${event.virtualServer} - ${state}`;
  const mail: Mail = { subject: `[${settings.routerId}] ${subject}`, body: `=> ${text} <=` };
  return [{ kind: 'sendMail', mail }];
}
