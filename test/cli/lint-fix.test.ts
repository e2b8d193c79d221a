/** `holdfast lint --fix`, `--unsafe-fixes` and `--diff`, on files in a folder of their own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instance, lint, lintJson, only, prefixRule, testFolder } from './lint-harness.ts';
import { asNobody, patched } from './run-command.ts';

const { at, write } = testFolder();
const read = (path: string) => readFileSync(path, 'utf8');

/** An old word, which is mended safely, in so many servers. */
function service(check = 'nb_get_retry 3', servers = 1): string {
  const server = (index: number) => `    real_server 192.0.2.${index + 20} 80 {
        TCP_CHECK {
            ${check}
        }
    }
`;
  return `virtual_server 192.0.2.10 80 {
    lb_algo rr
    lb_kind DR
${Array.from({ length: servers }, (_, index) => server(index)).join('')}}
`;
}

const oldWord = only('conf/deprecated-keyword');
const oldWordAndPrefix = [...oldWord, '--rule', `${prefixRule}=warn`];
const misspelt = only('conf/unknown-keyword-suggest');

describe('--fix', () => {
  it('writes what is mended, says how much, and reports what is left', async () => {
    const file = write('a.conf', service('nb_get_retry 3', 2) + instance('192.0.2.10'));
    const { exitCode, out, error } = await lint([file, '--fix', '--format', 'concise', ...oldWordAndPrefix]);
    expect(read(file)).toBe(service('retry 3', 2) + instance('192.0.2.10'));
    expect({ exitCode, error }).toEqual({
      exitCode: 0,
      error: 'holdfast lint: fixed 2 findings in 1 file\n',
    });
    expect(out).toContain('192.0.2.10 has no prefix length');
    expect(out).not.toContain('nb_get_retry');
  });

  it('leaves a file alone in which there is nothing to mend', async () => {
    const file = write('same.conf', service('retry 3'));
    const before = statSync(file);
    const { error } = await lint([file, '--fix', ...oldWord]);
    expect(error).toBe('holdfast lint: fixed 0 findings in 0 files\n');
    expect(statSync(file).ino).toBe(before.ino);
  });

  it('says with the exit status whether something serious is left', async () => {
    const broken = instance().replace('virtual_router_id 7', 'virtual_router_id 300');
    const file = write('serious.conf', service() + broken);
    const { exitCode, error } = await lint([file, '--fix']);
    expect(exitCode).toBe(1);
    expect(error).toContain('fixed 1 finding in 1 file');
  });

  it('goes on until nothing changes: what a fix uncovers is mended too', async () => {
    const file = write('twice.conf', `global_defs {\n    Router_ID x   \n}\n${service()}`);
    await lint([file, '--fix', '--profile', 'strict']);
    expect(read(file)).toBe(`global_defs {\n    router_id x\n}\n${service('retry 3')}`);
  });

  it('mends what is included as well, also where two files include it by different names', async () => {
    mkdirSync(at('conf.d'), { recursive: true });
    write('conf.d/web.conf', service());
    symlinkSync(at('conf.d/web.conf'), at('conf.d/link'));
    const one = write('one.conf', 'include conf.d/web.conf\n');
    const two = write('two.conf', 'include conf.d/link\n');
    const { error } = await lint([one, two, '--fix', ...oldWord]);
    expect(read(at('conf.d/web.conf'))).toBe(service('retry 3'));
    expect(read(one)).toBe('include conf.d/web.conf\n');
    expect(error).toBe('holdfast lint: fixed 1 finding in 1 file\n');
  });

  it('leaves what a comment suppresses', async () => {
    const text = service('nb_get_retry 3 # lint-ignore conf/deprecated-keyword -- lb02 runs keepalived 1.2');
    const file = write('suppressed.conf', text);
    const { out } = await lint([file, '--fix', ...oldWord]);
    expect(read(file)).toBe(text);
    expect(out).toContain('1 suppressed by comments');
  });

  it('leaves what a rule that is off would mend', async () => {
    const file = write('off.conf', service());
    await lint([file, '--fix', '--rule', 'conf/deprecated-keyword=off']);
    expect(read(file)).toBe(service());
  });

  it('reports what is left in the format that is asked for, and is silent on standard error with -q', async () => {
    const file = write('json.conf', service() + instance('192.0.2.10'));
    const { report, error } = await lintJson([file, '--fix', '--quiet', '--fail-on', 'warn']);
    expect(report.findings.map(({ rule }) => rule)).toContain('vrrp/vip-default-prefix');
    expect(report.findings.map(({ rule }) => rule)).not.toContain('conf/deprecated-keyword');
    expect(error).toBe('');
  });

  it('makes one file of two directors what each of them needs', async () => {
    const shared = write('shared.conf', service().replace('        nb_', '        @lb01 nb_'));
    await lint(['--pair', shared, shared, '-i', 'lb01', '-i', 'lb02', '--fix', ...oldWord]);
    expect(read(shared)).toBe(service('retry 3').replace('        retry', '        @lb01 retry'));
  });

  it('keeps line ends and a byte order mark', async () => {
    const windows = (text: string) => `\u{feff}! web\n${text}`.replaceAll('\n', '\r\n');
    const file = write('windows.conf', windows(service()));
    await lint([file, '--fix', ...oldWord]);
    expect(read(file)).toBe(windows(service('retry 3')));
  });
});

describe('--unsafe-fixes', () => {
  it('also makes the fixes that are a guess, and means --fix', async () => {
    const text = instance().replace('priority 110', 'prioritiy 110');
    const file = write('unsafe.conf', text);
    await lint([file, '--fix', ...misspelt]);
    expect(read(file)).toBe(text);
    const { error } = await lint([file, '--unsafe-fixes', ...misspelt]);
    expect(read(file)).toBe(instance());
    expect(error).toBe('holdfast lint: fixed 1 finding in 1 file\n');
  });

  it('mends the name of a block although what is in it can be seen to be wrong only then', async () => {
    const text = 'vrrp_instnce VI_1 {\n    interface eth0\n    virtual_router_id 300\n}\n';
    const file = write('block.conf', text);
    await lint([file, '--unsafe-fixes', ...only('conf/unknown-block-cascade')]);
    expect(read(file)).toBe(text.replace('instnce', 'instance'));
  });
});

describe('--diff', () => {
  it('prints a patch that does what --fix does, changes nothing, and is status 1', async () => {
    const [first, second] = [write('d1.conf', service()), write('d2.conf', service('nb_get_retry 3', 2))];
    const { exitCode, out, error } = await lint([first, second, '--diff', ...oldWord]);
    expect(exitCode).toBe(1);
    expect(error).toBe('holdfast lint: would fix 3 findings in 2 files\n');
    expect([read(first), read(second)]).toEqual([service(), service('nb_get_retry 3', 2)]);
    expect([patched(first, out), patched(second, out)]).toEqual([service('retry 3'), service('retry 3', 2)]);
  });

  it('prints nothing where there is nothing to mend, and is status 0 even where errors are left', async () => {
    const file = write('d3.conf', instance().replace('virtual_router_id 7', 'virtual_router_id 300'));
    const { exitCode, out } = await lint([file, '--fix', '--diff']);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
  });

  it('shows the unsafe fixes only when they are asked for', async () => {
    const file = write('d4.conf', instance().replace('priority 110', 'prioritiy 110'));
    expect((await lint([file, '--diff', ...misspelt])).out).toBe('');
    expect((await lint([file, '--unsafe-fixes', '--diff', ...misspelt])).out).toContain(
      '+    priority 110\n',
    );
  });

  it('goes to a file with --output', async () => {
    const file = write('d5.conf', service());
    const { out } = await lint([file, '--diff', '--output', at('fixes.patch'), ...oldWord]);
    expect(out).toBe('');
    expect(read(at('fixes.patch'))).toContain('+            retry 3\n');
  });
});

describe('standard input', () => {
  it('comes out mended, with the report on standard error', async () => {
    const { exitCode, out, error } = await lint(['-', '--fix', '--format', 'concise', ...oldWordAndPrefix], {
      input: service() + instance('192.0.2.10'),
      isTerminal: true,
      environment: { TERM: 'xterm' },
    });
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: service('retry 3') + instance('192.0.2.10') });
    expect(error).toContain('fixed 1 finding in 1 file');
    expect(error).toContain('192.0.2.10 has no prefix length');
    expect(error).not.toContain('\x1b');
  });

  it('comes out as it was where nothing is to mend', async () => {
    const { out } = await lint(['-', '--fix'], { input: service('retry 3') });
    expect(out).toBe(service('retry 3'));
  });

  it('is never written to the file whose name it bears', async () => {
    const file = write('named.conf', 'global_defs {\n}\n');
    const { out } = await lint(['-', '--stdin-filename', file, '--fix', ...oldWord], { input: service() });
    expect(out).toBe(service('retry 3'));
    expect(read(file)).toBe('global_defs {\n}\n');
  });

  it('with bytes that are no UTF-8 is not handed on with them lost', async () => {
    const { exitCode, out, error } = await lint(['-', '--fix'], { input: `# \u{fffd}\n${service()}` });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toContain('<stdin>: not fixed: it holds bytes that are not UTF-8');
  });
});

describe('a file that cannot be written', () => {
  it('is told with the reason and status 2; others are mended, and its findings stay in the report', async () => {
    mkdirSync(at('locked'));
    const locked = write('locked/a.conf', service());
    mkdirSync(at('open'));
    const open = write('open/b.conf', service('nb_get_retry 3', 2));
    chmodSync(at('.'), 0o755);
    chmodSync(at('locked'), 0o555);
    chmodSync(at('open'), 0o777);
    // Once as root, so that everything is loaded that nobody may be unable to read.
    await lint([locked, open, '--diff', ...oldWord]);
    await asNobody(async () => writeFileSync(at('open/b.conf.new'), read(open)));
    spawnSync('mv', [at('open/b.conf.new'), open]);
    const args = [locked, open, '--fix', '--format', 'concise', ...oldWord];
    const { exitCode, out, error } = await asNobody(() => lint(args));
    expect(exitCode).toBe(2);
    expect(error).toContain(`${locked}: not fixed: it cannot be written: permission denied\n`);
    expect(error).toContain('fixed 2 findings in 1 file');
    expect(read(locked)).toBe(service());
    expect(read(open)).toBe(service('retry 3', 2));
    expect(out).toContain('locked/a.conf:6:13: warn: "nb_get_retry"');
    expect(out).not.toContain('open/b.conf');
  });

  it('because its bytes are no UTF-8 keeps every one of them', async () => {
    const bytes = Buffer.from(`# caf\xe9\n${service()}`, 'latin1');
    const file = at('latin.conf');
    writeFileSync(file, bytes);
    const { exitCode, error } = await lint([file, '--fix', ...oldWord]);
    expect(exitCode).toBe(2);
    expect(error).toContain('latin.conf: not fixed: it cannot be written: it holds bytes that are not UTF-8');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('because it is not there does not keep the others from being mended', async () => {
    const file = write('there.conf', service());
    const { exitCode } = await lint([at('missing.conf'), file, '--fix', ...oldWord]);
    expect(exitCode).toBe(2);
    expect(read(file)).toBe(service('retry 3'));
  });
});
