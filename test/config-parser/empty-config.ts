/** Whole values of the typed configuration for tests: what the parser makes of a file that says nothing. */
import type {
  Config,
  GlobalDefs,
  SyncGroupConfig,
  TrackingConfig,
  VrrpInstanceConfig,
} from '../../src/config-parser/config.ts';
import { instanceWith, parseText } from './parse-helpers.ts';

/** Of an empty file, with these members changed. */
export function emptyConfig(changes: Partial<Config> = {}): Config {
  return { ...parseText('').config, ...changes };
}

export function emptyGlobalDefs(changes: Partial<GlobalDefs> = {}): GlobalDefs {
  return { ...parseText('').config.globalDefs, ...changes };
}

/** VI_1 with VRID 51 and 192.0.2.10/24 on eth0, and otherwise keepalived's defaults. */
export function defaultInstance(changes: Partial<VrrpInstanceConfig> = {}): VrrpInstanceConfig {
  const [instance] = parseText(instanceWith()).config.vrrpInstances;
  if (instance === undefined) throw new Error('an ordinary instance is not resolved');
  return { ...instance, ...changes };
}

export const noTracking: TrackingConfig = { interfaces: [], scripts: [], files: [], processes: [], bfds: [] };

export function syncGroupOf(
  members: readonly string[],
  changes: Partial<SyncGroupConfig> = {},
): SyncGroupConfig {
  return {
    name: 'G',
    members,
    tracking: noTracking,
    memberWeights: false,
    notify: { priorityChanges: false, mail: false },
    ...changes,
  };
}
