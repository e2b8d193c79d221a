/**
 * The typed configuration: what the files mean after includes, defaults and old words. Readonly plain data, so that it
 * passes between processes and compares by value; where something stood in a file is kept beside it, not in it.
 * Units are in the names. Keywords are those of keepalived.conf(5).
 */
import type { LvsGlobals, VirtualServerConfig } from './config-lvs.ts';
import type { NotifyGlobals } from './config-notify.ts';
import type { ProcessesConfig } from './config-processes.ts';
import type { TrackerConfigs } from './config-tracking.ts';
import type { StaticConfig, SyncGroupConfig, VrrpGlobals, VrrpInstanceConfig } from './config-vrrp.ts';

export type * from './config-checks.ts';
export * from './config-lvs.ts';
export type * from './config-notify.ts';
export type * from './config-processes.ts';
export type * from './config-tracking.ts';
export type * from './config-vrrp.ts';
export type { RouteEntry } from './schema/route.ts';
export type { RuleEntry } from './schema/rule.ts';

export interface Config {
  readonly globalDefs: GlobalDefs;
  readonly daemon?: DaemonConfig;
  readonly vrrpInstances: readonly VrrpInstanceConfig[];
  readonly syncGroups: readonly SyncGroupConfig[];
  readonly trackers: TrackerConfigs;
  readonly staticItems: StaticConfig;
  readonly virtualServers: readonly VirtualServerConfig[];
}

/** keepalived.conf(5): what stands outside of all blocks and holds from the start of the daemon to its end. */
export interface DaemonConfig {
  /** keepalived.conf(5): instance. The names of the daemon's own files hold it. */
  readonly instance?: string;
  readonly netNamespace?: string;
  readonly netNamespaceIpvs?: string;
  /** keepalived.conf(5): tmp_config_directory. */
  readonly temporaryFolder?: string;
}

export interface GlobalDefs {
  /** keepalived.conf(5): router_id. Undefined means the host's name. */
  readonly routerId?: string;
  readonly processes: ProcessesConfig;
  readonly lvs: LvsGlobals;
  readonly vrrp: VrrpGlobals;
  readonly notify: NotifyGlobals;
}
