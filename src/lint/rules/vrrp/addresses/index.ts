/** The rules of this folder. */
import type { Rule } from '../../../rule.ts';
import { duplicateVip } from './duplicate-vip.ts';
import { duplicateVipAcrossInstances } from './duplicate-vip-across-instances.ts';
import { excludedButNeeded } from './excluded-but-needed.ts';
import { garpIntervalLong } from './garp-interval-long.ts';
import { noVirtualAddress } from './no-virtual-address.ts';
import { noVirtualIpaddressInStrict } from './no-virtual-ipaddress-in-strict.ts';
import { tooManyVips } from './too-many-vips.ts';
import { v6FirstVipNotLinkLocal } from './v6-first-vip-not-link-local.ts';
import { vipDefaultPrefix } from './vip-default-prefix.ts';
import { vipEntryInvalid } from './vip-entry-invalid.ts';
import { vipEqualsInterfaceAddress } from './vip-equals-interface-address.ts';
import { vipFamilyMismatch } from './vip-family-mismatch.ts';
import { vipOutsideSubnet } from './vip-outside-subnet.ts';
import { vipUseVmacWithoutDev } from './vip-use-vmac-without-dev.ts';
import { vipVmacClash } from './vip-vmac-clash.ts';
import { vipWithoutInterface } from './vip-without-interface.ts';
import { vipsBeyondMtu } from './vips-beyond-mtu.ts';

export const vrrpAddressesRules: readonly Rule[] = [
  noVirtualAddress,
  noVirtualIpaddressInStrict,
  tooManyVips,
  vipsBeyondMtu,
  excludedButNeeded,
  v6FirstVipNotLinkLocal,
  duplicateVip,
  duplicateVipAcrossInstances,
  vipFamilyMismatch,
  vipEntryInvalid,
  vipDefaultPrefix,
  vipEqualsInterfaceAddress,
  vipOutsideSubnet,
  vipWithoutInterface,
  vipUseVmacWithoutDev,
  vipVmacClash,
  garpIntervalLong,
];
