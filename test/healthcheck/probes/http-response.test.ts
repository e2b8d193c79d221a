import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HttpResponse } from '../../../src/healthcheck/probes/http-response.ts';

interface Read {
  readonly result: string;
  readonly status: number | undefined;
  readonly body: string;
}

/** Reads the pieces, then the end of the connection unless the reply was whole before. */
function read(pieces: readonly string[], refuse?: string): Read {
  let status: number | undefined;
  let body = '';
  const response = new HttpResponse({
    onStatus: (found) => {
      status = found;
      return refuse;
    },
    onBody: (bytes) => {
      body += bytes.toString('latin1');
    },
  });
  for (const piece of pieces) {
    const reading = response.take(Buffer.from(piece, 'latin1'));
    if (reading === 'whole') return { result: 'whole', status, body };
    if (reading !== 'more') return { result: reading.wrong, status, body };
  }
  const end = response.end();
  return { result: end === 'whole' ? 'whole at the end' : end.wrong, status, body };
}

describe('a body', () => {
  test.each([
    ['until the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nab\ncd', 'whole at the end', 'ab\ncd'],
    ['of a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd', 'whole', 'abc'],
    ['of no bytes', 'HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n', 'whole', ''],
    [
      'of a length that is said twice',
      'HTTP/1.1 200\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na',
      'whole',
      'a',
    ],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n',
      'whole',
      'abc0123456789',
    ],
    [
      'in chunks with a trailer',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n',
      'whole',
      'a',
    ],
    ['after lines that end with line feeds alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nab', 'whole', 'ab'],
    ['that a status rules out', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', 'whole', ''],
    [
      'after an interim reply',
      'HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nz',
      'whole',
      'z',
    ],
  ])('%s is whole', (_what, reply, result, body) => {
    expect(read([reply])).toMatchObject({ result, body });
  });

  test.each([
    [
      'of a length',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc',
      'The body is cut off: 3 of 5 bytes came',
    ],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc',
      'The body is cut off before its last chunk',
    ],
    [
      'in chunks without their last line',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n',
      'The body is cut off before its last chunk',
    ],
  ])('%s that is cut off is not whole', (_what, reply, result) => {
    expect(read([reply]).result).toBe(result);
  });

  test.each([
    ['Transfer-Encoding: chunked', 'xyz\r\n', 'A chunk of the body has the size "xyz"'],
    ['Transfer-Encoding: chunked', '1\r\nab\r\n', 'A chunk of the body is longer than its size'],
    [
      'Transfer-Encoding: chunked',
      `1;${'a'.repeat(5000)}`,
      'A chunk of the body begins with an endless line',
    ],
    ['Content-Length: -1', '', 'The reply has the Content-Length "-1"'],
    ['Content-Length: 1, 2', 'a', 'The reply has the Content-Length "1, 2"'],
  ])('framed by "%s" and then %j is refused', (header, rest, result) => {
    expect(read([`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${rest}`]).result).toBe(result);
  });
});

test.each([
  ['SSH-2.0-OpenSSH_9.2\r\n', 'The reply is not HTTP: it begins with "SSH-2.0-OpenSSH_9.2\\r\\n"'],
  ['HTTP/2 200\r\n\r\n', 'The reply is not HTTP: it begins with "HTTP/2 200"'],
  ['HTTP/1.1 2000 OK\r\n\r\n', 'The reply is not HTTP: it begins with "HTTP/1.1 2000 OK"'],
  ['', 'The server closed the connection without a reply'],
  ['HTTP/1.1 200 OK\r\nA: b\r\n', 'The server closed the connection in the middle of the headers'],
  [`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20_000)}`, 'The headers are longer than 65536 bytes'],
])('%j is no reply', (reply, result) => {
  expect(read(reply === '' ? [] : [reply]).result.slice(0, 200)).toBe(result);
});

test('what is not HTTP is known by its first byte, without waiting for a line', () => {
  expect(read(['SSH']).result).toBe('The reply is not HTTP: it begins with "SSH"');
});

test('a status that is not wanted ends the reading before the body', () => {
  expect(read(['HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n'], 'no')).toEqual({
    result: 'no',
    status: 503,
    body: '',
  });
});

test('a reply reads the same however it is cut into pieces', () => {
  const replies = [
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not\r\nContent-Length: 4\r\n\r\nabcd',
    'HTTP/1.0 200 OK\r\nServer: x\r\n\r\nabcd',
    'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcd',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...replies), fc.array(fc.nat(90), { maxLength: 12 }), (reply, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % reply.length).sort((a, b) => a - b), reply.length];
      const pieces = at.slice(1).map((end, index) => reply.slice(at[index], end));
      expect(read(pieces.filter((piece) => piece !== ''))).toEqual(read([reply]));
    }),
  );
});
