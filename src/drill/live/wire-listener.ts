/** Listens to VRRP, ARP and Neighbour Advertisements on one interface. Its socket sends nothing, ever. */
import { readFileSync } from 'node:fs';
import { nowMs as monotonicMs } from '../../kernel/clock.ts';
import { DatagramSocket } from '../../kernel/datagram-socket.ts';
import { linkSocketAddress } from '../../kernel/socket-address.ts';
import { AF_PACKET, SO_TIMESTAMPNS, SOCK_DGRAM, SOL_SOCKET } from '../../kernel/socket-constants.ts';
import { nowMs } from '../lab/recorder.ts';
import { readWire, type WireSight } from './read-wire.ts';
import { wireFilter } from './wire-filter.ts';

export interface WireListener {
  close(): void;
}

/** linux/if_ether.h, ETH_P_ALL: the only one with which what this host itself sends is seen. */
const everyProtocol = 3;
const largestPacketBytes = 2048;

// linux/if_packet.h.
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_MR_MULTICAST = 0;
/** RFC 5798 sections 5.1.1.2 and 5.1.2.2: 224.0.0.18 and ff02::12, as Ethernet has them. */
const groups: readonly (readonly number[])[] = [
  [0x01, 0x00, 0x5e, 0x00, 0x00, 0x12],
  [0x33, 0x33, 0x00, 0x00, 0x00, 0x12],
];

/** Throws with a sentence: no such interface, or no right to listen. */
export function listenOn(interfaceName: string, take: (sight: WireSight) => void): WireListener {
  const index = indexOf(interfaceName);
  const socket = openSocket(interfaceName, index);
  const epochMs = nowMs() - monotonicMs();
  socket.on('message', (payload, { address, receivedAtMs }) => {
    const sight = readWire({ atMs: receivedAtMs + epochMs, address, payload });
    if (sight !== undefined) take(sight);
  });
  // The interface went down: what comes after it is up again is heard.
  socket.on('error', () => undefined);
  return { close: () => socket.close() };
}

function indexOf(interfaceName: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${encodeURIComponent(interfaceName)}/ifindex`, 'utf8'));
  } catch {
    throw new Error(`there is no interface ${interfaceName} here; ip link lists them`);
  }
}

function openSocket(interfaceName: string, index: number): DatagramSocket {
  try {
    const socket = new DatagramSocket({
      family: AF_PACKET,
      type: SOCK_DGRAM,
      protocol: 0,
      maxDatagramBytes: largestPacketBytes,
    });
    socket.attachFilter(wireFilter());
    socket.setOption(SOL_SOCKET, SO_TIMESTAMPNS, 1, 'ask for receive time stamps');
    for (const group of groups) socket.setOption(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership(index, group));
    socket.bind(linkSocketAddress(index, everyProtocol), `listen on ${interfaceName}`);
    return socket;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EPERM' || code === 'EACCES')
      throw new Error(
        `listening on ${interfaceName} needs CAP_NET_RAW: run it as root, or leave --interface out to probe only`,
      );
    throw error;
  }
}

/** struct packet_mreq: the card is to take that address's frames; nothing is told to the network. */
function membership(index: number, group: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(16);
  new Int32Array(bytes.buffer, 0, 1)[0] = index;
  new Uint16Array(bytes.buffer, 4, 2).set([PACKET_MR_MULTICAST, group.length]);
  bytes.set(group, 8);
  return bytes;
}
