/** Tells systemd how the service is: the protocol of sd_notify(3). */
import { DatagramSocket } from './datagram-socket.ts';
import { unixSocketAddress } from './socket-address.ts';
import { AF_UNIX, SOCK_DGRAM } from './socket-constants.ts';

/**
 * Sends `state` ("READY=1", "STOPPING=1\nSTATUS=releasing addresses") to the service manager. Does nothing when not run
 * by one, that is without NOTIFY_SOCKET in the environment; throws when it cannot be reached.
 */
export function notifyServiceManager(state: string, path = process.env['NOTIFY_SOCKET']): void {
  if (path === undefined || path === '') return;
  const socket = new DatagramSocket({ family: AF_UNIX, type: SOCK_DGRAM, protocol: 0, maxDatagramBytes: 1 });
  try {
    const doing = `notify the service manager at ${path}`;
    socket.send(new TextEncoder().encode(state), unixSocketAddress(path), { doing });
  } finally {
    socket.close();
  }
}
