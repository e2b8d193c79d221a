/** The typed configuration of who is told: scripts, named pipes, mail; and as whom scripts run. */
import type { IpAddress } from '../net/address.ts';

/** A program with its arguments, already split: no shell ever reads it. */
export interface CommandConfig {
  /** At least the program. */
  readonly argv: readonly string[];
  /** Undefined means the default account of scripts. */
  readonly user?: string;
  readonly group?: string;
}

/** Of an instance or a sync group. */
export interface NotifyConfig {
  readonly master?: CommandConfig;
  readonly backup?: CommandConfig;
  readonly fault?: CommandConfig;
  readonly stop?: CommandConfig;
  /** keepalived.conf(5): notify_deleted; `command` may be missing, and then only `any` hears DELETED and not FAULT. */
  readonly deleted?: { readonly command?: CommandConfig };
  readonly masterRxLowerPriority?: CommandConfig;
  /** keepalived.conf(5): notify. */
  readonly any?: CommandConfig;
  readonly priorityChanges: boolean;
  readonly mail: boolean;
}

export const noNotifications: NotifyConfig = { priorityChanges: false, mail: false };

/** keepalived.conf(5): notify_fifo, vrrp_notify_fifo, lvs_notify_fifo. */
export interface NotifyFifoConfig {
  readonly concerns: 'all' | 'vrrp' | 'lvs';
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
  /** Started with the path as its last argument, to read it. */
  readonly script?: CommandConfig;
}

/** keepalived.conf(5): smtp_server and its companions. */
export interface MailConfig {
  readonly server: IpAddress | string;
  readonly port: number;
  /** Empty means the daemon's user at the host's name. */
  /** Empty means the account that the daemon runs as, at the host's name. */
  readonly from: string;
  readonly to: readonly string[];
  /** Undefined means the host's name. */
  readonly heloName?: string;
  readonly connectTimeoutMs: number;
  /** keepalived.conf(5): no_email_faults. */
  readonly noFaults: boolean;
}

/** As whom scripts run, and which are refused. */
export interface ScriptSecurityConfig {
  /** keepalived.conf(5): script_user. Undefined means keepalived_script where that account exists, else root. */
  readonly defaultUser?: string;
  readonly defaultGroup?: string;
  /** keepalived.conf(5): enable_script_security. */
  readonly refusesWritable: boolean;
  readonly useSymlinkPaths: boolean;
  readonly setSupplementaryGroups: boolean;
}

/** keepalived.conf(5): global_defs, as far as it concerns those who are told. */
export interface NotifyGlobals {
  readonly fifos: readonly NotifyFifoConfig[];
  readonly writesStatesOnReload: boolean;
  /** Undefined where no server or nobody to write to is given. */
  readonly mail?: MailConfig;
  readonly scripts: ScriptSecurityConfig;
  readonly startup?: LifecycleScript;
  readonly shutdown?: LifecycleScript;
}

/** keepalived.conf(5): startup_script, shutdown_script. */
export interface LifecycleScript {
  readonly command: CommandConfig;
  readonly timeoutMs: number;
}
