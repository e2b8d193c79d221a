/** keepalived.conf(5): a line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress. */

import { type IpAddress, parseAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import {
  type AddressDraft,
  type AddressEntry,
  type AddressOption,
  flagOption,
  longestPrefix,
  readTrackGroup,
  sharedOptions,
} from './address-options.ts';
import type { Argument, ArgumentResult, Problem } from './arguments.ts';
import { invalidValue, type OptionTable, readOptions, unknownOption } from './entry-options.ts';

/** A line of virtual_ipaddress or virtual_ipaddress_excluded. */
export const addressEntry: Argument<AddressEntry> = entryWith('[use_vmac]', [
  ['use_vmac', flagOption('useVmac')],
]);

/** A line of static_ipaddress. */
export const staticAddressEntry: Argument<AddressEntry> = entryWith('[track_group <name>]', [
  ['track_group', { takesValue: true, read: readTrackGroup }],
]);

function entryWith(
  ownSyntax: string,
  own: readonly (readonly [string, AddressOption])[],
): Argument<AddressEntry> {
  const options: OptionTable<AddressDraft> = new Map([...sharedOptions(), ...own]);
  return {
    expects: 'an IP address, with its options after it',
    syntax: `<ip>[/<prefix>] [dev <interface>] [brd <ip>|+|-] [scope <scope>] [label <text>] [peer <ip>] [home] [-nodad] [mngtmpaddr] [noprefixroute] [autojoin] [no_track] [preferred_lft <seconds>|forever] ${ownSyntax}`,
    samples: {
      good: [
        '192.0.2.1/24',
        '192.0.2.1',
        '192.0.2.1/24 dev eth0 label eth0:vip',
        '192.0.2.1/24 brd + scope link',
        '192.0.2.1/24 broadcast 192.0.2.255 no_track',
        '192.0.2.1/32 peer 192.0.2.2 noprefixroute',
        '2001:db8::1/64 -nodad home preferred_lft 0',
        '2001:db8::1/64 mngtmpaddr autojoin preferred_lft forever',
      ],
      bad: [
        'host.example',
        '192.0.2.1/33',
        '192.0.2.1/24 192.0.2.2/24',
        '192.0.2.1/24 scope world',
        '192.0.2.1/24 label far_too_long_a_label',
        '192.0.2.1/24 dev',
        '192.0.2.1/32 brd +',
        '2001:db8::1/64 brd +',
        '192.0.2.1/24 peer 2001:db8::1',
        '192.0.2.1/24 preferred_lft x',
      ],
    },
    parse: (words) => parseEntry(words, options),
  };
}

function parseEntry(
  words: readonly Word[],
  options: OptionTable<AddressDraft>,
): ArgumentResult<AddressEntry> {
  const [first] = words;
  if (first === undefined) return { ok: false };
  const [text = '', prefix] = first.value.split('/');
  const address = parseAddress(text);
  if (address === undefined) return { ok: false, word: first };
  const draft = draftOf(address);
  const wrongPrefix = prefix === undefined ? undefined : readPrefix(draft, first, prefix);
  const result = readOptions(words, 1, options, draft, (word) => reportUnknown(draft, word));
  if (!result.ok || wrongPrefix === undefined) return result;
  return { ...result, problems: [wrongPrefix, ...(result.problems ?? [])] };
}

function draftOf(address: IpAddress): AddressDraft {
  return {
    address,
    home: false,
    nodad: false,
    mngtmpaddr: false,
    noPrefixRoute: false,
    autojoin: false,
    noTrack: false,
    useVmac: false,
  };
}

function readPrefix(draft: AddressDraft, word: Word, prefix: string): Problem | undefined {
  const { address } = draft;
  const longest = longestPrefix(address);
  const length = /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
  const isGood = length <= longest;
  draft.prefixLength = isGood ? length : longest;
  if (isGood) return undefined;
  const message = `the prefix length of ${address} must be a whole number from 0 to ${longest}, found "${prefix}"; ${longest} is used`;
  return invalidValue(word, message);
}

function reportUnknown({ address }: AddressDraft, word: Word): Problem {
  const isAddress = parseAddress(word.value.split('/')[0] ?? '') !== undefined;
  const help = isAddress ? 'write every address on a line of its own' : undefined;
  return unknownOption(word, `unknown option "${word.value}" of address ${address}; it is ignored`, help);
}
