/** What is told about instances and sync groups, and what telling it takes. The words are keepalived's. */
import type { CommandConfig } from '../config-parser/config.ts';

/** What notify scripts, named pipes and mail are told. */
export type NotifyEvent = InstanceNotifyEvent | GroupNotifyEvent;

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
export function subjectKey({ kind, name }: Pick<NotifyEvent, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}
