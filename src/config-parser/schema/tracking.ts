/** keepalived.conf(5): lists of things to track, the same in vrrp_instance and vrrp_sync_group. */
import { nothing } from './arguments.ts';
import { defineList, later } from './schema.ts';
import {
  trackBfdEntry,
  trackFileEntry,
  trackInterfaceEntry,
  trackProcessEntry,
  trackScriptEntry,
} from './track-entries.ts';

const unweighted = 'the priority does not change when what is tracked fails';
const untracked = { repeatable: true, ifIgnored: unweighted };

export const tracking = {
  track_interface: later(
    nothing,
    'Interfaces that must be up: without a weight a failure means Fault, with one it changes the priority',
    { ...untracked, block: defineList('an entry', trackInterfaceEntry) },
  ),
  track_script: later(
    nothing,
    'Names of vrrp_script blocks that must succeed: without a weight a failure means Fault, with one it changes the priority',
    { ...untracked, block: defineList('an entry', trackScriptEntry) },
  ),
  track_file: later(
    nothing,
    'Names of track_file blocks: the number in the file times the weight is added to the priority',
    { ...untracked, block: defineList('an entry', trackFileEntry) },
  ),
  track_process: later(
    nothing,
    'Names of vrrp_track_process blocks whose programs must run: without a weight a failure means Fault',
    { ...untracked, block: defineList('an entry', trackProcessEntry) },
  ),
  track_bfd: later(
    nothing,
    'Names of bfd_instance blocks whose sessions must be up: without a weight a failure means Fault',
    { ...untracked, block: defineList('an entry', trackBfdEntry) },
  ),
};
