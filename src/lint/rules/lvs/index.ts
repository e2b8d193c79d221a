/** The rules about virtual servers, real servers and checkers. */
import type { Rule } from '../../rule.ts';
import { addressFamilyMismatch } from './address-family-mismatch.ts';
import { allWeightsZero } from './all-weights-zero.ts';
import { alphaMissing } from './alpha-missing.ts';
import { checkScriptAsRoot } from './check-script-as-root.ts';
import { checkWithoutPort } from './check-without-port.ts';
import { checkerDropped } from './checker-dropped.ts';
import { checkerValue } from './checker-value.ts';
import { checksFromVirtualAddress } from './checks-from-virtual-address.ts';
import { connectTimeoutVsDelay } from './connect-timeout-vs-delay.ts';
import { defaultSmtpAlertTrue } from './default-smtp-alert-true.ts';
import { delayLoopDefault } from './delay-loop-default.ts';
import { detectionTime } from './detection-time.ts';
import { drArp } from './dr-arp.ts';
import { drPortDiffers } from './dr-port-differs.ts';
import { duplicateGroupService } from './duplicate-group-service.ts';
import { duplicateRealServer } from './duplicate-real-server.ts';
import { duplicateVirtualServer } from './duplicate-virtual-server.ts';
import { forwardingMethodMissing } from './forwarding-method-missing.ts';
import { fullnatOps } from './fullnat-ops.ts';
import { fwmarkProtocol } from './fwmark-protocol.ts';
import { groupEmpty } from './group-empty.ts';
import { groupFamilyMismatch } from './group-family-mismatch.ts';
import { groupMixedFamilies } from './group-mixed-families.ts';
import { groupPortDiffers } from './group-port-differs.ts';
import { groupTooLarge } from './group-too-large.ts';
import { groupTwoProtocols } from './group-two-protocols.ts';
import { haSuspendFwmark } from './ha-suspend-fwmark.ts';
import { httpCheckerNoVirtualhost } from './http-checker-no-virtualhost.ts';
import { httpRegex } from './http-regex.ts';
import { httpSlowRecovery } from './http-slow-recovery.ts';
import { httpStatusDefault } from './http-status-default.ts';
import { hysteresisNotBelowQuorum } from './hysteresis-not-below-quorum.ts';
import { inhibitVsConnections } from './inhibit-vs-connections.ts';
import { localAddressesIgnored } from './local-addresses-ignored.ts';
import { mhFlagOrder } from './mh-flag-order.ts';
import { miscCheckArgs } from './misc-check-args.ts';
import { miscDynamicExitCodes } from './misc-dynamic-exit-codes.ts';
import { natReturnPath } from './nat-return-path.ts';
import { noRealServer } from './no-real-server.ts';
import { omegaMissing } from './omega-missing.ts';
import { opsWithoutUdp } from './ops-without-udp.ts';
import { persistenceEngineWithoutTimeout } from './persistence-engine-without-timeout.ts';
import { persistenceMissing } from './persistence-missing.ts';
import { portZeroWithoutPersistence } from './port-zero-without-persistence.ts';
import { quorumExceedsWeights } from './quorum-exceeds-weights.ts';
import { quorumWithoutAction } from './quorum-without-action.ts';
import { rsWithoutChecker } from './rs-without-checker.ts';
import { schedulerMissing } from './scheduler-missing.ts';
import { sorryInhibitDiffers } from './sorry-inhibit-differs.ts';
import { sorryOptionOrder } from './sorry-option-order.ts';
import { sorrySameAsReal } from './sorry-same-as-real.ts';
import { sslGetNoSni } from './ssl-get-no-sni.ts';
import { tcpCheckOnUdp } from './tcp-check-on-udp.ts';
import { thresholdReload } from './threshold-reload.ts';
import { udpReplyLengths } from './udp-reply-lengths.ts';
import { udpVsWithoutProtocol } from './udp-vs-without-protocol.ts';
import { unknownLocalAddressGroup } from './unknown-local-address-group.ts';
import { unknownVsg } from './unknown-vsg.ts';
import { vipNotInVrrp } from './vip-not-in-vrrp.ts';
import { vrrpVipWithoutService } from './vrrp-vip-without-service.ts';

export const lvsRules: readonly Rule[] = [
  noRealServer,
  udpVsWithoutProtocol,
  schedulerMissing,
  forwardingMethodMissing,
  opsWithoutUdp,
  portZeroWithoutPersistence,
  fullnatOps,
  fwmarkProtocol,
  haSuspendFwmark,
  duplicateVirtualServer,
  duplicateGroupService,
  duplicateRealServer,
  addressFamilyMismatch,
  drPortDiffers,
  allWeightsZero,
  hysteresisNotBelowQuorum,
  quorumExceedsWeights,
  quorumWithoutAction,
  sorryOptionOrder,
  sorrySameAsReal,
  sorryInhibitDiffers,
  mhFlagOrder,
  persistenceMissing,
  persistenceEngineWithoutTimeout,
  groupEmpty,
  groupMixedFamilies,
  groupFamilyMismatch,
  groupPortDiffers,
  groupTwoProtocols,
  groupTooLarge,
  unknownVsg,
  localAddressesIgnored,
  unknownLocalAddressGroup,
  rsWithoutChecker,
  checkerDropped,
  checkerValue,
  checkWithoutPort,
  udpReplyLengths,
  tcpCheckOnUdp,
  delayLoopDefault,
  checksFromVirtualAddress,
  connectTimeoutVsDelay,
  detectionTime,
  alphaMissing,
  httpRegex,
  httpStatusDefault,
  httpCheckerNoVirtualhost,
  httpSlowRecovery,
  sslGetNoSni,
  miscCheckArgs,
  miscDynamicExitCodes,
  checkScriptAsRoot,
  defaultSmtpAlertTrue,
  omegaMissing,
  inhibitVsConnections,
  thresholdReload,
  drArp,
  natReturnPath,
  vipNotInVrrp,
  vrrpVipWithoutService,
];
