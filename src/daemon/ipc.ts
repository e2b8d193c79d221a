/**
 * What the supervisor and its two children say to each other over Node.js's IPC channel (serialization 'advanced').
 * The supervisor alone reads configuration and writes logs; the children get a typed Config and send records.
 */
import type { Config, VirtualService } from '../config-parser/config.ts';

export type ChildRole = 'vrrp' | 'checker';

export type LogLevel = 'error' | 'warning' | 'notice' | 'info' | 'debug';

/** `detail` lines are written only with -D, as keepalived does. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly detail?: boolean;
}

export interface ChildOptions {
  /** keepalived(8): -V, --dont-release-vrrp. */
  readonly keepAddressesOnExit: boolean;
  /** keepalived(8): -I, --dont-release-ipvs. */
  readonly keepIpvsOnExit: boolean;
  readonly logDetail: boolean;
}

export type SupervisorMessage =
  /** The first starts the child's work; later ones are reloads, applied as differences. */
  | {
      readonly kind: 'configure';
      readonly config: Config;
      readonly options: ChildOptions;
      /** Services that an earlier checker process of this supervisor had put into the kernel. */
      readonly ownedServices: readonly VirtualService[];
    }
  /** Release everything and exit 0. */
  | { readonly kind: 'stop' };

export type ChildMessage =
  | { readonly kind: 'log'; readonly records: readonly LogRecord[]; readonly dropped: number }
  /** A `configure` has been applied. */
  | { readonly kind: 'configured' }
  | { readonly kind: 'owned'; readonly services: readonly VirtualService[] }
  /** The child cannot go on and a restart would not help; it exits with `exitCode` (keepalived's 1, 2 or 4). */
  | { readonly kind: 'fatal'; readonly message: string; readonly exitCode: number };
