/** keepalived.conf(5), ip-route(8): `encap`: the lightweight tunnel that a route or one of its next hops goes through. */
import type { IpAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer, ipAddress } from './arguments.ts';
import { type LineOptions, option, readOptionLine, syntaxOf } from './line-options.ts';

export type Encapsulation =
  | { readonly type: 'mpls'; readonly labels: readonly number[] }
  | { readonly type: 'ip' | 'ip6'; readonly tunnel: TunnelOptions }
  | { readonly type: 'ila'; readonly locator: string };

export interface TunnelOptions {
  readonly id?: number;
  readonly source?: IpAddress;
  readonly destination?: IpAddress;
  readonly typeOfService?: number;
  readonly ttl?: number;
  readonly flags?: number;
}

type Draft = { -readonly [Name in keyof TunnelOptions]: TunnelOptions[Name] };

const byte = integer(0, 255);

function tunnelOptions(family: 4 | 6): LineOptions<Draft> {
  const ttl = option<Draft, number>(byte, (draft, value) => {
    draft.ttl = value;
  });
  const tos = option<Draft, number>(byte, (draft, value) => {
    draft.typeOfService = value;
  });
  return new Map([
    [
      'id',
      option<Draft, number>(integer(0, 0xffff_ffff), (draft, value) => {
        draft.id = value;
      }),
    ],
    [
      'dst',
      option<Draft, IpAddress>(ipAddress(family), (draft, value) => {
        draft.destination = value;
      }),
    ],
    [
      'src',
      option<Draft, IpAddress>(ipAddress(family), (draft, value) => {
        draft.source = value;
      }),
    ],
    [family === 4 ? 'tos' : 'tc', tos],
    [family === 4 ? 'ttl' : 'hoplimit', ttl],
    [
      'flags',
      option<Draft, number>(integer(0, 0xffff), (draft, value) => {
        draft.flags = value;
      }),
    ],
  ]);
}

const tunnels = { ip: tunnelOptions(4), ip6: tunnelOptions(6) };

export const encapsulation: Argument<Encapsulation> = {
  expects: 'mpls and labels, ip or ip6 with options of the tunnel, or ila and a locator',
  syntax: `mpls <label>[/<label>...] | ip ${syntaxOf(tunnels.ip)} | ip6 ${syntaxOf(tunnels.ip6)} | ila <locator>`,
  choices: ['mpls', 'ip', 'ip6', 'ila'],
  samples: {
    good: [
      'mpls 100/200',
      'ip id 1 dst 198.51.100.9 ttl 3',
      'ip6 id 1 dst 2001:db8::1 hoplimit 3',
      'ila 1:2:3:4',
    ],
    bad: [
      '',
      'vxlan 3',
      'mpls 1048576',
      'mpls 16/x',
      'ip',
      'ip ttl 3',
      'ip id 1 ttl 300',
      'ip6 dst 192.0.2.1',
      'ila x',
    ],
  },
  parse: (words) => {
    const [type, ...rest] = words;
    switch (type?.value) {
      case undefined:
        return { ok: false };
      case 'mpls':
        return parseLabels(type, rest);
      case 'ila':
        return parseLocator(type, rest);
      case 'ip':
      case 'ip6':
        return parseTunnel(type, type.value, rest);
      default:
        return { ok: false, ...(type && { word: type }) };
    }
  },
};

const greatestLabel = 0xf_ffff;

function parseLabels(type: Word | undefined, [word]: readonly Word[]): ArgumentResult<Encapsulation> {
  const expects = 'MPLS labels from 0 to 1048575, with "/" between them,';
  if (word === undefined) return { ok: false, ...(type && { word: type }), expects };
  const labels = word.value.split('/').map((text) => (/^\d+$/.test(text) ? Number(text) : Number.NaN));
  if (!labels.every((label) => label <= greatestLabel)) return { ok: false, word, expects };
  return { ok: true, value: { type: 'mpls', labels }, used: 2 };
}

function parseLocator(type: Word | undefined, [word]: readonly Word[]): ArgumentResult<Encapsulation> {
  const expects = 'a locator of four groups such as 1:2:3:4';
  if (word === undefined) return { ok: false, ...(type && { word: type }), expects };
  if (!/^[\da-f]{1,4}(:[\da-f]{1,4}){3}$/i.test(word.value)) return { ok: false, word, expects };
  return { ok: true, value: { type: 'ila', locator: word.value }, used: 2 };
}

/** Takes options as far as they are the tunnel's; what follows is the route's. */
function parseTunnel(
  word: Word | undefined,
  type: 'ip' | 'ip6',
  rest: readonly Word[],
): ArgumentResult<Encapsulation> {
  const options = tunnels[type];
  let used = 0;
  while (used < rest.length && options.has(rest[used]?.value ?? '')) used += 2;
  used = Math.min(used, rest.length);
  const tunnel: Draft = {};
  const { faults } = readOptionLine(rest.slice(0, used), options, tunnel);
  const [fault] = faults;
  if (fault !== undefined) return { ok: false, word: fault.word, expects: fault.expects };
  if (tunnel.id === undefined && tunnel.destination === undefined) {
    return { ok: false, ...(word && { word }), expects: `"${type}" with "id" or "dst"` };
  }
  return { ok: true, value: { type, tunnel }, used: 1 + used };
}
