/** keepalived.conf(5): lists of things to track, the same in vrrp_instance and vrrp_sync_group. */
import { nothing } from './arguments.ts';
import { acts, defineList } from './schema.ts';
import {
  trackBfdEntry,
  trackFileEntry,
  trackInterfaceEntry,
  trackProcessEntry,
  trackScriptEntry,
} from './track-entries.ts';

export const tracking = {
  track_interface: acts(
    nothing,
    'Interfaces that must be up: without a weight a failure means Fault, with one it changes the priority',
    { repeatable: true, block: defineList('an entry', trackInterfaceEntry) },
  ),
  track_script: acts(
    nothing,
    'Names of vrrp_script blocks that must succeed: without a weight a failure means Fault, with one it changes the priority',
    { repeatable: true, block: defineList('an entry', trackScriptEntry) },
  ),
  track_file: acts(
    nothing,
    'Names of track_file blocks: the number in the file times the weight is added to the priority',
    { repeatable: true, block: defineList('an entry', trackFileEntry) },
  ),
  track_process: acts(
    nothing,
    'Names of vrrp_track_process blocks whose programs must run: without a weight a failure means Fault',
    { repeatable: true, block: defineList('an entry', trackProcessEntry) },
  ),
  track_bfd: acts(
    nothing,
    'Names of bfd_instance blocks whose sessions must be up: without a weight a failure means Fault',
    { repeatable: true, block: defineList('an entry', trackBfdEntry) },
  ),
};
