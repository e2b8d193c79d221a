/**
 * What an event makes the daemon do, in keepalived's order: the script of the state, the script for all states, a line to each
 * named pipe, mail. Decides only; nothing is run, written or remembered here.
 */
import type { CommandConfig, NotifyConfig, NotifyGlobals } from '../config-parser/config.ts';
import { type MailSettings, mailFor } from './mail-for.ts';
import type { GroupNotifyEvent, InstanceNotifyEvent, NotifyAction, NotifyEvent } from './messages.ts';
import { serverNotifications } from './server-notifications.ts';

export interface NotifySettings extends MailSettings {
  /** Of the instance or group that the event is about; servers bring theirs. */
  readonly notify: NotifyConfig;
  readonly fifos: NotifyGlobals['fifos'];
}

type VrrpEvent = InstanceNotifyEvent | GroupNotifyEvent;

export function notificationsFor(settings: NotifySettings, event: NotifyEvent): readonly NotifyAction[] {
  if (event.kind === 'virtualServer' || event.kind === 'realServer')
    return serverNotifications(settings, event);
  return vrrpNotifications(settings, event);
}

function vrrpNotifications(settings: NotifySettings, event: VrrpEvent): readonly NotifyAction[] {
  const told = withDeletedWord(settings.notify, event);
  if (isPriorityWord(told.state) && !settings.notify.priorityChanges) return [];
  const lines = linesFor(settings.fifos, told);
  if (told.isRepeated === true) return lines;
  return [...scriptsFor(settings.notify, told), ...lines, ...mailsFor(settings, told)];
}

/**
 * keepalived.conf(5): notify_deleted. Without it a deleted instance is said to be in FAULT, to the script for FAULT too: keepalived
 * 2.2.7 passes that one over, and what it would have cleaned up stays.
 */
function withDeletedWord(notify: NotifyConfig, event: VrrpEvent): VrrpEvent {
  if (event.kind === 'group' || event.state !== 'DELETED' || notify.deleted !== undefined) return event;
  return { ...event, state: 'FAULT' };
}

function isPriorityWord(state: VrrpEvent['state']): boolean {
  return state === 'MASTER_PRIORITY' || state === 'BACKUP_PRIORITY';
}

function scriptsFor(notify: NotifyConfig, event: VrrpEvent): NotifyAction[] {
  const specific = specificScript(notify, event.state);
  const generic = isTransition(event.state) ? notify.any : undefined;
  const isLast = event.state === 'STOP';
  const actions: NotifyAction[] = [];
  if (specific !== undefined) actions.push({ kind: 'runScript', command: specific, arguments: [], isLast });
  if (generic !== undefined) {
    actions.push({ kind: 'runScript', command: generic, arguments: genericArguments(event), isLast });
  }
  return actions;
}

function specificScript(notify: NotifyConfig, state: VrrpEvent['state']): CommandConfig | undefined {
  switch (state) {
    case 'MASTER':
      return notify.master;
    case 'BACKUP':
      return notify.backup;
    case 'FAULT':
      return notify.fault;
    case 'STOP':
      return notify.stop;
    case 'DELETED':
      return notify.deleted?.command;
    case 'MASTER_RX_LOWER_PRI':
      return notify.masterRxLowerPriority;
    case 'MASTER_PRIORITY':
    case 'BACKUP_PRIORITY':
      return undefined;
  }
}

/** keepalived.conf(5): the script for all states hears states; priorities and lower advertisements go to named pipes. */
function isTransition(state: VrrpEvent['state']): boolean {
  return !isPriorityWord(state) && state !== 'MASTER_RX_LOWER_PRI';
}

function genericArguments(event: VrrpEvent): readonly string[] {
  return [typeWord(event), event.name, event.state, String(priorityOf(event))];
}

function linesFor(fifos: NotifyGlobals['fifos'], event: VrrpEvent): NotifyAction[] {
  const line = `${typeWord(event)} "${event.name}" ${event.state} ${priorityOf(event)}\n`;
  return fifos
    .filter(({ concerns }) => concerns !== 'lvs')
    .map(({ path }) => ({ kind: 'writeLine', path, line }));
}

function typeWord(event: VrrpEvent): string {
  return event.kind === 'group' ? 'GROUP' : 'INSTANCE';
}

/** A group has no priority; keepalived writes 0. */
function priorityOf(event: VrrpEvent): number {
  return event.kind === 'group' ? 0 : event.priority;
}

function mailsFor(settings: NotifySettings, event: VrrpEvent): NotifyAction[] {
  if (!settings.notify.mail) return [];
  const mail = mailFor(settings, event);
  return mail === undefined ? [] : [{ kind: 'sendMail', mail }];
}
