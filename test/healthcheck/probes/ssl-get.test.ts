import { once } from 'node:events';
import {
  type AddressInfo,
  connect as connectTcp,
  createServer as createTcpServer,
  type Socket,
} from 'node:net';
import { createSecureContext, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { HttpCheckConfig, HttpUrlConfig } from '../../../src/config-parser/config-checks.ts';
import { httpProbe } from '../../../src/healthcheck/probes/http-get.ts';
import type { StreamTools } from '../../../src/healthcheck/probes/stream-tools.ts';
import { clientExample, oneExample, twoExample } from './stream-certificates.ts';
import {
  asFailure,
  asSuccess,
  cleanUp,
  handlesSettle,
  httpCheck,
  openHandles,
  patience,
  serve,
  serveReply,
  tools,
} from './stream-fixtures.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n';

function probe(
  port: number,
  page: Partial<HttpUrlConfig> = {},
  change: Partial<HttpCheckConfig> = {},
  withTools: StreamTools = tools,
) {
  return httpProbe(httpCheck(port, page, { kind: 'SSL_GET', ...change }), withTools);
}

/** Of a check that nobody stops. */
const signal = new AbortController().signal;

/** Answers every request over TLS with `ok`, and ends with close_notify, unless told otherwise. */
async function serveTls(
  options: TlsOptions = {},
  onRequest: (socket: TLSSocket) => void = (socket) => socket.end(ok),
): Promise<{ port: number; connections: TLSSocket[] }> {
  const connections: TLSSocket[] = [];
  const server = createServer({ ...oneExample, ...options }, (socket) => {
    connections.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => onRequest(socket));
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, connections };
}

/** Passes on what goes between the probe and `port`; `cut` ends both sides without the last record of the server. */
async function serveThrough(port: number, passOn: (bytes: Buffer, socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    const upstream = connectTcp(port, '127.0.0.1');
    for (const each of [socket, upstream]) each.on('error', () => {});
    socket.pipe(upstream);
    upstream.on('data', (bytes) => passOn(bytes, socket));
    upstream.on('end', () => socket.end());
    cleanUp(() => {
      socket.destroy();
      upstream.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a server with TLS', () => {
  test('passes, though nobody vouches for its certificate', async () => {
    const { port } = await serveTls();
    const { phases } = asSuccess(await probe(port)(signal));
    expect(phases?.map(({ name }) => name)).toEqual(['connect', 'tls', 'firstByte']);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('of %s alone passes', async (version) => {
    const { port, connections } = await serveTls({ minVersion: version, maxVersion: version });
    asSuccess(await probe(port)(signal));
    expect(connections[0]?.getProtocol()).toBe(version);
  });

  test('of TLS 1.1 alone fails, as OpenSSL has it by default', async () => {
    const { port } = await serveTls({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    const outcome = asFailure(await probe(port)(signal));
    expect(outcome.detail).toContain('(in the TLS handshake for GET /)');
    expect(outcome.phases?.map(({ name }) => name)).toEqual(['connect', 'tls']);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of %s is asked with the session of the time before',
    async (version) => {
      const reused: boolean[] = [];
      const { port } = await serveTls({ minVersion: version, maxVersion: version }, (socket) => {
        reused.push(socket.isSessionReused());
        socket.end(ok);
      });
      const ask = probe(port);
      for (let time = 0; time < 3; time += 1) asSuccess(await ask(signal));
      expect(reused).toEqual([false, true, true]);
    },
  );

  test('that has forgotten the session passes all the same', async () => {
    const { port } = await serveTls();
    const { port: other } = await serveTls();
    let target = port;
    const through = await createSwitch(() => target);
    const ask = probe(through);
    asSuccess(await ask(signal));
    target = other;
    asSuccess(await ask(signal));
  });
});

async function createSwitch(target: () => number): Promise<number> {
  return serve((socket) => {
    const upstream = connectTcp(target(), '127.0.0.1');
    upstream.on('error', () => {});
    socket.pipe(upstream).pipe(socket);
    cleanUp(() => upstream.destroy());
  });
}

describe('the server name', () => {
  async function certificateFor(page: Partial<HttpUrlConfig>): Promise<string> {
    let asked: string | undefined;
    const { port } = await serveTls(
      {
        SNICallback: (name, done) => {
          asked = name;
          done(null, createSecureContext(name === 'two.example' ? twoExample : oneExample));
        },
      },
      (socket) => socket.end(asked === 'two.example' ? ok.replace('hello', 'TWO--') : ok),
    );
    const matching = async (pattern: string) => {
      const regex = { pattern, options: [], mustNotMatch: false, minOffset: 0 };
      return (await probe(port, { ...page, regex })(signal)).kind === 'ok';
    };
    return `${asked ?? 'none'} ${await matching('TWO')} ${asked ?? 'none'}`;
  }

  test('chooses between two servers at one address', async () => {
    expect(await certificateFor({ tlsServerName: 'two.example' })).toBe('none true two.example');
    expect(await certificateFor({ tlsServerName: 'one.example' })).toBe('none false one.example');
  });

  test.each([[{}], [{ tlsServerName: '192.0.2.1' }], [{ hostHeader: 'two.example' }]])(
    'is not sent for %j',
    async (page) => {
      expect(await certificateFor(page)).toBe('none false none');
    },
  );
});

describe('a client certificate', () => {
  const files: Readonly<Record<string, string>> = {
    '/ca.pem': oneExample.cert,
    '/cert.pem': clientExample.cert,
    '/key.pem': clientExample.key,
    '/not.pem': 'no PEM',
  };
  const fileTools: StreamTools = {
    ...tools,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return Buffer.from(text);
    },
  };

  test('is shown to a server that wants one', async () => {
    const names: unknown[] = [];
    const { port } = await serveTls({ requestCert: true, rejectUnauthorized: false }, (socket) => {
      names.push(socket.getPeerCertificate().subject?.CN);
      socket.end(ok);
    });
    const clientCertificate = { authorities: '/ca.pem', certificate: '/cert.pem', key: '/key.pem' };
    asSuccess(await probe(port, {}, { clientCertificate }, fileTools)(signal));
    asSuccess(await probe(port)(signal));
    expect(names).toEqual(['client.example', undefined]);
  });

  test.each([
    [{ certificate: '/missing.pem' }, 'The file /missing.pem of SSL { } cannot be read: ENOENT'],
    [{ certificate: '/not.pem', key: '/key.pem' }, 'The files of SSL { } cannot be used for TLS: '],
  ])('of %j says nothing about the server', async (clientCertificate, detail) => {
    const { port, connections } = await serveTls();
    expect(await probe(port, {}, { clientCertificate }, fileTools)(signal)).toMatchObject({
      kind: 'inconclusive',
      detail: expect.stringContaining(detail),
    });
    expect(connections).toEqual([]);
  });
});

describe('tls_compliant', () => {
  const endless = 'HTTP/1.0 200 OK\r\n\r\nhello\n';

  test.each([
    ['TLSv1.2', ok],
    ['TLSv1.3', ok],
    ['TLSv1.2', endless],
    ['TLSv1.3', endless],
  ] as const)('is content with close_notify over %s', async (version, reply) => {
    const { port } = await serveTls({ minVersion: version, maxVersion: version }, (socket) =>
      socket.end(reply),
    );
    const { phases } = asSuccess(await probe(port, { tlsCompliant: true })(signal));
    expect(phases?.at(-1)?.name).toBe('body');
  });

  /** A server whose last record, which is close_notify, never arrives. */
  async function serveWithoutCloseNotify(reply: string): Promise<number> {
    let hasAnswered = false;
    const { port } = await serveTls({}, (socket) => {
      socket.write(reply, () => {
        hasAnswered = true;
        setTimeout(() => socket.end(), 30);
      });
    });
    return serveThrough(port, (bytes, socket) => {
      // The reply is the first that comes after the handshake; it may come together with session tickets.
      const isAlert = hasAnswered && bytes.length < 40;
      if (!isAlert) socket.write(bytes);
    });
  }

  test.each([ok, endless])('does not take %j without close_notify for whole', async (reply) => {
    const port = await serveWithoutCloseNotify(reply);
    expect(asFailure(await probe(port, { tlsCompliant: true })(signal)).detail).toBe(
      'The server ended the connection without close_notify, which tls_compliant asks for (in the reply to GET /).',
    );
  });

  test.each([ok, endless])('left out takes %j without close_notify for whole', async (reply) => {
    asSuccess(await probe(await serveWithoutCloseNotify(reply))(signal));
  });

  test('waits no longer for close_notify than connect_timeout', async () => {
    const { port } = await serveTls({}, (socket) => socket.write(ok));
    const outcome = asFailure(await probe(port, { tlsCompliant: true }, patience(200))(signal));
    expect(outcome.detail).toBe('Nothing came from the server for 0.2 s (in the reply to GET /).');
  });
});

describe('a server without TLS', () => {
  test('that answers in HTTP fails in the handshake', async () => {
    const port = await serveReply('HTTP/1.1 400 Bad\r\n\r\n');
    expect(asFailure(await probe(port)(signal)).detail).toContain('(in the TLS handshake for GET /)');
  });

  test('that hangs up fails in the handshake', async () => {
    const port = await serve((socket) => socket.once('data', () => socket.end()));
    expect(asFailure(await probe(port)(signal)).detail).toBe(
      'The server ended the connection (in the TLS handshake for GET /).',
    );
  });

  test('that says nothing fails after connect_timeout', async () => {
    const port = await serve(() => {});
    expect(asFailure(await probe(port, {}, patience(200))(signal))).toMatchObject({
      reason: 'timeout',
      detail: 'Nothing came from the server for 0.2 s (in the TLS handshake for GET /).',
    });
  });
});

test.each([false, true])(
  'an abort in the handshake leaves no handle behind (tls_compliant %j)',
  async (tlsCompliant) => {
    const port = await serve(() => {});
    const before = openHandles();
    const controller = new AbortController();
    const outcome = probe(port, { tlsCompliant })(controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    expect(await outcome).toMatchObject({ kind: 'inconclusive' });
    expect(await handlesSettle(before + 1)).toBeLessThanOrEqual(before + 1);
  },
);

test('fifty checks over TLS leave no handle behind', async () => {
  const { port } = await serveTls();
  const before = openHandles();
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      probe(port, { tlsCompliant: index % 2 === 0 })(new AbortController().signal),
    ),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(50).fill('ok'));
  expect(await handlesSettle(before)).toBeLessThanOrEqual(before);
});
