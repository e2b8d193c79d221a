import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DnsMessage,
  type DnsQuery,
  type DnsType,
  decodeDnsMessage,
  dnsTypes,
  encodeDnsQuery,
  isAnswerTo,
  parseDnsName,
  responseCodeName,
} from '../../src/net/dns.ts';

function encoded(query: DnsQuery): Uint8Array {
  const result = encodeDnsQuery(query);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

function decodedMessage(bytes: Uint8Array): DnsMessage {
  const result = decodeDnsMessage(bytes);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
}

/** The query given back as a reply, with these flags. */
function replyTo(query: DnsQuery, flags = 0x8180): Uint8Array {
  const bytes = encoded(query);
  new DataView(bytes.buffer).setUint16(2, flags);
  return bytes;
}

const example: DnsQuery = { id: 0x1234, name: 'www.Example.org', type: 'AAAA' };

const anyLabel = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const anyName = fc.array(anyLabel, { maxLength: 8 }).map((labels) => labels.join('.') || '.');
const anyQuery = fc.record({
  id: fc.nat(0xffff),
  name: anyName,
  type: fc.constantFrom(...(Object.keys(dnsTypes) as DnsType[])),
});

describe('a query', () => {
  test('has RD, one question and nothing else', () => {
    const bytes = encoded({ id: 0xabcd, name: 'a.bc', type: 'MX' });
    expect([...bytes]).toEqual([
      0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, // header
      1, 97, 2, 98, 99, 0, 0, 15, 0, 1, // a.bc, MX, IN
    ]); // biome-ignore format: one line a part
  });

  test('for the root has no label, with whichever dot the name is written', () => {
    expect([...encoded({ id: 0, name: '.', type: 'SOA' }).subarray(12)]).toEqual([0, 0, 6, 0, 1]);
    expect(encoded({ id: 7, name: 'a.b.', type: 'A' })).toEqual(encoded({ id: 7, name: 'a.b', type: 'A' }));
  });

  test.each([
    ['A', 1],
    ['NS', 2],
    ['CNAME', 5],
    ['SOA', 6],
    ['MX', 15],
    ['TXT', 16],
    ['AAAA', 28],
    ['RRSIG', 46],
    ['DNSKEY', 48],
  ] as const)('asks for %s by its number %i', (type, number) => {
    const bytes = encoded({ id: 1, name: '.', type });
    expect(new DataView(bytes.buffer).getUint16(13)).toBe(number);
  });

  test.each([
    ['a..b', 'a label of a DNS name has 1 to 63 bytes, this has 0'],
    ['', 'a label of a DNS name has 1 to 63 bytes, this has 0'],
    ['x'.repeat(64), 'a label of a DNS name has 1 to 63 bytes, this has 64'],
    [Array(64).fill('abc').join('.'), 'a DNS name has at most 255 bytes, this has 257'],
  ])('cannot be made for %j', (name, detail) => {
    expect(encodeDnsQuery({ id: 1, name, type: 'A' })).toMatchObject({ ok: false, error: { detail } });
  });

  test('holds a name of just 255 bytes', () => {
    const name = [...Array(62).fill('abc'), 'abcde'].join('.');
    expect(parseDnsName(name)).toMatchObject({ ok: true });
    expect(isAnswerTo({ id: 1, name, type: 'A' }, decodedMessage(replyTo({ id: 1, name, type: 'A' })))).toBe(
      true,
    );
  });
});

describe('an answer', () => {
  test('is the reply with the id and the question of any query', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const message = decodedMessage(replyTo(query));
        expect(message).toMatchObject({ id: query.id, isResponse: true, responseCode: 0 });
        expect(isAnswerTo(query, message)).toBe(true);
      }),
    );
  });

  test.each<[string, Uint8Array]>([
    ['has another id', replyTo({ ...example, id: 0x1235 })],
    ['asks for another name', replyTo({ ...example, name: 'www.example.com' })],
    ['asks for a name below it', replyTo({ ...example, name: 'a.www.example.org' })],
    ['asks for the name above it', replyTo({ ...example, name: 'example.org' })],
    ['asks for another type', replyTo({ ...example, type: 'A' })],
    ['is a query itself', encoded(example)],
  ])('is none when it %s', (_, bytes) => {
    expect(isAnswerTo(example, decodedMessage(bytes))).toBe(false);
  });

  test('is none when it is of another class', () => {
    const bytes = replyTo(example);
    bytes[bytes.length - 1] = 3;
    expect(isAnswerTo(example, decodedMessage(bytes))).toBe(false);
  });

  test('may write the name in other letters', () => {
    expect(isAnswerTo(example, decodedMessage(replyTo({ ...example, name: 'WWW.eXAMPLE.org' })))).toBe(true);
  });

  test('may leave out the question of an error, and only of one', () => {
    const header = replyTo(example).slice(0, 12);
    const view = new DataView(header.buffer);
    view.setUint16(4, 0);
    expect(isAnswerTo(example, decodedMessage(header))).toBe(false);
    view.setUint16(2, 0x8181);
    expect(isAnswerTo(example, decodedMessage(header))).toBe(true);
  });

  test('tells that it was cut', () => {
    expect(decodedMessage(replyTo(example, 0x8380)).isTruncated).toBe(true);
    expect(decodedMessage(replyTo(example)).isTruncated).toBe(false);
  });
});

describe('bytes that are no message', () => {
  test.each([
    ['shorter than a header', new Uint8Array(11), 'length'],
    ['with a name that has no end', replyTo(example).subarray(0, 20), 'question'],
    ['with a question cut behind the name', replyTo(example).subarray(0, -1), 'question'],
    [
      'with a name that points elsewhere',
      Uint8Array.from([...replyTo(example).subarray(0, 12), 0xc0, 12, 0, 1, 0, 1]),
      'question',
    ],
  ])('are rejected: %s', (_, bytes, reason) => {
    expect(decodeDnsMessage(bytes)).toMatchObject({ ok: false, error: { reason } });
  });

  test('with a name longer than names are, are rejected', () => {
    const labels = Array.from({ length: 130 }, () => [1, 97]).flat();
    const bytes = Uint8Array.from([...replyTo(example).subarray(0, 12), ...labels, 0, 0, 1, 0, 1]);
    expect(decodeDnsMessage(bytes)).toMatchObject({ ok: false, error: { reason: 'question' } });
  });

  test('never make the decoder throw, nor an answer to a query with another id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const result = decodeDnsMessage(bytes);
        if (!result.ok) return;
        expect(isAnswerTo({ ...example, id: result.value.id ^ 1 }, result.value)).toBe(false);
      }),
    );
  });

  test('made from a reply by changing it never make the decoder throw', () => {
    const change = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyQuery, change, fc.nat(40), (query, changes, cut) => {
        const bytes = replyTo(query).slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const result = decodeDnsMessage(bytes.subarray(0, bytes.length - (cut % bytes.length)));
        if (result.ok) expect(typeof isAnswerTo(query, result.value)).toBe('boolean');
        else expect(['length', 'question']).toContain(result.error.reason);
      }),
    );
  });

  test('are read at an offset of their buffer as anywhere else', () => {
    const bytes = replyTo(example);
    const padded = new Uint8Array(bytes.length + 5);
    padded.set(bytes, 5);
    expect(decodeDnsMessage(padded.subarray(5))).toEqual(decodeDnsMessage(bytes));
  });
});

test.each([
  [3, 'NXDOMAIN'],
  [5, 'REFUSED'],
  [11, 'RCODE 11'],
])('response code %i is called %s', (code, name) => {
  expect(responseCodeName(code)).toBe(name);
});
