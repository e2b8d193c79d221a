/**
 * IP addresses as values. An address is its canonical text (RFC 5952 for IPv6), so `===`, Map keys, JSON and IPC work;
 * order is never that of the text but that of the number: see `compareAddresses`.
 */

declare const ipAddressBrand: unique symbol;

/** An IPv4 or IPv6 address in canonical text. Made only by `parseAddress` and `addressFromBytes`. */
export type IpAddress = string & { readonly [ipAddressBrand]: true };

export type AddressFamily = 4 | 6;

const dot = 0x2e;
const digitZero = 0x30;

/** Four numbers from 0 to 255, without leading zeros: canonical as it stands. */
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?[1-9]?\d|1\d\d)(?:\.(?!$)|$)){4}$/;

/** The canonical address for `text`, or undefined when it is not an address. A zone (`%eth0`) is not accepted. */
export function parseAddress(text: string): IpAddress | undefined {
  if (!text.includes(':')) return ipv4.test(text) ? (text as IpAddress) : undefined;
  const bytes = parseIpv6(text);
  return bytes && addressFromBytes(bytes);
}

/** As `parseAddress`, for literals of ours. Throws on anything else. */
export function address(text: string): IpAddress {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an IP address: "${text}"`);
  return parsed;
}

/** The address in 4 or 16 bytes in network order. Throws for any other length. */
export function addressFromBytes(bytes: Uint8Array): IpAddress {
  // Twice for every packet that is received: a seventh of what join('.') takes.
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}` as IpAddress;
  if (bytes.length === 16) return formatIpv6(bytes) as IpAddress;
  throw new Error(`an IP address has 4 or 16 bytes, not ${bytes.length}`);
}

/** 4 or 16 bytes in network order. */
export function addressBytes(value: IpAddress): Uint8Array {
  const bytes = value.includes(':') ? parseIpv6(value) : parseIpv4(value);
  if (bytes === undefined) throw new Error(`not an IP address: "${value}"`);
  return bytes;
}

export function familyOf(value: IpAddress): AddressFamily {
  return value.includes(':') ? 6 : 4;
}

/** Negative, zero or positive, as numbers in network order; IPv4 before IPv6. (As text '10.0.0.9' > '10.0.0.10'.) */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  const left = addressBytes(a);
  const right = addressBytes(b);
  if (left.length !== right.length) return left.length - right.length;
  for (const [index, byte] of left.entries()) {
    const difference = byte - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isMulticast(value: IpAddress): boolean {
  if (value.includes(':')) return /^ff..:/.test(value);
  const first = Number.parseInt(value, 10);
  return first >= 224 && first <= 239;
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!ipv4.test(text)) return undefined;
  const bytes = new Uint8Array(4);
  let part = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === dot) part += 1;
    else bytes[part] = (bytes[part] ?? 0) * 10 + code - digitZero;
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = withEmbeddedIpv4(text)?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const [head = [], tail] = groups;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = tail === undefined ? head : [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

/** `::ffff:192.0.2.1` as `::ffff:c000:201`; other text unchanged. */
function withEmbeddedIpv4(text: string): string | undefined {
  const dotted = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  if (dotted === null) return text;
  const bytes = parseIpv4(dotted[2] ?? '');
  if (bytes === undefined) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return `${dotted[1]}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
