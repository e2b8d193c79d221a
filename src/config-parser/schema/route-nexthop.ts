/** keepalived.conf(5), ip-route(8): `nexthop`: one of several ways that a route leads. */
import type { AddressFamily, IpAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import {
  type Argument,
  type ArgumentResult,
  integer,
  interfaceName,
  ipAddress,
  type Problem,
} from './arguments.ts';
import {
  type LineOption,
  type LineOptions,
  type OptionResult,
  option,
  switchOn,
  syntaxOf,
} from './line-options.ts';
import type { Nexthop } from './route.ts';
import { encapsulation } from './route-encapsulation.ts';
import { realms } from './routing-names.ts';

/** An address of some family; a family may be said before it. */
export const routeAddress: Argument<IpAddress> = {
  ...ipAddress(),
  parse: (words) => {
    const family = words[0] && families[words[0].value];
    if (family === undefined) return ipAddress().parse(words);
    const result = ipAddress(family).parse(words.slice(1));
    return result.ok ? { ...result, used: result.used + 1 } : result;
  },
};

const families: Readonly<Record<string, AddressFamily>> = { inet: 4, inet6: 6 };

/** An old word that still works. */
export function oldWord<Draft>(
  word: string,
  replacement: string,
  known: LineOption<Draft>,
): LineOption<Draft> {
  return {
    syntax: known.syntax,
    read: (draft, after) => {
      const result = known.read(draft, after);
      const [next] = after;
      if (!result.ok || next === undefined) return result;
      const message = `"${word}" before ${next.value} is an old word for "${replacement}"`;
      const problem = {
        word: next,
        severity: 'warning',
        code: 'deprecated-keyword',
        message,
        help: `write "${replacement}" instead`,
      } as const;
      return { ...result, problems: [problem, ...(result.problems ?? [])] };
    },
  };
}

type NexthopDraft = { -readonly [Name in keyof Nexthop]: Nexthop[Name] };

function nexthopField<Name extends keyof NexthopDraft>(
  field: Name,
  argument: Argument<NexthopDraft[Name]>,
): LineOption<NexthopDraft> {
  return option(argument, (draft, value) => {
    draft[field] = value;
  });
}

const hopGateway = nexthopField('gateway', routeAddress);
const hopDevice = nexthopField('device', interfaceName);

const nexthopOptions: LineOptions<NexthopDraft> = new Map([
  ['via', hopGateway],
  ['gw', oldWord('gw', 'via', hopGateway)],
  ['dev', hopDevice],
  ['oif', hopDevice],
  ['weight', nexthopField('weight', integer(1, 256))],
  [
    'onlink',
    switchOn<NexthopDraft>((draft) => {
      draft.onlink = true;
    }),
  ],
  ['encap', nexthopField('encapsulation', encapsulation)],
  ['realms', nexthopField('realms', realms)],
]);

/** Takes what belongs to the next hop, up to a word that is the route's or another `nexthop`. */
export const nexthop: Argument<Nexthop> = {
  expects: '"via", "dev" or another option of a next hop',
  syntax: `${syntaxOf(nexthopOptions)}...`,
  samples: {
    good: ['via 198.51.100.1', 'via inet6 2001:db8::1 dev eth0 weight 256 onlink'],
    bad: ['', 'weight 257', 'via', 'metric 5'],
  },
  parse: (words): ArgumentResult<Nexthop> => {
    const draft: NexthopDraft = { onlink: false };
    const problems: Problem[] = [];
    let used = 0;
    for (let word = words[0]; word !== undefined; word = words[used]) {
      const result = readHopOption(draft, word, words.slice(used + 1));
      if (result === undefined) break;
      if (!result.ok) return { word, ...result, expects: `${result.expects} as "${word.value}"` };
      problems.push(...(result.problems ?? []));
      used += 1 + result.used;
    }
    const [first] = words;
    if (used === 0) return { ok: false, ...(first && { word: first }) };
    return { ok: true, value: draft, used, problems };
  },
};

function readHopOption(draft: NexthopDraft, word: Word, after: readonly Word[]): OptionResult | undefined {
  return nexthopOptions.get(word.value)?.read(draft, after);
}
