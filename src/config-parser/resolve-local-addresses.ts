/** local_address_group and laddr_group_name: which addresses of this host FULLNAT hides clients behind. holdfast's own words. */
import { type AddressFamily, familyOf } from '../net/address.ts';
import type { ForwardingMethod, LocalAddressRange } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { ServerContext } from './resolve-virtual-server.ts';
import { firstOfEachName, type RootValues } from './tracker-names.ts';

/** By name; wherever they stand in the file. */
export function resolveLocalAddressGroups(
  outer: RootValues,
  context: ResolveContext,
): ReadonlyMap<string, readonly LocalAddressRange[]> {
  const given = firstOfEachName(outer.all('local_address_group'), context);
  for (const group of given) {
    if (group.entries.length > 0) continue;
    const message = `local_address_group ${group.value} has no good entry; FULLNAT uses the address that the route to a server has`;
    reportPart({ ...context, given: group }, 'error', 'group-empty', message);
  }
  return new Map(given.map(({ value, entries }) => [value, entries.map((entry) => entry.value)]));
}

const none: readonly LocalAddressRange[] = [];
const instead = 'the address that the route to a server has is used';

/** @param methods of the virtual server and of all its servers. */
export function resolveLocalAddresses(
  context: ServerContext,
  methods: readonly ForwardingMethod[],
): readonly LocalAddressRange[] {
  const given = context.values.last('laddr_group_name');
  if (given === undefined) return none;
  const report = (code: string, message: string, help?: string): readonly LocalAddressRange[] => {
    reportPart(context, 'error', code, message, given.span, help);
    return none;
  };
  if (!methods.some(({ forwarding }) => forwarding === 'FULLNAT')) {
    const message = `laddr_group_name is for FULLNAT, which no server of ${context.facts.text} uses; the line is ignored`;
    return report('local-addresses-ignored', message, 'write "lb_kind FULLNAT", or delete the line');
  }
  const group = context.surroundings.localAddressGroups.get(given.value);
  if (group === undefined) {
    const message = `there is no local_address_group ${given.value}; ${instead}`;
    return report('unknown-local-address-group', message, `define "local_address_group ${given.value}"`);
  }
  const { families } = context.facts;
  const fitting = group.filter(({ first }) => families.includes(familyOf(first)));
  if (fitting.length < group.length) {
    const message = `local_address_group ${given.value} has ${namesOf(families, group)} addresses, which cannot stand in packets of ${context.facts.text}; they are left out${fitting.length === 0 ? `, and ${instead}` : ''}`;
    report('address-family-mismatch', message);
  }
  return fitting;
}

function namesOf(families: readonly AddressFamily[], group: readonly LocalAddressRange[]): string {
  const others = group.map(({ first }) => familyOf(first)).filter((family) => !families.includes(family));
  return others[0] === 6 ? 'IPv6' : 'IPv4';
}
