/** `holdfast lint` from its command line to what it writes and its exit status. */
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { isColoured } from '../../src/cli/lint.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { sarifErrors } from '../lint/sarif-schema/validate-sarif.ts';
import { instance, lint, lintJson, only, prefixRule, testFolder } from './lint-harness.ts';

const { at, write } = testFolder();

describe('the exit status', () => {
  let clean = '';
  let flawed = '';
  beforeEach(() => {
    clean = write('clean.conf', instance());
    flawed = write('flawed.conf', instance('192.0.2.10'));
  });

  it('is 0 where nothing is found, and the numbers are told', async () => {
    const { exitCode, out, error } = await lint([clean, ...only(prefixRule)]);
    expect({ exitCode, out, error }).toEqual({
      exitCode: 0,
      out: '0 errors, 0 warnings, 0 notes in 1 file\n',
      error: '',
    });
  });

  it.each([
    ['error', 0],
    ['warn', 1],
    ['info', 1],
  ])('with a warning and --fail-on %s is %d', async (level, status) => {
    const { exitCode, out } = await lint([flawed, '--fail-on', level, ...only(prefixRule)]);
    expect(exitCode).toBe(status);
    expect(out).toContain(`flawed.conf:7:9: warn: 192.0.2.10 has no prefix length`);
    expect(out).toContain('0 errors, 1 warning, 0 notes in 1 file');
  });

  it('follows a level that was changed with --rule', async () => {
    expect((await lint([flawed, ...only(prefixRule), '--rule', `${prefixRule}=error`])).exitCode).toBe(1);
    expect(
      (await lint([flawed, '--fail-on', 'info', ...only(prefixRule), '--rule', 'vrrp/*=off'])).exitCode,
    ).toBe(0);
  });

  it.each(['text', 'json', 'sarif', 'github', 'concise'])('is the same in %s', async (format) => {
    const args = [flawed, '--format', format, '--fail-on', 'warn', ...only(prefixRule)];
    expect((await lint(args)).exitCode).toBe(1);
  });

  it('is 2 for a file that is not there, and what else is found is told', async () => {
    const { exitCode, out } = await lint([at('missing.conf'), flawed]);
    expect(exitCode).toBe(2);
    expect(out).toMatch(/missing\.conf: no such file or directory/);
    expect(out).toContain('192.0.2.10 has no prefix length');
  });

  it('is 2 for a folder', async () => {
    const { exitCode, out } = await lint([at('.')]);
    expect(exitCode).toBe(2);
    expect(out).toContain('it is a directory');
  });

  it.each([
    [[], 'name the files to look at'],
    [['--bogus', 'x'], "unknown option '--bogus'"],
    [['--format', 'xml', 'x'], 'Allowed choices are text, concise, json, sarif, github'],
    [['--fail-on', 'never', 'x'], 'Allowed choices are error, warn, info'],
    [['--profile', 'mine', 'x'], 'Allowed choices are default, strict, compat'],
    [['--max-findings', 'some', 'x'], 'whole number'],
    [['--rule', 'vrrp/vip-default-prefix', 'x'], 'NAME=off'],
    [['--rule', 'vrrp/vip-default-prefix=fatal', 'x'], 'NAME=off'],
    [['--rule', 'vrrp/vip-defualt-prefix=off', 'x'], 'did you mean "vrrp/vip-default-prefix"?'],
    [['--rule', 'something/else-altogether=off', 'x'], '--list-rules'],
    [['--pair', 'x'], '--pair compares two files or more'],
    [['--pair', 'x', 'x'], 'x is given twice'],
    [['--pair', '-i', 'a', 'x', 'y'], 'give -i once for each file'],
    [['-i', 'a', '-i', 'b', 'x'], 'give -i once for each file'],
  ])('of %j is 2, with a reason on standard error and nothing on standard output', async (args, reason) => {
    const { exitCode, out, error } = await lint(args);
    expect(error).toContain(reason);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  });
});

describe('suppression', () => {
  it('by a comment is counted in the numbers', async () => {
    const file = write(
      's.conf',
      instance('192.0.2.10 # lint-ignore vrrp/vip-default-prefix -- a host route'),
    );
    const { out, exitCode } = await lint([file, '--fail-on', 'info', ...only(prefixRule)]);
    expect({ out, exitCode }).toEqual({
      out: '0 errors, 0 warnings, 0 notes in 1 file (1 suppressed by comments)\n',
      exitCode: 0,
    });
  });

  it('that does no work is reported, and not for a rule that is off', async () => {
    const file = write(
      'u.conf',
      instance('192.0.2.10/24 # lint-ignore vrrp/vip-default-prefix -- a host route'),
    );
    const unused = 'lint/unused-suppression';
    const flags = [...only(prefixRule), '--rule', `${unused}=warn`];
    expect((await lintJson([file, ...flags])).report.findings.map(({ rule }) => rule)).toEqual([unused]);
    const off = [...flags, '--rule', `${prefixRule}=off`];
    expect((await lintJson([file, ...off])).report.findings).toEqual([]);
  });
});

describe('what is written', () => {
  let flawed = '';
  beforeEach(() => {
    flawed = write('flawed.conf', instance('192.0.2.10'));
  });

  it('as SARIF is what the published schema allows, with every rule that looked', async () => {
    const { out } = await lint([flawed, '--format', 'sarif']);
    const sarif = JSON.parse(out);
    expect(sarifErrors(sarif)).toEqual([]);
    const shown = allRules.filter(({ isStrictOnly }) => isStrictOnly !== true).map(({ name }) => name);
    const described = sarif.runs[0].tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(described).toEqual(expect.arrayContaining(shown));
  });

  it('goes to a file with --output, without colour, and then nowhere else', async () => {
    const report = at('report.txt');
    const { out, error } = await lint([flawed, '--output', report], { isTerminal: true });
    expect({ out, error }).toEqual({ out: '', error: '' });
    const text = readFileSync(report, 'utf8');
    expect(text).toContain('has no prefix length');
    expect(text).not.toContain('\x1b');
  });

  it('to a file that cannot be written is status 2, with the reason', async () => {
    const { exitCode, error } = await lint([flawed, '--output', at('no/such/folder.txt')]);
    expect(exitCode).toBe(2);
    expect(error).toMatch(/cannot write .*ENOENT/);
  });

  it('with --quiet is only what makes the status 1', async () => {
    const { out } = await lint([flawed, '--quiet', ...only(prefixRule)]);
    expect(out).toBe('');
    const failing = await lint([
      flawed,
      '-q',
      '--fail-on',
      'warn',
      '--format',
      'concise',
      ...only(prefixRule),
    ]);
    expect(failing.out.split('\n')).toHaveLength(2);
  });

  it('with --verbose says on standard error what was read', async () => {
    const { out, error } = await lint([flawed, '--verbose', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ version: 1 });
    expect(error).toContain(`read ${flawed} with --config-id "flawed"`);
    expect(error).toMatch(/profile default: \d+ of \d+ rules/);
  });

  it('is folded, unless all is wanted', async () => {
    const many = Array.from({ length: 9 }, (_, index) => `192.0.2.${index + 10}`).join('\n        ');
    const file = write('many.conf', instance(many));
    const count = async (...flags: string[]) =>
      (await lint([file, ...only(prefixRule), ...flags])).out.match(/has no prefix length/g)?.length;
    expect(await count()).toBe(3);
    expect(await count('--max-findings', '5')).toBe(5);
    expect(await count('--max-findings', '0')).toBe(9);
    expect((await lint([file, ...only(prefixRule)])).out).toContain(`and 6 more of ${prefixRule}`);
  });
});

describe('--list-rules', () => {
  it('prints every rule with its level in the profile', async () => {
    const { exitCode, out } = await lint(['--list-rules', '--rule', `${prefixRule}=off`]);
    expect(exitCode).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(allRules.length);
    expect(out).toMatch(new RegExp(`^${prefixRule} +off +A virtual address`, 'm'));
    expect(out).toMatch(/^lint\/unused-suppression +warn +/m);
  });

  it('is JSON with --format json', async () => {
    const { out } = await lint(['--list-rules', '--format', 'json']);
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ name: prefixRule, level: 'warn', isOn: true, keepalived: 'silent' }),
    );
  });
});

describe('colour', () => {
  const auto = { colour: 'auto', output: undefined } as const;
  const terminal = { isTerminal: true, environment: {} };
  test.each([
    ['on a terminal', auto, terminal, true],
    ['in a pipe', auto, { ...terminal, isTerminal: false }, false],
    ['in a file', { ...auto, output: 'x' }, terminal, false],
    ['with NO_COLOR', auto, { ...terminal, environment: { NO_COLOR: '1' } }, false],
    ['with an empty NO_COLOR', auto, { ...terminal, environment: { NO_COLOR: '' } }, true],
    ['with FORCE_COLOR in a pipe', auto, { isTerminal: false, environment: { FORCE_COLOR: '1' } }, true],
    ['with FORCE_COLOR=0', auto, { ...terminal, environment: { FORCE_COLOR: '0' } }, false],
    ['on a dumb terminal', auto, { ...terminal, environment: { TERM: 'dumb' } }, false],
    [
      'with --color always',
      { ...auto, colour: 'always' },
      { isTerminal: false, environment: { NO_COLOR: '1' } },
      true,
    ],
    [
      'with --color never',
      { ...auto, colour: 'never' },
      { ...terminal, environment: { FORCE_COLOR: '1' } },
      false,
    ],
  ] as const)('%s', (_, options, streams, expected) => {
    expect(isColoured(options, streams)).toBe(expected);
  });
});
