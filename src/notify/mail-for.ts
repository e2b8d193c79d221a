/** The mail that an event is worth, if any: keepalived's subjects and texts, since people filter on them. */
import type { GroupNotifyEvent, InstanceNotifyEvent, Mail, NotifyEvent } from './messages.ts';

export interface MailSettings {
  /** keepalived.conf(5): router_id. */
  readonly routerId: string;
  /** Undefined: nobody can be written to. */
  readonly mail?: { readonly noFaults: boolean } | undefined;
  /** The state that the last mail about this instance or group was sent for. */
  readonly lastMailedState?: NotifyEvent['state'] | undefined;
}

/** The states that are worth a mail. */
type MailedWord = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED';

const subjects: Readonly<Record<MailedWord, string>> = {
  MASTER: 'Entering MASTER state',
  BACKUP: 'Entering BACKUP state',
  FAULT: 'Entering FAULT state',
  STOP: 'Stopping',
  DELETED: 'Deleted',
};

const instanceTexts: Readonly<Record<MailedWord, string>> = {
  MASTER: 'VRRP Instance is now owning VRRP VIPs',
  BACKUP: 'VRRP Instance is no longer owning VRRP VIPs',
  FAULT: 'VRRP Instance is no longer owning VRRP VIPs',
  STOP: 'VRRP Instance stopping',
  DELETED: 'VRRP Deleted at reload',
};

/** Undefined: no mail. With one, `event.state` is from now on the last state mailed. */
export function mailFor(
  settings: MailSettings,
  event: InstanceNotifyEvent | GroupNotifyEvent,
): Mail | undefined {
  const { state } = event;
  if (settings.mail === undefined || !isMailed(state)) return undefined;
  if (state === settings.lastMailedState) return undefined;
  if (state === 'FAULT' && settings.mail.noFaults) return undefined;
  const what = event.kind === 'group' ? 'Group' : 'Instance';
  const text = event.kind === 'group' ? groupText(event.state) : instanceTexts[state];
  return {
    subject: `[${settings.routerId}] VRRP ${what} ${event.name} - ${subjects[state]}`,
    body: `=> ${text} <=`,
  };
}

function isMailed(state: NotifyEvent['state']): state is MailedWord {
  return state in subjects;
}

function groupText(state: 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP'): string {
  return state === 'STOP'
    ? 'All VRRP group instances are now stopping'
    : `All VRRP group instances are now in ${state} state`;
}
