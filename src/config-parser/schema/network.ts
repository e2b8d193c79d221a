/** Networks as arguments: `192.0.2.0/24`. */
import { type AddressFamily, familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import type { Argument } from './arguments.ts';

export interface Network {
  readonly address: IpAddress;
  /** 32 or 128 where none is written. */
  readonly prefixLength: number;
}

/** `IP[/PREFIX]`, of a family if one is said. A netmask is not accepted, nor is a short form such as `10/8`. */
export function network(family?: AddressFamily): Argument<Network> {
  const ofFamily = family === undefined ? 'an IP address' : `an IPv${family} address`;
  return {
    expects: `${ofFamily}, with a prefix length if it is a network`,
    syntax: '<ip>[/<prefix>]',
    samples: {
      good: [family === 6 ? '2001:db8::/32' : '192.0.2.0/24', family === 6 ? '2001:db8::1' : '192.0.2.1'],
      bad: ['', 'x', '192.0.2.0/33', '192.0.2.0/255.255.255.0', '10/8', '2001:db8::/129'],
    },
    parse: ([word]) => {
      if (word === undefined) return { ok: false };
      const value = parseNetwork(word.value);
      const isGood = value !== undefined && (family === undefined || familyOf(value.address) === family);
      return isGood ? { ok: true, value, used: 1 } : { ok: false, word };
    },
  };
}

/** The network that `text` names, or undefined. */
export function parseNetwork(text: string): Network | undefined {
  const [addressText = '', prefix, ...rest] = text.split('/');
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0) return undefined;
  const longest = familyOf(address) === 4 ? 32 : 128;
  if (prefix === undefined) return { address, prefixLength: longest };
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest
    ? { address, prefixLength: Number(prefix) }
    : undefined;
}
