/** A netlink socket as those see it who speak over it: datagrams to and from the kernel. */

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
