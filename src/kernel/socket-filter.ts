/**
 * Classic BPF programs for SO_ATTACH_FILTER, by which the kernel drops what this process need not look at: all but claims of
 * addresses, by ARP and by neighbour advertisements, or all ICMP but about our echo requests. Pure: addresses or a number in,
 * instructions as bytes out.
 */
import { endianness } from 'node:os';
import { type AddressFamily, addressBytes, type IpAddress } from '../net/address.ts';
import { icmpTypes } from '../net/icmp.ts';

/** One struct sock_filter. */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

const littleEndian = endianness() === 'LE';

// linux/bpf_common.h: class, size, mode and operation in one number.
const loadWord = 0x20;
const loadHalf = 0x28;
const loadByte = 0x30;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const compareWithIndex = 0x1d;
const copyToIndex = 0x07;
const giveBack = 0x06;
const bitwiseAnd = 0x54;
const shiftLeft = 0x64;
const addIndex = 0x0c;
/** Of a load: its offset counts from the index register. */
const indexed = 0x20;

/** SKF_AD_OFF + SKF_AD_PKTTYPE: not of the packet but about it. */
const packetTypeOffset = 0xfffff004;
const packetOutgoing = 4;

/** Four times the lower half of the first byte. */
const ipv4HeaderLengthToIndex: Instruction = [0xb1, 0, 0, 0];

const wholePacket = 0x40000;
const drop: Instruction = [giveBack, 0, 0, 0];
const accept: Instruction = [giveBack, 0, 0, wholePacket];
const notOutgoing: readonly Instruction[] = [[loadByte, 0, 0, packetTypeOffset], ...dropIf(packetOutgoing)];

/** A program has at most 4096 instructions, and an IPv6 address takes nine. */
export const MOST_FILTERED_ADDRESSES = 400;

/**
 * For packet sockets that deliver from the ARP header on (RFC 826, Ethernet and IPv4): the sender's protocol address is one of
 * `addresses`. With more than MOST_FILTERED_ADDRESSES: any announcement (sender and target address are the same) and any
 * reply. With none: nothing.
 */
export function arpClaimFilter(addresses: readonly IpAddress[]): Uint8Array {
  if (addresses.length === 0) return assemble([drop]);
  const isArp: readonly Instruction[] = [
    ...notOutgoing,
    [loadWord, 0, 0, 0],
    ...dropUnless(0x0001_0800),
    [loadHalf, 0, 0, 4],
    ...dropUnless(0x0604),
  ];
  if (addresses.length > MOST_FILTERED_ADDRESSES) return assemble([...isArp, ...isAnnouncementOrReply]);
  const claims = addresses.flatMap((one): readonly Instruction[] => acceptIf(words(one)[0] ?? 0));
  return assemble([...isArp, [loadWord, 0, 0, senderOffset], ...claims, drop]);
}

const operationOffset = 6;
const senderOffset = 14;
const targetOffset = 24;
const operationReply = 2;

const isAnnouncementOrReply: readonly Instruction[] = [
  [loadHalf, 0, 0, operationOffset],
  ...acceptIf(operationReply),
  [loadWord, 0, 0, senderOffset],
  [copyToIndex, 0, 0, 0],
  [loadWord, 0, 0, targetOffset],
  [compareWithIndex, 0, 1, 0],
  accept,
  drop,
];

/**
 * For raw ICMPv6 sockets, which deliver from the ICMPv6 header on (RFC 4861 section 4.4): a neighbour advertisement whose target
 * is one of `addresses`. With more than MOST_FILTERED_ADDRESSES any that overrides or was not asked for; with none nothing.
 */
export function neighborClaimFilter(addresses: readonly IpAddress[]): Uint8Array {
  if (addresses.length === 0) return assemble([drop]);
  const isAdvertisement: readonly Instruction[] = [
    ...notOutgoing,
    [loadByte, 0, 0, 0],
    ...dropUnless(neighborAdvertisement),
  ];
  if (addresses.length > MOST_FILTERED_ADDRESSES) return assemble([...isAdvertisement, ...isOverriding]);
  return assemble([...isAdvertisement, ...addresses.flatMap(acceptIfTarget), drop]);
}

const neighborAdvertisement = 136;
const flagsOffset = 4;
const flagSolicited = 0x40;
const flagOverride = 0x20;
const neighborTargetOffset = 8;

const isOverriding: readonly Instruction[] = [
  [loadByte, 0, 0, flagsOffset],
  [jumpIfAnyBit, 1, 0, flagOverride],
  [jumpIfAnyBit, 1, 0, flagSolicited],
  accept,
  drop,
];

/**
 * For raw sockets of ICMP, which deliver from the IP header on, and of ICMPv6, which deliver from the ICMPv6 header on: a reply to
 * an echo request with that identifier (RFC 792, RFC 4443), or an error that quotes one.
 */
export function echoReplyFilter(family: AddressFamily, identifier: number): Uint8Array {
  const types = icmpTypes[family];
  const errors = [types.destinationUnreachable, types.timeExceeded, types.parameterProblem];
  const isIdentifier = [...dropUnless(identifier), accept];
  const ifReply = [load(loadHalf, family, identifierOffset), ...isIdentifier];
  return assemble([
    ...(family === 4 ? [ipv4HeaderLengthToIndex] : []),
    load(loadByte, family, 0),
    [jumpIfEqual, 0, ifReply.length, types.echoReply],
    ...ifReply,
    ...errors.map((type, at): Instruction => [jumpIfEqual, errors.length - at, 0, type]),
    drop,
    ...(family === 4 ? skipToQuotedIcmp : []),
    load(loadByte, family, quotedOffset[family]),
    ...dropUnless(types.echoRequest),
    load(loadHalf, family, quotedOffset[family] + identifierOffset),
    ...isIdentifier,
  ]);
}

const identifierOffset = 4;
/** Of what an error quotes, from where `load` counts: behind its own header, and with IPv6 behind that which it quotes. */
const quotedOffset: Readonly<Record<AddressFamily, number>> = { 4: 8, 6: 8 + 40 };

/** The index register is the length of the IPv4 header; with IPv6 there is none. */
function load(code: number, family: AddressFamily, offset: number): Instruction {
  return [family === 4 ? code + indexed : code, 0, 0, offset];
}

/** From the outer ICMP header to the quoted: the index grows by the length of the quoted IPv4 header. */
const skipToQuotedIcmp: readonly Instruction[] = [
  [loadByte + indexed, 0, 0, 8],
  [bitwiseAnd, 0, 0, 0x0f],
  [shiftLeft, 0, 0, 2],
  [addIndex, 0, 0, 0],
  [copyToIndex, 0, 0, 0],
];

/** The last word first: it is what the addresses of one network differ in. */
function acceptIfTarget(target: IpAddress): readonly Instruction[] {
  const wanted = [...words(target).entries()].reverse();
  return [
    ...wanted.flatMap(([index, word], position): readonly Instruction[] => [
      [loadWord, 0, 0, neighborTargetOffset + 4 * index],
      // To the next address: past the rest of these pairs and the `accept`.
      [jumpIfEqual, 0, 2 * (wanted.length - 1 - position) + 1, word],
    ]),
    accept,
  ];
}

function acceptIf(value: number): readonly Instruction[] {
  return [[jumpIfEqual, 0, 1, value], accept];
}

function dropIf(value: number): readonly Instruction[] {
  return [[jumpIfEqual, 0, 1, value], drop];
}

function dropUnless(value: number): readonly Instruction[] {
  return [[jumpIfEqual, 1, 0, value], drop];
}

/** In network order, as BPF loads them. */
function words(value: IpAddress): readonly number[] {
  const bytes = addressBytes(value);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index));
}

/** As the kernel takes it: linux/filter.h, struct sock_filter. */
export function assemble(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(8 * program.length);
  const view = new DataView(bytes.buffer);
  for (const [index, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    view.setUint16(8 * index, code, littleEndian);
    view.setUint8(8 * index + 2, ifTrue);
    view.setUint8(8 * index + 3, ifFalse);
    view.setUint32(8 * index + 4, operand, littleEndian);
  }
  return bytes;
}
