/** Every rule, in the order in which they claim what the parser found: the general ones, of `conf`, come last. */
import type { Rule } from '../rule.ts';
import { confRules } from './conf/index.ts';
import { hostRules } from './host/index.ts';
import { lintRules } from './lint/index.ts';
import { lvsRules } from './lvs/index.ts';
import { pairRules } from './pair/index.ts';
import { vrrpAddressesRules } from './vrrp/addresses/index.ts';
import { vrrpRouterRules } from './vrrp/router/index.ts';
import { vrrpTrackingRules } from './vrrp/tracking/index.ts';

export const allRules: readonly Rule[] = [
  ...vrrpRouterRules,
  ...vrrpAddressesRules,
  ...vrrpTrackingRules,
  ...lvsRules,
  ...pairRules,
  ...hostRules,
  ...lintRules,
  ...confRules,
];
