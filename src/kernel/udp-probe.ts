/** The UDP socket of a health check: connected, so that it hears its server alone, and the ICMP errors about what it sent. */
import type { CheckConnection } from '../config-parser/config.ts';
import type { DatagramEvents, ProbeSocket } from '../healthcheck/probes/tools.ts';
import { type AddressFamily, addressFromBytes, familyOf, type IpAddress } from '../net/address.ts';
import { DatagramSocket } from './datagram-socket.ts';
import { ipv4SocketAddress, ipv6SocketAddress } from './socket-address.ts';
import * as constants from './socket-constants.ts';

/** keepalived.conf(5): bindto, bind_port, bind_if, fwmark. Throws what the kernel refuses; then nothing is left open. */
export function openUdpProbe(place: CheckConnection, events: DatagramEvents): ProbeSocket {
  const family = familyOf(place.connectAddress);
  const socket = new DatagramSocket({
    family: family === 6 ? constants.AF_INET6 : constants.AF_INET,
    type: constants.SOCK_DGRAM,
    protocol: 0,
    maxDatagramBytes: events.maxDatagramBytes,
  });
  try {
    // Also errors that the kernel counts as passing, as that no host answers at this address.
    if (family === 6) socket.setOption(constants.IPPROTO_IPV6, constants.IPV6_RECVERR, 1);
    else socket.setOption(constants.IPPROTO_IP, constants.IP_RECVERR, 1);
    setUp(socket, place, family);
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on('message', (payload) => events.onMessage(payload));
  socket.on('error', (error) => events.onError(error));
  const doing = `send to ${place.connectAddress} port ${place.connectPort}`;
  return {
    send: (payload) => socket.send(payload, undefined, { doing }),
    receivePending: () => socket.receivePending(),
    close: () => socket.close(),
  };
}

function setUp(socket: DatagramSocket, place: CheckConnection, family: AddressFamily): void {
  const { connectAddress, connectPort, bindAddress, bindPort, bindInterface, firewallMark } = place;
  const { SOL_SOCKET, SO_MARK, SO_REUSEADDR } = constants;
  // Before all that a route is looked up for. A link-local address is one of this interface then.
  if (bindInterface !== undefined) socket.bindToDevice(bindInterface);
  if (firewallMark) {
    socket.setOption(SOL_SOCKET, SO_MARK, firewallMark | 0, `set firewall mark ${firewallMark}`);
  }
  if (bindAddress !== undefined || bindPort !== undefined) {
    // Connected to different servers, several checks can have the same bind_port.
    if (bindPort !== undefined) socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1);
    const from = bindAddress ?? anyAddress[family];
    socket.bind(socketAddress(from, bindPort), `bind to ${from} port ${bindPort ?? 0}`);
  }
  socket.connect(
    socketAddress(connectAddress, connectPort),
    `connect to ${connectAddress} port ${connectPort}`,
  );
}

const anyAddress: Readonly<Record<AddressFamily, IpAddress>> = {
  4: addressFromBytes(new Uint8Array(4)),
  6: addressFromBytes(new Uint8Array(16)),
};

function socketAddress(host: IpAddress, port = 0): Uint8Array {
  return familyOf(host) === 6 ? ipv6SocketAddress(host, 0, port) : ipv4SocketAddress(host, port);
}
