/**
 * Netlink sockets for requests that must be in the kernel's hands before a call returns: our own addon's, of which one sends as
 * many datagrams a turn of the event loop as it is given. (The `netlink` package's leaves the second for the next turn; a socket
 * for each address would make a takeover of hundreds of instances slow.) A transport of that kind gets as many as a turn needs.
 */

import { NetlinkConnection, type NetlinkRequest } from './connection.ts';
import { NETLINK_ROUTE } from './constants.ts';
import { monitorTransport } from './monitor-transport.ts';
import { codeOf, NetlinkError } from './netlink-error.ts';
import type { OpenTransport } from './transport.ts';

/** So many refusals of one datagram fit into the smallest usual receive buffer (each takes about 1 KiB of 208). */
const mostPerDatagram = 100;

export class ConnectionPool {
  readonly #open: OpenTransport;
  readonly #connections: NetlinkConnection[] = [];

  /** Opens the first socket. Throws what the system call does. */
  constructor(open: OpenTransport = monitorTransport(NETLINK_ROUTE, 0)) {
    this.#open = open;
    this.#add();
  }

  /**
   * Sends all of them, in order, before it returns. Resolves to one entry a request, undefined for success. Never
   * rejects.
   */
  async perform(requests: readonly NetlinkRequest[]): Promise<readonly (NetlinkError | undefined)[]> {
    const answers = inDatagrams(requests).map((some) => this.#send(some));
    return (await Promise.all(answers)).flat();
  }

  /** Encodes what a `perform` of the same request objects will then only send. */
  prepare(requests: readonly NetlinkRequest[]): void {
    const free = this.#connections.filter((connection) => connection.sendsAtOnce);
    for (const [index, some] of inDatagrams(requests).entries()) {
      (free[index] ?? this.#add()).prepare(some);
    }
  }

  /** One that sends at once. */
  free(): NetlinkConnection {
    return this.#connections.find((connection) => connection.sendsAtOnce) ?? this.#add();
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #send(requests: readonly NetlinkRequest[]): Promise<readonly (NetlinkError | undefined)[]> {
    try {
      return this.free().perform(requests);
    } catch (error) {
      // A further socket cannot be opened: EMFILE.
      return Promise.resolve(requests.map(({ operation }) => new NetlinkError(operation, codeOf(error))));
    }
  }

  #add(): NetlinkConnection {
    const connection = new NetlinkConnection(this.#open);
    connection.open();
    this.#connections.push(connection);
    return connection;
  }
}

function inDatagrams(requests: readonly NetlinkRequest[]): readonly (readonly NetlinkRequest[])[] {
  const count = Math.ceil(requests.length / mostPerDatagram);
  return Array.from({ length: count }, (_, index) =>
    requests.slice(index * mostPerDatagram, (index + 1) * mostPerDatagram),
  );
}
