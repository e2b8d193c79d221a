/** Sends whole Ethernet frames out of an interface: ARP announcements and neighbour advertisements. */
import { DatagramSocket } from './datagram-socket.ts';
import { linkSocketAddress } from './socket-address.ts';
import { AF_PACKET, SOCK_RAW } from './socket-constants.ts';

export interface PacketSocket {
  /** `frame` begins with the Ethernet header. Throws what the kernel refuses: ENETDOWN, ENXIO (no such interface). */
  send(frame: Uint8Array): void;
  close(): void;
}

/** Throws EPERM without CAP_NET_RAW. */
export function openPacketSocket(options: {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
}): PacketSocket {
  // Protocol 0 receives nothing, so that the socket costs nothing when the network is busy.
  const socket = new DatagramSocket({
    family: AF_PACKET,
    type: SOCK_RAW,
    protocol: 0,
    maxDatagramBytes: 1,
  });
  const target = linkSocketAddress(options.interfaceIndex);
  const doing = `send a frame on ${options.interfaceName}`;
  return {
    send: (frame) => socket.send(frame, target, { doing }),
    close: () => socket.close(),
  };
}
