/** keepalived.conf(5): a line of static_routes or virtual_routes: ip-route(8)'s words, with a few of keepalived's own. */
import { familyOf } from '../../net/address.ts';
import type { Word } from '../words.ts';
import type { Argument, ArgumentResult, Problem } from './arguments.ts';
import { type LineOptions, readOptionLine, refusalOf, switchOn, syntaxOf } from './line-options.ts';
import type { RouteEntry, RouteType } from './route.ts';
import { type RouteDraft, readDestination, routeOptions, trackGroupOption } from './route-options.ts';
import { foreignProtocol } from './route-protocol.ts';

function routeEntry(options: LineOptions<RouteDraft>, ownSamples: readonly string[]): Argument<RouteEntry> {
  const withTypes: LineOptions<RouteDraft> = new Map([...typeOptions(), ...options]);
  return {
    expects: 'a destination, and options',
    syntax: `[inet|inet6] [<type>] <ip>[/<prefix>]|default ${syntaxOf(options)}`,
    samples: { good: [...goodSamples, ...ownSamples], bad: badSamples },
    parse: (words) => parseRoute(words, withTypes),
  };
}

const goodSamples = [
  '192.0.2.0/24 via 198.51.100.1 dev eth0',
  'default via 198.51.100.1 dev eth0 metric 10 table 100',
  'inet6 default via 2001:db8::1 dev eth0 pref high expires 30',
  'to 192.0.2.0/24 dev eth0 src 198.51.100.1 scope link tos 0x10 protocol bird no_track',
  'blackhole 192.0.2.0/24 dev eth0',
  '192.0.2.0/24 dev eth0 mtu lock 1400 rtt 10ms congctl lock reno features ecn quickack 1 realms 1/2 append',
  '192.0.2.0/24 nexthop via 198.51.100.1 dev eth0 weight 2 nexthop via 198.51.100.2 dev eth1 onlink no_track',
  '192.0.2.0/24 dev eth0 encap ip id 1 dst 198.51.100.9 ttl 3 onlink',
];

const badSamples = [
  'dev eth0',
  'host.example dev eth0',
  '192.0.2.0/33 dev eth0',
  '192.0.2.0/24 dev eth0 metric x',
  '192.0.2.0/24 dev eth0 metirc 5',
  '192.0.2.0/24 dev',
  '192.0.2.0/24 via 2001:db8::1 dev eth0',
  '192.0.2.0/24 dev eth0 pref high',
  '192.0.2.0/24 nexthop via 198.51.100.1 dev eth0 weight 257',
  '192.0.2.0/24 dev eth0 encap vxlan 3',
  '192.0.2.0/24 via 198.51.100.1',
  '192.0.2.0/24 dev eth0 protocol bird',
];

const types: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'throw',
  'unreachable',
  'prohibit',
  'blackhole',
];

/** A line of virtual_routes. */
export const virtualRoute = routeEntry(routeOptions, []);

/** A line of static_routes. */
export const staticRoute = routeEntry(new Map([...routeOptions, ['track_group', trackGroupOption]]), [
  '192.0.2.0/24 dev eth0 track_group name',
]);

function typeOptions(): LineOptions<RouteDraft> {
  return new Map(
    types.map((type) => [
      type,
      switchOn<RouteDraft>((draft) => {
        draft.type = type;
      }),
    ]),
  );
}

function parseRoute(words: readonly Word[], options: LineOptions<RouteDraft>): ArgumentResult<RouteEntry> {
  const [first] = words;
  if (first === undefined) return { ok: false };
  const draft: RouteDraft = {
    type: 'unicast',
    mode: 'prepend',
    metrics: {},
    onlink: false,
    nexthops: [],
    noTrack: false,
    addresses: [],
  };
  const { faults, problems } = readOptionLine(words, options, draft, { subject: readDestination });
  const [fault] = faults;
  const isStranger = fault !== undefined && fault.option === undefined && fault.suggested === undefined;
  if (draft.destination === undefined && (fault === undefined || isStranger)) {
    return { ok: false, word: fault?.word ?? first, expects: 'given a destination such as 192.0.2.0/24' };
  }
  if (fault !== undefined) return refusalOf(fault, 'a destination');
  const wrong = familyFault(draft);
  if (wrong !== undefined) return { ok: false, word: first, expects: wrong };
  const foreign = foreignProtocol(first, draft, 'route');
  const value = routeOf(draft, foreign === undefined);
  const said = [...problems, ...(foreign ? [foreign] : []), ...untracked(first, value)];
  return { ok: true, value, used: words.length, problems: said };
}

function routeOf(draft: RouteDraft, keepsProtocol: boolean): RouteEntry {
  const { destination = 'default', addresses, protocol, ...others } = draft;
  const family = draft.family ?? (addresses[0] && familyOf(addresses[0]));
  return {
    ...others,
    destination,
    ...(family && { family }),
    ...(protocol !== undefined && keepsProtocol && { protocol }),
  };
}

/** Completes "a route must be", when its addresses and options do not go together. */
function familyFault(draft: RouteDraft): string | undefined {
  const families = new Set([...draft.addresses.map(familyOf), ...(draft.family ? [draft.family] : [])]);
  if (families.size > 1) return 'of IPv4 or of IPv6 alone';
  const isV6 = families.has(6);
  if (!isV6 && draft.expiresSeconds !== undefined) return 'of IPv6 to have "expires"';
  if (!isV6 && draft.preference !== undefined) return 'of IPv6 to have "pref"';
  return undefined;
}

/** keepalived watches a route by its interface. */
function untracked(word: Word, route: RouteEntry): readonly Problem[] {
  if (route.noTrack || route.device !== undefined) return [];
  return [
    {
      word,
      severity: 'warning',
      code: 'value-changed',
      message: 'this route names no interface of its own, so nothing is done when it disappears',
      help: 'add "dev" and the interface, or "no_track" if that is meant',
    },
  ];
}
