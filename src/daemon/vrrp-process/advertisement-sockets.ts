/**
 * The sockets that instances share: one a network interface, multicast group and source. A datagram goes to the instance with
 * its VRID on that socket; the others are counted. Knows no state machine.
 */
import { openVrrpSocket, type VrrpSocket } from '../../kernel/vrrp-socket.ts';
import type { IpAddress } from '../../net/address.ts';
import type { Datagram } from '../../vrrp/messages.ts';

const mostBatches = 16;

export type DatagramReceiver = (datagram: Datagram, receivedAtMs: number) => void;

export interface SocketPlace {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  readonly group: IpAddress;
  readonly source: IpAddress;
}

export interface SocketReports {
  onError(place: SocketPlace, error: Error): void;
}

interface SharedSocket {
  readonly place: SocketPlace;
  readonly socket: VrrpSocket;
  readonly receivers: Map<number, DatagramReceiver>;
}

/** A subscription: send through it, close it when the instance leaves or its place changes. */
export interface AdvertisementPort {
  readonly place: SocketPlace;
  send(payload: Uint8Array): void;
  close(): void;
}

export class AdvertisementSockets {
  /** Datagrams that no instance wanted: a VRID that is not configured here, or too short to have one. */
  unclaimedDatagrams = 0;
  malformedDatagrams = 0;
  #received = 0;
  readonly #open = new Map<string, SharedSocket>();
  readonly #reports: SocketReports;

  constructor(reports: SocketReports) {
    this.#reports = reports;
  }

  /** Throws where the kernel refuses the socket (CAP_NET_RAW, no such interface). */
  join(place: SocketPlace, vrid: number, receiver: DatagramReceiver): AdvertisementPort {
    const shared = this.#open.get(keyOf(place)) ?? this.#openShared(place);
    shared.receivers.set(vrid, receiver);
    return {
      place,
      send: (payload) => shared.socket.send(payload),
      close: () => this.#leave(shared, vrid, receiver),
    };
  }

  /** Takes in what already waits in the sockets: what was received in time must be heard before a timer decides. */
  drain(): void {
    for (const { socket } of this.#open.values()) {
      // A call hands over one batch; bounded, so that a flood cannot keep the deadline from being served.
      for (let batch = 0, before = -1; batch < mostBatches && before !== this.#received; batch += 1) {
        before = this.#received;
        socket.receivePending();
      }
    }
  }

  #openShared(place: SocketPlace): SharedSocket {
    const receivers = new Map<number, DatagramReceiver>();
    const socket = openVrrpSocket(place, {
      onDatagram: (datagram, receivedAtMs) => {
        this.#received += 1;
        const receiver = receivers.get(datagram.payload[1] ?? 0);
        if (receiver === undefined) this.unclaimedDatagrams += 1;
        else receiver(datagram, receivedAtMs);
      },
      onMalformed: () => {
        this.malformedDatagrams += 1;
      },
      onError: (error) => this.#reports.onError(place, error),
    });
    const shared = { place, socket, receivers };
    this.#open.set(keyOf(place), shared);
    return shared;
  }

  #leave(shared: SharedSocket, vrid: number, receiver: DatagramReceiver): void {
    if (shared.receivers.get(vrid) === receiver) shared.receivers.delete(vrid);
    if (shared.receivers.size > 0) return;
    shared.socket.close();
    if (this.#open.get(keyOf(shared.place)) === shared) this.#open.delete(keyOf(shared.place));
  }
}

function keyOf(place: SocketPlace): string {
  return `${place.interfaceIndex} ${place.group} ${place.source}`;
}
