/**
 * The sockets that instances share: one a place. A datagram goes to the instance with its VRID on that socket, and where several
 * unicast instances have the same VRID to the one whose peer sent it; what nobody claims is counted. Knows no state machine.
 */
import { RECEIVE_BATCH } from '../../kernel/datagram-socket.ts';
import { ReadySet } from '../../kernel/socket-ready-set.ts';
import {
  DEFAULT_RECEIVE_BUFFER_BYTES,
  openVrrpSocket,
  type SocketPlace,
  type VrrpSocket,
} from '../../kernel/vrrp-socket.ts';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { Datagram } from '../../vrrp/messages.ts';

export type { SocketPlace } from '../../kernel/vrrp-socket.ts';

const mostBatches = 16;

/**
 * Where this many instances share a socket their packets are read together, a tenth of an interval later at most: waking for each
 * costs three times as much. Nothing is decided meanwhile, since a deadline takes in first what has come.
 */
const many = 32;
const shareOfInterval = 0.1;
const longestPaceMs = 10;

/** What an instance wants to hear. */
export interface Subscription {
  readonly vrid: number;
  /**
   * Unicast: the senders that it is told of where another instance of the place has the same VRID. An instance that is alone
   * with its VRID hears everybody, and judges for itself.
   */
  readonly peers?: readonly IpAddress[];
  /** The Advertisement_Interval. */
  readonly intervalMs: number;
  onDatagram(datagram: Datagram, receivedAtMs: number): void;
}

export interface SocketReports {
  onError(place: SocketPlace, error: Error): void;
  /** keepalived.conf(5): log_unknown_vrids. Once a place and VRID, until an instance has had it. */
  onUnknownVrid?(place: SocketPlace, vrid: number, sender: IpAddress): void;
}

/** A subscription: send through it, close it when the instance leaves or its place changes. */
export interface AdvertisementPort {
  readonly place: SocketPlace;
  /** `destination` is a peer, and undefined for multicast. Throws what the kernel refuses. */
  send(payload: Uint8Array, destination?: IpAddress): void;
  close(): void;
}

interface Listener {
  readonly subscription: Subscription;
  readonly peers: ReadonlySet<IpAddress> | undefined;
}

interface SharedSocket {
  readonly place: SocketPlace;
  readonly socket: VrrpSocket;
  readonly earshot: Earshot;
  readonly listeners: Map<number, readonly Listener[]>;
  receiveBufferBytes: number;
}

/** Sockets that differ in what they send, their source or TTL, and hear the same: each datagram comes to all of them. */
interface Earshot {
  readonly sockets: Set<SharedSocket>;
  readonly reportedVrids: Set<number>;
}

/** What a test puts in place of the kernel. */
export interface SocketKernel {
  readonly openSocket?: typeof openVrrpSocket;
  readonly ready?: Pick<ReadySet<VrrpSocket>, 'add' | 'remove' | 'readable'>;
}

export class AdvertisementSockets {
  /** Datagrams that no instance wanted: a VRID that is not configured here, or too short to have one. */
  unclaimedDatagrams = 0;
  malformedDatagrams = 0;
  readonly #open = new Map<string, SharedSocket>();
  readonly #earshots = new Map<string, Earshot>();
  readonly #reports: SocketReports;
  readonly #openSocket: typeof openVrrpSocket;
  readonly #ready: Pick<ReadySet<VrrpSocket>, 'add' | 'remove' | 'readable'>;

  constructor(reports: SocketReports, kernel: SocketKernel = {}) {
    this.#reports = reports;
    this.#openSocket = kernel.openSocket ?? openVrrpSocket;
    this.#ready = kernel.ready ?? new ReadySet();
  }

  /**
   * Throws where the kernel refuses the socket: CAP_NET_RAW, no such interface, no such source address yet (see
   * `openVrrpSocket`). Then nothing has changed, and the caller may try again.
   */
  join(place: SocketPlace, subscription: Subscription): AdvertisementPort {
    const shared = this.#open.get(socketKey(place)) ?? this.#openShared(place);
    enlargeBuffer(shared, place.receiveBufferBytes ?? 0);
    const { vrid, peers } = subscription;
    const listener = { subscription, peers: peers && new Set(peers) };
    shared.listeners.set(vrid, [...(shared.listeners.get(vrid) ?? []), listener]);
    shared.earshot.reportedVrids.delete(vrid);
    setPace(shared);
    return {
      place,
      send: (payload, destination) => shared.socket.send(payload, destination),
      close: () => this.#leave(shared, listener),
    };
  }

  /** Takes in what already waits in the sockets: what was received in time must be heard before a timer decides. */
  drain(): void {
    for (const socket of this.#ready.readable()) {
      // Bounded, so that a flood cannot keep the deadline from being served.
      for (let batch = 0; batch < mostBatches; batch += 1) {
        if (socket.receivePending() < RECEIVE_BATCH) break;
      }
    }
  }

  #openShared(place: SocketPlace): SharedSocket {
    const socket = this.#openSocket(place, {
      onDatagram: (datagram, receivedAtMs) => this.#deliver(shared, datagram, receivedAtMs),
      onMalformed: () => {
        this.malformedDatagrams += 1;
      },
      onError: (error) => this.#reports.onError(place, error),
    });
    const receiveBufferBytes = place.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES;
    const shared: SharedSocket = {
      place,
      socket,
      earshot: this.#earshotOf(place),
      listeners: new Map(),
      receiveBufferBytes,
    };
    this.#ready.add(socket);
    shared.earshot.sockets.add(shared);
    this.#open.set(socketKey(place), shared);
    return shared;
  }

  #earshotOf(place: SocketPlace): Earshot {
    const key = earshotKey(place);
    const found = this.#earshots.get(key);
    if (found !== undefined) return found;
    const made: Earshot = { sockets: new Set(), reportedVrids: new Set() };
    this.#earshots.set(key, made);
    return made;
  }

  #deliver(shared: SharedSocket, datagram: Datagram, receivedAtMs: number): void {
    const { place } = shared;
    // An unbound socket hears the unicast packets to this host too; those have a socket of their own.
    if (
      place.kind === 'multicast' &&
      datagram.destination !== place.group &&
      this.#isForUnicast(place, datagram)
    )
      return;
    const vrid = datagram.payload[1];
    const listener = vrid === undefined ? undefined : listenerFor(shared, vrid, datagram.source);
    if (listener === undefined) this.#unclaimed(shared, vrid, datagram.source);
    else listener.subscription.onDatagram(datagram, receivedAtMs);
  }

  #isForUnicast({ authenticationHeader }: SocketPlace, { destination }: Datagram): boolean {
    for (const { place } of this.#open.values()) {
      if (place.kind !== 'unicast' || place.source !== destination) continue;
      if (place.authenticationHeader === authenticationHeader) return true;
    }
    return false;
  }

  #unclaimed(shared: SharedSocket, vrid: number | undefined, sender: IpAddress): void {
    const { sockets, reportedVrids } = shared.earshot;
    const [first] = sockets;
    // Each datagram once, by the first socket that hears it; and not at all if another one has the instance.
    if (first !== shared) return;
    for (const other of sockets) {
      if (vrid !== undefined && listenerFor(other, vrid, sender) !== undefined) return;
    }
    this.unclaimedDatagrams += 1;
    if (vrid === undefined || reportedVrids.has(vrid)) return;
    reportedVrids.add(vrid);
    this.#reports.onUnknownVrid?.(shared.place, vrid, sender);
  }

  #leave(shared: SharedSocket, listener: Listener): void {
    const { vrid } = listener.subscription;
    const remaining = (shared.listeners.get(vrid) ?? []).filter((other) => other !== listener);
    if (remaining.length > 0) shared.listeners.set(vrid, remaining);
    else shared.listeners.delete(vrid);
    setPace(shared);
    if (shared.listeners.size > 0 || !shared.earshot.sockets.delete(shared)) return;
    this.#ready.remove(shared.socket);
    shared.socket.close();
    this.#open.delete(socketKey(shared.place));
    if (shared.earshot.sockets.size === 0) this.#earshots.delete(earshotKey(shared.place));
  }
}

/** The latest first: on a reload the new instance joins before the old one leaves. */
function listenerFor({ listeners }: SharedSocket, vrid: number, sender: IpAddress): Listener | undefined {
  const all = listeners.get(vrid);
  if (all === undefined || all.length < 2) return all?.[0];
  return all.findLast(({ peers }) => peers === undefined || peers.has(sender));
}

function enlargeBuffer(shared: SharedSocket, bytes: number): void {
  if (bytes <= shared.receiveBufferBytes) return;
  shared.socket.setReceiveBuffer(bytes);
  shared.receiveBufferBytes = bytes;
}

function setPace({ socket, listeners }: SharedSocket): void {
  if (listeners.size < many) {
    socket.setPace(0);
    return;
  }
  const intervals = [...listeners.values()].flat().map(({ subscription }) => subscription.intervalMs);
  socket.setPace(Math.min(longestPaceMs, shareOfInterval * Math.min(...intervals)));
}

function socketKey(place: SocketPlace): string {
  const ttl = place.kind === 'unicast' ? place.ttl : '';
  return `${earshotKey(place)} ${place.source} ${place.interface?.index ?? ''} ${ttl}`;
}

function earshotKey(place: SocketPlace): string {
  const protocol = `${familyOf(place.source)} ${place.authenticationHeader}`;
  if (place.kind === 'multicast') return `multicast ${protocol} ${place.group} ${place.interface.index}`;
  // A link-local address may be that of several interfaces; any other is the host's.
  const scope = place.source.startsWith('fe80:') ? place.interface?.index : (place.vrf ?? '');
  return `unicast ${protocol} ${place.source} ${scope}`;
}
