import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { HttpCheckConfig, HttpUrlConfig } from '../../../src/config-parser/config-checks.ts';
import { httpProbe } from '../../../src/healthcheck/probes/http-get.ts';
import {
  asFailure,
  asSuccess,
  handlesSettle,
  httpCheck,
  openHandles,
  patience,
  serve,
  serveReply,
  tools,
  url,
} from './stream-fixtures.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n';

function check(
  port: number,
  page: Partial<HttpUrlConfig> = {},
  change: Partial<HttpCheckConfig> = {},
  signal = new AbortController().signal,
) {
  return httpProbe(httpCheck(port, page, change), tools)(signal);
}

/** Answers every request with `ok`; the requests. */
async function serveOk(): Promise<{ port: number; requests: string[] }> {
  const requests: string[] = [];
  const port = await serve((socket) => {
    socket.once('data', (bytes) => {
      requests.push(bytes.toString('latin1'));
      socket.end(ok);
    });
  });
  return { port, requests };
}

describe('a request', () => {
  test.each<[HttpCheckConfig['httpProtocol'], string]>([
    ['1.0', 'GET /a?b=c HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: www.example\r\n\r\n'],
    [
      '1.0C',
      'GET /a?b=c HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: www.example\r\n\r\n',
    ],
    [
      '1.1',
      'GET /a?b=c HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: www.example\r\n\r\n',
    ],
  ])('of http_protocol %s is what keepalived sends', async (httpProtocol, request) => {
    const { port, requests } = await serveOk();
    asSuccess(await check(port, { path: '/a?b=c' }, { httpProtocol }));
    expect(requests).toEqual([request]);
  });

  test('stays one request whatever the path and the host hold', async () => {
    const { port, requests } = await serveOk();
    asSuccess(await check(port, { path: '/a b\r\nX: \u00e9', hostHeader: 'a\r\nX: y' }));
    expect(requests[0]).toBe(
      'GET /a%20b%0D%0AX:%20%C3%A9 HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: aX:y\r\n\r\n',
    );
  });
});

describe('a good reply', () => {
  test.each([
    ['of a length', [ok]],
    ['to the end of the connection', ['HTTP/1.0 200 OK\r\n\r\nhel', 'lo\n']],
    [
      'in chunks',
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '6\r\nhel', 'lo\n\r\n0', '\r\n\r\n'],
    ],
    ['byte by byte', ok.split('')],
  ])('%s passes, with its digest', async (_how, pieces) => {
    const port = await serveReply(...pieces);
    asSuccess(await check(port, { digest: createHash('md5').update('hello\n').digest('hex') }));
  });

  test('tells how long each phase took', async () => {
    const port = await serve((socket) => {
      socket.once('data', async () => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        socket.write('HTTP/1.0 200 OK\r\n');
        await new Promise((resolve) => setTimeout(resolve, 30));
        socket.end('\r\nx');
      });
    });
    const { phases = [], elapsedMs } = asSuccess(await check(port));
    expect(phases.map(({ name }) => name)).toEqual(['connect', 'firstByte', 'body']);
    expect(phases[1]?.ms).toBeGreaterThanOrEqual(58);
    expect(phases[2]?.ms).toBeGreaterThanOrEqual(25);
    const sum = phases.reduce((all, { ms }) => all + ms, 0);
    expect(Math.abs(sum - elapsedMs)).toBeLessThan(5);
  });

  test.each([
    [404, [{ first: 404, last: 404 }], true],
    [
      301,
      [
        { first: 200, last: 200 },
        { first: 300, last: 399 },
      ],
      true,
    ],
    [
      400,
      [
        { first: 200, last: 200 },
        { first: 300, last: 399 },
      ],
      false,
    ],
  ])('with status %i of the wanted ones %j: %j', async (status, statusCodes, isGood) => {
    const port = await serveReply(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
    expect((await check(port, { statusCodes })).kind).toBe(isGood ? 'ok' : 'failed');
  });

  test('ends with the connection closed by the server, so that no TIME_WAIT entry stays here', async () => {
    const order: string[] = [];
    const port = await serve((socket) => {
      socket.once('data', () => {
        socket.write(ok);
        setTimeout(() => {
          order.push('server ends');
          socket.end();
        }, 40);
      });
      socket.once('end', () => order.push('probe ends'));
    });
    asSuccess(await check(port));
    await expect.poll(() => order).toEqual(['server ends', 'probe ends']);
  });

  test('of a server that keeps the connection is good in time, and the connection is reset', async () => {
    let fate = '';
    const port = await serve((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => {
        fate = error.code ?? '';
      });
      socket.on('data', () => socket.write(ok));
    });
    const { elapsedMs } = asSuccess(await check(port));
    expect(elapsedMs).toBeLessThan(200);
    await expect.poll(() => fate).toBe('ECONNRESET');
  });
});

describe('a bad reply', () => {
  test.each([
    [
      'a status that is not wanted',
      'HTTP/1.1 503 No\r\n\r\n',
      'The status is 503, and 200-299 is wanted (waiting for the reply to GET /).',
    ],
    [
      'a body that is cut off',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab',
      'The body is cut off: 2 of 9 bytes came (in the reply to GET /).',
    ],
    [
      'no reply at all',
      '',
      'The server closed the connection without a reply (waiting for the reply to GET /).',
    ],
    [
      'something else than HTTP',
      '220 hello\r\n',
      'The reply is not HTTP: it begins with "220 hello\\r\\n" (waiting for the reply to GET /).',
    ],
  ])('with %s fails and says so', async (_what, reply, detail) => {
    const port = await serveReply(reply);
    expect(asFailure(await check(port))).toMatchObject({ reason: 'other', detail });
  });

  test('with another digest fails and names both', async () => {
    const port = await serveReply(ok);
    const digest = '0'.repeat(32);
    expect(asFailure(await check(port, { digest })).detail).toBe(
      `The page has the MD5 digest b1946ac92492d2347c6235b4d2611184, and ${digest} is wanted (waiting for the reply to GET /).`,
    );
  });

  test('that is a reset is told as one', async () => {
    const port = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(asFailure(await check(port))).toMatchObject({
      reason: 'reset',
      detail: 'The server reset it (waiting for the reply to GET /).',
    });
  });

  test('that is refused is told as refused, with the url', async () => {
    expect(asFailure(await check(1, { path: '/x' }))).toMatchObject({
      reason: 'refused',
      detail: 'The server refused it (connecting for GET /x).',
    });
  });
});

describe('a slow server', () => {
  test('that says nothing after accepting fails after connect_timeout', async () => {
    const port = await serve(() => {});
    const outcome = asFailure(await check(port, {}, patience(200)));
    expect(outcome).toMatchObject({
      reason: 'timeout',
      detail: 'Nothing came from the server for 0.2 s (waiting for the reply to GET /).',
    });
    expect(outcome.elapsedMs).toBeGreaterThanOrEqual(195);
    expect(outcome.phases?.map(({ name }) => name)).toEqual(['connect', 'firstByte']);
  });

  test('that drips is cut off by attempt_timeout, though each wait is short', async () => {
    const port = await serve((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.0 200 OK\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 20);
        socket.once('close', () => clearInterval(drip));
      });
    });
    const outcome = asFailure(await check(port, {}, patience(150, 400)));
    expect(outcome.detail).toBe(
      'The attempt as a whole was not over after 0.4 s, its attempt_timeout (in the reply to GET /).',
    );
    expect(outcome.elapsedMs).toBeLessThan(1000);
  });
});

describe('several urls', () => {
  const replies: Readonly<Record<string, string>> = { '/a': ok, '/b': 'HTTP/1.0 500 No\r\n\r\n', '/c': ok };

  async function ask(...paths: readonly string[]) {
    const asked: string[] = [];
    const port = await serve((socket) => {
      socket.once('data', (bytes) => {
        const path = bytes.toString().split(' ')[1] ?? '';
        asked.push(path);
        socket.end(replies[path] ?? '');
      });
    });
    const urls = paths.map((path) => url({ path }));
    return { outcome: await check(port, {}, { urls }), asked };
  }

  test('are all asked for in turn, with the phases of each', async () => {
    const { outcome, asked } = await ask('/a', '/c');
    expect(asked).toEqual(['/a', '/c']);
    const names = asSuccess(outcome).phases?.map(({ name }) => name);
    expect(names).toEqual(['connect', 'firstByte', 'connect', 'firstByte']);
  });

  test('end with the first that is not good', async () => {
    const { outcome, asked } = await ask('/a', '/b', '/c');
    expect(asked).toEqual(['/a', '/b']);
    expect(asFailure(outcome).detail).toBe(
      'The status is 500, and 200-299 is wanted (waiting for the reply to GET /b).',
    );
  });

  test('share one attempt_timeout', async () => {
    const port = await serve((socket) => {
      socket.once('data', () => setTimeout(() => socket.end(ok), 120));
    });
    const urls = [url({ path: '/1' }), url({ path: '/2' }), url({ path: '/3' })];
    const outcome = asFailure(await check(port, {}, { urls, ...patience(5000, 200) }));
    expect(outcome.detail).toContain('its attempt_timeout (waiting for the reply to GET /2).');
  });

  test('that the attempt_timeout ends between two of them fail too', async () => {
    const port = await serve((socket) => {
      socket.on('data', () => socket.write(ok));
    });
    const urls = [url({ path: '/1' }), url({ path: '/2' })];
    const outcome = asFailure(await check(port, {}, { urls, ...patience(5000, 100) }));
    expect(outcome.detail).toContain('its attempt_timeout');
  });
});

describe('an abort', () => {
  test.each([
    ['before connecting', 0],
    ['while the reply is awaited', 1],
  ])('%s leaves no handle behind', async (_when, delay) => {
    const port = await serve(() => {});
    const before = openHandles();
    const controller = new AbortController();
    const outcome = check(port, {}, {}, controller.signal);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    expect(await outcome).toMatchObject({
      kind: 'inconclusive',
      detail: expect.stringContaining('The check was stopped'),
    });
    // The server's side of it, which is this process too.
    expect(await handlesSettle(before + 1)).toBeLessThanOrEqual(before + 1);
  });

  test('beforehand connects to nobody', async () => {
    let connections = 0;
    const port = await serve(() => {
      connections += 1;
    });
    expect(await check(port, {}, {}, AbortSignal.abort())).toMatchObject({ kind: 'inconclusive' });
    await turn();
    expect(connections).toBe(0);
  });
});

test('two hundred checks at once, good and bad, leave no handle behind', async () => {
  const good = await serveReply(ok);
  const bad = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const before = openHandles();
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, index) => check(index % 2 === 0 ? good : bad)),
  );
  expect(outcomes.filter(({ kind }) => kind === 'ok')).toHaveLength(100);
  expect(await handlesSettle(before)).toBeLessThanOrEqual(before);
});
