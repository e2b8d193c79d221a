/** What happens to the supervisor and what it does about it: the words between its pure core and its shell. */
import type { Config, LifecycleScript } from '../../config-parser/config.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { MemoryNews } from '../checker-memory.ts';
import type {
  CheckerAnswer,
  CheckerCommand,
  CheckerMemory,
  ChildRole,
  CommandAnswer,
  InstanceCommand,
  LogRecord,
  NotifyEvent,
  SupervisorMessage,
} from '../ipc.ts';

/** The outcome of reading the configuration; `records` say what was found, with file, line and column. */
export type ConfigurationReading =
  | { readonly ok: true; readonly config: Config; readonly records: readonly LogRecord[] }
  | {
      readonly ok: false;
      readonly exitCode: number;
      readonly records: readonly LogRecord[];
      /** Where it is not the configuration that is at fault. */
      readonly reason?: string;
    };

export type SupervisorEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'configurationRead'; readonly reading: ConfigurationReading }
  | ChildEvent
  /** `request` is answered once the reload is applied or refused. */
  | { readonly kind: 'reloadRequested'; readonly request?: number }
  /** An operator asks something of the instances or the servers; `request` is answered. */
  | {
      readonly kind: 'commandRequested';
      readonly request: number;
      readonly command: InstanceCommand | CheckerCommand;
    }
  /** keepalived.conf(5): startup_script or shutdown_script has ended, however it did. */
  | { readonly kind: 'lifecycleScriptEnded'; readonly which: LifecycleMoment }
  | { readonly kind: 'stopRequested' }
  | { readonly kind: 'userSignal'; readonly signal: string }
  /** A mistake of ours in the supervisor itself: release everything and end. */
  | { readonly kind: 'internalError'; readonly error: string }
  /** A deadline of `nextTimeout` has passed; too early a one does no harm. */
  | { readonly kind: 'timeout' };

export type LifecycleMoment = 'startup' | 'shutdown';

export type ChildEvent =
  | { readonly kind: 'childStarted'; readonly role: ChildRole; readonly pid: number }
  | { readonly kind: 'childStartFailed'; readonly role: ChildRole; readonly error: string }
  | { readonly kind: 'childConfigured'; readonly role: ChildRole }
  | { readonly kind: 'childRemember'; readonly role: ChildRole; readonly news: MemoryNews }
  | {
      readonly kind: 'childTrackers';
      readonly role: ChildRole;
      readonly readings: readonly TrackerReading[];
    }
  | { readonly kind: 'childNotify'; readonly role: ChildRole; readonly events: readonly NotifyEvent[] }
  | {
      readonly kind: 'childAnswer';
      readonly role: ChildRole;
      readonly request: number;
      readonly answer: CommandAnswer | CheckerAnswer;
    }
  /** The vrrp process holds no address any more. */
  | { readonly kind: 'childReleased'; readonly role: ChildRole }
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
      /** Empty for all but the checker process. */
      readonly memory: CheckerMemory;
    }
  /** Ask it to release everything and go; answered by `childExited`. May come again, and then with `atOnce`. */
  | { readonly kind: 'stopChild'; readonly role: ChildRole; readonly atOnce?: true }
  /** What one child says to another, and operators to the vrrp and the checker process. */
  | { readonly kind: 'passOn'; readonly role: ChildRole; readonly message: PassedOn }
  | { readonly kind: 'answer'; readonly request: number; readonly answer: CommandAnswer | CheckerAnswer }
  /** Answered by `lifecycleScriptEnded`. */
  | {
      readonly kind: 'runLifecycleScript';
      readonly which: LifecycleMoment;
      readonly script: LifecycleScript;
      readonly config: Config;
    }
  /** Once, with the first configuration: be there for operators and for who collects metrics. */
  | { readonly kind: 'serve'; readonly config: Config }
  /** The supervisor itself goes by it from now on; undefined is its own name. */
  | { readonly kind: 'nameProcess'; readonly name: string | undefined }
  | { readonly kind: 'killChild'; readonly role: ChildRole }
  /** Answered by `configurationRead`. A reload is stricter: it has a configuration to lose. */
  | { readonly kind: 'readConfiguration'; readonly isReload: boolean }
  | { readonly kind: 'log'; readonly record: LogRecord }
  | { readonly kind: 'notify'; readonly state: ServiceState }
  | { readonly kind: 'writePidFile'; readonly role: ChildRole; readonly pid: number }
  | { readonly kind: 'removePidFile'; readonly role: ChildRole }
  /** The last effect of a supervisor. */
  | { readonly kind: 'exit'; readonly exitCode: number };

export type PassedOn = Extract<SupervisorMessage, { kind: 'trackers' | 'notify' | 'command' }>;

/** sd_notify(3) states. */
export type ServiceState = 'READY=1' | 'RELOADING=1' | 'STOPPING=1';
