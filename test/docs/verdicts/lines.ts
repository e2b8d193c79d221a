/** Options of addresses, routes and rules. */
import {
  addressEntry,
  addressesInKernel,
  addressOptionsInKernel,
  disturbances,
  heldKeywords,
  netlinkAddress,
  resolve,
  resolveGlobals,
  resolveStrict,
  routeKeywords,
  routesInKernel,
  staticItems,
} from './tests.ts';
import { alwaysSo, each, inFile, proven, type Verdict } from './verdict.ts';

const eachOption = addressEntry('an address with options › %s gives each option its value');
const hasOption = addressOptionsInKernel('an address has %s');
const asAsked = addressesInKernel(
  'addAddresses › prefix length, label, scope and broadcast are those asked for',
);
const flags = netlinkAddress('RTM_NEWADDR › has every flag, the low eight of them in the header too');
const allOptions = resolveStrict('what an instance does › holds its addresses with all their options');
const givenOptions = resolve('a vrrp_instance › reads the options of its addresses');

export const address: Readonly<Record<string, Verdict>> = {
  dev: proven(
    eachOption,
    heldKeywords('where the addresses are held › is the interface, or what dev says'),
    inFile('integration/network/announcer')(
      'the announcer › announces on another interface with the MAC address of that one',
    ),
  ),
  ...each(['brd', 'scope', 'label'], proven(eachOption, givenOptions, asAsked)),
  peer: proven(
    allOptions,
    netlinkAddress('RTM_NEWADDR › with a peer has it as IFA_ADDRESS, and its prefix length'),
    hasOption,
  ),
  ...each(['home', 'mngtmpaddr', 'noprefixroute', 'autojoin'], proven(allOptions, flags, hasOption)),
  '-nodad': alwaysSo(
    'an address is usable at once in any case: a Master cannot wait for duplicate address detection',
    eachOption,
    addressesInKernel('addAddresses › an IPv6 address is usable at once: no duplicate address detection'),
  ),
  preferred_lft: proven(
    allOptions,
    netlinkAddress('RTM_NEWADDR › has a preferred lifetime beside a valid one without end'),
    hasOption,
  ),
  no_track: proven(
    allOptions,
    heldKeywords('an address that somebody takes away › stays away with no_track'),
    staticItems('with no_track they stay away, unless they never were there'),
    disturbances('a virtual address that somebody deletes is put back, and lb01 stays Master'),
  ),
  use_vmac: proven(
    addressEntry("an address with options › may use a virtual MAC only where it is an instance's"),
    heldKeywords(
      'where the addresses are held › with use_vmac at one address is a macvlan for that one alone',
    ),
  ),
  track_group: proven(
    resolveGlobals('static items › name the instances that depend on them'),
    staticItems('track_group › makes what cannot be had a fault of its instances, until it can'),
  ),
};

const isAttribute = routeKeywords('an option of a route › %s is an attribute');
const isAttribute6 = routeKeywords('an option of a route › of IPv6, %s, is an attribute');
const inHeader = routeKeywords('an option of a route › %s is in the header');
const family = routeKeywords('an option of a route › %s is of the family %i');
const lockable = routeKeywords('a metric of a route › %s is in RTA_METRICS, and locked with lock');
const metric = routeKeywords('a metric of a route › %s is there');
const tunnelType = routeKeywords('an option of a route › %s is a tunnel of its type');
const inTunnel = routeKeywords('an option of a route › encap %s %s is in the tunnel');
const type = routeKeywords('an option of a route › %s is the type %i');
const hopHeader = routeKeywords('a next hop › with %s has it in its header');
const hopAttribute = routeKeywords('a next hop › with %s has an attribute more');
const hopGateway = routeKeywords('a next hop › has its gateway by via, or by the old word gw');

const shown = routesInKernel('routes › %s');
const metricsShown = routesInKernel(
  'routes › have their metrics, each locked where it says so, in the units of the line',
);
const hopsShown = routesInKernel('routes › over several next hops have their weights, and go as one');
const order = routesInKernel('routes › go before one with the same destination, or after it, or not at all');
const inVrf = inFile('integration/kernel/virtual-links')(
  'a VRF, and tunnels of routes › routes go into the table of their VRF, and through their tunnels',
);
const staysAway = heldKeywords('a new Master › leaves those with no_track away that went with them');
const staticStaysAway = staticItems('with no_track they stay away, unless they never were there');
const untracked = inFile('daemon/vrrp-process/link-events')(
  'what somebody takes away from a Master › stays away where it is %s',
);
const tied = staticItems('track_group › makes what cannot be had a fault of its instances, until it can');

const lockables = [
  'mtu', 'advmss', 'hoplimit', 'window', 'rtt', 'rttvar', 'rto_min', 'cwnd', 'ssthresh', 'reordering', 'congctl',
]; // biome-ignore format: one list

export const route: Readonly<Record<string, Verdict>> = {
  ...each(['inet', 'inet6', 'to'], proven(family, shown)),
  ...each(['src', 'via', 'metric', 'table'], proven(isAttribute, shown)),
  gw: proven(isAttribute),
  or: proven(routeKeywords('an option of a route › or is a further next hop')),
  dev: proven(isAttribute6, shown),
  vrf: proven(isAttribute, inVrf),
  ...each(['scope', 'tos', 'onlink'], proven(inHeader, shown)),
  protocol: proven(inHeader),
  ...each(
    lockables.flatMap((word) => [word, `${word} > lock`]),
    proven(lockable, metricsShown),
  ),
  ...each(
    ['initcwnd', 'initrwnd', 'quickack', 'fastopen_no_cookie', 'features'],
    proven(metric, metricsShown),
  ),
  realms: proven(isAttribute),
  expires: proven(isAttribute6, routesInKernel('routes › of IPv6 that expire do so')),
  pref: proven(isAttribute6, shown),
  'ttl-propagate': proven(isAttribute),
  encap: proven(tunnelType, inVrf),
  ...each(['encap mpls', 'encap ip', 'encap ip6', 'encap ila'], proven(tunnelType, inVrf)),
  ...each(
    ['id', 'dst', 'src', 'tos', 'ttl', 'flags'].map((word) => `encap ip > ${word}`),
    proven(inTunnel),
  ),
  ...each(
    ['id', 'dst', 'src', 'tc', 'hoplimit', 'flags'].map((word) => `encap ip6 > ${word}`),
    proven(inTunnel),
  ),
  nexthop: proven(hopHeader, hopsShown),
  ...each(['nexthop > via', 'nexthop > gw'], proven(hopGateway, hopsShown)),
  ...each(['nexthop > dev', 'nexthop > weight', 'nexthop > onlink'], proven(hopHeader, hopsShown)),
  ...each(['nexthop > encap', 'nexthop > realms'], proven(hopAttribute)),
  no_track: proven(untracked, staysAway, staticStaysAway),
  ...each(['add', 'append'], proven(order)),
  prepend: proven(
    order,
    inFile('config-parser/schema-routes')(
      'a line of static_routes › is a destination with a gateway and an interface',
    ),
  ),
  track_group: proven(resolveGlobals('static items › name the instances that depend on them'), tied),
  ...each(['local', 'throw', 'unreachable', 'prohibit', 'blackhole'], proven(type, shown)),
  ...each(['unicast', 'broadcast', 'anycast', 'multicast'], proven(type)),
};

const ruleAttribute = routeKeywords('an option of a rule › %s is an attribute');
const ruleAction = routeKeywords('an option of a rule › %s is the action %i');
const ruleHeader = routeKeywords('an option of a rule › inet, inet6, tos and not are in the header');
const ruleShown = routesInKernel('rules › %s');

export const rule: Readonly<Record<string, Verdict>> = {
  ...each(['inet', 'inet6', 'not', 'tos'], proven(ruleHeader, ruleShown)),
  ...each(
    [
      'from', 'to', 'preference', 'fwmark', 'iif', 'oif', 'suppress_prefixlength', 'suppress_ifgroup', 'tunnel-id',
      'uidrange', 'ipproto', 'sport', 'dport',
    ], // biome-ignore format: one list
    proven(ruleAttribute, ruleShown),
  ),
  ...each(['realms', 'protocol'], proven(ruleAttribute)),
  ...each(
    ['table', 'goto', 'nop', 'unreachable', 'blackhole', 'prohibit', 'l3mdev'],
    proven(ruleAction, ruleShown),
  ),
  no_track: proven(untracked, staticStaysAway, staysAway),
  track_group: proven(resolveGlobals('static items › name the instances that depend on them'), tied),
};
