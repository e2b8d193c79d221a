import type { RemoteInfo, Socket } from 'node:dgram';
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { DnsCheckConfig } from '../../../src/config-parser/config.ts';
import { probeDns } from '../../../src/healthcheck/probes/dns-check.ts';
import { openUdpProbe } from '../../../src/kernel/udp-probe.ts';
import { decodeDnsMessage } from '../../../src/net/dns.ts';
import { closedUdpPort, dnsCheck, serveUdp, timingWith, type UdpServer } from './other-fixtures.ts';

const servers: UdpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const tools = { openDatagramSocket: openUdpProbe };
const never = new AbortController().signal;
const impatient = timingWith({ connectTimeoutMs: 60 });

/** The request as a reply with these flags and, in it, this changed. */
function reply(request: Buffer, flags: number, change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.from(request);
  bytes.writeUInt16BE(flags, 2);
  change(bytes);
  return bytes;
}

type Answer = (request: Buffer, server: Socket, from: RemoteInfo) => void;

async function serve(answer: Answer, host = '127.0.0.1'): Promise<UdpServer> {
  const server = await serveUdp(host, answer);
  servers.push(server);
  return server;
}

async function ask(answer: Answer, change: Partial<DnsCheckConfig> = {}, host = '127.0.0.1') {
  const { port } = await serve(answer, host);
  return probeDns(dnsCheck(host, port, change), tools, never);
}

function answerWith(flags: number): Answer {
  return (request, server, from) => server.send(reply(request, flags), from.port, from.address);
}

describe('a server', () => {
  test('that answers without error is well, and the time of its reply is told', async () => {
    const outcome = await ask(answerWith(0x8180));
    expect(outcome).toMatchObject({ kind: 'ok', phases: [{ name: 'reply' }] });
    expect(outcome.elapsedMs).toBeLessThan(5000);
  });

  test('is well over IPv6', async () => {
    expect(await ask(answerWith(0x8180), {}, '::1')).toMatchObject({ kind: 'ok' });
  });

  test('is well when its answer was cut', async () => {
    expect(await ask(answerWith(0x8380))).toMatchObject({ kind: 'ok' });
  });

  test.each([
    [1, 'FORMERR'],
    [2, 'SERVFAIL'],
    [3, 'NXDOMAIN'],
    [5, 'REFUSED'],
    [15, 'RCODE 15'],
  ])('that answers with code %i fails at once', async (code, name) => {
    expect(await ask(answerWith(0x8180 | code), { name: 'www.example.org', type: 'A' })).toMatchObject({
      kind: 'failed',
      reason: 'other',
      detail: `The server answered ${name} for www.example.org A.`,
    });
  });

  test('that keeps silent fails when the time is over', async () => {
    expect(await ask(() => {}, impatient)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: 'The server did not answer within 0.06 s.',
      phases: [{ name: 'reply' }],
    });
  });

  test('has no longer than the whole attempt may take', async () => {
    const outcome = await ask(() => {}, timingWith({ attemptTimeoutMs: 40 }));
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(outcome.elapsedMs).toBeLessThan(2000);
  });

  test('that is not there is refused at once, by ICMP', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const port = await closedUdpPort(host);
      expect(await probeDns(dnsCheck(host, port), tools, never)).toMatchObject({
        kind: 'failed',
        reason: 'refused',
      });
    }
  });
});

describe('what is not the answer is passed over, and the answer behind it counts:', () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['another id', (bytes) => reply(bytes, 0x8182, (it) => it.writeUInt16BE(it.readUInt16BE(0) ^ 1, 0))],
    ['a query', (bytes) => reply(bytes, 0x0102)],
    ['another type', (bytes) => reply(bytes, 0x8182, (it) => it.writeUInt16BE(99, it.length - 4))],
    ['too short a message', () => Buffer.from([1, 2, 3])],
    ['an empty datagram', () => Buffer.alloc(0)],
  ])('%s', async (_, first) => {
    const outcome = await ask((request, server, from) => {
      server.send(first(request), from.port, from.address);
      server.send(reply(request, 0x8180), from.port, from.address);
    });
    expect(outcome).toMatchObject({ kind: 'ok' });
  });

  test('the same from another port', async () => {
    const other = await serve(() => {});
    const outcome = await ask((request, server, from) => {
      other.socket.send(reply(request, 0x8182), from.port, from.address);
      setTimeout(() => server.send(reply(request, 0x8180), from.port, from.address), 10);
    });
    expect(outcome).toMatchObject({ kind: 'ok' });
  });

  test('alone it is no answer', async () => {
    const wrongId = (bytes: Buffer) => bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ 1, 0);
    const outcome = await ask(
      (request, server, from) => server.send(reply(request, 0x8180, wrongId), from.port, from.address),
      impatient,
    );
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
  });
});

test('queries ask for the name and type of the check, each with an id of its own', async () => {
  const server = await serve(answerWith(0x8180));
  const checker = dnsCheck('127.0.0.1', server.port, { name: 'a.example.org', type: 'DNSKEY' });
  for (let round = 0; round < 20; round += 1) await probeDns(checker, tools, never);
  const messages = server.received.map(({ payload }) => decodeDnsMessage(payload));
  const ids = new Set(messages.map((message) => message.ok && message.value.id));
  // Twenty alike out of 65536 do not happen, nineteen different ones nearly always.
  expect(ids.size).toBeGreaterThan(15);
  const question = { labels: ['a', 'example', 'org'], type: 48, class: 1 };
  expect(messages.every((message) => message.ok && !message.value.isResponse)).toBe(true);
  expect(messages[0]).toMatchObject({ ok: true, value: { question } });
});

test('a server that comes back is well again', async () => {
  const port = await closedUdpPort('127.0.0.1');
  const checker = dnsCheck('127.0.0.1', port);
  expect(await probeDns(checker, tools, never)).toMatchObject({ kind: 'failed', reason: 'refused' });
  const server = await serve(answerWith(0x8180));
  const again = { ...checker, connectPort: server.port };
  expect(await probeDns(again, tools, never)).toMatchObject({ kind: 'ok' });
});

test('a name that no query can hold says nothing about the server', async () => {
  expect(await probeDns(dnsCheck('127.0.0.1', 53, { name: 'a..b' }), tools, never)).toMatchObject({
    kind: 'inconclusive',
    detail: '"a..b" cannot be asked for: a label of a DNS name has 1 to 63 bytes, this has 0.',
  });
});

describe('what this host lacks says nothing about the server:', () => {
  test.each<[string, Partial<DnsCheckConfig>, RegExp]>([
    ['the address to ask from', { bindAddress: dnsCheck('192.0.2.1', 1).connectAddress }, /EADDRNOTAVAIL/],
    ['the interface', { bindInterface: 'no-such-if' }, /no-such-if: ENODEV/],
    [
      'an interface for a link-local server',
      { connectAddress: dnsCheck('fe80::1', 1).connectAddress },
      /EINVAL/,
    ],
  ])('%s', async (_, change, detail) => {
    const outcome = await probeDns(dnsCheck('127.0.0.1', 9, change), tools, never);
    expect(outcome).toMatchObject({ kind: 'inconclusive', detail: expect.stringMatching(detail) });
  });
});

describe('an abort', () => {
  test('ends it at once and closes its socket', async () => {
    let closed = 0;
    const controller = new AbortController();
    const watched = {
      openDatagramSocket: (...args: Parameters<typeof openUdpProbe>) => {
        const socket = openUdpProbe(...args);
        const close = () => {
          closed += 1;
          socket.close();
        };
        return { ...socket, close };
      },
    };
    const { port } = await serve(() => controller.abort());
    expect(await probeDns(dnsCheck('127.0.0.1', port), watched, controller.signal)).toMatchObject({
      kind: 'inconclusive',
      detail: 'The check was stopped.',
    });
    expect(closed).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('before it began opens nothing', async () => {
    const openDatagramSocket = () => expect.unreachable('a socket was opened');
    const outcome = await probeDns(dnsCheck('127.0.0.1', 9), { openDatagramSocket }, AbortSignal.abort());
    expect(outcome).toMatchObject({ kind: 'inconclusive' });
  });
});
