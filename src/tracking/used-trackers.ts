/** Which of the defined trackers anybody depends on, instances, groups and health checks: only those run. */
import type { CheckerConfig, Config, TrackerConfigs, TrackingConfig } from '../config-parser/config.ts';

type Kind = keyof TrackerConfigs;

export function usedTrackers(
  config: Pick<Config, 'vrrpInstances' | 'syncGroups' | 'trackers' | 'virtualServers'>,
): TrackerConfigs {
  const users = [...config.vrrpInstances, ...config.syncGroups].map(({ tracking }) => tracking);
  const { files, bfds } = trackedByChecks(config);
  return {
    scripts: used(config.trackers.scripts, users, 'scripts'),
    files: used(config.trackers.files, users, 'files', files),
    processes: used(config.trackers.processes, users, 'processes'),
    bfds: used(config.trackers.bfds, users, 'bfds', bfds),
  };
}

/** keepalived.conf(5): FILE_CHECK and BFD_CHECK follow what is tracked. Names, each once. */
export function trackedByChecks({ virtualServers }: Pick<Config, 'virtualServers'>): {
  readonly files: ReadonlySet<string>;
  readonly bfds: ReadonlySet<string>;
} {
  const files = new Set<string>();
  const bfds = new Set<string>();
  const note = (checker: CheckerConfig): void => {
    if (checker.kind === 'FILE_CHECK') files.add(checker.file);
    else if (checker.kind === 'BFD_CHECK') bfds.add(checker.name);
  };
  for (const { realServers } of virtualServers) {
    for (const { checkers } of realServers) checkers.forEach(note);
  }
  return { files, bfds };
}

const nobody: ReadonlySet<string> = new Set();

function used<Definition extends { readonly name: string }>(
  definitions: readonly Definition[],
  users: readonly TrackingConfig[],
  kind: Kind,
  byChecks = nobody,
): readonly Definition[] {
  const names = new Set(users.flatMap((tracking) => tracking[kind].map(({ name }) => name)));
  return definitions.filter(({ name }) => names.has(name) || byChecks.has(name));
}
