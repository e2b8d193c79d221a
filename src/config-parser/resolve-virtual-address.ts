/** keepalived.conf(5): the entries of virtual_ipaddress and virtual_ipaddress_excluded. */
import {
  type AddressFamily,
  addressBytes,
  addressFromBytes,
  familyOf,
  type IpAddress,
  parseAddress,
} from '../net/address.ts';
import type { Given } from './block-values.ts';
import type { VirtualAddress } from './config.ts';
import type { Severity, Span } from './diagnostics.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { interfaceName } from './schema/index.ts';
import { headingSpan, type Statement } from './tree.ts';
import type { Word } from './words.ts';

export interface InstanceAddresses {
  /** Of the first virtual address; undefined when there is none. */
  readonly family?: AddressFamily;
  readonly virtual: readonly VirtualAddress[];
  readonly excluded: readonly VirtualAddress[];
}

/** RFC 3768 section 5.3.5: Count IP Addrs has one byte. */
const mostAdvertised = 255;

export function resolveVirtualAddresses(context: InstanceContext, ownInterface: string): InstanceAddresses {
  const { values } = context;
  const known = new Map<IpAddress, VirtualAddress>();
  const advertised = resolveList(context, ownInterface, values.all('virtual_ipaddress'), known);
  const excluded = resolveList(context, ownInterface, values.all('virtual_ipaddress_excluded'), known);
  const [first] = advertised;
  if (first === undefined) return { virtual: [], excluded };
  const family = familyOf(first.address);
  const virtual = advertised.filter((entry) => isOfFamily(context, entry, family));
  if (virtual.length > mostAdvertised) {
    const message = `an advertisement holds at most ${mostAdvertised} addresses, found ${virtual.length}; the rest is held and not advertised`;
    reportPart(
      context,
      'error',
      'too-many-addresses',
      message,
      context.spans.spanOf(virtual[mostAdvertised] ?? first),
    );
  }
  const excess = virtual.slice(mostAdvertised);
  return { family, virtual: virtual.slice(0, mostAdvertised), excluded: [...excess, ...excluded] };
}

function isOfFamily(context: InstanceContext, entry: VirtualAddress, family: AddressFamily): boolean {
  if (familyOf(entry.address) === family) return true;
  const message = `virtual_ipaddress holds IPv${family} addresses here, found "${entry.address}"; it is ignored`;
  const help = 'put it into virtual_ipaddress_excluded, or into an instance of its own';
  reportPart(context, 'error', 'address-family-mismatch', message, context.spans.spanOf(entry), help);
  return false;
}

function resolveList(
  context: InstanceContext,
  ownInterface: string,
  lists: readonly Given<unknown>[],
  known: Map<IpAddress, VirtualAddress>,
): readonly VirtualAddress[] {
  const entries: VirtualAddress[] = [];
  for (const statement of lists.flatMap((list) => list.statement.block?.statements ?? [])) {
    const entry = resolveEntry(context, ownInterface, statement);
    if (entry === undefined) continue;
    context.spans.record(entry, headingSpan(statement));
    const first = known.get(entry.address);
    if (first === undefined) {
      known.set(entry.address, entry);
      entries.push(entry);
    } else reportDuplicate(context, entry, first);
  }
  return entries;
}

function reportDuplicate(context: InstanceContext, entry: VirtualAddress, first: VirtualAddress): void {
  const { spans, reporter } = context;
  const span = spans.spanOf(entry);
  const place = spans.spanOf(first);
  reporter.report({
    severity: 'error',
    code: 'duplicate-address',
    message: `${entry.address} stands in this vrrp_instance already; it is ignored`,
    ...(span && { span }),
    ...(place && { notes: [{ span: place, message: 'the first is here' }] }),
  });
}

interface EntryReader {
  readonly context: InstanceContext;
  readonly address: IpAddress;
  readonly prefixLength: number;
}

function resolveEntry(
  context: InstanceContext,
  ownInterface: string,
  statement: Statement,
): VirtualAddress | undefined {
  const { keyword } = statement;
  const [text = '', prefix] = keyword.value.split('/');
  const address = parseAddress(text);
  if (address === undefined) {
    const message = `an entry must begin with an IP address, found "${keyword.value}"; it is ignored`;
    reportPart(context, 'error', 'invalid-value', message, spanOf(keyword));
    return undefined;
  }
  const reader = { context, address, prefixLength: resolvePrefix(context, keyword, address, prefix) };
  const options = readOptions(reader, statement);
  if (options === undefined) return undefined;
  return { address, prefixLength: reader.prefixLength, interface: ownInterface, scope: 0, ...options };
}

function resolvePrefix(context: InstanceContext, word: Word, address: IpAddress, prefix?: string): number {
  const longest = familyOf(address) === 4 ? 32 : 128;
  if (prefix === undefined) return longest;
  const length = /^\d+$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (length <= longest) return length;
  const message = `the prefix length of ${address} must be a whole number from 0 to ${longest}, found "${prefix}"; ${longest} is used`;
  reportPart(context, 'error', 'invalid-value', message, spanOf(word));
  return longest;
}

type Options = { -readonly [Name in 'interface' | 'scope' | 'label' | 'broadcast']?: VirtualAddress[Name] };

/** Options with a word after them that holdfast does not act on yet; the others stand alone. */
const laterWithArgument = new Set(['peer', 'preferred_lft', 'track_group']);
const laterAlone = new Set([
  'home',
  '-nodad',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin',
  'no_track',
  'use_vmac',
]);

/** Undefined when the whole entry is to be left out. */
function readOptions(reader: EntryReader, { args }: Statement): Options | undefined {
  const options: Options = {};
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (word === undefined) break;
    if (laterAlone.has(word.value)) reportLater(reader, word);
    else if (laterWithArgument.has(word.value)) {
      reportLater(reader, word);
      at += 1;
    } else {
      const read = optionReaders.get(word.value);
      if (read === undefined) {
        reportUnknownOption(reader, word);
        continue;
      }
      at += 1;
      const result = read(reader, args[at], word);
      if (result === undefined) return undefined;
      Object.assign(options, result);
    }
  }
  return options;
}

/** Gives the option's part of the address; nothing when the option is dropped; undefined when the entry is. */
type OptionReader = (reader: EntryReader, word: Word | undefined, option: Word) => Options | undefined;

const optionReaders: ReadonlyMap<string, OptionReader> = new Map([
  ['dev', readDevice],
  ['scope', readScope],
  ['label', readLabel],
  ['brd', readBroadcast],
  ['broadcast', readBroadcast],
]);

function readDevice(reader: EntryReader, word: Word | undefined, option: Word): Options | undefined {
  const result = interfaceName.parse(word === undefined ? [] : [word]);
  if (result.ok) return { interface: result.value };
  drop(
    reader,
    word ?? option,
    `dev must be ${interfaceName.expects}, found ${word === undefined ? 'nothing' : `"${word.value}"`}; the address is ignored`,
  );
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

function readScope(reader: EntryReader, word: Word | undefined, option: Word): Options {
  const text = word?.value ?? '';
  const scope = scopes.get(text) ?? (/^\d+$/.test(text) ? Number(text) : Number.NaN);
  if (scope <= 255) return { scope };
  const names = [...scopes.keys()].join(', ');
  drop(
    reader,
    word ?? option,
    `scope must be one of ${names} or a whole number from 0 to 255, found "${text}"; global is used`,
  );
  return {};
}

function readLabel(reader: EntryReader, word: Word | undefined, option: Word): Options {
  const label = word?.value ?? '';
  if (label !== '' && label.length <= 15 && familyOf(reader.address) === 4) return { label };
  drop(
    reader,
    word ?? option,
    `label must be at most 15 characters, on an IPv4 address, found "${label}"; the address gets none`,
  );
  return {};
}

function readBroadcast(reader: EntryReader, word: Word | undefined, option: Word): Options | undefined {
  const { address, prefixLength } = reader;
  const text = word?.value ?? '';
  if (familyOf(address) === 6) {
    drop(reader, option, `an IPv6 address has no broadcast address, found "${text}"; the address is ignored`);
    return undefined;
  }
  if (text === '+' || text === '-') {
    if (prefixLength <= 30) return { broadcast: hostBits(address, prefixLength, text === '+') };
    drop(
      reader,
      word ?? option,
      `a prefix of ${prefixLength} bits leaves no broadcast address, found "brd ${text}"; there is none`,
    );
    return {};
  }
  const broadcast = parseAddress(text);
  if (broadcast !== undefined && familyOf(broadcast) === 4) return { broadcast };
  drop(
    reader,
    word ?? option,
    `brd must be an IPv4 address, + or -, found "${text}"; the address is ignored`,
  );
  return undefined;
}

/** The address with the bits behind its prefix all set or all clear. */
function hostBits(address: IpAddress, prefixLength: number, set: boolean): IpAddress {
  const bytes = addressBytes(address).map((byte, index) => {
    const mask = 0xff >> Math.min(Math.max(prefixLength - index * 8, 0), 8);
    return set ? byte | mask : byte & ~mask;
  });
  return addressFromBytes(bytes);
}

function reportLater(reader: EntryReader, word: Word): void {
  reader.context.reporter.reportOnce(`not acted on address ${word.value}`, spanOf(word), () => ({
    severity: 'warning',
    code: 'not-acted-on',
    message: `"${word.value}" is read but holdfast does not act on it yet`,
  }));
}

function reportUnknownOption(reader: EntryReader, word: Word): void {
  const isAddress = parseAddress(word.value.split('/')[0] ?? '') !== undefined;
  const message = `unknown option "${word.value}" of address ${reader.address}; it is ignored`;
  const help = isAddress ? 'write every address on a line of its own' : undefined;
  report(reader, 'error', 'unknown-option', message, spanOf(word), help);
}

function drop(reader: EntryReader, word: Word, message: string): void {
  report(reader, 'error', 'invalid-value', message, spanOf(word));
}

function report(
  { context }: EntryReader,
  severity: Severity,
  code: string,
  message: string,
  span: Span,
  help?: string,
): void {
  context.reporter.report({ severity, code, message, span, ...(help !== undefined && { help }) });
}

function spanOf({ file, start, end }: Word): Span {
  return { file, start, end };
}
