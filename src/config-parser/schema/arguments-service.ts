/** keepalived.conf(5): persistence of a virtual_server, which clients stay with their server and for how long. */
import { type AddressFamily, addressBytes, parseAddress } from '../../net/address.ts';
import { type Argument, integer } from './arguments.ts';
import { optional } from './optional.ts';

/** IPVS accepts at most 31 days. */
const longestPersistenceSeconds = 2_678_400;

/** In seconds. */
export const persistenceTimeout: Argument<number> = optional(
  integer(1, longestPersistenceSeconds),
  360,
  '360 seconds',
);

export interface Granularity {
  /** A netmask is for IPv4 services, a number for IPv6 ones. */
  readonly family: AddressFamily;
  readonly prefixLength: number;
}

const prefixNumber = integer(1, 128);

/** `255.255.255.0` or `64`. */
export const granularity: Argument<Granularity> = {
  expects: 'an IPv4 netmask, or for IPv6 a prefix length from 1 to 128',
  syntax: '<netmask>|<1-128>',
  samples: {
    good: ['255.255.255.0', '255.255.255.255', '64', '128'],
    bad: ['', 'x', '0', '129', '0.0.0.0', '255.0.255.0', '192.0.2.1', 'ffff::'],
  },
  parse: (words) => {
    const [word] = words;
    if (word === undefined) return { ok: false };
    const maskLength = netmaskLength(word.value);
    if (maskLength !== undefined)
      return { ok: true, value: { family: 4, prefixLength: maskLength }, used: 1 };
    const length = prefixNumber.parse(words);
    return length.ok ? { ...length, value: { family: 6, prefixLength: length.value } } : { ok: false, word };
  },
};

function netmaskLength(text: string): number | undefined {
  const mask = text.includes(':') ? undefined : parseAddress(text);
  if (mask === undefined) return undefined;
  const bits = [...addressBytes(mask)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
