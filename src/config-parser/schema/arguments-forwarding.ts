/** keepalived.conf(5): lb_kind, lvs_method and sorry_server_lvs_method, with the encapsulation of a tunnel. */
import type { ForwardingMethod, Tunnel } from '../config-lvs.ts';
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

/** `NAT`, `DR`, `FULLNAT` or `FNAT`, or `TUN` with options. */
export const forwardingMethod: Argument<ForwardingMethod> = {
  expects: 'one of NAT, DR, TUN, FULLNAT',
  syntax: 'NAT|DR|FULLNAT|TUN [type ipip|gue|gre] [port <1-65535>] [nocsum|csum|remcsum]',
  choices: ['NAT', 'DR', 'TUN', 'FULLNAT', 'FNAT'],
  samples: {
    good: [
      'NAT',
      'DR',
      'FULLNAT',
      'FNAT',
      'TUN',
      'TUN type ipip',
      'TUN type gue port 5555',
      'TUN type gue port 5555 remcsum',
      'TUN type gre csum',
    ],
    bad: [
      '',
      'dr',
      'fnat',
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

/** FNAT is what the keepalived of the FULLNAT patches calls it. */
const plainMethods: ReadonlyMap<string, ForwardingMethod> = new Map<string, ForwardingMethod>([
  ['NAT', { forwarding: 'NAT' }],
  ['DR', { forwarding: 'DR' }],
  ['FULLNAT', { forwarding: 'FULLNAT' }],
  ['FNAT', { forwarding: 'FULLNAT' }],
]);

function parseMethod(given: readonly Word[]): ArgumentResult<ForwardingMethod> {
  const [word] = given;
  if (word === undefined) return { ok: false };
  if (word.value === 'TUN') return parseTunnel(given, word);
  const value = plainMethods.get(word.value);
  return value === undefined ? { ok: false, word } : { ok: true, value, used: 1 };
}

type Draft = { -readonly [Name in keyof Tunnel]: Tunnel[Name] };

const tunnelTypes = ['ipip', 'gue', 'gre'] as const;
const portNumber = integer(1, 65_535);

const tunnelOptions: OptionTable<Draft> = new Map<string, EntryOption<Draft>>([
  ['type', { takesValue: true, read: readType }],
  ['port', { takesValue: true, read: readPort }],
  ...(['nocsum', 'csum', 'remcsum'] as const).map((checksum) => checksumOption(checksum)),
]);

function parseTunnel(given: readonly Word[], method: Word): ArgumentResult<ForwardingMethod> {
  const plain: Draft = { type: 'ipip' };
  const read = readOptions(given, 1, tunnelOptions, plain, reportUnknown);
  if (!read.ok) return read;
  const misfit = misfitOf(read.value);
  const problems = read.problems ?? (misfit === undefined ? [] : [invalidValue(method, misfit)]);
  const used = given.length;
  if (problems.length === 0) return { ok: true, value: { forwarding: 'TUN', tunnel: read.value }, used };
  return { ok: true, value: { forwarding: 'TUN', tunnel: { type: 'ipip' } }, used, problems };
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
