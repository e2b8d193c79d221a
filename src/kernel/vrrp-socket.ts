/**
 * Sends and receives the VRRP packets of one interface: IP protocol 112 to and from a multicast group. What is in the
 * packets it does not know; the IP header's part of the reception checks is passed on in the Datagram.
 */
import { addressFromBytes, familyOf, type IpAddress } from '../net/address.ts';
import { parseIpv4Header } from '../net/ipv4.ts';
import type { Datagram } from '../vrrp/messages.ts';
import { DatagramSocket, type MessageInfo } from './datagram-socket.ts';
import type { ControlMessage } from './native.ts';
import {
  ipMreqn,
  ipOfSocketAddress,
  ipv4SocketAddress,
  ipv6AddressAndInterface,
  ipv6SocketAddress,
} from './socket-address.ts';
import * as constants from './socket-constants.ts';

export interface VrrpSocketOptions {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** 224.0.0.18 or ff02::12 unless configured otherwise; its family is the socket's. */
  readonly group: IpAddress;
  /** The source of what is sent; must be an address of this host by the time of `send`. */
  readonly source: IpAddress;
}

export interface VrrpSocketHandlers {
  /** `receivedAtMs` is when the kernel received it, on the clock of `nowMs`. */
  onDatagram(datagram: Datagram, receivedAtMs: number): void;
  /** Not even an IP packet; `reason` is a sentence. */
  onMalformed(reason: string): void;
  /** The socket goes on. */
  onError(error: Error): void;
}

export interface VrrpSocket {
  /** A VRRP packet to the group. Throws what the kernel refuses. */
  send(payload: Uint8Array): void;
  setSource(source: IpAddress): void;
  /** Hands over, before it returns, up to 16 packets that the kernel has received but the event loop not yet read. */
  receivePending(): void;
  close(): void;
}

const vrrpProtocol = 112;
/** RFC 5798 section 5.1.1.3 and 5.1.2.3: 255, so that a packet from beyond a router shows. */
const vrrpHopLimit = 255;
/** Internetwork Control, as keepalived marks its advertisements. */
const internetworkControl = 0xc0;
/** The IPv6 checksum is the kernel's to fill in and verify: it stands at this offset of the VRRP header. */
const checksumOffset = 6;
/** No VRRP packet is longer: 255 IPv6 addresses, and room for extensions. */
const maxDatagramBytes = 8192;
const receiveBufferBytes = 1 << 20;

/** Throws what the kernel refuses: no CAP_NET_RAW (EPERM), no such interface (ENODEV), a source not ours (EINVAL). */
export function openVrrpSocket(options: VrrpSocketOptions, handlers: VrrpSocketHandlers): VrrpSocket {
  const isIpv4 = familyOf(options.group) === 4;
  const socket = new DatagramSocket({
    family: isIpv4 ? constants.AF_INET : constants.AF_INET6,
    type: constants.SOCK_RAW,
    protocol: vrrpProtocol,
    maxDatagramBytes,
  });
  try {
    setCommonOptions(socket, options);
    const link = isIpv4 ? ipv4Link(socket, options) : ipv6Link(socket, options);
    socket.on('message', (payload, info) => receive(payload, info, link.read, handlers));
    socket.on('error', (error) => handlers.onError(error));
    return {
      send: link.send,
      setSource: link.setSource,
      receivePending: () => socket.receivePending(),
      close: () => socket.close(),
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** What differs between the families. */
interface Link {
  send(payload: Uint8Array): void;
  setSource(source: IpAddress): void;
  /** A string says why there is no datagram. */
  read(packet: Uint8Array, info: MessageInfo): Datagram | string;
}

function setCommonOptions(socket: DatagramSocket, options: VrrpSocketOptions): void {
  socket.bindToDevice(options.interfaceName);
  socket.enlargeReceiveBuffer(receiveBufferBytes);
  socket.setOption(constants.SOL_SOCKET, constants.SO_TIMESTAMPNS, 1, 'ask for receive time stamps');
}

/** TC_PRIO_CONTROL needs CAP_NET_ADMIN, TC_PRIO_INTERACTIVE does not. After IP_TOS, which sets a priority too. */
function setPriority(socket: DatagramSocket): void {
  if (socket.trySetOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 7)) return;
  socket.setOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 6, 'set priority');
}

function ipv4Link(socket: DatagramSocket, options: VrrpSocketOptions): Link {
  const { interfaceName, interfaceIndex, group } = options;
  const set = (name: number, value: number | Uint8Array, doing?: string) =>
    socket.setOption(constants.IPPROTO_IP, name, value, doing);
  const setSource = (source: IpAddress) =>
    set(
      constants.IP_MULTICAST_IF,
      ipMreqn(anyIpv4, source, interfaceIndex),
      `send from ${source} on ${interfaceName}`,
    );

  // Without this a socket also gets the groups that other sockets of this host have joined.
  set(constants.IP_MULTICAST_ALL, 0);
  set(
    constants.IP_ADD_MEMBERSHIP,
    ipMreqn(group, undefined, interfaceIndex),
    `join ${group} on ${interfaceName}`,
  );
  setSource(options.source);
  set(constants.IP_MULTICAST_TTL, vrrpHopLimit);
  set(constants.IP_MULTICAST_LOOP, 0);
  set(constants.IP_TOS, internetworkControl);
  setPriority(socket);

  const target = ipv4SocketAddress(group);
  const doing = `send to ${group} on ${interfaceName}`;
  return { setSource, send: (payload) => socket.send(payload, target, { doing }), read: readIpv4 };
}

const anyIpv4 = addressFromBytes(new Uint8Array(4));

function ipv6Link(socket: DatagramSocket, options: VrrpSocketOptions): Link {
  const { interfaceName, interfaceIndex, group } = options;
  const set = (name: number, value: number | Uint8Array, doing?: string) =>
    socket.setOption(constants.IPPROTO_IPV6, name, value, doing);
  const membership = ipv6AddressAndInterface(group, interfaceIndex);

  set(constants.IPV6_CHECKSUM, checksumOffset, 'leave the checksum to the kernel');
  set(constants.IPV6_MULTICAST_ALL, 0);
  set(constants.IPV6_JOIN_GROUP, membership, `join ${group} on ${interfaceName}`);
  set(constants.IPV6_MULTICAST_IF, interfaceIndex, `send on ${interfaceName}`);
  set(constants.IPV6_MULTICAST_HOPS, vrrpHopLimit);
  set(constants.IPV6_MULTICAST_LOOP, 0);
  set(constants.IPV6_TCLASS, internetworkControl);
  set(constants.IPV6_RECVPKTINFO, 1);
  set(constants.IPV6_RECVHOPLIMIT, 1);
  setPriority(socket);

  const target = ipv6SocketAddress(group, interfaceIndex);
  const doing = `send to ${group} on ${interfaceName}`;
  const control = (source: IpAddress): readonly ControlMessage[] => [
    [constants.IPPROTO_IPV6, constants.IPV6_PKTINFO, ipv6AddressAndInterface(source, interfaceIndex)],
  ];
  let sourceControl = control(options.source);
  return {
    setSource: (source) => {
      sourceControl = control(source);
    },
    send: (payload) => socket.send(payload, target, { control: sourceControl, doing }),
    read: readIpv6,
  };
}

function receive(
  packet: Uint8Array,
  info: MessageInfo,
  read: Link['read'],
  handlers: VrrpSocketHandlers,
): void {
  const datagram = info.truncated
    ? `the packet is longer than ${maxDatagramBytes} bytes`
    : read(packet, info);
  if (typeof datagram === 'string') handlers.onMalformed(datagram);
  else handlers.onDatagram(datagram, info.receivedAtMs);
}

/** A raw IPv4 socket delivers the IP header too. */
function readIpv4(packet: Uint8Array): Datagram | string {
  const header = parseIpv4Header(packet);
  if (!header.ok) return header.error.detail;
  const { source, destination, timeToLive, totalLengthBytes, headerLengthBytes } = header.value;
  return {
    source,
    destination,
    hopLimit: timeToLive,
    claimedPayloadBytes: totalLengthBytes - headerLengthBytes,
    payload: packet.subarray(headerLengthBytes),
  };
}

function readIpv6(payload: Uint8Array, info: MessageInfo): Datagram | string {
  const source = ipOfSocketAddress(info.address);
  if (source === undefined || info.destination === undefined || info.hopLimit === undefined) {
    return 'the kernel did not say where the packet came from';
  }
  return { source, destination: addressFromBytes(info.destination), hopLimit: info.hopLimit, payload };
}
