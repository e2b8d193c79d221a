/**
 * Netlink sockets of our own addon, which report an overflow of the receive buffer (ENOBUFS) and go on. Two kinds: for
 * notifications, a flood of which can overflow any buffer, and for requests to families that notify nobody.
 */
import { littleEndian, viewOf } from '../../ipvs-sync/attributes.ts';
import { batchHandler } from '../datagram-batch.ts';
import { type NativeDatagramSocket, native } from '../native.ts';
import { AF_NETLINK } from './constants.ts';
import type { NetlinkTransport, OpenTransport, TransportListener } from './transport.ts';

const SOCK_RAW = 3;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const receiveBufferBytes = 4 << 20;
/** The kernel fills no netlink buffer further than this. */
const largestDatagramBytes = 32 << 10;

/** For requests and the notifications of `groups` (RTMGRP_* bits). */
export function monitorTransport(protocol: number, groups: number): OpenTransport {
  return (listener) => openSocket({ protocol, groups, receiveBufferBytes }, listener).transport;
}

/**
 * For requests. The kernel answers before the call that asks returns, so that the answer is read there and then: a short
 * one is complete when `send` returns; of a long one the rest comes with the next turns of the event loop.
 */
export function requestTransport(protocol: number, bufferBytes = receiveBufferBytes): OpenTransport {
  return (listener) => {
    const options = { protocol, groups: 0, receiveBufferBytes: bufferBytes };
    const { socket, transport } = openSocket(options, listener);
    return {
      ...transport,
      send(datagram) {
        transport.send(datagram);
        socket.receivePending();
      },
    };
  };
}

interface SocketOptions {
  readonly protocol: number;
  /** RTMGRP_* bits. */
  readonly groups: number;
  readonly receiveBufferBytes: number;
}

interface OpenSocket {
  readonly socket: NativeDatagramSocket;
  readonly transport: NetlinkTransport;
}

function openSocket(options: SocketOptions, listener: TransportListener): OpenSocket {
  let isClosed = false;
  const socket = new native.DatagramSocket(
    AF_NETLINK,
    SOCK_RAW,
    options.protocol,
    largestDatagramBytes,
    batchHandler({
      onMessage: (datagram, { address, truncated }) => {
        if (truncated) listener.onError(new Error('a netlink datagram exceeds 32 KiB'));
        else listener.onDatagram(datagram, portOf(address));
      },
      isOpen: () => !isClosed,
    }),
    (error) => listener.onError(error),
  );
  try {
    setReceiveBuffer(socket, options.receiveBufferBytes);
    socket.bind(netlinkAddress(0, options.groups), 'bind a netlink socket');
  } catch (error) {
    socket.close();
    throw error;
  }
  const transport: NetlinkTransport = {
    port: portOf(socket.localAddress()),
    sendsAtOnce: true,
    send: (datagram) => socket.send(datagram, netlinkAddress(0, 0), undefined, 'send to the kernel'),
    close: () => {
      isClosed = true;
      socket.close();
    },
  };
  return { socket, transport };
}

/** SO_RCVBUFFORCE needs CAP_NET_ADMIN. Without it the system's size has to do: an overflow is survived, only dearer. */
function setReceiveBuffer(socket: NativeDatagramSocket, bytes: number): void {
  try {
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, bytes);
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
