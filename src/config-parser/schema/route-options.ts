/** keepalived.conf(5): the options of a route, by word. */
import type { AddressFamily, IpAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import { type Argument, choice, integer, interfaceName, name } from './arguments.ts';
import { type LineOption, type LineOptions, type OptionResult, option, switchOn } from './line-options.ts';
import { type Network, parseNetwork } from './network.ts';
import type { Nexthop, RouteEntry, RouteMetrics } from './route.ts';
import { encapsulation } from './route-encapsulation.ts';
import { lockable, routeNumber, routeTime, zeroOrOne } from './route-metrics.ts';
import { nexthop, oldWord, routeAddress } from './route-nexthop.ts';
import { realms, routingProtocol, routingTable, scope, typeOfService } from './routing-names.ts';

type Mutable<Value> = { -readonly [Name in keyof Value]: Value[Name] };

/** A route while its line is read. */
export interface RouteDraft extends Mutable<Omit<RouteEntry, 'destination' | 'metrics' | 'nexthops'>> {
  destination?: Network | 'default';
  readonly metrics: Mutable<RouteMetrics>;
  readonly nexthops: Nexthop[];
  /** Addresses of all kinds, in the order of the line. */
  readonly addresses: IpAddress[];
}

/** The word that is no option: once, where the route leads. */
export function readDestination(draft: RouteDraft, { value }: Word): boolean {
  if (draft.destination !== undefined) return false;
  if (value === 'default' || value === 'all') {
    draft.destination = 'default';
    return true;
  }
  const network = parseNetwork(value);
  if (network === undefined) return false;
  draft.destination = network;
  draft.addresses.push(network.address);
  return true;
}

type Address = 'source' | 'gateway';

function addressOption(where: Address): LineOption<RouteDraft> {
  return option(routeAddress, (draft, value) => {
    draft[where] = value;
    draft.addresses.push(value);
  });
}

function familyOption(family: AddressFamily): LineOption<RouteDraft> {
  return switchOn((draft) => {
    draft.family = family;
  });
}

function modeOption(mode: RouteEntry['mode']): LineOption<RouteDraft> {
  return switchOn((draft) => {
    draft.mode = mode;
  });
}

function fieldOption<Name extends keyof RouteEntry & keyof RouteDraft>(
  field: Name,
  argument: Argument<RouteDraft[Name]>,
): LineOption<RouteDraft> {
  return option(argument, (draft, value) => {
    draft[field] = value;
  });
}

function metricOption<Name extends keyof RouteMetrics>(
  field: Name,
  argument: Argument<NonNullable<RouteMetrics[Name]>>,
): readonly [string, LineOption<RouteDraft>] {
  return [
    field === 'ecn' ? 'features' : field,
    option(argument, (draft, value) => {
      const metrics: { -readonly [Key in keyof RouteMetrics]: RouteMetrics[Key] } = draft.metrics;
      metrics[field] = value;
    }),
  ];
}

/** A second gateway, in the old form. */
const alternative: LineOption<RouteDraft> = oldWord(
  'or',
  'nexthop via',
  option(routeAddress, (draft, value) => {
    draft.nexthops.push({ gateway: value, onlink: false });
    draft.addresses.push(value);
  }),
);

const ecn: Argument<boolean> = {
  expects: 'ecn, the only feature there is',
  syntax: 'ecn',
  choices: ['ecn'],
  samples: { good: ['ecn'], bad: ['', 'x'] },
  parse: (words) => {
    const result = choice('ecn').parse(words);
    return result.ok ? { ...result, value: true } : result;
  },
};

const enabled: Argument<boolean> = {
  ...choice('enabled', 'disabled'),
  parse: (words) => {
    const result = choice('enabled', 'disabled').parse(words);
    return result.ok ? { ...result, value: result.value === 'enabled' } : result;
  },
};

const destination: LineOption<RouteDraft> = {
  syntax: '<ip>[/<prefix>]|default',
  read: (draft, [word]): OptionResult => {
    if (word !== undefined && readDestination(draft, word)) return { ok: true, used: 1 };
    return { ok: false, ...(word && { word }), expects: 'one network, or default,' };
  },
};

const gateway = addressOption('gateway');
const device = fieldOption('device', interfaceName);
const metric = fieldOption('metric', routeNumber);
const service = fieldOption('typeOfService', typeOfService);

export const trackGroupOption = fieldOption('trackGroup', name);

/** By word; those with one meaning share an entry. */
export const routeOptions: LineOptions<RouteDraft> = new Map<string, LineOption<RouteDraft>>([
  ['inet', familyOption(4)],
  ['inet6', familyOption(6)],
  ['to', destination],
  ['src', addressOption('source')],
  ['via', gateway],
  ['gw', oldWord('gw', 'via', gateway)],
  ['or', alternative],
  ['dev', device],
  ['oif', device],
  ['vrf', fieldOption('vrf', interfaceName)],
  ['table', fieldOption('table', routingTable)],
  ['metric', metric],
  ['priority', metric],
  ['preference', metric],
  ['scope', fieldOption('scope', scope)],
  ['tos', service],
  ['dsfield', service],
  ['protocol', fieldOption('protocol', routingProtocol)],
  metricOption('mtu', lockable(routeNumber)),
  metricOption('advmss', lockable(routeNumber)),
  metricOption('hoplimit', lockable(integer(0, 255))),
  metricOption('window', lockable(routeNumber)),
  metricOption('rtt', lockable(routeTime)),
  metricOption('rttvar', lockable(routeTime)),
  metricOption('rto_min', lockable(routeTime)),
  metricOption('cwnd', lockable(routeNumber)),
  metricOption('ssthresh', lockable(routeNumber)),
  metricOption('reordering', lockable(routeNumber)),
  metricOption('initcwnd', routeNumber),
  metricOption('initrwnd', routeNumber),
  metricOption('quickack', zeroOrOne),
  metricOption('fastopen_no_cookie', zeroOrOne),
  metricOption('congctl', lockable(name)),
  metricOption('ecn', ecn),
  ['realms', fieldOption('realms', realms)],
  ['expires', fieldOption('expiresSeconds', routeNumber)],
  [
    'onlink',
    switchOn((draft) => {
      draft.onlink = true;
    }),
  ],
  ['encap', fieldOption('encapsulation', encapsulation)],
  ['pref', fieldOption('preference', choice('low', 'medium', 'high'))],
  ['ttl-propagate', fieldOption('ttlPropagate', enabled)],
  [
    'nexthop',
    option(nexthop, (draft, hop) => {
      draft.nexthops.push(hop);
      if (hop.gateway !== undefined) draft.addresses.push(hop.gateway);
    }),
  ],
  [
    'no_track',
    switchOn((draft) => {
      draft.noTrack = true;
    }),
  ],
  ['add', modeOption('add')],
  ['prepend', modeOption('prepend')],
  ['append', modeOption('append')],
]);
