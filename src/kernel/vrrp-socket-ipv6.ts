/** The options of a raw IPv6 socket for VRRP, multicast and unicast. */

import type { DatagramSocket } from './datagram-socket.ts';
import type { ControlMessage } from './native.ts';
import { ipv6AddressAndInterface, ipv6SocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';
import { readIpv6 } from './vrrp-socket-datagram.ts';
import {
  internetworkControl,
  type Link,
  type MulticastPlace,
  multicastHopLimit,
  peerTargets,
  type SocketPlace,
  setPriority,
  type UnicastPlace,
  whereOf,
} from './vrrp-socket-link.ts';

/** The checksum is the kernel's to fill in and verify: it stands at this offset of the VRRP header. */
const checksumOffset = 6;

/** Sets `socket` up for `place`. Throws what the kernel refuses, and for an Authentication Header. */
export function ipv6Link(socket: DatagramSocket, place: SocketPlace): Link {
  if (place.authenticationHeader) {
    throw new Error(`VRRP over IPv6 has no Authentication Header, asked for with source ${place.source}`);
  }
  set(socket, constants.IPV6_CHECKSUM, checksumOffset, 'leave the checksum to the kernel');
  // Without this a socket also gets the groups that other sockets of this host have joined.
  set(socket, constants.IPV6_MULTICAST_ALL, 0);
  set(socket, constants.IPV6_RECVPKTINFO, 1);
  set(socket, constants.IPV6_RECVHOPLIMIT, 1);
  const send = place.kind === 'multicast' ? multicast(socket, place) : unicast(socket, place);
  set(socket, constants.IPV6_TCLASS, internetworkControl);
  setPriority(socket);
  return { send, read: readIpv6 };
}

function multicast(socket: DatagramSocket, place: MulticastPlace): Link['send'] {
  const { group, source } = place;
  const { index } = place.interface;
  const where = whereOf(place);
  set(socket, constants.IPV6_JOIN_GROUP, ipv6AddressAndInterface(group, index), `join ${group}${where}`);
  set(socket, constants.IPV6_MULTICAST_IF, index, `send${where}`);
  set(socket, constants.IPV6_MULTICAST_HOPS, multicastHopLimit);
  set(socket, constants.IPV6_MULTICAST_LOOP, 0);
  // Not by bind: then the socket would not get what is addressed to the group.
  const control: readonly ControlMessage[] = [
    [constants.IPPROTO_IPV6, constants.IPV6_PKTINFO, ipv6AddressAndInterface(source, index)],
  ];
  const target = ipv6SocketAddress(group, index);
  const doing = `send to ${group} from ${source}${where}`;
  return (payload) => socket.send(payload, target, { control, doing });
}

function unicast(socket: DatagramSocket, place: UnicastPlace): Link['send'] {
  const scopeId = place.interface?.index ?? 0;
  const doingBind = `listen for peers at ${place.source}${whereOf(place)}`;
  // Bound, a raw socket gets only what is addressed to that address.
  socket.bind(ipv6SocketAddress(place.source, scopeId), doingBind);
  set(socket, constants.IPV6_UNICAST_HOPS, place.ttl);
  const targetOf = peerTargets(place, (peer) => ipv6SocketAddress(peer, scopeId));
  return (payload, destination) => {
    const { target, doing } = targetOf(destination);
    socket.send(payload, target, { doing });
  };
}

function set(socket: DatagramSocket, name: number, value: number | Uint8Array, doing?: string): void {
  socket.setOption(constants.IPPROTO_IPV6, name, value, doing);
}
