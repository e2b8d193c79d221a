/** keepalived.conf(5): the options after an address, such as `dev eth1 label eth1:vip`. */
import { addressBytes, addressFromBytes, familyOf, type IpAddress, parseAddress } from '../../net/address.ts';
import type { Word } from '../words.ts';
import { integer, interfaceName, type Problem } from './arguments.ts';
import { type EntryOption, invalidValue, type Refusal } from './entry-options.ts';

export interface AddressEntry {
  readonly address: IpAddress;
  /** Undefined where none is written, which means 32 or 128. */
  readonly prefixLength?: number;
  /** From `dev`. */
  readonly device?: string;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host. */
  readonly scope?: number;
  /** IPv4 only. */
  readonly label?: string;
  /** IPv4 only; computed where `+` or `-` is written. */
  readonly broadcast?: IpAddress;
  readonly broadcastForm?: 'address' | '+' | '-';
  /** The other end of a point-to-point link. */
  readonly peer?: IpAddress;
  readonly peerPrefixLength?: number;
  readonly home: boolean;
  readonly nodad: boolean;
  readonly mngtmpaddr: boolean;
  readonly noPrefixRoute: boolean;
  readonly autojoin: boolean;
  /** Nothing is done when somebody else deletes it. */
  readonly noTrack: boolean;
  readonly useVmac: boolean;
  /** Infinity for `forever`. */
  readonly preferredLftSeconds?: number;
  /** static_ipaddress only. */
  readonly trackGroup?: string;
}

export type AddressDraft = { -readonly [Name in keyof AddressEntry]: AddressEntry[Name] };
export type AddressOption = EntryOption<AddressDraft>;

/** The length that holds: as written, or that of a single address. */
export function prefixLengthOf({ address, prefixLength }: AddressEntry): number {
  return prefixLength ?? longestPrefix(address);
}

/** Of a single address. */
export function longestPrefix(address: IpAddress): 32 | 128 {
  return familyOf(address) === 4 ? 32 : 128;
}

export function sharedOptions(): readonly (readonly [string, AddressOption])[] {
  return [
    ['dev', { takesValue: true, read: readDevice }],
    ['scope', { takesValue: true, read: readScope }],
    ['label', { takesValue: true, read: readLabel }],
    ['brd', { takesValue: true, read: readBroadcast }],
    ['broadcast', { takesValue: true, read: readBroadcast }],
    ['peer', { takesValue: true, read: readPeer }],
    ['preferred_lft', { takesValue: true, read: readPreferredLft }],
    ['home', flagOption('home')],
    ['-nodad', flagOption('nodad')],
    ['mngtmpaddr', flagOption('mngtmpaddr')],
    ['noprefixroute', flagOption('noPrefixRoute')],
    ['autojoin', flagOption('autojoin')],
    ['no_track', flagOption('noTrack')],
  ];
}

type FlagName = 'home' | 'nodad' | 'mngtmpaddr' | 'noPrefixRoute' | 'autojoin' | 'noTrack' | 'useVmac';

export function flagOption(name: FlagName): AddressOption {
  return {
    read: (draft) => {
      draft[name] = true;
      return undefined;
    },
  };
}

function readDevice(draft: AddressDraft, option: Word, word: Word | undefined): Refusal | undefined {
  const result = interfaceName.parse(word === undefined ? [] : [word]);
  if (!result.ok) {
    const what = word === undefined ? 'an interface after "dev"' : `as dev ${interfaceName.expects}`;
    return { refused: word ?? option, expects: `an address with ${what}` };
  }
  draft.device = result.value;
  return undefined;
}

/** rtnetlink(7): enum rt_scope_t. */
const scopes: ReadonlyMap<string, number> = new Map([
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
]);

function readScope(draft: AddressDraft, option: Word, word: Word | undefined): Problem | undefined {
  const text = word?.value ?? '';
  if (familyOf(draft.address) === 6) {
    return invalidValue(option, `an IPv6 address has no scope to choose, found "${text}"; it is ignored`);
  }
  const scope = scopes.get(text) ?? (/^\d+$/.test(text) ? Number(text) : Number.NaN);
  if (scope <= 255) {
    draft.scope = scope;
    return undefined;
  }
  const names = [...scopes.keys()].join(', ');
  const message = `scope must be one of ${names} or a whole number from 0 to 255, found "${text}"; global is used`;
  return invalidValue(word ?? option, message);
}

function readLabel(draft: AddressDraft, option: Word, word: Word | undefined): Problem | undefined {
  const label = word?.value ?? '';
  if (label !== '' && label.length <= 15 && familyOf(draft.address) === 4) {
    draft.label = label;
    return undefined;
  }
  const message = `label must be at most 15 characters, on an IPv4 address, found "${label}"; the address gets none`;
  return invalidValue(word ?? option, message);
}

function readBroadcast(
  draft: AddressDraft,
  option: Word,
  word: Word | undefined,
): Problem | Refusal | undefined {
  const text = word?.value ?? '';
  if (familyOf(draft.address) === 6) {
    return { refused: option, expects: 'an IPv6 address without a broadcast address' };
  }
  if (text === '+' || text === '-') return computeBroadcast(draft, word ?? option, text);
  const broadcast = parseAddress(text);
  if (broadcast === undefined || familyOf(broadcast) !== 4) {
    return { refused: word ?? option, expects: 'an address with an IPv4 address, + or - after "brd"' };
  }
  draft.broadcast = broadcast;
  draft.broadcastForm = 'address';
  return undefined;
}

function computeBroadcast(draft: AddressDraft, word: Word, form: '+' | '-'): Problem | undefined {
  const prefixLength = prefixLengthOf(draft);
  if (prefixLength <= 30) {
    draft.broadcast = hostBits(draft.address, prefixLength, form === '+');
    draft.broadcastForm = form;
    return undefined;
  }
  const message = `a prefix of ${prefixLength} bits leaves no broadcast address, found "brd ${form}"; there is none`;
  return invalidValue(word, message);
}

/** The address with the bits behind its prefix all set or all clear. */
function hostBits(address: IpAddress, prefixLength: number, set: boolean): IpAddress {
  const bytes = addressBytes(address).map((byte, index) => {
    const mask = 0xff >> Math.min(Math.max(prefixLength - index * 8, 0), 8);
    return set ? byte | mask : byte & ~mask;
  });
  return addressFromBytes(bytes);
}

function readPeer(draft: AddressDraft, option: Word, word: Word | undefined): Problem | undefined {
  const family = familyOf(draft.address);
  const [text = '', prefix] = (word?.value ?? '').split('/');
  const peer = parseAddress(text);
  const length = integer(0, longestPrefix(draft.address)).parse(
    word && prefix !== undefined ? [{ ...word, value: prefix }] : [],
  );
  if (peer !== undefined && familyOf(peer) === family && (prefix === undefined || length.ok)) {
    draft.peer = peer;
    if (length.ok) draft.peerPrefixLength = length.value;
    return undefined;
  }
  const message = `peer must be an IPv${family} address like ${draft.address}, and a prefix length if there is one, found "${word?.value ?? ''}"; it is ignored`;
  return invalidValue(word ?? option, message);
}

const lifetime = integer(0, 0xffff_ffff);

function readPreferredLft(draft: AddressDraft, option: Word, word: Word | undefined): Problem | undefined {
  const result = lifetime.parse(word === undefined ? [] : [word]);
  if (word?.value === 'forever' || result.ok) {
    draft.preferredLftSeconds = result.ok ? result.value : Number.POSITIVE_INFINITY;
    return undefined;
  }
  const message = `preferred_lft must be forever or ${lifetime.expects}, in seconds, found "${word?.value ?? ''}"; it is ignored`;
  return invalidValue(word ?? option, message);
}

export function readTrackGroup(
  draft: AddressDraft,
  option: Word,
  word: Word | undefined,
): Problem | undefined {
  if (word === undefined)
    return invalidValue(option, 'track_group needs the name of a track_group; it is ignored');
  draft.trackGroup = word.value;
  return undefined;
}
