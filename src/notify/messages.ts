/** What is told about instances and sync groups, and what telling it takes. The words are keepalived's. */
import type { CommandConfig } from '../config-parser/config.ts';

/** What notify scripts, named pipes and mail are told. */
export type NotifyEvent =
  | InstanceNotifyEvent
  | GroupNotifyEvent
  | VirtualServerNotifyEvent
  | RealServerNotifyEvent;

export interface InstanceNotifyEvent {
  readonly kind: 'instance';
  readonly name: string;
  readonly state: InstanceWord;
  /** Effective priority. */
  readonly priority: number;
  /**
   * Nothing has changed: told once more after a reload, to named pipes alone
   * (keepalived.conf(5): fifo_write_vrrp_states_on_reload).
   */
  readonly isRepeated?: true;
}

export interface GroupNotifyEvent {
  readonly kind: 'group';
  readonly name: string;
  readonly state: GroupWord;
  /** As of an instance. */
  readonly isRepeated?: true;
}

/** What servers carry with them, since a reload may have taken them out of the configuration that listeners know. */
interface ServerNotifyEvent {
  readonly state: 'UP' | 'DOWN';
  /** keepalived.conf(5): notify_up, notify_down, quorum_up, quorum_down: the one for `state`, where there is one. */
  readonly command?: CommandConfig;
  /** keepalived.conf(5): smtp_alert. */
  readonly mail: boolean;
  /** The body of the mail: `TCP CHECK failed on service`. */
  readonly text: string;
  /** At the end of the daemon, which is told with keepalived.conf(5): omega alone. */
  readonly isLast?: true;
}

/** Its quorum was gained or lost. */
export interface VirtualServerNotifyEvent extends ServerNotifyEvent {
  readonly kind: 'virtualServer';
  /** `VirtualServerConfig.name`: `[10.0.0.3]:tcp:80`. */
  readonly name: string;
}

export interface RealServerNotifyEvent extends ServerNotifyEvent {
  readonly kind: 'realServer';
  /** `[10.0.0.7]:tcp:80`; unique with its virtual server's. */
  readonly name: string;
  readonly virtualServer: string;
}

export type GroupWord = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP';
export type InstanceWord =
  | GroupWord
  | 'DELETED'
  | 'MASTER_PRIORITY'
  | 'BACKUP_PRIORITY'
  | 'MASTER_RX_LOWER_PRI';

/** One thing to do for an event. */
export type NotifyAction =
  | {
      readonly kind: 'runScript';
      readonly command: CommandConfig;
      /** After the arguments of its own. */
      readonly arguments: readonly string[];
      /** The daemon is about to end: the script has a moment only. */
      readonly isLast: boolean;
    }
  /** `path` is that of a NotifyFifoConfig; `line` has its line feed. */
  | { readonly kind: 'writeLine'; readonly path: string; readonly line: string }
  | { readonly kind: 'sendMail'; readonly mail: Mail };

export interface Mail {
  readonly subject: string;
  readonly body: string;
}

/** What an event is about: `instance VI_1`. Instances and groups may have the same name. */
export function subjectKey(event: Subject): string {
  const { kind, name } = event;
  return kind === 'realServer' ? `${kind} ${name} of ${event.virtualServer}` : `${kind} ${name}`;
}

type Subject =
  | Pick<RealServerNotifyEvent, 'kind' | 'name' | 'virtualServer'>
  | { readonly kind: Exclude<NotifyEvent['kind'], 'realServer'>; readonly name: string };
