/**
 * Echo requests and their replies over ICMP and ICMPv6. All that leave the same way share one raw socket, on which the kernel
 * drops what is not about them; unlike ICMP's datagram sockets it needs no change of net.ipv4.ping_group_range, which lets every
 * account of the host ping.
 */
import { randomBytes, randomInt } from 'node:crypto';
import type { Ping, PingEvents, PingPlace } from '../healthcheck/probes/tools.ts';
import { type AddressFamily, familyOf, type IpAddress } from '../net/address.ts';
import { decodeIcmp, encodeEchoRequest, type IcmpMessage, icmpTypes } from '../net/icmp.ts';
import { parseIpv4Header } from '../net/ipv4.ts';
import { DatagramSocket, RECEIVE_BATCH } from './datagram-socket.ts';
import { ipOfSocketAddress, ipv4SocketAddress, ipv6SocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';
import { echoReplyFilter } from './socket-filter.ts';

/** One of these a process. Has sockets open, and keeps the process alive, only while a reply is waited for. */
export class Pinger {
  readonly #sockets = new Map<string, PingSocket>();

  /** Throws what the kernel refuses. */
  send(place: PingPlace, events: PingEvents): Ping {
    const family = familyOf(place.connectAddress);
    const key = [family, place.bindAddress, place.bindInterface, place.firewallMark || undefined].join(' ');
    let socket = this.#sockets.get(key);
    // One that is full of unanswered requests goes on without new ones.
    if (socket === undefined || socket.isFull) {
      const opened: PingSocket = new PingSocket(family, place, () => this.#forget(key, opened));
      this.#sockets.set(key, opened);
      socket = opened;
    }
    try {
      return socket.send(place.connectAddress, events);
    } catch (error) {
      // It may be bound to an interface that has gone: the next request gets a socket of the one that came in its place.
      this.#forget(key, socket);
      socket.closeIfIdle();
      throw error;
    }
  }

  /** How many sockets are open. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  #forget(key: string, socket: PingSocket): void {
    if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
  }
}

interface Waiting {
  readonly destination: IpAddress;
  /** What no other sender can know, and the reply gives back. */
  readonly data: Uint8Array;
  readonly events: PingEvents;
}

const identifiers = 0x10000;
const sequences = 0x10000;
const tokenBytes = 8;
/** As of ping(8). */
const dataBytes = 56;
/** The longest IPv4 header, and an error as long as an IPv6 router may make it (RFC 4443 section 2.4). */
const maxDatagramBytes = 60 + 1280;

class PingSocket {
  readonly #family: AddressFamily;
  readonly #socket: DatagramSocket;
  readonly #onClose: () => void;
  readonly #identifier = randomInt(identifiers);
  readonly #waiting = new Map<number, Waiting>();
  #lastSequence = 0;

  constructor(family: AddressFamily, place: PingPlace, onClose: () => void) {
    this.#family = family;
    this.#onClose = onClose;
    const socket = new DatagramSocket({
      family: family === 6 ? constants.AF_INET6 : constants.AF_INET,
      type: constants.SOCK_RAW,
      protocol: icmpTypes[family].protocol,
      maxDatagramBytes,
    });
    try {
      socket.attachFilter(echoReplyFilter(family, this.#identifier), 'filter ICMP');
      setUp(socket, place);
    } catch (error) {
      socket.close();
      throw error;
    }
    socket.on('message', (packet, { address }) => this.#receive(packet, ipOfSocketAddress(address)));
    socket.on('error', (error) => this.#fail(error));
    this.#socket = socket;
  }

  get isFull(): boolean {
    return this.#waiting.size === sequences;
  }

  send(destination: IpAddress, events: PingEvents): Ping {
    const sequence = this.#freeSequence();
    const data = new Uint8Array(dataBytes);
    data.set(randomBytes(tokenBytes));
    const request = encodeEchoRequest(this.#family, { identifier: this.#identifier, sequence, data });
    this.#socket.send(request, socketAddress(destination), { doing: `ping ${destination}` });
    const waiting = { destination, data, events };
    this.#waiting.set(sequence, waiting);
    return {
      cancel: () => this.#cancel(sequence, waiting),
      receivePending: () => this.#receivePending(),
    };
  }

  closeIfIdle(): void {
    if (this.#waiting.size > 0) return;
    this.#onClose();
    this.#socket.close();
  }

  #freeSequence(): number {
    do this.#lastSequence = (this.#lastSequence + 1) % sequences;
    while (this.#waiting.has(this.#lastSequence));
    return this.#lastSequence;
  }

  #receivePending(): void {
    while (this.#socket.receivePending() === RECEIVE_BATCH);
  }

  /** The number may be another request's by now. */
  #cancel(sequence: number, waiting: Waiting): void {
    if (this.#waiting.get(sequence) !== waiting) return;
    this.#waiting.delete(sequence);
    this.closeIfIdle();
  }

  #receive(packet: Uint8Array, source: IpAddress | undefined): void {
    const bytes = icmpOf(this.#family, packet);
    const message = bytes && decodeIcmp(this.#family, bytes);
    // The kernel's filter looks at few fields. What it lets through that is no ICMP is nobody's answer.
    if (source === undefined || !message?.ok) return;
    const { sequence } = message.value;
    const waiting = this.#waiting.get(sequence);
    if (waiting === undefined || !this.#concerns(message.value, waiting, source)) return;
    this.#waiting.delete(sequence);
    if (message.value.kind === 'echoReply') waiting.events.onReply();
    else waiting.events.onUnreachable({ by: source, meaning: message.value.meaning });
    this.closeIfIdle();
  }

  #concerns(message: IcmpMessage, { destination, data }: Waiting, source: IpAddress): boolean {
    if (message.identifier !== this.#identifier) return false;
    if (message.kind === 'error') return message.destination === destination;
    return source === destination && Buffer.compare(message.data, data) === 0;
  }

  #fail(error: NodeJS.ErrnoException): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.closeIfIdle();
    for (const { events } of all) events.onError(error);
  }
}

/** keepalived.conf(5): bindto, bind_if, fwmark. */
function setUp(socket: DatagramSocket, { bindAddress, bindInterface, firewallMark }: PingPlace): void {
  // First, since a link-local address is one of this interface then.
  if (bindInterface !== undefined) socket.bindToDevice(bindInterface);
  if (firewallMark) {
    const doing = `set firewall mark ${firewallMark}`;
    socket.setOption(constants.SOL_SOCKET, constants.SO_MARK, firewallMark | 0, doing);
  }
  if (bindAddress !== undefined) socket.bind(socketAddress(bindAddress), `ping from ${bindAddress}`);
}

function socketAddress(host: IpAddress): Uint8Array {
  return familyOf(host) === 6 ? ipv6SocketAddress(host) : ipv4SocketAddress(host);
}

function icmpOf(family: AddressFamily, packet: Uint8Array): Uint8Array | undefined {
  if (family === 6) return packet;
  const header = parseIpv4Header(packet);
  return header.ok ? packet.subarray(header.value.headerLengthBytes) : undefined;
}
