/** keepalived.conf(5): lb_kind and lvs_method: what follows from them. */
import type { ForwardingMethod } from './config.ts';

/** keepalived.conf(5): lb_kind where none is given. */
export const defaultMethod: ForwardingMethod = { forwarding: 'NAT' };

/** Only what rewrites packets can lead from one port to another. */
export function changesPorts({ forwarding }: ForwardingMethod): boolean {
  return forwarding === 'NAT' || forwarding === 'FULLNAT';
}
