/** The rules about a virtual router itself: identity, authentication, transport, priority, preemption and timing. */
import type { Rule } from '../../../rule.ts';
import { advertIntV2Fraction } from './advert-int-v2-fraction.ts';
import { advertIntV3Step } from './advert-int-v3-step.ts';
import { authAhIpv6 } from './auth-ah-ipv6.ts';
import { authAhWithMaster } from './auth-ah-with-master.ts';
import { authHmacActiveKey } from './auth-hmac-active-key.ts';
import { authHmacDuplicateKey } from './auth-hmac-duplicate-key.ts';
import { authHmacKey } from './auth-hmac-key.ts';
import { authHmacStrictMode } from './auth-hmac-strict-mode.ts';
import { authHmacWithAuthentication } from './auth-hmac-with-authentication.ts';
import { authInStrict } from './auth-in-strict.ts';
import { authPassInPlain } from './auth-pass-in-plain.ts';
import { authPassTruncated } from './auth-pass-truncated.ts';
import { authV3Ignored } from './auth-v3-ignored.ts';
import { authWithoutPassword } from './auth-without-password.ts';
import { authWithoutType } from './auth-without-type.ts';
import { debounceTooLong } from './debounce-too-long.ts';
import { duplicateInstanceName } from './duplicate-instance-name.ts';
import { duplicateVrid } from './duplicate-vrid.ts';
import { duplicateVridOtherFamily } from './duplicate-vrid-other-family.ts';
import { firewallBlocksVrrp } from './firewall-blocks-vrrp.ts';
import { garpRefreshMissing } from './garp-refresh-missing.ts';
import { interfaceMissing } from './interface-missing.ts';
import { ipvlanWithoutSource } from './ipvlan-without-source.ts';
import { loopbackInterface } from './loopback-interface.ts';
import { mcastDstWithUnicast } from './mcast-dst-with-unicast.ts';
import { nopreemptWithMaster } from './nopreempt-with-master.ts';
import { nopreemptWithOwner } from './nopreempt-with-owner.ts';
import { ownerIgnoreAdverts } from './owner-ignore-adverts.ts';
import { preemptDelayWithMaster } from './preempt-delay-with-master.ts';
import { preemptDelayWithNopreempt } from './preempt-delay-with-nopreempt.ts';
import { priority255NotOwner } from './priority-255-not-owner.ts';
import { priorityZeroRange } from './priority-zero-range.ts';
import { promoteSecondariesWithVmac } from './promote-secondaries-with-vmac.ts';
import { shortAdvertWithPreemptDelayMissing } from './short-advert-with-preempt-delay-missing.ts';
import { stateMasterMisleading } from './state-master-misleading.ts';
import { stateMasterWithoutPriority } from './state-master-without-priority.ts';
import { strictAcceptV2 } from './strict-accept-v2.ts';
import { strictDownTimerAdverts } from './strict-down-timer-adverts.ts';
import { strictLowerPriority } from './strict-lower-priority.ts';
import { strictPreemptDelay } from './strict-preempt-delay.ts';
import { strictStateMaster } from './strict-state-master.ts';
import { strictUnicast } from './strict-unicast.ts';
import { strictVipNotPingable } from './strict-vip-not-pingable.ts';
import { strictVmacMac } from './strict-vmac-mac.ts';
import { strictVmacXmitBase } from './strict-vmac-xmit-base.ts';
import { timerExpiredBackup } from './timer-expired-backup.ts';
import { unicastNoCheckSrc } from './unicast-no-check-src.ts';
import { unicastPeerDuplicate } from './unicast-peer-duplicate.ts';
import { unicastPeerFamily } from './unicast-peer-family.ts';
import { unicastPeerMalformed } from './unicast-peer-malformed.ts';
import { unicastSelfPeer } from './unicast-self-peer.ts';
import { unicastVmacXmitBase } from './unicast-vmac-xmit-base.ts';
import { unicastWithoutPeers } from './unicast-without-peers.ts';
import { versionConflict } from './version-conflict.ts';
import { vmacMac } from './vmac-mac.ts';
import { vmacNameClash } from './vmac-name-clash.ts';
import { vmacRpFilter } from './vmac-rp-filter.ts';
import { vmacXmitBaseWithoutVmac } from './vmac-xmit-base-without-vmac.ts';
import { vrfWithoutUnicast } from './vrf-without-unicast.ts';
import { vridMissing } from './vrid-missing.ts';
import { vridSparse } from './vrid-sparse.ts';

export const vrrpRouterRules: readonly Rule[] = [
  vridMissing,
  interfaceMissing,
  duplicateVrid,
  duplicateInstanceName,
  strictStateMaster,
  versionConflict,
  loopbackInterface,
  vrfWithoutUnicast,
  duplicateVridOtherFamily,
  vridSparse,
  authInStrict,
  authAhIpv6,
  authV3Ignored,
  authWithoutPassword,
  authWithoutType,
  authAhWithMaster,
  authPassTruncated,
  authPassInPlain,
  authHmacWithAuthentication,
  authHmacActiveKey,
  authHmacStrictMode,
  authHmacKey,
  authHmacDuplicateKey,
  strictUnicast,
  unicastWithoutPeers,
  mcastDstWithUnicast,
  unicastPeerMalformed,
  unicastPeerFamily,
  unicastPeerDuplicate,
  unicastSelfPeer,
  unicastNoCheckSrc,
  unicastVmacXmitBase,
  vmacXmitBaseWithoutVmac,
  vmacNameClash,
  vmacMac,
  strictVmacMac,
  strictVmacXmitBase,
  vmacRpFilter,
  promoteSecondariesWithVmac,
  ipvlanWithoutSource,
  firewallBlocksVrrp,
  priorityZeroRange,
  stateMasterWithoutPriority,
  priority255NotOwner,
  stateMasterMisleading,
  nopreemptWithOwner,
  nopreemptWithMaster,
  preemptDelayWithMaster,
  preemptDelayWithNopreempt,
  strictPreemptDelay,
  strictDownTimerAdverts,
  timerExpiredBackup,
  advertIntV2Fraction,
  advertIntV3Step,
  strictAcceptV2,
  strictLowerPriority,
  strictVipNotPingable,
  ownerIgnoreAdverts,
  debounceTooLong,
  shortAdvertWithPreemptDelayMissing,
  garpRefreshMissing,
];
