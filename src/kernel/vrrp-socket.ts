/**
 * Sends and receives VRRP packets: IP protocol 112, or 51 with an Authentication Header before it, to and from a multicast group
 * of an interface or among unicast peers. What is in the packets it does not know; the IP header's part of the reception checks
 * is passed on in the Datagram.
 */
import { familyOf } from '../net/address.ts';
import type { Datagram } from '../vrrp/messages.ts';
import { DatagramSocket, type MessageInfo } from './datagram-socket.ts';
import { ReceivePace } from './receive-pace.ts';
import * as constants from './socket-constants.ts';
import { ipv4Link } from './vrrp-socket-ipv4.ts';
import { ipv6Link } from './vrrp-socket-ipv6.ts';
import type { Link, SocketPlace } from './vrrp-socket-link.ts';

export type { MulticastPlace, NetworkInterface, SocketPlace, UnicastPlace } from './vrrp-socket-link.ts';

export interface VrrpSocketHandlers {
  /** `receivedAtMs` is when the kernel received it, on the clock of `nowMs`. */
  onDatagram(datagram: Datagram, receivedAtMs: number): void;
  /** Not even an IP packet, or a bad Authentication Header; `reason` is a sentence. */
  onMalformed(reason: string): void;
  /** The socket goes on. */
  onError(error: Error): void;
}

export interface VrrpSocket {
  /** For a ReadySet. */
  readonly descriptor: number;
  /**
   * A VRRP packet to the group, or to a peer, who must then be given. With an Authentication Header a whole IP datagram: the
   * kernel sets its length and header checksum, and the identification where that is 0. Throws what the kernel refuses.
   */
  send(payload: Uint8Array, destination?: Datagram['destination']): void;
  /** keepalived.conf(5): kernel_rx_buf_size, of one more instance that shares the socket. */
  setReceiveBuffer(bytes: number): void;
  /**
   * Where so much comes that waking for each packet is dear: what comes within `paceMs` is read together. 0, as at first, reads
   * everything as it comes. Time stamps are the kernel's either way, and `receivePending` never waits.
   */
  setPace(paceMs: number): void;
  /**
   * Hands over, before it returns, up to RECEIVE_BATCH packets that the kernel has received but the event loop not yet read;
   * how many there were, malformed ones too.
   */
  receivePending(): number;
  close(): void;
}

const vrrpProtocol = 112;
const authenticationHeaderProtocol = 51;
/** No VRRP packet is longer: 255 IPv6 addresses, and room for extensions. */
const maxDatagramBytes = 8192;
export const DEFAULT_RECEIVE_BUFFER_BYTES = 1 << 20;

/**
 * Throws what the kernel refuses: no CAP_NET_RAW (EPERM), no such interface or VRF (ENODEV), and for unicast a source that is
 * not this host's or still tentative (EADDRNOTAVAIL) or a link-local one without an interface (EINVAL).
 */
export function openVrrpSocket(place: SocketPlace, handlers: VrrpSocketHandlers): VrrpSocket {
  const isIpv4 = familyOf(place.source) === 4;
  const socket = new DatagramSocket({
    family: isIpv4 ? constants.AF_INET : constants.AF_INET6,
    type: constants.SOCK_RAW,
    protocol: place.authenticationHeader ? authenticationHeaderProtocol : vrrpProtocol,
    maxDatagramBytes,
  });
  try {
    setCommonOptions(socket, place);
    const link = isIpv4 ? ipv4Link(socket, place) : ipv6Link(socket, place);
    const pace = new ReceivePace(socket);
    socket.on('message', (payload, info) => {
      pace.received();
      receive(payload, info, link.read, handlers);
    });
    socket.on('error', (error) => handlers.onError(error));
    return {
      descriptor: socket.descriptor,
      send: link.send,
      setReceiveBuffer: (bytes) => socket.enlargeReceiveBuffer(bytes),
      receivePending: () => socket.receivePending(),
      setPace: (paceMs) => pace.set(paceMs),
      close: () => {
        pace.set(0);
        socket.close();
      },
    };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Before `bind`, which looks for the source address within the device. */
function setCommonOptions(socket: DatagramSocket, place: SocketPlace): void {
  const device = place.interface?.name ?? (place.kind === 'unicast' ? place.vrf : undefined);
  if (device !== undefined) socket.bindToDevice(device);
  socket.enlargeReceiveBuffer(place.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES);
  socket.setOption(constants.SOL_SOCKET, constants.SO_TIMESTAMPNS, 1, 'ask for receive time stamps');
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
