/** How messages name what is tracked. */
import type { Tracked, TrackerKind } from '../../../model/index.ts';

/** `track_script chk_web`. */
export function trackedText({ kind, name }: Pick<Tracked, 'kind' | 'name'>): string {
  return `track_${kind} ${name}`;
}

/** The block that defines a tracker; interfaces have none. */
export const definitionKeywords: Readonly<Record<Exclude<TrackerKind, 'interface'>, string>> = {
  script: 'vrrp_script',
  file: 'track_file',
  process: 'vrrp_track_process',
  bfd: 'bfd_instance',
};
