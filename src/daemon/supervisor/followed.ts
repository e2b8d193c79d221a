/** What of the others' news the checker process has to hear. */
import type { Config } from '../../config-parser/config.ts';
import { trackedByChecks } from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';

/** keepalived.conf(5): FILE_CHECK, BFD_CHECK. */
export function followedByChecks(
  config: Config | undefined,
  readings: readonly TrackerReading[],
): readonly TrackerReading[] {
  if (config === undefined || !readings.some(({ kind }) => kind === 'file' || kind === 'bfd')) return [];
  const { files, bfds } = trackedByChecks(config);
  return readings.filter(
    ({ kind, name }) => (kind === 'file' && files.has(name)) || (kind === 'bfd' && bfds.has(name)),
  );
}

/** keepalived.conf(5): lvs_sync_daemon sends while its instance is Master. */
export function followsInstances(config: Config | undefined): boolean {
  return config?.globalDefs.lvs.syncDaemon?.instance !== undefined;
}
