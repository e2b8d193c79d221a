/** What `holdfast lint` looks at: files, standard input, pipes, pairs, this machine. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { nodeName } from '../../src/cli/lint-nodes.ts';
import { allRules } from '../../src/lint/rules/index.ts';
import { instance, lint, lintJson, only, prefixRule, testFolder } from './lint-harness.ts';

const { at, write } = testFolder();

describe('standard input', () => {
  it('is read for -, under the name that it is given, with includes beside that name', async () => {
    write('beside.conf', instance('192.0.2.77'));
    const args = ['-', '--stdin-filename', at('main.conf'), ...only(prefixRule)];
    const { report } = await lintJson(args, { input: `include beside.conf\n${instance('192.0.2.10')}` });
    expect(report.files).toEqual([at('main.conf')]);
    const places = report.findings.map(({ file, message }) => [file, message.split(' ')[0]]);
    expect(places).toContainEqual([at('main.conf'), '192.0.2.10']);
    expect(places).toContainEqual([at('beside.conf'), '192.0.2.77']);
  });

  it('has a name of its own', async () => {
    const { out } = await lint(['-', '--format', 'concise', ...only(prefixRule)], {
      input: instance('192.0.2.10'),
    });
    expect(out).toMatch(/^<stdin>:7:9: warn: /);
  });
});

describe('a pipe', () => {
  it('is read like a file', async () => {
    const fifo = at('fifo');
    await promisify(execFile)('mkfifo', [fifo]);
    const writer = promisify(execFile)('dd', [
      `if=${write('piped.conf', instance('192.0.2.10'))}`,
      `of=${fifo}`,
    ]);
    const { report } = await lintJson([fifo, ...only(prefixRule)]);
    await writer;
    expect(report.findings.map(({ rule }) => rule)).toEqual([prefixRule]);
  });
});

describe('lines that begin with @id', () => {
  const shared = (name: string) =>
    write(
      name,
      instance('192.0.2.10')
        .replace('        192', '        @lb01 192')
        .replace('}\n}', '    @lb02 192.0.2.20\n    }\n}'),
    );

  it.each([
    ['the name of the file', 'lb02.conf', [], '192.0.2.20'],
    ['-i', 'any.conf', ['-i', 'lb01'], '192.0.2.10'],
  ])('are chosen by %s', async (_, name, flags, address) => {
    const { report } = await lintJson([shared(name), ...flags, ...only(prefixRule)]);
    expect(report.findings.map(({ message }) => message.split(' ')[0])).toEqual([address]);
  });

  it('of one file are read for each node of a pair', async () => {
    const file = shared('both.conf');
    const { report, error } = await lintJson([
      ...['--pair', '--verbose', file, file, '-i', 'lb01', '-i', 'lb02'],
      ...only(prefixRule),
    ]);
    expect(report.findings.map(({ message }) => message.split(' ')[0])).toEqual(['192.0.2.10', '192.0.2.20']);
    expect(error).toContain('both.conf (-i lb02) with --config-id "lb02"');
  });

  test.each([
    ['lb01.conf', 'lb01'],
    ['/srv/lb02/keepalived.conf', 'lb02'],
    ['x/lb.example.conf', 'lb.example'],
    ['lb01', 'lb01'],
    ['<stdin>', ''],
  ])('without -i, %s is read as %j', (file, id) => {
    expect(nodeName(file)).toBe(id);
  });
});

describe('a file that is named twice', () => {
  it('is looked at and counted once', async () => {
    const file = write('twice.conf', instance('192.0.2.10'));
    const { out } = await lint([file, file, ...only(prefixRule)]);
    expect(out).toContain('0 errors, 1 warning, 0 notes in 1 file');
  });
});

describe('the environment', () => {
  it('is what the words _ENV NAME between braces stand for', async () => {
    const file = write('env.conf', instance(`\${_ENV VIP}`));
    const { report } = await lintJson([file, ...only(prefixRule)], { environment: { VIP: '192.0.2.99' } });
    expect(report.findings.map(({ message }) => message.split(' ')[0])).toEqual(['192.0.2.99']);
  });
});

describe('includes', () => {
  it('that find nothing are a failure with -e', async () => {
    mkdirSync(at('conf.d'), { recursive: true });
    const file = write('inc.conf', `include conf.d/*.conf\n${instance()}`);
    expect((await lint([file, '-e'])).exitCode).toBe(1);
  });
});

describe('--pair', () => {
  const mismatch = 'pair/vrid-mismatch';
  it('compares the files, and without it they are looked at one by one', async () => {
    const files = [
      write('lb01.conf', instance()),
      write('lb02.conf', instance().replace('router_id 7', 'router_id 8').replace('110', '100')),
    ];
    const findings = async (...flags: string[]) =>
      (await lintJson([...files, ...only(mismatch), ...flags])).report.findings.map(({ rule }) => rule);
    expect(await findings('--pair')).toContain(mismatch);
    expect(await findings()).toEqual([]);
  });

  it('compares nothing where a file cannot be read', async () => {
    const { exitCode, report } = await lintJson(['--pair', write('lb01.conf', instance()), at('gone.conf')]);
    expect(exitCode).toBe(2);
    expect(report.findings.filter(({ rule }) => rule.startsWith('pair/'))).toEqual([]);
  });
});

describe('--host', () => {
  it('looks at this machine, and only then', async () => {
    const file = write('h.conf', instance().replace('eth0', 'nosuchif0'));
    const rulesOf = async (...flags: string[]) =>
      (await lintJson([file, ...flags])).report.findings
        .map(({ rule }) => rule)
        .filter((rule) => allRules.some(({ kind, name }) => kind === 'host' && name === rule));
    expect(await rulesOf()).toEqual([]);
    expect(await rulesOf('--host')).not.toEqual([]);
  });
});
