import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRequest } from '../../../src/daemon/control-socket/protocol.ts';

const giveUp = { kind: 'giveUp', hold: 'drain', instances: ['VI_1'], evenIfAlone: false } as const;
const parse = (value: unknown) => parseRequest(JSON.stringify(value));

describe('a request', () => {
  test.each([
    { kind: 'status' },
    { kind: 'reload' },
    { kind: 'resume', instances: [] },
    { kind: 'resume', instances: ['VI_1', 'VI_2'] },
    giveUp,
    { ...giveUp, hold: 'failover', forMs: 600_000, reason: 'kernel update', evenIfAlone: true },
  ])('%j is understood as it stands', (request) => {
    expect(parse(request)).toEqual({ ok: true, request });
  });

  test('has only the members that there are', () => {
    expect(parse({ kind: 'status', more: 1 })).toEqual({ ok: true, request: { kind: 'status' } });
  });

  test.each<[string, unknown]>([
    ['is not a JSON object', []],
    ['is not a JSON object', null],
    ['"kind"', {}],
    ['"kind"', { kind: 'toString' }],
    ['"instances"', { kind: 'resume' }],
    ['"instances"', { kind: 'resume', instances: [''] }],
    ['"instances"', { kind: 'resume', instances: Array.from({ length: 5000 }, () => 'a') }],
    ['"hold"', { ...giveUp, hold: 'sleep' }],
    ['"evenIfAlone"', { ...giveUp, evenIfAlone: 1 }],
    ['"forMs"', { ...giveUp, forMs: 0 }],
    ['"forMs"', { ...giveUp, forMs: '10m' }],
    ['"forMs"', { ...giveUp, forMs: 1e15 }],
    ['"reason"', { ...giveUp, reason: 'x'.repeat(501) }],
  ])('is refused with what is wrong: %s', (complaint, value) => {
    const parsed = parse(value);
    expect(parsed.ok).toBe(false);
    expect(parsed).toMatchObject({ error: expect.stringContaining(complaint) });
  });

  test.each(['\n', '\r', '\u001b[2J', '\u2028', '\u0000', '\u009b'])(
    'cannot write lines of its own into the log or move a cursor: %j',
    (bad) => {
      expect(parse({ ...giveUp, reason: `a${bad}b` }).ok).toBe(false);
      expect(parse({ ...giveUp, instances: [`a${bad}b`] }).ok).toBe(false);
    },
  );

  test('whatever it is makes no exception', () => {
    fc.assert(fc.property(fc.json(), (line) => typeof parseRequest(line).ok === 'boolean'));
    fc.assert(fc.property(fc.string(), (line) => typeof parseRequest(line).ok === 'boolean'));
  });
});
