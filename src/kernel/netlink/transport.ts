/**
 * Netlink sockets: datagrams to and from the kernel. Two kinds, since the `netlink` package ends the whole process when
 * its socket overflows (libuv reports POLLERR, and the package throws where nobody can catch it):
 *
 * - for requests, here, the package's socket: we ask only as much at a time as its receive buffer can hold answers;
 * - for notifications, which come unasked and can overflow any buffer, monitor-transport.ts.
 */
import { RawNetlinkSocket } from 'netlink/dist/raw.js';

export interface NetlinkTransport {
  /** Our address: what the kernel writes into its answers. */
  readonly port: number;
  /** Whether the next `send` reaches the kernel before it returns. */
  readonly sendsAtOnce: boolean;
  /** A failure comes through `onError`. */
  send(datagram: Uint8Array): void;
  close(): void;
}

export interface TransportListener {
  /** `senderPort` is 0 for the kernel; any process may send to us. */
  onDatagram(datagram: Uint8Array, senderPort: number): void;
  /** Something was lost: an answer, a notification or a request. */
  onError(error: Error): void;
}

export type OpenTransport = (listener: TransportListener) => NetlinkTransport;

/** For requests. Throws what the system call does (code, errno, syscall). */
export function requestTransport(protocol: number): OpenTransport {
  return (listener) => {
    // 0 keeps the system's size; the package's types demand a number.
    const socket = new RawNetlinkSocket(protocol, { recvBufferSize: 0, sendBufferSize: 0 });
    // Of a second datagram in one turn of the event loop the package makes the next turn's work.
    let unfinished = 0;
    socket.on('message', (datagram, sender) => listener.onDatagram(datagram, sender.port));
    socket.on('error', (error) => listener.onError(error));
    return {
      port: socket.address().port,
      get sendsAtOnce() {
        return unfinished === 0;
      },
      send(datagram) {
        unfinished += 1;
        socket.send(datagram, {}, (error) => {
          unfinished -= 1;
          if (error !== undefined) listener.onError(error);
        });
      },
      close: () => socket.close(),
    };
  };
}
