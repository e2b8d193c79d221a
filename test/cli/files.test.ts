/** What reads configuration from disk: patterns, refusals, the start and the reload. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { testConfiguration } from '../../src/cli/config-test.ts';
import { expandGlob } from '../../src/cli/glob.ts';
import { parseFiles, readConfiguration } from '../../src/cli/read-configuration.ts';
import { sourceFiles } from '../../src/cli/source-files.ts';

const instance = (name: string, vrid: number) =>
  `vrrp_instance ${name} {\n  interface eth0\n  virtual_router_id ${vrid}\n  priority 100\n` +
  '  authentication {\n    auth_type PASS\n    auth_pass s3cret\n  }\n' +
  `  virtual_ipaddress {\n    10.0.0.${vrid}/24\n  }\n}\n`;

let folder = '';
const at = (name: string) => join(folder, name);
const write = (name: string, text: string) => writeFileSync(at(name), text);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function options(file: string, change = {}) {
  return { file: at(file), configId: 'lb01', allConfig: false, dumpConfiguration: false, ...change };
}

describe('a pattern', () => {
  test.each<[string, string[]]>([
    ['*.conf', ['a.conf', 'b.conf', 'c1.conf']],
    ['[ab].conf', ['a.conf', 'b.conf']],
    ['[!ab]*.conf', ['c1.conf']],
    ['c?.conf', ['c1.conf']],
    ['{b,a,nothing}.conf', ['a.conf', 'b.conf']],
    ['sub/*', ['sub/d.conf']],
    ['*/d.conf', ['sub/d.conf']],
    ['.*.conf', ['.hidden.conf']],
    ['nothing*', []],
    ['a.conf/*', []],
    ['a+.conf', []],
  ])('%s finds %j', (pattern, names) => {
    mkdirSync(at('sub'));
    for (const name of ['b.conf', 'a.conf', 'c1.conf', 'sub/d.conf', '.hidden.conf']) write(name, '');
    expect(expandGlob(at(pattern))).toEqual(names.map(at));
  });

  test('given as the configuration reads all of its matches', () => {
    write('1.conf', instance('VI_1', 51));
    write('2.conf', instance('VI_2', 52));
    const { config, diagnostics } = parseFiles(options('*.conf'));
    expect(config.vrrpInstances.map(({ name }) => name)).toEqual(['VI_1', 'VI_2']);
    expect(diagnostics).toEqual([]);
  });
});

describe('a file', () => {
  test.each<[string, (name: string) => void, RegExp]>([
    ['missing', () => {}, /no such file/],
    ['a folder', (name) => mkdirSync(at(name)), /is a directory/],
    [
      'executable',
      (name) => {
        write(name, '');
        chmodSync(at(name), 0o755);
      },
      /executable/,
    ],
  ])('that is %s is refused in words', (_what, make, words) => {
    make('x');
    expect(sourceFiles(at('x')).read(at('x'))).toMatchObject({ error: expect.stringMatching(words) });
  });

  test('that is a pipe does not keep anybody waiting', () => {
    expect(sourceFiles('/dev/zero').read('/dev/zero')).toHaveProperty('error');
  });
});

describe('a start and a reload', () => {
  test('give the configuration', () => {
    write('x', instance('VI_1', 51));
    for (const isReload of [false, true]) {
      const reading = readConfiguration(options('x'), isReload);
      expect(reading.ok && reading.config.vrrpInstances.map(({ name }) => name)).toEqual(['VI_1']);
    }
  });

  test('fail on a missing file, which they name', () => {
    const reading = readConfiguration(options('x'), true);
    expect(reading).toMatchObject({ ok: false, exitCode: 6 });
    expect(reading.records.map(({ message }) => message).join('\n')).toContain(`cannot read ${at('x')}`);
  });

  test('differ on an unclosed brace: a start goes on with the rest, a reload does not', () => {
    write('x', `${instance('VI_1', 51)}virtual_server 10.0.0.1 80 {\n`);
    expect(readConfiguration(options('x'), false).ok).toBe(true);
    const reading = readConfiguration(options('x'), true);
    expect(reading.ok).toBe(false);
    expect(reading.records).toContainEqual({
      level: 'error',
      message: expect.stringMatching(/x:\d+:\d+: error: .*brace/),
    });
  });

  test('go on with an unknown keyword, and say where it stands in one line', () => {
    write('x', `${instance('VI_1', 51)}bogus_keyword 1\n`);
    const reading = readConfiguration(options('x'), true);
    expect(reading.ok).toBe(true);
    const line = reading.records
      .map(({ message }) => message)
      .find((message) => message.includes('bogus_keyword'));
    expect(line).toMatch(/x:13:1: /);
    expect(line).not.toContain('\n');
  });

  test('dump what they understood with -d, but no password', () => {
    write('x', instance('VI_1', 51));
    const { records } = readConfiguration(options('x', { dumpConfiguration: true }), false);
    const dump = records.at(-1)?.message ?? '';
    expect(dump).toContain('"basePriority": 100');
    expect(dump).not.toContain('s3cret');
  });

  test('with -e fail on an include that finds nothing', () => {
    write('x', `include ${at('nothing.conf')}\n${instance('VI_1', 51)}`);
    expect(readConfiguration(options('x'), false).ok).toBe(true);
    expect(readConfiguration(options('x', { allConfig: true }), false)).toMatchObject({
      ok: false,
      exitCode: 6,
    });
  });
});

describe('a test of the configuration', () => {
  test('goes to the log file when one is named', () => {
    write('x', `${instance('VI_1', 51)}bogus_keyword 1\n`);
    expect(testConfiguration(options('x'), at('log'))).toBe(5);
    expect(readFileSync(at('log'), 'utf8')).toContain('x:13:1: ');
  });

  test('is silent and 0 when all is well', () => {
    write('x', instance('VI_1', 51));
    expect(testConfiguration(options('x'), at('log'))).toBe(0);
    expect(readFileSync(at('log'), 'utf8')).toBe('');
  });

  test('that cannot write its log says so and is 1', () => {
    write('x', instance('VI_1', 51));
    const complaint = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect(testConfiguration(options('x'), at('no/log'))).toBe(1);
      expect(String(complaint.mock.calls[0]?.[0])).toContain('no/log');
    } finally {
      complaint.mockRestore();
    }
  });
});
