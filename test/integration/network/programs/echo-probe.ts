/**
 * Asks an address for an echo at a steady pace: what answers is the kernel that holds the address, so nothing need run there.
 * Arguments: from, to, paceMs. Command: report, answered by how many were asked and when the unanswered ones were.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { DatagramSocket } from '../../../../src/kernel/datagram-socket.ts';
import { ipv4SocketAddress, ipv6SocketAddress } from '../../../../src/kernel/socket-address.ts';
import { AF_INET, AF_INET6, IPPROTO_ICMPV6, SOCK_RAW } from '../../../../src/kernel/socket-constants.ts';
import { address, familyOf } from '../../../../src/net/address.ts';
import { internetChecksum } from '../../../../src/net/checksum.ts';
import { onCommand, programArguments, say } from './lines.ts';

const { from, to, paceMs } = programArguments<{ from: string; to: string; paceMs: number }>();
const isIpv4 = familyOf(address(to)) === 4;
const socketAddress = isIpv4 ? ipv4SocketAddress : ipv6SocketAddress;
const target = socketAddress(address(to));
const icmpProtocol = 1;
/** RFC 792 and RFC 4443: echo request and reply. */
const types = isIpv4 ? { request: 8, reply: 0 } : { request: 128, reply: 129 };
const identifier = process.pid & 0xffff;
/** After this an echo without an answer has failed. */
const patienceMs = 500;

const askedAtMs: number[] = [];
const answered = new Set<number>();

const socket = new DatagramSocket({
  family: isIpv4 ? AF_INET : AF_INET6,
  type: SOCK_RAW,
  protocol: isIpv4 ? icmpProtocol : IPPROTO_ICMPV6,
});
socket.bind(socketAddress(address(from)));
socket.enlargeReceiveBuffer(1 << 20);
socket.on('message', (datagram) => {
  // A raw IPv4 socket delivers the header as well.
  const bytes = isIpv4 ? datagram.subarray(((datagram[0] ?? 0) & 0x0f) * 4) : datagram;
  if (bytes[0] === types.reply && bytes.readUInt16BE(4) === identifier) answered.add(bytes.readUInt32BE(8));
});

function ask(): void {
  const bytes = Buffer.alloc(12);
  bytes[0] = types.request;
  bytes.writeUInt16BE(identifier, 4);
  bytes.writeUInt32BE(askedAtMs.length, 8);
  // The kernel computes that of ICMPv6.
  if (isIpv4) bytes.writeUInt16BE(internetChecksum(bytes), 2);
  askedAtMs.push(Date.now());
  try {
    socket.send(bytes, target);
  } catch {
    // Its neighbour does not answer: an echo that fails.
  }
}

async function report(): Promise<void> {
  const asked = askedAtMs.length;
  await delay(patienceMs);
  const failedAtMs = askedAtMs.slice(0, asked).filter((_, index) => !answered.has(index));
  say({ kind: 'report', asked, failedAtMs });
}

setInterval(ask, paceMs);
socket.once('message', () => say({ kind: 'ready' }));
onCommand(({ kind }) => {
  if (kind === 'report') void report();
});
