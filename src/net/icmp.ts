/**
 * ICMP (RFC 792) and ICMPv6 (RFC 4443) as far as an echo request needs them: the request out, the reply and the errors about it in.
 * A message begins at the ICMP header; what stands before it is the caller's.
 */
import { type AddressFamily, addressFromBytes, type IpAddress } from './address.ts';
import { internetChecksum } from './checksum.ts';
import { type Decoded, decoded, rejected } from './decoded.ts';
import { parseIpv4Header } from './ipv4.ts';

export interface Echo {
  /** 0 to 65535 both. */
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

export type IcmpMessage =
  | ({ readonly kind: 'echoReply' } & Echo)
  /** About an echo request to `destination` that did not arrive there. */
  | {
      readonly kind: 'error';
      /** A sentence's end: `host unreachable`. */
      readonly meaning: string;
      readonly destination: IpAddress;
      readonly identifier: number;
      readonly sequence: number;
    };

interface Types {
  readonly echoRequest: number;
  readonly echoReply: number;
  /** Next header or protocol number. */
  readonly protocol: number;
  readonly destinationUnreachable: number;
  readonly timeExceeded: number;
  readonly parameterProblem: number;
  readonly unreachableCodes: readonly string[];
}

export const icmpTypes: Readonly<Record<AddressFamily, Types>> = {
  4: {
    echoRequest: 8,
    echoReply: 0,
    protocol: 1,
    destinationUnreachable: 3,
    timeExceeded: 11,
    parameterProblem: 12,
    // RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1.
    unreachableCodes: [
      'network unreachable',
      'host unreachable',
      'protocol unreachable',
      'port unreachable',
      'fragmentation needed',
      'source route failed',
      'network unknown',
      'host unknown',
      'source host isolated',
      'network administratively prohibited',
      'host administratively prohibited',
      'network unreachable for this type of service',
      'host unreachable for this type of service',
      'communication administratively prohibited',
    ],
  },
  6: {
    echoRequest: 128,
    echoReply: 129,
    protocol: 58,
    destinationUnreachable: 1,
    timeExceeded: 3,
    parameterProblem: 4,
    // RFC 4443 section 3.1.
    unreachableCodes: [
      'no route to destination',
      'communication administratively prohibited',
      'beyond scope of source address',
      'address unreachable',
      'port unreachable',
      'source address failed ingress policy',
      'route to destination rejected',
    ],
  },
};

const headerBytes = 8;
const ipv6HeaderBytes = 40;

/**
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |     Code      |          Checksum             |
 * |           Identifier          |        Sequence Number        |
 * |     Data ...
 * +-+-+-+-+-+
 *
 * RFC 792, RFC 4443 section 4.1. The checksum of ICMPv6 is left 0: it covers the source address, and the kernel fills it in.
 */
export function encodeEchoRequest(family: AddressFamily, { identifier, sequence, data }: Echo): Uint8Array {
  const bytes = new Uint8Array(headerBytes + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, icmpTypes[family].echoRequest);
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  bytes.set(data, headerBytes);
  if (family === 4) view.setUint16(2, internetChecksum(bytes));
  return bytes;
}

type Rejection = 'length' | 'type' | 'checksum' | 'quoted';

/**
 * An echo reply, or an error that quotes an echo request. `checksum`, an ICMP message's own, is verified for ICMP; the kernel has
 * verified that of ICMPv6. Anything else is rejected with its reason.
 */
export function decodeIcmp(family: AddressFamily, bytes: Uint8Array): Decoded<IcmpMessage, Rejection> {
  if (bytes.length < headerBytes) {
    return rejected('length', `an ICMP message has at least ${headerBytes} bytes, this has ${bytes.length}`);
  }
  if (family === 4 && internetChecksum(bytes) !== 0) {
    return rejected('checksum', 'the checksum of the ICMP message is wrong');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(0);
  if (type === icmpTypes[family].echoReply) {
    const ids = { identifier: view.getUint16(4), sequence: view.getUint16(6) };
    return decoded({ kind: 'echoReply', ...ids, data: bytes.subarray(headerBytes) });
  }
  const meaning = meaningOf(family, type, view.getUint8(1));
  if (meaning === undefined) {
    return rejected('type', `ICMP type ${type} is neither an echo reply nor an error about a request`);
  }
  return quotedRequest(family, bytes.subarray(headerBytes), meaning);
}

/** Not "fragmentation needed" and "packet too big": what they are about is sent anew, smaller. */
function meaningOf(family: AddressFamily, type: number, code: number): string | undefined {
  const types = icmpTypes[family];
  if (type === types.timeExceeded) return 'time to live exceeded';
  if (type === types.parameterProblem) return 'parameter problem';
  if (type !== types.destinationUnreachable) return undefined;
  const known = types.unreachableCodes[code];
  return known === 'fragmentation needed' ? undefined : (known ?? `destination unreachable, code ${code}`);
}

/** An error quotes the packet that it is about, or its beginning: at least 8 bytes behind the IP header. */
function quotedRequest(
  family: AddressFamily,
  packet: Uint8Array,
  meaning: string,
): Decoded<IcmpMessage, Rejection> {
  const quoted = family === 4 ? quotedIpv4(packet) : quotedIpv6(packet);
  if (quoted === undefined || quoted.icmp.length < headerBytes) {
    return rejected('quoted', 'the ICMP error does not quote an ICMP packet of the same family');
  }
  const view = new DataView(quoted.icmp.buffer, quoted.icmp.byteOffset, quoted.icmp.byteLength);
  if (view.getUint8(0) !== icmpTypes[family].echoRequest) {
    return rejected('quoted', 'the ICMP error is not about an echo request');
  }
  const ids = { identifier: view.getUint16(4), sequence: view.getUint16(6) };
  return decoded({ kind: 'error', meaning, destination: quoted.destination, ...ids });
}

interface Quoted {
  readonly destination: IpAddress;
  readonly icmp: Uint8Array;
}

function quotedIpv4(packet: Uint8Array): Quoted | undefined {
  const header = parseIpv4Header(packet);
  if (!header.ok || header.value.protocol !== icmpTypes[4].protocol) return undefined;
  const { destination, headerLengthBytes } = header.value;
  return { destination, icmp: packet.subarray(headerLengthBytes) };
}

/** Our requests have no extension headers, so what has some is not ours. */
function quotedIpv6(packet: Uint8Array): Quoted | undefined {
  const version = (packet[0] ?? 0) >> 4;
  if (packet.length < ipv6HeaderBytes || version !== 6 || packet[6] !== icmpTypes[6].protocol)
    return undefined;
  return {
    destination: addressFromBytes(packet.subarray(24, 40)),
    icmp: packet.subarray(ipv6HeaderBytes),
  };
}
