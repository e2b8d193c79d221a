/**
 * The UDP sockets of BFD: one listener for each address family and port, and one sender for each session, so that every session
 * has a source port of its own (RFC 5881 section 4). What is in the packets they do not know.
 */
import { networkInterfaces } from 'node:os';
import {
  type AddressFamily,
  addressBytes,
  addressFromBytes,
  familyOf,
  type IpAddress,
} from '../net/address.ts';
import { DatagramSocket, type MessageInfo } from './datagram-socket.ts';
import { ipOfSocketAddress, ipv4SocketAddress, ipv6SocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';

export interface BfdDatagram {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or Hop Limit of the received IP header. */
  readonly hopLimit: number;
  readonly interfaceIndex: number;
  readonly payload: Uint8Array;
}

export interface BfdListenerHandlers {
  /** `receivedAtMs` is when the kernel received it, on the clock of `nowMs`. */
  onDatagram(datagram: BfdDatagram, receivedAtMs: number): void;
  /** The socket goes on. */
  onError(error: Error): void;
}

export interface BfdListener {
  /** Hands over, before it returns, a batch of what the kernel has received but the event loop not yet read. */
  receivePending(): void;
  close(): void;
}

export interface BfdSenderOptions {
  readonly neighbor: IpAddress;
  /** Undefined: the one that the kernel chooses. */
  readonly source?: IpAddress;
  /** Of the network interface, for a link-local neighbour; else 0. */
  readonly interfaceIndex: number;
  readonly hopLimit: number;
  /** UDP port of the neighbour. */
  readonly port: number;
  /** Any number: where the search for a free source port begins. */
  readonly firstChoice: number;
}

export interface BfdSender {
  readonly sourcePort: number;
  /** Throws what the kernel refuses. */
  send(payload: Uint8Array): void;
  setHopLimit(hopLimit: number): void;
  close(): void;
}

const protocolUdp = 17;
const ipTtl = 2;
const ipv6UnicastHops = 16;
const ipv6Only = 26;
/** Internetwork Control: what must arrive when the network is full. */
const internetworkControl = 0xc0;
/** RFC 5880 section 4.1: the length field has 8 bits. */
const maxDatagramBytes = 256;
const receiveBufferBytes = 1 << 20;

/** RFC 5881 section 4: the source port MUST be in the range 49152 through 65535. */
const firstSourcePort = 49_152;
const sourcePorts = 65_536 - firstSourcePort;
const portsTried = 256;

/** Throws what the kernel refuses: another program listens on the port (EADDRINUSE). */
export function openBfdListener(
  { family, port }: { readonly family: AddressFamily; readonly port: number },
  handlers: BfdListenerHandlers,
): BfdListener {
  const socket = udpSocket(family);
  return orClosed(socket, () => {
    socket.enlargeReceiveBuffer(receiveBufferBytes);
    socket.setOption(constants.SOL_SOCKET, constants.SO_TIMESTAMPNS, 1, 'ask for receive time stamps');
    askForHeader(socket, family);
    socket.bind(anyAddress(family, port), `listen on UDP port ${port} over IPv${family}`);
    socket.on('message', (payload, info) => deliver(payload, info, handlers));
    socket.on('error', (error) => handlers.onError(error));
    return { receivePending: () => socket.receivePending(), close: () => socket.close() };
  });
}

/** Throws what the kernel refuses: a source that is not an address of this host (EADDRNOTAVAIL), no free port (EADDRINUSE). */
export function openBfdSender(options: BfdSenderOptions): BfdSender {
  const { neighbor, interfaceIndex, port, hopLimit } = options;
  const family = familyOf(neighbor);
  const socket = udpSocket(family);
  return orClosed(socket, () => {
    const setHopLimit = (value: number) =>
      family === 4
        ? socket.setOption(constants.IPPROTO_IP, ipTtl, value, `set TTL ${value}`)
        : socket.setOption(constants.IPPROTO_IPV6, ipv6UnicastHops, value, `set hop limit ${value}`);
    setHopLimit(hopLimit);
    markUrgent(socket, family);
    const sourcePort = bindToSourcePort(socket, options);
    const target = socketAddress(neighbor, interfaceIndex, port);
    const doing = `send to ${neighbor}`;
    // Nobody sends to this port, and nobody waits for what comes.
    socket.on('error', () => undefined);
    return {
      sourcePort,
      setHopLimit,
      send: (payload) => socket.send(payload, target, { doing }),
      close: () => socket.close(),
    };
  });
}

/**
 * The interface that a link-local `neighbor` is on: that of `source`, else the only one with a link-local address. 0 for other
 * addresses, and undefined while there is no such interface or there are several.
 */
export function interfaceOf(neighbor: IpAddress, source: IpAddress | undefined): number | undefined {
  if (!isLinkLocal(neighbor)) return 0;
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap((info) => (info.family === 'IPv6' && !info.internal ? [info] : []))
    .filter(({ scopeid, address }) => scopeid !== 0 && (source === undefined || address === source));
  const indexes = new Set(own.map(({ scopeid }) => scopeid));
  const [only] = indexes;
  return indexes.size === 1 ? only : undefined;
}

/** fe80::/10. */
export function isLinkLocal(value: IpAddress): boolean {
  if (familyOf(value) === 4) return false;
  const [first = 0, second = 0] = addressBytes(value);
  return first === 0xfe && (second & 0xc0) === 0x80;
}

function udpSocket(family: AddressFamily): DatagramSocket {
  const number = family === 4 ? constants.AF_INET : constants.AF_INET6;
  return new DatagramSocket({
    family: number,
    type: constants.SOCK_DGRAM,
    protocol: protocolUdp,
    maxDatagramBytes,
  });
}

function orClosed<T>(socket: DatagramSocket, open: () => T): T {
  try {
    return open();
  } catch (error) {
    socket.close();
    throw error;
  }
}

function askForHeader(socket: DatagramSocket, family: AddressFamily): void {
  if (family === 4) {
    socket.setOption(constants.IPPROTO_IP, constants.IP_RECVTTL, 1, 'ask for the TTL');
    socket.setOption(constants.IPPROTO_IP, constants.IP_PKTINFO, 1, 'ask for the destination');
    return;
  }
  socket.setOption(constants.IPPROTO_IPV6, ipv6Only, 1, 'leave IPv4 to another socket');
  socket.setOption(constants.IPPROTO_IPV6, constants.IPV6_RECVHOPLIMIT, 1, 'ask for the hop limit');
  socket.setOption(constants.IPPROTO_IPV6, constants.IPV6_RECVPKTINFO, 1, 'ask for the destination');
}

/** TC_PRIO_CONTROL needs CAP_NET_ADMIN, TC_PRIO_INTERACTIVE does not. After IP_TOS, which sets a priority too. */
function markUrgent(socket: DatagramSocket, family: AddressFamily): void {
  if (family === 4) socket.setOption(constants.IPPROTO_IP, constants.IP_TOS, internetworkControl);
  else socket.setOption(constants.IPPROTO_IPV6, constants.IPV6_TCLASS, internetworkControl);
  if (socket.trySetOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 7)) return;
  socket.setOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 6, 'set priority');
}

function bindToSourcePort(socket: DatagramSocket, options: BfdSenderOptions): number {
  const { neighbor, source, interfaceIndex, firstChoice } = options;
  for (let tried = 0; ; tried += 1) {
    const port = firstSourcePort + ((Math.abs(Math.trunc(firstChoice)) + tried) % sourcePorts);
    const address =
      source === undefined
        ? anyAddress(familyOf(neighbor), port)
        : socketAddress(source, isLinkLocal(source) ? interfaceIndex : 0, port);
    try {
      socket.bind(address, `bind to ${source ?? 'any address'} port ${port}`);
      return port;
    } catch (error) {
      if (tried >= portsTried || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

function deliver(payload: Uint8Array, info: MessageInfo, handlers: BfdListenerHandlers): void {
  const { destination, hopLimit, interfaceIndex } = info;
  const source = ipOfSocketAddress(info.address);
  if (source === undefined || destination === undefined || hopLimit === undefined) {
    handlers.onError(new Error('the kernel did not say where a packet came from'));
    return;
  }
  const datagram = {
    source,
    destination: addressFromBytes(destination),
    hopLimit,
    interfaceIndex: interfaceIndex ?? 0,
    payload,
  };
  handlers.onDatagram(datagram, info.receivedAtMs);
}

function anyAddress(family: AddressFamily, port: number): Uint8Array {
  return socketAddress(addressFromBytes(new Uint8Array(family === 4 ? 4 : 16)), 0, port);
}

function socketAddress(host: IpAddress, interfaceIndex: number, port: number): Uint8Array {
  return familyOf(host) === 4 ? ipv4SocketAddress(host, port) : ipv6SocketAddress(host, interfaceIndex, port);
}
