/** The rules that look at a file together with the machine that it is for. */
import type { Rule } from '../../rule.ts';
import { accountMissing } from './account-missing.ts';
import { certificateMissing } from './certificate-missing.ts';
import { dynamicInterfaceMissing } from './dynamic-interface-missing.ts';
import { fifoNotAPipe } from './fifo-not-a-pipe.ts';
import { interfaceDown } from './interface-down.ts';
import { ipForward } from './ip-forward.ts';
import { ipvsNotLoaded } from './ipvs-not-loaded.ts';
import { keyFile } from './key-file.ts';
import { localAddressMissing } from './local-address-missing.ts';
import { loopbackInterface } from './loopback-interface.ts';
import { noMulticast } from './no-multicast.ts';
import { noSourceAddress } from './no-source-address.ts';
import { nonlocalBind } from './nonlocal-bind.ts';
import { scriptAccountMissing } from './script-account-missing.ts';
import { scriptInsecure } from './script-insecure.ts';
import { hostScriptMissing } from './script-missing.ts';
import { smtpNotListening } from './smtp-not-listening.ts';
import { sourceAddressMissing } from './source-address-missing.ts';
import { trackFileMissing } from './track-file-missing.ts';
import { hostUnicastSelfPeer } from './unicast-self-peer.ts';
import { hostVersionMismatch } from './version-mismatch.ts';
import { hostVipOutsideSubnet } from './vip-outside-subnet.ts';
import { vipsExceedMtu } from './vips-exceed-mtu.ts';
import { vmacNotEthernet } from './vmac-not-ethernet.ts';
import { vmacSysctls } from './vmac-sysctls.ts';

export const hostRules: readonly Rule[] = [
  dynamicInterfaceMissing,
  localAddressMissing,
  loopbackInterface,
  interfaceDown,
  noMulticast,
  noSourceAddress,
  sourceAddressMissing,
  hostUnicastSelfPeer,
  vmacNotEthernet,
  hostVipOutsideSubnet,
  vipsExceedMtu,
  hostScriptMissing,
  scriptInsecure,
  accountMissing,
  scriptAccountMissing,
  trackFileMissing,
  keyFile,
  certificateMissing,
  fifoNotAPipe,
  ipForward,
  ipvsNotLoaded,
  vmacSysctls,
  nonlocalBind,
  smtpNotListening,
  hostVersionMismatch,
];
