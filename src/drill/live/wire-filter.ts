/**
 * A classic BPF program by which the kernel hands over only what a live drill looks at: VRRP, also behind an Authentication
 * Header, ARP, and Neighbour Advertisements. For packet sockets that deliver from the network header on. Pure.
 */
import { assemble, type Instruction } from '../../kernel/socket-filter.ts';
import { etherType } from '../../net/ethernet.ts';

// linux/bpf_common.h, linux/filter.h.
const loadHalf = 0x28;
const loadByte = 0x30;
const jumpIfEqual = 0x15;
const giveBack = 0x06;
/** SKF_AD_OFF + SKF_AD_PROTOCOL: not of the packet but about it. */
const protocolOffset = 0xfffff000;
const wholePacket = 0x40000;

const vrrp = 112;
const authenticationHeader = 51;
const icmpv6 = 58;
const neighborAdvertisement = 136;

/** Jumps are to `accept` at 13 and `drop` at 14, counted from the next instruction. */
const program: readonly Instruction[] = [
  [loadHalf, 0, 0, protocolOffset],
  [jumpIfEqual, 11, 0, etherType.arp],
  [jumpIfEqual, 0, 3, etherType.ipv4],
  [loadByte, 0, 0, 9],
  [jumpIfEqual, 8, 0, vrrp],
  [jumpIfEqual, 7, 8, authenticationHeader],
  [jumpIfEqual, 0, 7, etherType.ipv6],
  [loadByte, 0, 0, 6],
  [jumpIfEqual, 4, 0, vrrp],
  [jumpIfEqual, 3, 0, authenticationHeader],
  [jumpIfEqual, 0, 3, icmpv6],
  [loadByte, 0, 0, 40],
  [jumpIfEqual, 0, 1, neighborAdvertisement],
  [giveBack, 0, 0, wholePacket],
  [giveBack, 0, 0, 0],
];

export function wireFilter(): Uint8Array {
  return assemble(program);
}
