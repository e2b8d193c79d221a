import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type BfdDatagram,
  type BfdListener,
  type BfdSender,
  type BfdSenderOptions,
  interfaceOf,
  isLinkLocal,
  openBfdListener,
  openBfdSender,
} from '../../../src/kernel/bfd-socket.ts';
import { nowMs } from '../../../src/kernel/clock.ts';
import { address } from '../../../src/net/address.ts';

/** Not BFD's own ports, which somebody on this machine may use. */
const port = 20_000 + (process.pid % 20_000);
const loopback = address('127.0.0.1');
const open: (BfdListener | BfdSender)[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

function listener(family: 4 | 6 = 4) {
  const datagrams: (BfdDatagram & { readonly receivedAtMs: number })[] = [];
  const socket = openBfdListener(
    { family, port },
    {
      onDatagram: (datagram, receivedAtMs) => datagrams.push({ ...datagram, receivedAtMs }),
      onError: (error) => {
        throw error;
      },
    },
  );
  open.push(socket);
  return { socket, datagrams };
}

function sender(changes: Partial<BfdSenderOptions> = {}): BfdSender {
  const options = {
    neighbor: loopback,
    source: loopback,
    interfaceIndex: 0,
    hopLimit: 255,
    port,
    firstChoice: 5,
  };
  const socket = openBfdSender({ ...options, ...changes });
  open.push(socket);
  return socket;
}

describe('a listener', () => {
  it('delivers what was sent with its addresses, its TTL and when the kernel had it', () => {
    const { socket, datagrams } = listener();
    const beforeMs = nowMs();
    sender({ hopLimit: 77 }).send(Uint8Array.of(1, 2, 3));
    socket.receivePending();
    expect(datagrams).toMatchObject([{ source: loopback, destination: loopback, hopLimit: 77 }]);
    expect([...(datagrams[0]?.payload ?? [])]).toEqual([1, 2, 3]);
    expect(datagrams[0]?.receivedAtMs).toBeGreaterThan(beforeMs - 0.05);
    expect(datagrams[0]?.receivedAtMs).toBeLessThan(nowMs());
  });

  it('does the same over IPv6', () => {
    const { socket, datagrams } = listener(6);
    const here = address('::1');
    sender({ neighbor: here, source: here, hopLimit: 64 }).send(Uint8Array.of(4));
    socket.receivePending();
    expect(datagrams).toMatchObject([{ source: here, destination: here, hopLimit: 64 }]);
  });

  it('has the port of its family for itself, and leaves it to the other family', () => {
    listener(4);
    listener(6);
    expect(() => listener(4)).toThrow(/listen on UDP port \d+ over IPv4.*EADDRINUSE/);
  });

  it('delivers nothing after it was closed', async () => {
    const { socket, datagrams } = listener();
    const from = sender();
    from.send(Uint8Array.of(1));
    socket.close();
    await setTimeout(5);
    expect(datagrams).toEqual([]);
  });
});

describe('a sender', () => {
  it('RFC 5881 section 4: has a source port from 49152 to 65535 of its own', () => {
    const ports = [0, 5, 5, 0xffff_ffff, 16_383, 16_384].map(
      (firstChoice) => sender({ firstChoice }).sourcePort,
    );
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(49_152);
    expect(Math.max(...ports)).toBeLessThanOrEqual(65_535);
    expect(new Set(ports).size).toBe(ports.length);
  });

  it('takes another hop limit while it is open', () => {
    const { socket, datagrams } = listener();
    const from = sender({ hopLimit: 255 });
    from.setHopLimit(3);
    from.send(Uint8Array.of(1));
    socket.receivePending();
    expect(datagrams).toMatchObject([{ hopLimit: 3 }]);
  });

  it('refuses a source that is not this host’s', () => {
    expect(() => sender({ source: address('192.0.2.99') })).toThrow(
      /bind to 192\.0\.2\.99 port \d+.*EADDRNOTAVAIL/,
    );
  });
});

describe('the interface of a neighbour', () => {
  it('is 0, any, unless the neighbour is link-local', () => {
    expect(interfaceOf(address('192.0.2.1'), undefined)).toBe(0);
    expect(interfaceOf(address('2001:db8::1'), undefined)).toBe(0);
  });

  it('is not known for a link-local source that no interface has', () => {
    expect(interfaceOf(address('fe80::1'), address('fe80::dead:beef:dead:beef'))).toBeUndefined();
  });

  it.each([
    ['fe80::1', true],
    ['febf::1', true],
    ['fec0::1', false],
    ['2001:db8::1', false],
    ['169.254.0.1', false],
  ])('%s is link-local: %s', (text, expected) => {
    expect(isLinkLocal(address(text))).toBe(expected);
  });
});
