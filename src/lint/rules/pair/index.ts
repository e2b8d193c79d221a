/** The rules that look at two or more directors together. */
import type { Rule } from '../../rule.ts';
import { advertIntMismatch } from './advert-int-mismatch.ts';
import { authMismatch } from './auth-mismatch.ts';
import { both255 } from './both-255.ts';
import { configIdConditional } from './config-id-conditional.ts';
import { equalPriority } from './equal-priority.ts';
import { familyMismatch } from './family-mismatch.ts';
import { healthMismatch } from './health-mismatch.ts';
import { instanceMissing } from './instance-missing.ts';
import { interfaceNameDiffers } from './interface-name-differs.ts';
import { ipv6LinkLocalSource } from './ipv6-link-local-source.ts';
import { noPriorityGap } from './no-priority-gap.ts';
import { preemptAsymmetry } from './preempt-asymmetry.ts';
import { priorityInversionAcrossGroups } from './priority-inversion-across-groups.ts';
import { routerIdDuplicate } from './router-id-duplicate.ts';
import { scriptMismatch } from './script-mismatch.ts';
import { syncDaemon } from './sync-daemon.ts';
import { syncDaemonOneSided } from './sync-daemon-one-sided.ts';
import { syncGroupMismatch } from './sync-group-mismatch.ts';
import { timeSync } from './time-sync.ts';
import { unicastReciprocal } from './unicast-reciprocal.ts';
import { unicastVsMulticast } from './unicast-vs-multicast.ts';
import { upgradeOrder } from './upgrade-order.ts';
import { versionMismatch } from './version-mismatch.ts';
import { versionOfDaemon } from './version-of-daemon.ts';
import { vipListMismatch } from './vip-list-mismatch.ts';
import { vipMaskMismatch } from './vip-mask-mismatch.ts';
import { virtualServerMismatch } from './virtual-server-mismatch.ts';
import { vridCollisionOtherCluster } from './vrid-collision-other-cluster.ts';
import { vridMismatch } from './vrid-mismatch.ts';

export const pairRules: readonly Rule[] = [
  vridMismatch,
  advertIntMismatch,
  versionMismatch,
  authMismatch,
  vipListMismatch,
  vipMaskMismatch,
  equalPriority,
  noPriorityGap,
  both255,
  preemptAsymmetry,
  unicastReciprocal,
  unicastVsMulticast,
  familyMismatch,
  instanceMissing,
  virtualServerMismatch,
  healthMismatch,
  routerIdDuplicate,
  syncGroupMismatch,
  syncDaemonOneSided,
  syncDaemon,
  interfaceNameDiffers,
  scriptMismatch,
  priorityInversionAcrossGroups,
  vridCollisionOtherCluster,
  versionOfDaemon,
  timeSync,
  upgradeOrder,
  ipv6LinkLocalSource,
  configIdConditional,
];
