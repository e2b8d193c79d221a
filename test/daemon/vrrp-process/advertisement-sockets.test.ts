import { describe, expect, it } from 'vitest';
import {
  AdvertisementSockets,
  type SocketKernel,
  type SocketPlace,
} from '../../../src/daemon/vrrp-process/advertisement-sockets.ts';
import type { VrrpSocket, VrrpSocketHandlers } from '../../../src/kernel/vrrp-socket.ts';
import { address, type IpAddress } from '../../../src/net/address.ts';
import type { Datagram } from '../../../src/vrrp/messages.ts';

const source = address('192.0.2.1');
const peer = address('192.0.2.2');
const otherPeer = address('192.0.2.3');
const group = address('224.0.0.18');
const eth0 = { name: 'eth0', index: 2 };

const multicast: SocketPlace = {
  kind: 'multicast',
  source,
  group,
  interface: eth0,
  authenticationHeader: false,
};
const multicast6: SocketPlace = {
  kind: 'multicast',
  source: address('fe80::1'),
  group: address('ff02::12'),
  interface: eth0,
  authenticationHeader: false,
};
const unicast: SocketPlace = { kind: 'unicast', source, ttl: 255, authenticationHeader: false };

/** A socket of the kernel's that the test feeds. */
class FakeSocket implements VrrpSocket {
  readonly sent: [Uint8Array, IpAddress | undefined][] = [];
  readonly buffers: number[] = [];
  readonly descriptor = 0;
  isOpen = true;
  waiting = 0;
  readings = 0;
  paceMs = 0;
  readonly place: SocketPlace;
  readonly handlers: VrrpSocketHandlers;

  constructor(place: SocketPlace, handlers: VrrpSocketHandlers) {
    this.place = place;
    this.handlers = handlers;
  }

  send(payload: Uint8Array, destination?: IpAddress): void {
    this.sent.push([payload, destination]);
  }

  setReceiveBuffer(bytes: number): void {
    this.buffers.push(bytes);
  }

  setPace(paceMs: number): void {
    this.paceMs = paceMs;
  }

  receivePending(): number {
    this.readings += 1;
    const count = Math.min(16, this.waiting);
    this.waiting -= count;
    return count;
  }

  close(): void {
    this.isOpen = false;
  }

  hear(vrid: number, from = peer, to?: IpAddress): void {
    const { place } = this;
    const destination = to ?? (place.kind === 'multicast' ? place.group : place.source);
    const payload = Uint8Array.of(0x21, vrid, 100, 1);
    this.handlers.onDatagram({ source: from, destination, hopLimit: 255, payload }, 5);
  }
}

/** A kernel that opens such sockets, and knows which of them have something to read. */
function kernelOf(
  openSocket: (place: SocketPlace, handlers: VrrpSocketHandlers) => FakeSocket,
): SocketKernel {
  const members = new Set<FakeSocket>();
  return {
    openSocket: (place, handlers) => {
      const socket = openSocket(place, handlers);
      members.add(socket);
      return socket;
    },
    ready: {
      add: () => undefined,
      remove: (socket) => members.delete(socket as FakeSocket),
      readable: () => [...members].filter(({ waiting }) => waiting > 0),
    },
  };
}

function world() {
  const opened: FakeSocket[] = [];
  const unknown: string[] = [];
  const sockets = new AdvertisementSockets(
    {
      onError: () => undefined,
      onUnknownVrid: (place, vrid, sender) => unknown.push(`${place.kind} ${vrid} ${sender}`),
    },
    kernelOf((place, handlers) => {
      const socket = new FakeSocket(place, handlers);
      opened.push(socket);
      return socket;
    }),
  );
  const socket = (index = 0): FakeSocket => {
    const found = opened[index];
    if (found === undefined) throw new Error(`no socket ${index} was opened`);
    return found;
  };
  /** Joins, and returns what the instance hears. */
  const join = (place: SocketPlace, vrid: number, peers?: readonly IpAddress[], intervalMs = 1000) => {
    const heard: Datagram[] = [];
    const onDatagram = (datagram: Datagram) => heard.push(datagram);
    const port = sockets.join(place, { vrid, intervalMs, ...(peers && { peers }), onDatagram });
    return { heard, port };
  };
  return { sockets, opened, socket, unknown, join };
}

describe('instances on one interface', () => {
  it('share one socket, and each hears its own VRID', () => {
    const { opened, socket, join } = world();
    const instances = Array.from({ length: 250 }, (_, index) => join(multicast, index + 1));
    expect(opened).toHaveLength(1);
    socket().hear(200);
    expect(instances.map(({ heard }) => heard.length).indexOf(1)).toBe(199);
    expect(instances.flatMap(({ heard }) => heard)).toHaveLength(1);
  });

  it('have the socket closed with the last of them, and another one opened later', () => {
    const { opened, socket, join } = world();
    const [first, second] = [join(multicast, 1), join(multicast, 2)];
    first.port.close();
    first.port.close();
    expect(socket().isOpen).toBe(true);
    second.port.close();
    expect(socket().isOpen).toBe(false);
    join(multicast, 1);
    expect(opened).toHaveLength(2);
  });

  it('with the same VRID in IPv4 and IPv6 do not hear each other', () => {
    const { socket, join } = world();
    const [ipv4, ipv6] = [join(multicast, 7), join(multicast6, 7)];
    socket(1).hear(7, address('fe80::2'));
    expect([ipv4.heard.length, ipv6.heard.length]).toEqual([0, 1]);
  });

  it('replaced on a reload: the new one hears, also once the old one has left', () => {
    const { socket, join } = world();
    const before = join(multicast, 7);
    const after = join(multicast, 7);
    socket().hear(7);
    before.port.close();
    socket().hear(7);
    expect([before.heard.length, after.heard.length]).toEqual([0, 2]);
  });

  it('get the largest receive buffer that one of them asks for', () => {
    const { socket, join } = world();
    join({ ...multicast, receiveBufferBytes: 5_000_000 }, 1);
    join({ ...multicast, receiveBufferBytes: 4_000_000 }, 2);
    join({ ...multicast, receiveBufferBytes: 6_000_000 }, 3);
    expect(socket().place.receiveBufferBytes).toBe(5_000_000);
    expect(socket().buffers).toEqual([6_000_000]);
  });
});

describe('a socket that many instances share', () => {
  it('is read at a pace from the 32nd on, and as packets come when they are fewer again', () => {
    const { socket, join } = world();
    const ports = Array.from({ length: 32 }, (_, index) => join(multicast, index + 1).port);
    expect(socket(0).paceMs).toBe(10);
    ports[0]?.close();
    expect(socket(0).paceMs).toBe(0);
  });

  it('is read within a tenth of the shortest interval of all', () => {
    const { socket, join } = world();
    for (let vrid = 1; vrid <= 40; vrid += 1) join(multicast, vrid, undefined, vrid === 40 ? 20 : 1000);
    expect(socket(0).paceMs).toBe(2);
  });
});

describe('unicast instances', () => {
  it('send to the peer that they name', () => {
    const { socket, join } = world();
    const payload = Uint8Array.of(1);
    join(unicast, 7, [peer]).port.send(payload, peer);
    expect(socket().sent).toEqual([[payload, peer]]);
  });

  it('with the same VRID and source hear their own peers', () => {
    const { opened, socket, join } = world();
    const [first, second] = [join(unicast, 7, [peer]), join(unicast, 7, [otherPeer])];
    socket().hear(7, peer);
    socket().hear(7, otherPeer);
    socket().hear(7, otherPeer);
    expect(opened).toHaveLength(1);
    expect([first.heard.length, second.heard.length]).toEqual([1, 2]);
  });

  it('with the same VRID hear no stranger, who is counted', () => {
    const { sockets, socket, unknown, join } = world();
    const both = [join(unicast, 7, [peer]), join(unicast, 7, [otherPeer])];
    socket().hear(7, address('192.0.2.99'));
    expect(both.flatMap(({ heard }) => heard)).toEqual([]);
    expect(sockets.unclaimedDatagrams).toBe(1);
    expect(unknown).toEqual(['unicast 7 192.0.2.99']);
  });

  it('alone with its VRID judges strangers for itself', () => {
    const { socket, join } = world();
    const { heard } = join(unicast, 7, [peer]);
    socket().hear(7, address('192.0.2.99'));
    expect(heard).toHaveLength(1);
  });

  it('of different TTL, VRF, interface or Authentication Header have sockets of their own', () => {
    const { opened, join } = world();
    const places = [
      unicast,
      { ...unicast, ttl: 64 },
      { ...unicast, vrf: 'red' },
      { ...unicast, interface: eth0 },
      { ...unicast, authenticationHeader: true },
      { ...unicast, source: peer },
    ];
    for (const [index, place] of places.entries()) join(place, index + 1);
    expect(opened).toHaveLength(places.length);
  });
});

describe('a datagram that nobody claims', () => {
  it('is counted each time and reported once a VRID', () => {
    const { sockets, socket, unknown, join } = world();
    join(multicast, 1);
    for (const vrid of [9, 9, 10, 9]) socket().hear(vrid);
    expect(sockets.unclaimedDatagrams).toBe(4);
    expect(unknown).toEqual(['multicast 9 192.0.2.2', 'multicast 10 192.0.2.2']);
  });

  it('is reported again after an instance has had the VRID', () => {
    const { socket, unknown, join } = world();
    join(multicast, 1);
    socket().hear(9);
    join(multicast, 9).port.close();
    socket().hear(9);
    expect(unknown).toHaveLength(2);
  });

  it('is counted without a report when it is too short to have a VRID', () => {
    const { sockets, socket, unknown, join } = world();
    join(multicast, 1);
    const short = { source: peer, destination: group, hopLimit: 255, payload: Uint8Array.of(0x21) };
    socket().handlers.onDatagram(short, 5);
    expect(sockets.unclaimedDatagrams).toBe(1);
    expect(unknown).toEqual([]);
  });

  it('is counted once where two sockets hear it, and not where the other one has the instance', () => {
    const { sockets, opened, join } = world();
    join(multicast, 1);
    join({ ...multicast, source: peer }, 2);
    for (const vrid of [1, 2, 9]) for (const socket of opened) socket.hear(vrid, otherPeer);
    expect(opened).toHaveLength(2);
    expect(sockets.unclaimedDatagrams).toBe(1);
  });

  it('is not the unicast packet that a multicast socket of the same interface hears as well', () => {
    const { sockets, opened, socket, join } = world();
    const [shouting, whispering] = [join(multicast, 7), join({ ...unicast, interface: eth0 }, 8)];
    for (const one of opened) one.hear(8, peer, source);
    socket(0).hear(7, peer, source);
    expect([shouting.heard.length, whispering.heard.length]).toEqual([0, 1]);
    expect(sockets.unclaimedDatagrams).toBe(0);
  });

  it('but a unicast packet where no unicast instance is, is told to its VRID', () => {
    const { socket, join } = world();
    const { heard } = join(multicast, 7);
    socket().hear(7, peer, source);
    expect(heard).toHaveLength(1);
  });
});

describe('drain', () => {
  it('reads each socket until it is empty, and no further than 16 batches; those with nothing not at all', () => {
    const { sockets, socket, join } = world();
    join(multicast, 1);
    join(multicast6, 1);
    join(unicast, 1);
    socket(0).waiting = 40;
    socket(1).waiting = 100_000;
    sockets.drain();
    expect([socket(0).waiting, socket(0).readings]).toEqual([0, 3]);
    expect([socket(1).waiting, socket(1).readings]).toEqual([100_000 - 256, 16]);
    expect(socket(2).readings).toBe(0);
  });
});

describe('a socket that the kernel refuses', () => {
  it('leaves nothing behind, so that the next try may succeed', () => {
    let refusals = 1;
    const opened: FakeSocket[] = [];
    const kernel = kernelOf((place, handlers) => {
      if (refusals-- > 0) throw new Error('EADDRNOTAVAIL');
      const socket = new FakeSocket(place, handlers);
      opened.push(socket);
      return socket;
    });
    const sockets = new AdvertisementSockets({ onError: () => undefined }, kernel);
    const subscription = { vrid: 7, intervalMs: 1000, onDatagram: () => undefined };
    expect(() => sockets.join(unicast, subscription)).toThrow('EADDRNOTAVAIL');
    sockets.drain();
    sockets.join(unicast, subscription).close();
    expect(opened.map(({ isOpen }) => isOpen)).toEqual([false]);
  });
});
