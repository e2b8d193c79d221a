/** Which of the defined trackers anybody depends on: only those run. */
import type { Config, TrackerConfigs, TrackingConfig } from '../config-parser/config.ts';

type Kind = keyof TrackerConfigs;

export function usedTrackers(
  config: Pick<Config, 'vrrpInstances' | 'syncGroups' | 'trackers'>,
): TrackerConfigs {
  const users = [...config.vrrpInstances, ...config.syncGroups].map(({ tracking }) => tracking);
  return {
    scripts: used(config.trackers.scripts, users, 'scripts'),
    files: used(config.trackers.files, users, 'files'),
    processes: used(config.trackers.processes, users, 'processes'),
    bfds: used(config.trackers.bfds, users, 'bfds'),
  };
}

function used<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  users: readonly TrackingConfig[],
  kind: Kind,
): readonly Definition[] {
  const names = new Set(users.flatMap((tracking) => tracking[kind].map(({ name }) => name)));
  return definitions.filter(({ name }) => names.has(name));
}
