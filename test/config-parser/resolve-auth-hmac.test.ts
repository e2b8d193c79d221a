import { describe, expect, it } from 'vitest';
import { hasFatal, type KeyFile, loadHmacKeys } from '../../src/config-parser/index.ts';
import { blockOf, instanceWith, onlyInstance, parseText, summary } from './parse-helpers.ts';

const hex = '0123456789abcdef'.repeat(4);
const key = { id: 1, form: 'hex', value: hex };
const hmac = (...lines: readonly string[]) => blockOf('auth_hmac', ...lines);
const good = hmac(`key 1 hex:${hex}`, 'active_key 1');

function hmacOf(...lines: readonly string[]) {
  return onlyInstance(instanceWith(...lines)).authHmac;
}

describe('auth_hmac', () => {
  const usual = { keys: [key], activeKeyId: 1, timeWindowMs: 5000, antiReplay: 'time', mode: 'enforce' };

  it.each<[string, readonly string[], object]>([
    ['nothing more', [good], usual],
    ['a long interval', [good, 'advert_int 30'], { ...usual, timeWindowMs: 90_000 }],
    ['a very long interval', [good, 'advert_int 200'], { ...usual, timeWindowMs: 300_000 }],
    [
      'all that can be said',
      [
        hmac(
          `key 1 hex:${hex}`,
          'active_key 1',
          'time_window 9',
          'anti_replay monotonic',
          'mode receive-only',
        ),
      ],
      { ...usual, timeWindowMs: 9000, antiReplay: 'monotonic', mode: 'receive-only' },
    ],
    [
      'two keys of one number, of which the first counts',
      [hmac(`key 1 hex:${hex}`, 'key 1 file:/key', 'active_key 1')],
      usual,
    ],
    ['strict mode', ['strict_mode', hmac(`key 1 hex:${hex}`, 'active_key 1', 'mode permissive')], usual],
    ['version 3', ['version 3', good], usual],
  ])('with %s means it', (_what, lines, expected) => {
    expect(hmacOf(...lines)).toEqual(expected);
  });

  it.each([
    ['no active_key', hmac(`key 1 hex:${hex}`), 'auth-hmac-active-key'],
    ['an active_key that is no key', hmac(`key 1 hex:${hex}`, 'active_key 2'), 'auth-hmac-active-key'],
    ['an active_key that is too short', hmac('key 1 hex:00', 'active_key 1'), 'auth-hmac-active-key'],
    [
      'authentication beside it',
      `${good}\n${blockOf('authentication', 'auth_type PASS', 'auth_pass x')}`,
      'auth-hmac-with-authentication',
    ],
  ])('with %s cannot run: it would be silent', (_what, lines, code) => {
    const { diagnostics } = parseText(instanceWith(lines));
    expect(diagnostics).toContainEqual(expect.objectContaining({ severity: 'fatal', code }));
    expect(JSON.stringify(diagnostics)).not.toContain(hex);
  });
});

describe('keys in files', () => {
  const parsed = parseText(
    instanceWith(hmac('key 1 file:/keys/one', 'key 2 file:/keys/two', `key 3 hex:${hex}`, 'active_key 1')),
  );
  const bytes = (length: number, end = '') => new TextEncoder().encode('k'.repeat(length) + end);
  const fileOf = (length: number, end?: string): KeyFile => ({
    bytes: bytes(length, end),
    isReadableByOthers: false,
  });
  const load = (one: KeyFile, two: KeyFile = fileOf(64)) =>
    loadHmacKeys(parsed.config, (path) => (path === '/keys/one' ? one : two), parsed.spanOf);

  it.each([
    ['32 bytes', 32, ''],
    ['64 bytes', 64, ''],
    ['a newline at the end', 32, '\n'],
  ])('of %s are in the configuration then', (_what, length, end) => {
    const { config, diagnostics } = load(fileOf(length, end));
    expect(diagnostics).toEqual([]);
    expect(config.vrrpInstances[0]?.authHmac?.keys).toEqual([
      { id: 1, form: 'hex', value: '6b'.repeat(length) },
      { id: 2, form: 'hex', value: '6b'.repeat(64) },
      { id: 3, form: 'hex', value: hex },
    ]);
  });

  it.each([
    ['31 bytes', fileOf(31)],
    ['65 bytes', fileOf(65)],
    ['31 bytes and a newline', fileOf(31, '\n')],
    ['nothing', fileOf(0)],
    ['two newlines too many', fileOf(63, '\n\n\n')],
  ])('of %s are refused, with a place', (_what, file) => {
    const { diagnostics } = load(file);
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'fatal auth-hmac-key-file',
    ]);
    const text = parsed.sources.get('test.conf')?.text ?? '';
    expect(diagnostics.map(({ span }) => text.slice(span?.start, span?.end))).toEqual([
      'key 1 file:/keys/one',
    ]);
  });

  it('that are not there are fatal', () => {
    const { diagnostics } = load({ error: 'no such file' });
    expect(diagnostics[0]).toMatchObject({ severity: 'fatal', code: 'auth-hmac-key-file' });
    expect(hasFatal(diagnostics)).toBe(true);
  });

  it('that others can read are told of, and used', () => {
    const { config, diagnostics } = load({ bytes: bytes(32), isReadableByOthers: true });
    expect(diagnostics).toMatchObject([
      { severity: 'warning', code: 'key-file-readable', reason: 'security' },
    ]);
    expect(config.vrrpInstances[0]?.authHmac?.keys[0]?.form).toBe('hex');
  });

  it('are asked for once each, and not at all where there are none', () => {
    const asked: string[] = [];
    const ask = (path: string): KeyFile => {
      asked.push(path);
      return fileOf(32);
    };
    const twice = instanceWith(hmac('key 1 file:/one', 'key 2 file:/one', 'active_key 1'));
    loadHmacKeys(parseText(twice).config, ask);
    expect(asked).toEqual(['/one']);
    const { config } = parseText(instanceWith(good));
    expect(loadHmacKeys(config, ask)).toEqual({ config, diagnostics: [] });
    expect(asked).toEqual(['/one']);
  });
});

describe('authentication', () => {
  const block = (type: string) => blockOf('authentication', `auth_type ${type}`, 'auth_pass secret');

  it('may be AH', () => {
    const given = onlyInstance(instanceWith(block('AH')));
    expect(given.authentication).toEqual({ type: 'AH', key: 'secret' });
    expect(summary(parseText(instanceWith(block('AH'))))).toEqual([]);
  });

  it('with AH takes the hint MASTER away, but not from the owner', () => {
    const ahOf = (...lines: readonly string[]) => onlyInstance(instanceWith(block('AH'), ...lines));
    expect(ahOf('state MASTER', 'priority 100').initialState).toBe('BACKUP');
    expect(ahOf('state MASTER', 'priority 255').initialState).toBe('MASTER');
  });

  it.each(['version 3', 'strict_mode'])('is not there with %s', (line) => {
    expect(onlyInstance(instanceWith(block('AH'), line)).authentication).toEqual({ type: 'none' });
  });

  it('is not there with IPv6, whatever the type', () => {
    const text = instanceWith(block('AH')).replace('192.0.2.10/24', 'fe80::1/64');
    expect(onlyInstance(text).authentication).toEqual({ type: 'none' });
  });
});
