/** keepalived.conf(5): lb_kind, lvs_method and sorry_server_lvs_method, with the encapsulation of a tunnel. */
import type { Forwarding } from '../config.ts';
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, integer, type Problem } from './arguments.ts';
import {
  type EntryOption,
  invalidValue,
  type OptionTable,
  type Refusal,
  readOptions,
  unknownOption,
} from './entry-options.ts';

/** How packets to a real server are encapsulated. */
export interface Tunnel {
  readonly type: 'ipip' | 'gue' | 'gre';
  /** UDP port of the encapsulation; gue only. */
  readonly port?: number;
  /** Of the outer header; not with ipip, and `remcsum` with gue only. */
  readonly checksum?: 'nocsum' | 'csum' | 'remcsum';
}

export interface Method {
  readonly forwarding: Forwarding;
  /** Of the encapsulation, as written; none where they do not fit together. */
  readonly options: readonly string[];
  /** For TUN; plain ipip where nothing else is said, or nothing that fits together. */
  readonly tunnel?: Tunnel;
}

/** `NAT`, `DR`, or `TUN` with options. */
export const forwardingMethod: Argument<Method> = {
  expects: 'one of NAT, DR, TUN',
  syntax: 'NAT|DR|TUN [type ipip|gue|gre] [port <1-65535>] [nocsum|csum|remcsum]',
  choices: ['NAT', 'DR', 'TUN'],
  samples: {
    good: [
      'NAT',
      'DR',
      'TUN',
      'TUN type ipip',
      'TUN type gue port 5555',
      'TUN type gue port 5555 remcsum',
      'TUN type gre csum',
    ],
    bad: [
      '',
      'dr',
      'FNAT',
      'NAT csum',
      'TUN fast',
      'TUN type vxlan',
      'TUN type gue',
      'TUN type gue port 0',
      'TUN type gre port 5555',
      'TUN type gre remcsum',
      'TUN csum',
    ],
  },
  parse: parseMethod,
};

const plainMethods: readonly Forwarding[] = ['NAT', 'DR'];
const fullNat = ['FNAT', 'FULLNAT'];

function parseMethod(given: readonly Word[]): ArgumentResult<Method> {
  const [word] = given;
  if (word === undefined) return { ok: false };
  if (word.value === 'TUN') return parseTunnel(given, word);
  const forwarding = plainMethods.find((candidate) => candidate === word.value);
  if (forwarding !== undefined) return { ok: true, value: { forwarding, options: [] }, used: 1 };
  if (!fullNat.includes(word.value)) return { ok: false, word };
  return { ok: false, word, expects: 'one of NAT, DR, TUN (holdfast does not know full NAT yet)' };
}

type Draft = { -readonly [Name in keyof Tunnel]: Tunnel[Name] };

const tunnelTypes = ['ipip', 'gue', 'gre'] as const;
const portNumber = integer(1, 65_535);

const tunnelOptions: OptionTable<Draft> = new Map<string, EntryOption<Draft>>([
  ['type', { takesValue: true, read: readType }],
  ['port', { takesValue: true, read: readPort }],
  ...(['nocsum', 'csum', 'remcsum'] as const).map((checksum) => checksumOption(checksum)),
]);

function parseTunnel(given: readonly Word[], method: Word): ArgumentResult<Method> {
  const plain: Draft = { type: 'ipip' };
  const read = readOptions(given, 1, tunnelOptions, plain, reportUnknown);
  if (!read.ok) return read;
  const misfit = misfitOf(read.value);
  const problems = read.problems ?? (misfit === undefined ? [] : [invalidValue(method, misfit)]);
  const used = given.length;
  const options = given.slice(1).map(({ value }) => value);
  if (problems.length === 0) {
    return { ok: true, value: { forwarding: 'TUN', options, tunnel: read.value }, used };
  }
  return { ok: true, value: { forwarding: 'TUN', options: [], tunnel: { type: 'ipip' } }, used, problems };
}

const instead = 'packets are encapsulated as ipip';

function readType(draft: Draft, option: Word, word: Word | undefined): Problem | undefined {
  const type = tunnelTypes.find((candidate) => candidate === word?.value);
  if (type === undefined) {
    const found = `found "${word?.value ?? ''}"`;
    return invalidValue(
      word ?? option,
      `the type of a tunnel must be one of ${tunnelTypes.join(', ')}, ${found}; ${instead}`,
    );
  }
  draft.type = type;
  return undefined;
}

function readPort(draft: Draft, option: Word, word: Word | undefined): Problem | undefined {
  const port = portNumber.parse(word === undefined ? [] : [word]);
  if (!port.ok) {
    const found = `found "${word?.value ?? ''}"`;
    return invalidValue(
      word ?? option,
      `the port of a tunnel must be ${portNumber.expects}, ${found}; ${instead}`,
    );
  }
  draft.port = port.value;
  return undefined;
}

function checksumOption(checksum: NonNullable<Tunnel['checksum']>): readonly [string, EntryOption<Draft>] {
  const read = (draft: Draft): undefined => {
    draft.checksum = checksum;
  };
  return [checksum, { read }];
}

/** The kernel's ipip tunnels have no checksum of their own, and only gue is carried in UDP. */
function misfitOf({ type, port, checksum }: Tunnel): string | undefined {
  if (type === 'gue' && port === undefined) return `a gue tunnel needs "port" and its number; ${instead}`;
  if (type !== 'gue' && port !== undefined) return `only a gue tunnel has a port, not ${type}; ${instead}`;
  if (type === 'ipip' && checksum !== undefined)
    return `an ipip tunnel takes no "${checksum}"; it is ignored`;
  if (type === 'gre' && checksum === 'remcsum') return `a gre tunnel takes no "remcsum"; ${instead}`;
  return undefined;
}

function reportUnknown(word: Word): Problem | Refusal {
  return unknownOption(word, `unknown option "${word.value}" of a tunnel; ${instead}`);
}
