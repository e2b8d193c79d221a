/** The checkers that follow what another process measures, in place of asking themselves. Pure. */
import type { BfdCheckConfig, CheckerConfig, FileCheckConfig } from '../../config-parser/config.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { ProbeOutcome } from '../probe.ts';
import { outcomeOfSession } from './bfd-check.ts';
import { outcomeOfFile } from './file-check.ts';

export type FollowingCheckConfig = FileCheckConfig | BfdCheckConfig;

/** The others: they have a probe. */
export type PolledCheckConfig = Exclude<CheckerConfig, FollowingCheckConfig>;

export type ReadingKey = { readonly kind: 'file' | 'bfd'; readonly name: string };

export function isFollowing(checker: CheckerConfig): checker is FollowingCheckConfig {
  return checker.kind === 'FILE_CHECK' || checker.kind === 'BFD_CHECK';
}

/** Which reading a checker follows. */
export function followedReading(checker: FollowingCheckConfig): ReadingKey {
  return checker.kind === 'FILE_CHECK'
    ? { kind: 'file', name: checker.file }
    : { kind: 'bfd', name: checker.name };
}

/**
 * What the reading that it follows says of its server. Inconclusive while there is none, which leaves the server as it is assumed
 * to be.
 */
export function outcomeOfReading(
  checker: FollowingCheckConfig,
  reading: TrackerReading | undefined,
): ProbeOutcome {
  if (checker.kind === 'FILE_CHECK') {
    return outcomeOfFile(checker, reading?.kind === 'file' ? reading.value : undefined);
  }
  return outcomeOfSession(
    checker,
    reading === undefined || reading.kind === 'file' ? undefined : reading.isUp,
  );
}
