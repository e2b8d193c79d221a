/**
 * Hears that another station says it has one of our addresses: by any ARP packet whose sender address it is, or by a neighbour
 * advertisement for it. The kernel drops everything else (`socket-filter.ts`), and what this host sends is never seen. A storm
 * costs a bounded time: beyond so many packets in a while the sockets are not read, and the kernel counts what did not fit.
 */
import { addressFromBytes, familyOf, type IpAddress } from '../net/address.ts';
import { etherType } from '../net/ethernet.ts';
import { DatagramSocket, type MessageInfo } from './datagram-socket.ts';
import { linkSocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';
import { arpClaimFilter, neighborClaimFilter } from './socket-filter.ts';
import type { NetworkInterface } from './vrrp-socket.ts';

export interface ArpWatcherHandlers {
  /**
   * `mac` is six octets with colons; it may be ours, where two routers share a virtual one. The same claim again is told at
   * most ten times a second.
   */
  onClaim(address: IpAddress, mac: string): void;
  /** The watcher goes on. That the link is down is no error. */
  onError(error: Error): void;
}

export interface ArpWatcher {
  /** What is watched from now on. Throws EPERM without CAP_NET_RAW, ENODEV where the interface is gone. */
  setAddresses(addresses: readonly IpAddress[]): void;
  /** Packets that the kernel dropped because this process would not read them so fast. */
  readonly leftOut: number;
  close(): void;
}

/** Watches nothing until it is given addresses; a family that has none costs no socket. */
export function openArpWatcher(watched: NetworkInterface, handlers: ArpWatcherHandlers): ArpWatcher {
  return new ClaimWatcher(watched, handlers);
}

const windowMs = 100;
/** Enough for two hundred addresses announced at once; two milliseconds of work. */
const mostPacketsAWindow = 256;
/** Holds some three hundred packets: what waits longer than a window or two is no news. */
const receiveBufferBytes = 1 << 17;
const maxDatagramBytes = 256;

/** The claim in a packet; undefined for any other. */
type ReadClaim = (packet: Uint8Array, info: MessageInfo) => Claim | undefined;

interface Claim {
  readonly address: IpAddress;
  /** 6 bytes. */
  readonly mac: Uint8Array;
}

class ClaimWatcher implements ArpWatcher {
  readonly #interface: NetworkInterface;
  readonly #handlers: ArpWatcherHandlers;
  #watched: ReadonlySet<IpAddress> = new Set();
  #arp: DatagramSocket | undefined;
  #icmpv6: DatagramSocket | undefined;
  #dropsOfClosed = 0;
  #windowEndsAtMs = 0;
  #packetsInWindow = 0;
  readonly #told = new Map<IpAddress, Uint8Array>();
  #pause: NodeJS.Timeout | undefined;

  constructor(watched: NetworkInterface, handlers: ArpWatcherHandlers) {
    this.#interface = watched;
    this.#handlers = handlers;
  }

  setAddresses(addresses: readonly IpAddress[]): void {
    const watched = new Set(addresses);
    if (watched.size === this.#watched.size && addresses.every((one) => this.#watched.has(one))) return;
    const ipv4 = [...watched].filter((one) => familyOf(one) === 4);
    const ipv6 = [...watched].filter((one) => familyOf(one) === 6);
    if (ipv4.length === 0) this.#arp = this.#drop(this.#arp);
    else if (this.#arp !== undefined) this.#arp.attachFilter(arpClaimFilter(ipv4));
    else this.#arp = this.#watch(openArpSocket(this.#interface, arpClaimFilter(ipv4)), readArp);
    if (ipv6.length === 0) this.#icmpv6 = this.#drop(this.#icmpv6);
    else if (this.#icmpv6 !== undefined) this.#icmpv6.attachFilter(neighborClaimFilter(ipv6));
    else {
      const socket = openNeighborSocket(this.#interface, neighborClaimFilter(ipv6));
      this.#icmpv6 = this.#watch(socket, readNeighborAdvertisement);
    }
    this.#watched = watched;
  }

  get leftOut(): number {
    return this.#dropsOfClosed + dropsOf(this.#arp) + dropsOf(this.#icmpv6);
  }

  close(): void {
    clearTimeout(this.#pause);
    this.#watched = new Set();
    this.#arp = this.#drop(this.#arp);
    this.#icmpv6 = this.#drop(this.#icmpv6);
  }

  #watch(socket: DatagramSocket, read: ReadClaim): DatagramSocket {
    if (this.#pause !== undefined) socket.pause();
    socket.on('message', (packet, info) => this.#take(packet, info, read));
    socket.on('error', (error) => {
      if (error.code !== 'ENETDOWN') this.#handlers.onError(error);
    });
    return socket;
  }

  #take(packet: Uint8Array, info: MessageInfo, read: ReadClaim): void {
    this.#count(info.receivedAtMs);
    const claim = read(packet, info);
    if (claim === undefined || !this.#watched.has(claim.address)) return;
    const told = this.#told.get(claim.address);
    if (told !== undefined && Buffer.compare(told, claim.mac) === 0) return;
    this.#told.set(claim.address, claim.mac);
    this.#handlers.onClaim(claim.address, [...claim.mac].map(hex).join(':'));
  }

  #count(atMs: number): void {
    if (atMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = atMs + windowMs;
      this.#packetsInWindow = 0;
      this.#told.clear();
    }
    this.#packetsInWindow += 1;
    if (this.#packetsInWindow < mostPacketsAWindow || this.#pause !== undefined) return;
    for (const socket of [this.#arp, this.#icmpv6]) socket?.pause();
    this.#pause = setTimeout(() => this.#goOn(), Math.max(1, this.#windowEndsAtMs - atMs));
  }

  #goOn(): void {
    this.#pause = undefined;
    for (const socket of [this.#arp, this.#icmpv6]) socket?.resume();
  }

  #drop(socket: DatagramSocket | undefined): undefined {
    this.#dropsOfClosed += dropsOf(socket);
    socket?.close();
    return undefined;
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Delivers from the ARP header on. Bound to one protocol, a packet socket is not shown what this host sends. */
function openArpSocket({ name, index }: NetworkInterface, filter: Uint8Array): DatagramSocket {
  const socket = new DatagramSocket({
    family: constants.AF_PACKET,
    type: constants.SOCK_DGRAM,
    protocol: 0,
    maxDatagramBytes,
  });
  return configured(socket, () => {
    socket.attachFilter(filter);
    socket.enlargeReceiveBuffer(receiveBufferBytes);
    socket.bind(linkSocketAddress(index, etherType.arp), `listen for ARP on ${name}`);
  });
}

/** Not a packet socket: that would run its filter on every IPv6 packet that is forwarded. */
function openNeighborSocket({ name }: NetworkInterface, filter: Uint8Array): DatagramSocket {
  const socket = new DatagramSocket({
    family: constants.AF_INET6,
    type: constants.SOCK_RAW,
    protocol: constants.IPPROTO_ICMPV6,
    maxDatagramBytes,
  });
  return configured(socket, () => {
    const blocked = new Uint8Array(32).fill(0xff);
    blocked.set(wordBytes(~(1 << (neighborAdvertisement % 32))), 4 * Math.floor(neighborAdvertisement / 32));
    socket.setOption(constants.IPPROTO_ICMPV6, constants.ICMPV6_FILTER, blocked);
    socket.attachFilter(filter);
    socket.bindToDevice(name);
    socket.enlargeReceiveBuffer(receiveBufferBytes);
    socket.setOption(constants.IPPROTO_IPV6, constants.IPV6_RECVHOPLIMIT, 1);
  });
}

function wordBytes(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

function configured(socket: DatagramSocket, configure: () => void): DatagramSocket {
  try {
    configure();
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Index 8 of SO_MEMINFO's words (SK_MEMINFO_DROPS). */
function dropsOf(socket: DatagramSocket | undefined): number {
  if (socket === undefined) return 0;
  const words = socket.getOption(constants.SOL_SOCKET, constants.SO_MEMINFO, 36);
  return new Uint32Array(new Uint8Array(words).buffer)[8] ?? 0;
}

/** RFC 826; the filter has checked that it is ARP for Ethernet and IPv4. */
function readArp(packet: Uint8Array): Claim | undefined {
  if (packet.length < 28) return undefined;
  return { address: addressFromBytes(packet.subarray(14, 18)), mac: packet.subarray(8, 14) };
}

const neighborAdvertisement = 136;
const targetLinkLayerAddress = 2;

/**
 * RFC 4861 section 4.4. One without the option for the link-layer address moves nobody's neighbour cache (section 7.2.5), and one
 * with another hop limit than 255 came from beyond a router (section 7.1.2).
 */
function readNeighborAdvertisement(packet: Uint8Array, info: MessageInfo): Claim | undefined {
  if (packet.length < 24 || packet[0] !== neighborAdvertisement || info.hopLimit !== 255) return undefined;
  const mac = linkLayerOption(packet);
  return mac && { address: addressFromBytes(packet.subarray(8, 24)), mac };
}

function linkLayerOption(packet: Uint8Array): Uint8Array | undefined {
  for (let offset = 24; offset + 8 <= packet.length; ) {
    const bytes = 8 * (packet[offset + 1] ?? 0);
    if (bytes === 0) return undefined;
    if (packet[offset] === targetLinkLayerAddress) return packet.subarray(offset + 2, offset + 8);
    offset += bytes;
  }
  return undefined;
}
