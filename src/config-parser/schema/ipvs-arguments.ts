/** keepalived.conf(5): global_defs: the argument of lvs_sync_daemon. */
import type { IpAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import {
  type Argument,
  type ArgumentResult,
  integer,
  interfaceName,
  multicastAddress,
  name,
  type Problem,
} from './arguments.ts';
import {
  type LineOption,
  type LineOptions,
  type OptionFault,
  option,
  readOptionLine,
  syntaxOf,
} from './line-options.ts';

/** How the connection table is copied to the other director. */
export interface SyncDaemon {
  readonly interface: string;
  /** The instance whose state says whether this side sends or listens. */
  readonly instance?: string;
  /** Both sides must have the same; without it, the VRID of the instance. */
  readonly id?: number;
  /** Longest packet, in bytes. */
  readonly maxLengthBytes?: number;
  readonly port?: number;
  readonly ttl?: number;
  readonly group?: IpAddress;
}

type Draft = { -readonly [Name in keyof SyncDaemon]: SyncDaemon[Name] };

function field<Name extends keyof SyncDaemon>(
  key: Name,
  argument: Argument<NonNullable<SyncDaemon[Name]>>,
): LineOption<Draft> {
  return option(argument, (draft, value) => {
    draft[key] = value;
  });
}

const syncId = integer(0, 255);

const options: LineOptions<Draft> = new Map<string, LineOption<Draft>>([
  ['inst', field('instance', name)],
  ['id', field('id', syncId)],
  ['maxlen', field('maxLengthBytes', integer(1, 65_507))],
  ['port', field('port', integer(1, 65_535))],
  ['ttl', field('ttl', integer(1, 255))],
  ['group', field('group', multicastAddress())],
]);

export const syncDaemon: Argument<SyncDaemon> = {
  expects: 'an interface, and options',
  syntax: `<interface> ${syntaxOf(options)}`,
  samples: {
    good: ['eth0', 'eth0 inst name id 7', 'eth0 maxlen 1400 port 8848 ttl 1 group 224.0.0.81'],
    bad: [
      '',
      'sixteen-letters-',
      'eth0 inst',
      'eth0 inst name id 256',
      'eth0 maxlen 0',
      'eth0 port 65536',
      'eth0 ttl 0',
      'eth0 group 192.0.2.1',
      'eth0 inst name idd 7',
    ],
  },
  parse: (words) => {
    const device = interfaceName.parse(words);
    if (!device.ok) return device;
    const draft: Draft = { interface: device.value };
    const old = readOldForm(words, draft);
    const { faults, problems } = readOptionLine(words.slice(1 + old.used), options, draft, {
      skipFaults: true,
    });
    const all = [...old.problems, ...problems, ...faults.map(problemOf)];
    return { ok: true, value: draft, used: words.length, problems: all };
  },
};

interface OldForm {
  readonly used: number;
  readonly problems: readonly Problem[];
}

/** `IF INSTANCE [ID]`, without the words `inst` and `id`. */
function readOldForm([, instance, id]: readonly Word[], draft: Draft): OldForm {
  if (instance === undefined || options.has(instance.value)) return { used: 0, problems: [] };
  draft.instance = instance.value;
  const result: ArgumentResult<number> = id === undefined ? { ok: false } : syncId.parse([id]);
  if (result.ok) draft.id = result.value;
  const value = result.ok ? ` id ${result.value}` : '';
  const problem: Problem = {
    word: instance,
    severity: 'warning',
    code: 'deprecated-keyword',
    message: `"${instance.value}" without a word before it is the old form of naming the instance`,
    help: `write "inst ${instance.value}${value}" instead`,
  };
  return { used: result.ok ? 2 : 1, problems: [problem] };
}

function problemOf({ word, option: known, expects }: OptionFault): Problem {
  const message =
    known === undefined
      ? `"${word.value}" is no option of lvs_sync_daemon, which are ${[...options.keys()].join(', ')}; it is ignored`
      : `${known.value} must be ${expects}, found "${word.value}"; it is ignored`;
  return { word, severity: 'error', code: known === undefined ? 'unknown-option' : 'invalid-value', message };
}
