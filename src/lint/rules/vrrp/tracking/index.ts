/** The rules of this folder. */
import type { Rule } from '../../../rule.ts';
import { duplicateDefinition } from './duplicate-definition.ts';
import { fifoClash } from './fifo-clash.ts';
import { garpGroupWithoutDelay } from './garp-group-without-delay.ts';
import { groupWeightWithOwner } from './group-weight-with-owner.ts';
import { interfaceUpDelayZero } from './interface-up-delay-zero.ts';
import { missingSyncGroup } from './missing-sync-group.ts';
import { noTrackInterfaceNeeded } from './no-track-interface-needed.ts';
import { notifyScriptMissing } from './notify-script-missing.ts';
import { processQuorumMax } from './process-quorum-max.ts';
import { scriptFlaps } from './script-flaps.ts';
import { scriptRoot } from './script-root.ts';
import { scriptSlowerThanInterval } from './script-slower-than-interval.ts';
import { scriptUserMissing } from './script-user-missing.ts';
import { slowFailureDetection } from './slow-failure-detection.ts';
import { smtpWithoutServer } from './smtp-without-server.ts';
import { syncDaemonUnknownInstance } from './sync-daemon-unknown-instance.ts';
import { syncGroupMemberTwice } from './sync-group-member-twice.ts';
import { syncGroupMixedOwner } from './sync-group-mixed-owner.ts';
import { syncGroupMixedPriorities } from './sync-group-mixed-priorities.ts';
import { syncGroupTooSmall } from './sync-group-too-small.ts';
import { syncGroupUnknownMember } from './sync-group-unknown-member.ts';
import { trackFileDefaultWeight } from './track-file-default-weight.ts';
import { trackGroupMembers } from './track-group-members.ts';
import { trackInterfaceOnInstanceAndGroup } from './track-interface-on-instance-and-group.ts';
import { trackedTwice } from './tracked-twice.ts';
import { trackerIncomplete } from './tracker-incomplete.ts';
import { unknownTrackGroup } from './unknown-track-group.ts';
import { unknownTracker } from './unknown-tracker.ts';
import { untrackedOtherInterface } from './untracked-other-interface.ts';
import { weightClamps } from './weight-clamps.ts';
import { weightIgnoredInSyncGroup } from './weight-ignored-in-sync-group.ts';
import { weightTooSmall } from './weight-too-small.ts';
import { weightWithNopreempt } from './weight-with-nopreempt.ts';

export const vrrpTrackingRules: readonly Rule[] = [
  unknownTracker,
  trackerIncomplete,
  trackedTwice,
  processQuorumMax,
  trackInterfaceOnInstanceAndGroup,
  duplicateDefinition,
  noTrackInterfaceNeeded,
  untrackedOtherInterface,
  weightTooSmall,
  weightClamps,
  weightIgnoredInSyncGroup,
  groupWeightWithOwner,
  weightWithNopreempt,
  trackFileDefaultWeight,
  scriptSlowerThanInterval,
  slowFailureDetection,
  scriptFlaps,
  notifyScriptMissing,
  scriptUserMissing,
  scriptRoot,
  missingSyncGroup,
  syncGroupUnknownMember,
  syncGroupMemberTwice,
  syncGroupTooSmall,
  syncGroupMixedOwner,
  syncGroupMixedPriorities,
  syncDaemonUnknownInstance,
  smtpWithoutServer,
  fifoClash,
  interfaceUpDelayZero,
  trackGroupMembers,
  unknownTrackGroup,
  garpGroupWithoutDelay,
];
