/**
 * Netlink sockets for notifications. Any flood of them can overflow the receive buffer, which the `netlink` package's
 * socket does not survive (see transport.ts); this one is our own addon's, which reports ENOBUFS and goes on.
 */
import { littleEndian, viewOf } from '../../ipvs-sync/attributes.ts';
import { native } from '../native.ts';
import { AF_NETLINK } from './constants.ts';
import type { OpenTransport } from './transport.ts';

const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const monitorBufferBytes = 4 << 20;
/** The kernel fills no netlink buffer further than this. */
const largestDatagramBytes = 32 << 10;

/** For requests and the notifications of `groups` (RTMGRP_* bits). */
export function monitorTransport(protocol: number, groups: number): OpenTransport {
  return (listener) => {
    const socket = new native.DatagramSocket(
      AF_NETLINK,
      SOCK_RAW,
      protocol,
      largestDatagramBytes,
      (datagram, sender, _receivedAtMs, truncated) => {
        if (truncated) listener.onError(new Error('a netlink datagram exceeds 32 KiB'));
        else listener.onDatagram(datagram, portOf(sender));
      },
      (error) => listener.onError(error),
    );
    try {
      enlargeReceiveBuffer(socket);
      socket.bind(netlinkAddress(0, groups), 'bind a netlink socket');
    } catch (error) {
      socket.close();
      throw error;
    }
    return {
      port: portOf(socket.localAddress()),
      sendsAtOnce: true,
      send: (datagram) => socket.send(datagram, netlinkAddress(0, 0), undefined, 'send to the kernel'),
      close: () => socket.close(),
    };
  };
}

/** SO_RCVBUFFORCE needs CAP_NET_ADMIN. Without it the system's size has to do: an overflow is survived, only dearer. */
function enlargeReceiveBuffer(socket: { setOption(level: number, name: number, value: number): void }): void {
  try {
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, monitorBufferBytes);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}

/** struct sockaddr_nl: family, padding, port, groups. */
function netlinkAddress(port: number, groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = viewOf(bytes);
  view.setUint16(0, AF_NETLINK, littleEndian);
  view.setUint32(4, port, littleEndian);
  view.setUint32(8, groups, littleEndian);
  return bytes;
}

/** An address too short to hold a port is nobody's that we know. */
function portOf(address: Uint8Array): number {
  return address.length < 8 ? -1 : viewOf(address).getUint32(4, littleEndian);
}
