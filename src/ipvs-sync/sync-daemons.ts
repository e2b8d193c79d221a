/** lvs_sync_daemon: which halves of the kernel's connection synchronization should run, and what that changes. */
import type { SyncDaemonConfig } from '../config-parser/config.ts';
import { familyOf } from '../net/address.ts';
import type { SyncDaemon } from './model.ts';

export interface SyncDaemonChanges {
  /** First these stop: the kernel refuses a second one of the same state. */
  readonly stop: readonly SyncDaemon['state'][];
  readonly start: readonly SyncDaemon[];
}

/**
 * keepalived.conf(5): lvs_sync_daemon. The director that answers sends, the other listens; without an instance both
 * halves run. `isMaster` undefined: the instance has no state yet, which is listening.
 */
export function desiredSyncDaemons(
  config: SyncDaemonConfig | undefined,
  isMaster: boolean | undefined,
): readonly SyncDaemon[] {
  if (config === undefined) return [];
  const { instance, ...common } = config;
  if (instance === undefined)
    return [
      { ...common, state: 'master' },
      { ...common, state: 'backup' },
    ];
  return [{ ...common, state: isMaster === true ? 'master' : 'backup' }];
}

/** What is not given in the configuration is the kernel's choice and is not compared. */
export function diffSyncDaemons(
  desired: readonly SyncDaemon[],
  observed: readonly SyncDaemon[],
): SyncDaemonChanges {
  const runs = (wanted: SyncDaemon) => observed.some((found) => isAsWanted(wanted, found));
  const start = desired.filter((wanted) => !runs(wanted));
  const stop = observed
    .filter((found) => !desired.some((wanted) => isAsWanted(wanted, found)))
    .map((found) => found.state);
  return { stop, start };
}

function isAsWanted(wanted: SyncDaemon, found: SyncDaemon): boolean {
  return (
    wanted.state === found.state &&
    wanted.interface === found.interface &&
    wanted.syncId === found.syncId &&
    isAsGiven(lengthBytes(wanted), found.maxLengthBytes) &&
    isAsGiven(wanted.port, found.port) &&
    isAsGiven(wanted.ttl, found.ttl) &&
    isAsGiven(wanted.group, found.group)
  );
}

/** What the kernel makes of it (start_sync_thread): room for a message at least, and for the headers beside the longest. */
function lengthBytes({ state, maxLengthBytes, group }: SyncDaemon): number | undefined {
  if (maxLengthBytes === undefined) return undefined;
  const headerBytes = group !== undefined && familyOf(group) === 6 ? 48 : 28;
  return Math.min(Math.max(maxLengthBytes, state === 'backup' ? 1024 : 1), 65_535 - headerBytes);
}

/** An old kernel that does not tell has nothing that could be compared. */
function isAsGiven<Value>(wanted: Value | undefined, found: Value | undefined): boolean {
  return wanted === undefined || found === undefined || wanted === found;
}
