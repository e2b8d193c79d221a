/**
 * Classic BPF programs for SO_ATTACH_FILTER, by which the kernel drops what this process need not look at: claims of addresses,
 * by ARP and by neighbour advertisements. Pure: a list of addresses in, instructions as bytes out.
 */
import { endianness } from 'node:os';
import { addressBytes, type IpAddress } from '../net/address.ts';

/** One struct sock_filter. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

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

/** SKF_AD_OFF + SKF_AD_PKTTYPE: not of the packet but about it. */
const packetTypeOffset = 0xfffff004;
const packetOutgoing = 4;

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

function assemble(program: readonly Instruction[]): Uint8Array {
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
