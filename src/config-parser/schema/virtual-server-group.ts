/** keepalived.conf(5): virtual_server_group, several addresses or marks that are one service. */
import {
  type AddressFamily,
  addressBytes,
  addressFromBytes,
  familyOf,
  type IpAddress,
  parseAddress,
} from '../../net/address.ts';
import type { Word } from '../words.ts';
import { rangeFrom } from './address-range.ts';
import { type Argument, type ArgumentResult, integer } from './arguments.ts';
import { invalidValue } from './entry-options.ts';
import { defineList } from './schema.ts';

/** Without a port, or with port 0, all of them. */
export type GroupEntry =
  | { readonly kind: 'address'; readonly address: IpAddress; readonly port?: number }
  | {
      readonly kind: 'range';
      readonly first: IpAddress;
      /** Of the same family, and not below the first. */
      readonly last: IpAddress;
      readonly port?: number;
    }
  | {
      readonly kind: 'network';
      readonly address: IpAddress;
      readonly prefixLength: number;
      readonly port?: number;
    }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family?: AddressFamily };

const markNumber = integer(1, 0xffff_ffff);
const portNumber = integer(0, 65_535);

export const groupEntry: Argument<GroupEntry> = {
  expects: 'an address, a range or a network, and a port, or "fwmark" and a mark',
  syntax: '<ip>[-<last>|/<prefix>] [<port>] | fwmark <mark> [inet|inet6]',
  samples: {
    good: [
      '192.0.2.1 80',
      '192.0.2.1-9 80',
      '192.0.2.1-192.0.2.9',
      '2001:db8::1-ff 443',
      '192.0.2.0/28 80',
      'fwmark 7',
      'fwmark 7 inet6',
    ],
    bad: [
      'host.example 80',
      '192.0.2.1 65536',
      '192.0.2.9-1',
      '192.0.2.1-256',
      '192.0.2.1-2001:db8::1',
      '192.0.2.1/28',
      '192.0.2.0/33',
      'fwmark',
      'fwmark x',
      'fwmark 7 ipv4',
    ],
  },
  parse: (words) => (words[0]?.value === 'fwmark' ? parseMark(words) : parseAddresses(words)),
};

export const serverGroup = defineList('an entry', groupEntry);

function parseMark([keyword, markWord, familyWord]: readonly Word[]): ArgumentResult<GroupEntry> {
  const mark = markNumber.parse(markWord === undefined ? [] : [markWord]);
  const refused = markWord ?? keyword;
  if (!mark.ok) {
    return { ok: false, expects: `"fwmark" and ${markNumber.expects}`, ...(refused && { word: refused }) };
  }
  const value = { kind: 'fwmark', mark: mark.value } as const;
  if (familyWord === undefined) return { ok: true, value, used: 2 };
  const family = families.get(familyWord.value);
  if (family !== undefined) return { ok: true, value: { ...value, family }, used: 3 };
  const message = `the family of a mark must be inet or inet6, found "${familyWord.value}"; it is ignored`;
  return { ok: true, value, used: 3, problems: [invalidValue(familyWord, message)] };
}

const families: ReadonlyMap<string, AddressFamily> = new Map([
  ['inet', 4],
  ['inet6', 6],
]);

function parseAddresses([word, portWord]: readonly Word[]): ArgumentResult<GroupEntry> {
  if (word === undefined) return { ok: false };
  const addresses = addressesOf(word.value);
  if (typeof addresses === 'string') return { ok: false, word, expects: addresses };
  if (portWord === undefined) return { ok: true, value: addresses, used: 1 };
  const port = portNumber.parse([portWord]);
  if (!port.ok) return { ok: false, word: portWord, expects: 'an address with a port from 0 to 65535' };
  return { ok: true, value: { ...addresses, port: port.value }, used: 2 };
}

type Addresses = Exclude<GroupEntry, { readonly kind: 'fwmark' }>;

/** What was expected, where it is none of the forms. */
function addressesOf(text: string): Addresses | string {
  const [, start = '', sign, end = ''] = /^([^-/]*)(?:([-/])(.*))?$/.exec(text) ?? [];
  const address = parseAddress(start);
  if (address === undefined) return groupEntry.expects;
  if (sign === undefined) return { kind: 'address', address };
  if (sign === '/') return networkOf(address, end);
  const range = rangeFrom(address, end);
  return typeof range === 'string' ? range : { kind: 'range', ...range };
}

function networkOf(address: IpAddress, prefix: string): Addresses | string {
  const longest = familyOf(address) === 4 ? 32 : 128;
  const prefixLength = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(prefixLength <= longest)) return `a network with a prefix length from 0 to ${longest}`;
  const network = addressFromBytes(
    addressBytes(address).map((byte, index) => {
      const hostBits = 0xff >> Math.min(Math.max(prefixLength - index * 8, 0), 8);
      return byte & ~hostBits;
    }),
  );
  if (network !== address) return `a network without bits behind its prefix, ${network}/${prefixLength}`;
  return { kind: 'network', address, prefixLength };
}
