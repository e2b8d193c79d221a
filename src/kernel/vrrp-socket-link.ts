/** What the VRRP sockets of IPv4 and IPv6 have in common: where they stand, and how that reads in a message. */
import type { IpAddress } from '../net/address.ts';
import type { Datagram } from '../vrrp/messages.ts';
import type { DatagramSocket, MessageInfo } from './datagram-socket.ts';
import * as constants from './socket-constants.ts';

export interface NetworkInterface {
  readonly name: string;
  readonly index: number;
}

/** What one socket sends from and receives on. The family is that of `source`. */
export type SocketPlace = MulticastPlace | UnicastPlace;

interface EveryPlace {
  /** Of what is sent: an address of this host; for multicast only by the time of `send`. */
  readonly source: IpAddress;
  /** RFC 2402, IPv4 only: IP protocol 51 in place of 112. What is sent are then whole IP datagrams. */
  readonly authenticationHeader: boolean;
  /** keepalived.conf(5): kernel_rx_buf_size. */
  readonly receiveBufferBytes?: number;
}

export interface MulticastPlace extends EveryPlace {
  readonly kind: 'multicast';
  readonly interface: NetworkInterface;
  /** 224.0.0.18 or ff02::12 unless configured otherwise. */
  readonly group: IpAddress;
}

/** For all peers; it receives what is addressed to `source`. */
export interface UnicastPlace extends EveryPlace {
  readonly kind: 'unicast';
  /** Undefined: whichever the routes say. An IPv6 link-local source needs it. */
  readonly interface?: NetworkInterface;
  /** The name of a VRF device. */
  readonly vrf?: string;
  /** 0 to 255, though with 0 nothing leaves this host. */
  readonly ttl: number;
}

/** What differs between the families. */
export interface Link {
  send(payload: Uint8Array, destination?: IpAddress): void;
  /** A string says why there is no datagram. */
  read(packet: Uint8Array, info: MessageInfo): Datagram | string;
}

/** RFC 5798 section 5.1.1.3 and 5.1.2.3: 255, so that a packet from beyond a router shows. */
export const multicastHopLimit = 255;
/** Internetwork Control, as keepalived marks its advertisements. */
export const internetworkControl = 0xc0;

/** TC_PRIO_CONTROL needs CAP_NET_ADMIN, TC_PRIO_INTERACTIVE does not. After IP_TOS, which sets a priority too. */
export function setPriority(socket: DatagramSocket): void {
  if (socket.trySetOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 7)) return;
  socket.setOption(constants.SOL_SOCKET, constants.SO_PRIORITY, 6, 'set priority');
}

/** " on eth0", " in vrf red", or nothing. */
export function whereOf(place: SocketPlace): string {
  if (place.interface !== undefined) return ` on ${place.interface.name}`;
  return place.kind === 'unicast' && place.vrf !== undefined ? ` in vrf ${place.vrf}` : '';
}

/** The destination of a unicast packet as the kernel wants it; each peer's is made once. */
export function peerTargets(
  place: UnicastPlace,
  encode: (peer: IpAddress) => Uint8Array,
): (destination: IpAddress | undefined) => { readonly target: Uint8Array; readonly doing: string } {
  const known = new Map<IpAddress, { readonly target: Uint8Array; readonly doing: string }>();
  return (destination) => {
    if (destination === undefined) throw new Error(`unicast from ${place.source} needs a peer to send to`);
    const found = known.get(destination);
    if (found !== undefined) return found;
    const doing = `send to ${destination} from ${place.source}${whereOf(place)}`;
    const made = { target: encode(destination), doing };
    known.set(destination, made);
    return made;
  };
}
