/** `holdfast fmt` from its command line to the files and its exit status. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { testFolder } from './lint-harness.ts';
import { patched, runCommand } from './run-command.ts';

const { at, write } = testFolder();
const crooked = 'global_defs {\n  router_id lb01   # us\n\n\n}\n';
const canonical = 'global_defs {\n    router_id lb01 # us\n}\n';
const read = (path: string) => readFileSync(path, 'utf8');
const fmt = (args: readonly string[], input = '') => runCommand(['fmt', ...args], { input });

describe('holdfast fmt', () => {
  let file = '';
  let good = '';
  beforeEach(() => {
    file = write('a.conf', crooked);
    good = write('good.conf', canonical);
  });

  it('rewrites what is not in the layout, and names it', async () => {
    const before = statSync(good).ino;
    const { exitCode, out, error } = await fmt([file, good]);
    expect({ exitCode, out, error }).toEqual({ exitCode: 0, out: '', error: `${file}: reformatted\n` });
    expect(read(file)).toBe(canonical);
    expect(statSync(good).ino).toBe(before);
  });

  it('with --check changes nothing, names what would change, and is status 1', async () => {
    const { exitCode, out } = await fmt(['--check', file, good]);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: `${file}: would be reformatted\n` });
    expect(read(file)).toBe(crooked);
    expect((await fmt(['--check', good])).exitCode).toBe(0);
  });

  it('with --diff prints a patch that does the same, and changes nothing', async () => {
    const { exitCode, out } = await fmt(['--diff', file, good]);
    expect(exitCode).toBe(1);
    expect(read(file)).toBe(crooked);
    expect(patched(file, out)).toBe(canonical);
    expect(await fmt(['--diff', good])).toEqual({ exitCode: 0, out: '', error: '' });
  });

  it('brings standard input to standard output, also where nothing changes', async () => {
    expect(await fmt(['-'], crooked)).toEqual({ exitCode: 0, out: canonical, error: '' });
    expect((await fmt(['-'], canonical)).out).toBe(canonical);
    const { exitCode, out } = await fmt(['--check', '--stdin-filename', 'x.conf', '-'], crooked);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: 'x.conf: would be reformatted\n' });
  });

  it.each([
    ['vrrp_instance VI_1 {\n  interface eth0\n', 'a "}" is missing'],
    ['}\n', 'there is a "}" too many'],
    ['  notify_up "/bin/x\n', 'a double quote is not closed'],
  ])('leaves %j as it is, because %s', async (text, reason) => {
    writeFileSync(file, text);
    const { exitCode, out, error } = await fmt([file, good]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(error).toBe(`holdfast fmt: ${file}: not formatted: ${reason}; --force formats it\n`);
    expect(read(file)).toBe(text);
    expect((await fmt(['--force', file])).exitCode).toBe(0);
  });

  it('formats the others where one cannot be read', async () => {
    const { exitCode, error } = await fmt([at('missing.conf'), file]);
    expect(exitCode).toBe(2);
    expect(error).toContain('missing.conf: cannot be read: no such file or directory\n');
    expect(read(file)).toBe(canonical);
  });

  it('loses no byte that is not UTF-8', async () => {
    const bytes = Buffer.from(crooked.replace('us', 'caf\xe9'), 'latin1');
    writeFileSync(file, bytes);
    const { exitCode, error } = await fmt([file]);
    expect(exitCode).toBe(2);
    expect(error).toContain('cannot be written: it holds bytes that are not UTF-8');
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const piped = await fmt(['-'], bytes.toString('utf8'));
    expect({ exitCode: piped.exitCode, out: piped.out }).toEqual({ exitCode: 2, out: '' });
  });
});
