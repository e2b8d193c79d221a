import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { HexPattern, UdpCheckConfig } from '../../../src/config-parser/config.ts';
import type { DatagramEvents, ProbeSocket } from '../../../src/healthcheck/probes/tools.ts';
import { judgeReply, probeUdp } from '../../../src/healthcheck/probes/udp-check.ts';
import { openUdpProbe } from '../../../src/kernel/udp-probe.ts';
import { address } from '../../../src/net/address.ts';
import { closedUdpPort, serveUdp, timingWith, type UdpServer, udpCheck } from './other-fixtures.ts';

const servers: UdpServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const tools = { openDatagramSocket: openUdpProbe };
const never = new AbortController().signal;
const impatient = timingWith({ connectTimeoutMs: 60 });

function pattern(text: string): HexPattern {
  const pairs = text.split(' ');
  return {
    bytes: pairs.map((pair) => Number.parseInt(pair.replaceAll('x', '0'), 16)),
    mask: pairs.map((pair) => Number.parseInt(pair.replace(/[^x]/g, 'f').replaceAll('x', '0'), 16)),
  };
}

const anyReply: HexPattern = { bytes: [], mask: [] };

async function serve(reply: readonly number[] | undefined, host = '127.0.0.1'): Promise<UdpServer> {
  const server = await serveUdp(host, (_, socket, from) => {
    if (reply !== undefined) socket.send(Uint8Array.from(reply), from.port, from.address);
  });
  servers.push(server);
  return server;
}

async function ask(reply: readonly number[] | undefined, change: Partial<UdpCheckConfig>) {
  const { port } = await serve(reply);
  return probeUdp(udpCheck('127.0.0.1', port, change), tools, never);
}

describe('without require_reply', () => {
  test('a server that keeps silent is well when the time is over', async () => {
    const outcome = await ask(undefined, impatient);
    expect(outcome).toMatchObject({ kind: 'ok', phases: [{ name: 'reply' }] });
    expect(outcome.elapsedMs).toBeGreaterThan(55);
  });

  test('one that answers is well at once, whatever it says', async () => {
    const outcome = await ask(Array(600).fill(7), {});
    expect(outcome.kind).toBe('ok');
    expect(outcome.elapsedMs).toBeLessThan(4000);
  });

  test.each(['127.0.0.1', '::1'])('one that is not there is refused at once at %s', async (host) => {
    const port = await closedUdpPort(host);
    expect(await probeUdp(udpCheck(host, port), tools, never)).toMatchObject({
      kind: 'failed',
      reason: 'refused',
      detail: 'The server refused it (ICMP port unreachable).',
    });
  });
});

describe('with require_reply', () => {
  test('a server that keeps silent fails when the time is over', async () => {
    expect(await ask(undefined, { ...impatient, reply: anyReply })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      detail: 'The server did not answer within 0.06 s.',
    });
  });

  test('an empty datagram is a reply', async () => {
    expect(await ask([], { reply: anyReply })).toMatchObject({ kind: 'ok' });
  });

  test('a reply that fits is success, and the first that does not is failure at once', async () => {
    expect(await ask([0x0a, 0x1b, 0xff], { reply: pattern('0a xb') })).toMatchObject({ kind: 'ok' });
    expect(await ask([0x0a, 0x1c, 0xff], { reply: pattern('0a xb') })).toMatchObject({
      kind: 'failed',
      reason: 'other',
      detail: 'Byte 2 of the reply is 1c, which require_reply does not allow.',
    });
  });

  test('a reply one byte too long is seen to be, and one of just that length is not', async () => {
    const lengths = { reply: pattern('01'), maxReplyBytes: 4 };
    expect(await ask([1, 2, 3, 4], lengths)).toMatchObject({ kind: 'ok' });
    expect(await ask([1, 2, 3, 4, 5], lengths)).toMatchObject({
      kind: 'failed',
      detail: 'The reply has more than the 4 bytes that it may have.',
    });
  });

  test('a server that is not there is refused at once', async () => {
    const port = await closedUdpPort('127.0.0.1');
    const checker = udpCheck('127.0.0.1', port, { reply: anyReply });
    expect(await probeUdp(checker, tools, never)).toMatchObject({ kind: 'failed', reason: 'refused' });
  });
});

describe('a reply', () => {
  const lengths = { minReplyBytes: 2, maxReplyBytes: 4 };

  test.each([
    ['too short', [1], 'The reply has 1 bytes and must have at least 2.'],
    ['too long', [1, 2, 3, 4, 5], 'The reply has more than the 4 bytes that it may have.'],
    ['of other bytes', [1, 3], 'Byte 2 of the reply is 03, which require_reply does not allow.'],
  ])('that is %s fails', (_, payload, detail) => {
    expect(judgeReply({ ...lengths, reply: pattern('01 02') }, Uint8Array.from(payload))).toEqual({
      kind: 'failed',
      reason: 'other',
      detail,
    });
  });

  test('is compared as far as it goes when it is shorter than the pattern', () => {
    const reply = pattern('01 02 03 04');
    expect(judgeReply({ ...lengths, reply }, Uint8Array.of(1, 2)).kind).toBe('ok');
    expect(judgeReply({ ...lengths, reply }, Uint8Array.of(1, 3)).kind).toBe('failed');
  });

  test('may be of any length where no pattern is given', () => {
    expect(judgeReply({ ...lengths, reply: anyReply }, new Uint8Array(300)).kind).toBe('ok');
  });

  test.each([
    ['x1', 0x21, 'ok'],
    ['x1', 0x22, 'failed'],
    ['1x', 0x1f, 'ok'],
    ['1x', 0x2f, 'failed'],
    ['xx', 0xff, 'ok'],
  ])('of %s may be %i: %s', (text, byte, kind) => {
    expect(
      judgeReply({ minReplyBytes: 0, maxReplyBytes: 9, reply: pattern(text) }, Uint8Array.of(byte)).kind,
    ).toBe(kind);
  });
});

describe('what is sent', () => {
  test('is the payload, from bindto and bind_port', async () => {
    const server = await serve([1]);
    const port = await closedUdpPort('127.0.0.1');
    const change = { payload: [9, 8, 7], bindAddress: address('127.0.0.5'), bindPort: port };
    await probeUdp(udpCheck('127.0.0.1', server.port, change), tools, never);
    expect(server.received[0]?.payload).toEqual(Buffer.from([9, 8, 7]));
    expect(server.received[0]?.from).toMatchObject({ address: '127.0.0.5', port });
  });

  test('is something also where there is no payload', async () => {
    const server = await serve([1]);
    await probeUdp(udpCheck('127.0.0.1', server.port, { payload: [] }), tools, never);
    expect(server.received[0]?.payload).toHaveLength(32);
  });

  test('can leave from one bind_port to two servers at the same time', async () => {
    const [one, two] = [await serve(undefined), await serve(undefined)];
    const bindPort = await closedUdpPort('127.0.0.1');
    const both = [one, two].map(({ port }) =>
      probeUdp(udpCheck('127.0.0.1', port, { ...impatient, bindPort }), tools, never),
    );
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['ok', 'ok']);
    expect([one, two].map(({ received }) => received[0]?.from.port)).toEqual([bindPort, bindPort]);
  });
});

test('a server that comes back is well again', async () => {
  const port = await closedUdpPort('127.0.0.1');
  const checker = udpCheck('127.0.0.1', port, { reply: anyReply });
  expect(await probeUdp(checker, tools, never)).toMatchObject({ kind: 'failed' });
  const server = await serve([1]);
  expect(await probeUdp({ ...checker, connectPort: server.port }, tools, never)).toMatchObject({
    kind: 'ok',
  });
});

/** A socket whose fate the test decides, and how often it was closed. */
function fakeSocket(send: ProbeSocket['send'] = () => {}) {
  const fake = { closed: 0, events: undefined as DatagramEvents | undefined };
  const openDatagramSocket = (_: unknown, events: DatagramEvents): ProbeSocket => {
    fake.events = events;
    return {
      send,
      receivePending: () => {},
      close: () => {
        fake.closed += 1;
      },
    };
  };
  return { fake, tools: { openDatagramSocket } };
}

describe('the socket', () => {
  test.each([
    ['ECONNREFUSED', 'recvmmsg', 'failed', 'refused'],
    ['EHOSTUNREACH', 'recvmmsg', 'failed', 'unreachable'],
    ['ENETUNREACH', 'connect', 'failed', 'unreachable'],
    ['EACCES', 'recvmmsg', 'failed', 'unreachable'],
    ['EPERM', 'sendmsg', 'inconclusive', undefined],
    ['ENOBUFS', 'sendmsg', 'inconclusive', undefined],
    ['EPROTO', 'recvmmsg', 'failed', 'other'],
  ])('told %s by %s makes it %s (%s), and is closed once', async (code, syscall, kind, reason) => {
    const { fake, tools: faked } = fakeSocket();
    const asked = probeUdp(udpCheck('127.0.0.1', 9), faked, never);
    fake.events?.onError(Object.assign(new Error(`receive: ${code} of some sort`), { code, syscall }));
    fake.events?.onMessage(Uint8Array.of(1));
    const outcome = await asked;
    expect(outcome).toMatchObject({ kind, ...(reason !== undefined && { reason }) });
    expect(fake.closed).toBe(1);
  });

  test('is closed when it cannot send', async () => {
    const { fake, tools: faked } = fakeSocket(() => {
      throw Object.assign(new Error('send to 127.0.0.1 port 9: EPERM not permitted'), {
        code: 'EPERM',
        syscall: 'sendmsg',
      });
    });
    expect(await probeUdp(udpCheck('127.0.0.1', 9), faked, never)).toMatchObject({
      kind: 'inconclusive',
      detail: 'send to 127.0.0.1 port 9: EPERM not permitted.',
    });
    expect(fake.closed).toBe(1);
  });

  test('is closed by an abort, and by nothing twice', async () => {
    const { fake, tools: faked } = fakeSocket();
    const controller = new AbortController();
    const asked = probeUdp(udpCheck('127.0.0.1', 9), faked, controller.signal);
    controller.abort();
    expect(await asked).toMatchObject({ kind: 'inconclusive' });
    fake.events?.onMessage(Uint8Array.of(1));
    expect(fake.closed).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});
