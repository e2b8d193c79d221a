/** keepalived.conf(5): use_vmac and use_ipvlan. */
import { type IpAddress, parseAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import { type Argument, type ArgumentResult, interfaceName, type Problem } from './arguments.ts';
import { invalidValue, unknownOption } from './entry-options.ts';
import { parseNetwork } from './network.ts';

export interface VmacOptions {
  /** Of the macvlan interface; undefined where keepalived makes a name up: `vrrp.51`. */
  readonly interface?: string;
  /** Lower case, 5 or 6 octets; of 5, the VRID is the last. Undefined for the virtual router MAC of the RFC. */
  readonly mac?: string;
  readonly netlinkNotifyMsg: boolean;
  /** Group of interfaces that it is put into. */
  readonly group?: string;
}

export interface IpvlanOptions {
  readonly interface?: string;
  /** Source of advertisements. */
  readonly address?: IpAddress;
  readonly prefixLength?: number;
  readonly mode?: 'bridge' | 'private' | 'vepa';
  readonly group?: string;
}

interface Draft {
  interface?: string;
  group?: string;
}

/** `[[name] IF] [MAC] [netlink_notify_msg] [group G]`. */
export const vmacOptions: Argument<VmacOptions> = {
  expects: 'the name of an interface, a MAC address, netlink_notify_msg or a group, each if there is one',
  syntax: '[[name] <interface>] [<mac>] [netlink_notify_msg] [group <group>]',
  samples: {
    good: [
      '',
      'vrrp.51',
      'name vrrp.51',
      'vrrp.51 02:00:00:00:00:01',
      'vrrp.51 02:00:00:00:01 netlink_notify_msg',
      'vrrp.51 group 5',
    ],
    bad: [
      'sixteen-letters-',
      'vrrp.51 vrrp.52',
      '01:00:00:00:00:01',
      '00:00:5e:00:01:33',
      '02:00:00:01',
      'vrrp.51 group',
    ],
  },
  parse: (words) => {
    const draft: { -readonly [Name in keyof VmacOptions]: VmacOptions[Name] } = { netlinkNotifyMsg: false };
    return readWords(words, draft, (word) => {
      const { value } = word;
      if (value === 'netlink_notify_msg') {
        draft.netlinkNotifyMsg = true;
        return 'taken';
      }
      if (!value.includes(':')) return 'not taken';
      const wrong = wrongWithMac(value);
      if (wrong !== undefined) return invalidValue(word, wrong);
      draft.mac = value.toLowerCase();
      return 'taken';
    });
  },
};

const ipvlanModes = ['bridge', 'private', 'vepa'] as const;

/** `[[name] IF] [IP] [bridge|private|vepa] [group G]`. */
export const ipvlanOptions: Argument<IpvlanOptions> = {
  expects: 'the name of an interface, an IP address, a mode or a group, each if there is one',
  syntax: '[[name] <interface>] [<ip>[/<prefix>]] [bridge|private|vepa] [group <group>]',
  samples: {
    good: ['', 'ipv.51', 'name ipv.51 192.0.2.1/24 bridge', '2001:db8::1 private', 'ipv.51 group 5'],
    bad: ['sixteen-letters-', 'ipv.51 192.0.2.1/33', 'ipv.51 ipv.52', 'ipv.51 group'],
  },
  parse: (words) => {
    const draft: { -readonly [Name in keyof IpvlanOptions]: IpvlanOptions[Name] } = {};
    return readWords(words, draft, (word) => {
      const { value } = word;
      const mode = ipvlanModes.find((candidate) => candidate === value);
      if (mode !== undefined) {
        draft.mode = mode;
        return 'taken';
      }
      const [text = '', prefix] = value.split('/');
      const address = parseAddress(text);
      if (address === undefined) return 'not taken';
      const network = parseNetwork(value);
      if (network === undefined) {
        return invalidValue(word, `"${value}" is no address with a prefix length; it is ignored`);
      }
      draft.address = address;
      if (prefix !== undefined) draft.prefixLength = network.prefixLength;
      return 'taken';
    });
  },
};

/** Of one word that is neither the interface's name nor a group. */
type ReadWord = (word: Word) => Problem | 'taken' | 'not taken';

function readWords<Options extends Draft>(
  words: readonly Word[],
  draft: Options,
  readOwn: ReadWord,
): ArgumentResult<Options> {
  const problems: Problem[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    const next = words[at + 1];
    if (word.value === 'group') {
      if (next === undefined)
        problems.push(invalidValue(word, 'group needs a name or a number; it is ignored'));
      else draft.group = next.value;
      at += 1;
      continue;
    }
    const isNamed = word.value === 'name' && next !== undefined && draft.interface === undefined;
    if (isNamed) at += 1;
    const own = isNamed ? 'not taken' : readOwn(word);
    if (own === 'taken') continue;
    const problem = own === 'not taken' ? readInterface(draft, isNamed ? next : word) : own;
    if (problem !== undefined) problems.push(problem);
  }
  return { ok: true, value: draft, used: words.length, ...(problems.length > 0 && { problems }) };
}

function readInterface(draft: Draft, word: Word): Problem | undefined {
  if (draft.interface !== undefined) {
    return unknownOption(
      word,
      `unknown option "${word.value}" after the interface ${draft.interface}; it is ignored`,
    );
  }
  const result = interfaceName.parse([word]);
  if (!result.ok) {
    return invalidValue(
      word,
      `the interface must be ${interfaceName.expects}, found "${word.value}"; a name is made up`,
    );
  }
  draft.interface = result.value;
  return undefined;
}

/** The RFC's own addresses are what stands where none is given; another VRID's would be a mistake. */
function wrongWithMac(text: string): string | undefined {
  const isWhole = /^(?:[\da-f]{1,2}:){4,5}[\da-f]{1,2}$/i.test(text);
  const octets = text.split(':').map((octet) => Number.parseInt(octet, 16));
  const usual = 'the virtual router MAC of the RFC is used';
  if (!isWhole) return `a MAC address must have 5 or 6 octets, found "${text}"; ${usual}`;
  const [first = 0] = octets;
  if ((first & 1) === 1) return `a MAC address must not be a multicast one, found "${text}"; ${usual}`;
  const isOfRfc = octets.slice(0, 4).join() === '0,0,94,0' && (octets[4] === 1 || octets[4] === 2);
  if (isOfRfc) return `a MAC address must not be one that the RFC gives out, found "${text}"; ${usual}`;
  return undefined;
}
