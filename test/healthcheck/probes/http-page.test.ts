import { describe, expect, test } from 'vitest';
import type { HttpRegexConfig } from '../../../src/config-parser/config-checks.ts';
import { httpProbe } from '../../../src/healthcheck/probes/http-get.ts';
import { asFailure, httpCheck, serve, serveReply, tools } from './stream-fixtures.ts';

describe('a regex', () => {
  function regexCheck(port: number, change: Partial<HttpRegexConfig>) {
    const regex = { pattern: 'world', options: [], mustNotMatch: false, minOffset: 0, ...change };
    return httpProbe(httpCheck(port, { regex }), tools)(new AbortController().signal);
  }

  async function page(body: string): Promise<number> {
    return serveReply(`HTTP/1.0 200 OK\r\n\r\n${body}`);
  }

  test.each<[string, Partial<HttpRegexConfig>, boolean]>([
    ['hello world', {}, true],
    ['hello World', {}, false],
    ['hello World', { options: ['caseless'] }, true],
    ['hello world', { mustNotMatch: true }, false],
    ['hello', { mustNotMatch: true }, true],
    ['hello world', { minOffset: 6 }, true],
    ['hello world', { minOffset: 7 }, false],
    ['hello world', { minOffset: 700 }, false],
    ['hello world', { maxOffset: 6 }, true],
    ['hello world', { maxOffset: 5 }, false],
    ['hello\nworld', { options: ['firstline'] }, false],
    ['hello world\n', { options: ['firstline'] }, true],
    // Offsets are bytes: the two letters before have three.
    [Buffer.from('\u00e9 world').toString('latin1'), { options: ['utf'], minOffset: 3, maxOffset: 3 }, true],
    [Buffer.from('\u00e9 world').toString('latin1'), { options: ['utf'], minOffset: 4 }, false],
  ])('of a page %j, with %j: %j', async (body, change, isGood) => {
    expect((await regexCheck(await page(body), change)).kind).toBe(isGood ? 'ok' : 'failed');
  });

  test('that does not match says so', async () => {
    expect(asFailure(await regexCheck(await page('x'), {})).detail).toContain(
      'The page does not match the regex "world"',
    );
    const outcome = await regexCheck(await page('world'), { mustNotMatch: true });
    expect(asFailure(outcome).detail).toContain('The page matches the regex "world", and must not');
  });

  test('gives the same twice', async () => {
    const port = await page('hello world');
    const probe = httpProbe(
      httpCheck(port, { regex: { pattern: 'world', options: [], mustNotMatch: false, minOffset: 0 } }),
      tools,
    );
    const { signal } = new AbortController();
    expect([(await probe(signal)).kind, (await probe(signal)).kind]).toEqual(['ok', 'ok']);
  });

  test('that never comes to an end says nothing about the server, and holds up the process no longer than 200 ms', async () => {
    const port = await page(`${'a'.repeat(60)}b`);
    const startedAtMs = performance.now();
    expect(await regexCheck(port, { pattern: '^(a+)+$' })).toMatchObject({
      kind: 'inconclusive',
      detail: expect.stringContaining('was not through with the page after 200 ms'),
    });
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
  });

  test('that cannot be used says nothing about the server, and asks it nothing', async () => {
    let connections = 0;
    const port = await serve(() => {
      connections += 1;
    });
    expect(await regexCheck(port, { pattern: 'a++' })).toEqual({
      kind: 'inconclusive',
      elapsedMs: 0,
      detail:
        'The url / is not asked for: the regex "a++" cannot be used: "++" (possessive) is not supported.',
    });
    expect(connections).toBe(0);
  });

  test('is not tried on a page of more than 16 MiB', async () => {
    const port = await serve((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.0 200 OK\r\n\r\n');
        socket.end(Buffer.alloc(16 * 1024 * 1024 + 1));
      });
    });
    expect(asFailure(await regexCheck(port, {})).detail).toContain('The page has more than 16777216 bytes');
  });
});
