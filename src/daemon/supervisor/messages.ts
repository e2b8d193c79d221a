/** What happens to the supervisor and what it does about it: the words between its pure core and its shell. */
import type { Config, VirtualService } from '../../config-parser/config.ts';
import type { ChildRole, LogRecord } from '../ipc.ts';

/** The outcome of reading the configuration; `records` say what was found, with file, line and column. */
export type ConfigurationReading =
  | { readonly ok: true; readonly config: Config; readonly records: readonly LogRecord[] }
  | { readonly ok: false; readonly exitCode: number; readonly records: readonly LogRecord[] };

export type SupervisorEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'configurationRead'; readonly reading: ConfigurationReading }
  | ChildEvent
  | { readonly kind: 'reloadRequested' }
  | { readonly kind: 'stopRequested' }
  | { readonly kind: 'userSignal'; readonly signal: string }
  /** A mistake of ours in the supervisor itself: release everything and end. */
  | { readonly kind: 'internalError'; readonly error: string }
  /** A deadline of `nextTimeout` has passed; too early a one does no harm. */
  | { readonly kind: 'timeout' };

export type ChildEvent =
  | { readonly kind: 'childStarted'; readonly role: ChildRole; readonly pid: number }
  | { readonly kind: 'childStartFailed'; readonly role: ChildRole; readonly error: string }
  | { readonly kind: 'childConfigured'; readonly role: ChildRole }
  | { readonly kind: 'childOwned'; readonly role: ChildRole; readonly services: readonly VirtualService[] }
  | {
      readonly kind: 'childFatal';
      readonly role: ChildRole;
      readonly message: string;
      readonly exitCode: number;
    }
  | ChildExited;

export interface ChildExited {
  readonly kind: 'childExited';
  readonly role: ChildRole;
  /** Undefined when a signal ended the child. */
  readonly exitCode?: number;
  readonly signal?: string;
}

/** Performed in array order. */
export type SupervisorEffect =
  /** Answered by `childStarted` or `childStartFailed`. */
  | { readonly kind: 'startChild'; readonly role: ChildRole }
  /** Answered by `childConfigured`. */
  | {
      readonly kind: 'configureChild';
      readonly role: ChildRole;
      readonly config: Config;
      readonly ownedServices: readonly VirtualService[];
    }
  /** Ask it to release everything and go; answered by `childExited`. */
  | { readonly kind: 'stopChild'; readonly role: ChildRole }
  | { readonly kind: 'killChild'; readonly role: ChildRole }
  /** Answered by `configurationRead`. A reload is stricter: it has a configuration to lose. */
  | { readonly kind: 'readConfiguration'; readonly isReload: boolean }
  | { readonly kind: 'log'; readonly record: LogRecord }
  | { readonly kind: 'notify'; readonly state: ServiceState }
  | { readonly kind: 'writePidFile'; readonly role: ChildRole; readonly pid: number }
  | { readonly kind: 'removePidFile'; readonly role: ChildRole }
  /** The last effect of a supervisor. */
  | { readonly kind: 'exit'; readonly exitCode: number };

/** sd_notify(3) states. */
export type ServiceState = 'READY=1' | 'RELOADING=1' | 'STOPPING=1';
