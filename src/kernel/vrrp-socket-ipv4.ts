/** The options of a raw IPv4 socket for VRRP, multicast and unicast, with and without the Authentication Header. */
import { address } from '../net/address.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import { ipMreqn, ipv4SocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';
import { readIpv4, readIpv4WithAuthenticationHeader } from './vrrp-socket-datagram.ts';
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

const anyAddress = address('0.0.0.0');

/** Sets `socket` up for `place`. Throws what the kernel refuses. */
export function ipv4Link(socket: DatagramSocket, place: SocketPlace): Link {
  const send = place.kind === 'multicast' ? multicast(socket, place) : unicast(socket, place);
  set(socket, constants.IP_TOS, internetworkControl);
  setPriority(socket);
  if (!place.authenticationHeader) return { send, read: readIpv4 };
  set(socket, constants.IP_HDRINCL, 1);
  return { send, read: readIpv4WithAuthenticationHeader };
}

function multicast(socket: DatagramSocket, place: MulticastPlace): Link['send'] {
  const { group, source } = place;
  const { index } = place.interface;
  const where = whereOf(place);
  // Without this a socket also gets the groups that other sockets of this host have joined.
  set(socket, constants.IP_MULTICAST_ALL, 0);
  set(socket, constants.IP_ADD_MEMBERSHIP, ipMreqn(group, undefined, index), `join ${group}${where}`);
  set(socket, constants.IP_MULTICAST_IF, ipMreqn(anyAddress, source, index), `send from ${source}${where}`);
  set(socket, constants.IP_MULTICAST_TTL, multicastHopLimit);
  set(socket, constants.IP_MULTICAST_LOOP, 0);
  const target = ipv4SocketAddress(group);
  const doing = `send to ${group}${where}`;
  return (payload) => socket.send(payload, target, { doing });
}

function unicast(socket: DatagramSocket, place: UnicastPlace): Link['send'] {
  // Bound, a raw socket gets only what is addressed to that address.
  socket.bind(ipv4SocketAddress(place.source), `listen for peers at ${place.source}${whereOf(place)}`);
  // A TTL of 0 cannot be set, and would be of no use.
  set(socket, constants.IP_TTL, Math.max(1, place.ttl));
  const targetOf = peerTargets(place, (peer) => ipv4SocketAddress(peer));
  return (payload, destination) => {
    const { target, doing } = targetOf(destination);
    socket.send(payload, target, { doing });
  };
}

function set(socket: DatagramSocket, name: number, value: number | Uint8Array, doing?: string): void {
  socket.setOption(constants.IPPROTO_IP, name, value, doing);
}
