/** MISC_CHECK as the checker process makes it, with real programs. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../../src/drill/until.ts';
import { miscCheck } from '../../healthcheck/probes/other-fixtures.ts';
import { Prober } from './checks-other-fixture.ts';
import { createVethPair, type VethPair } from './namespace-fixture.ts';

let pair: VethPair;
let prober: Prober;
/** Not below /tmp, which everybody can write to. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync('/run/checks-other-');
  chmodSync(folder, 0o755);
  pair = createVethPair();
  prober = new Prober(pair.left);
  await prober.ready();
});

afterAll(async () => {
  await prober.stop();
  pair.remove();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, body: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, mode);
  return path;
}

function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}

function pidsIn(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  } catch {
    return [];
  }
}

describe('MISC_CHECK', () => {
  test('passes and fails by the exit status, with the reason that the program gives', async () => {
    const path = script('status', 'echo "$2" >&2; exit "$1"');
    expect(await prober.probe(miscCheck([path, '0', 'fine']))).toMatchObject({
      kind: 'ok',
      phases: [{ name: 'run' }],
    });
    expect(await prober.probe(miscCheck([path, '3', 'web01; $(date) is "down"']))).toMatchObject({
      kind: 'failed',
      detail: 'The program exited with status 3; it wrote "web01; $(date) is "down"".',
    });
    expect(await prober.probe(miscCheck([path, '12', ''], { isDynamic: true }))).toMatchObject({
      kind: 'ok',
      weight: { set: 10 },
    });
  });

  test('runs as its user, and as root where it has none', async () => {
    const path = script('whoami', 'test "$(id -un):$(id -gn)" = "$1"');
    const nobody = { command: { argv: [path, 'nobody:nogroup'], user: 'nobody' } };
    expect(await prober.probe(miscCheck([], nobody))).toMatchObject({ kind: 'ok' });
    const group = { command: { argv: [path, 'nobody:daemon'], user: 'nobody', group: 'daemon' } };
    expect(await prober.probe(miscCheck([], group))).toMatchObject({ kind: 'ok' });
    const absent = { command: { argv: [path], user: 'no-such-user' } };
    expect(await prober.probe(miscCheck([], absent))).toMatchObject({
      kind: 'failed',
      detail: 'The program was not run: there is no user "no-such-user" on this host.',
    });
  });

  test('ends a program that takes too long, and all that it started, and can run it again', async () => {
    const pidFile = join(folder, 'pids');
    const stubborn =
      "trap '' TERM; sleep 300 & echo $! > PIDS.new; echo $$ >> PIDS.new; mv PIDS.new PIDS; wait; sleep 300";
    const path = script(
      'stubborn',
      `test -e ${folder}/good && exit 0\n${stubborn.replaceAll('PIDS', pidFile)}`,
    );
    const checker = miscCheck([path], { timeoutMs: 400 });
    const outcome = await prober.probe(checker);
    expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(outcome.elapsedMs).toBeLessThan(2000);
    const pids = pidsIn(pidFile);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isThere)).not.toEqual([]);
    await until('all of its processes are killed', 5000, () => !pids.some(isThere));
    writeFileSync(join(folder, 'good'), '');
    expect(await prober.probe(checker)).toMatchObject({ kind: 'ok' });
  });

  test('ends the program of a check that is stopped, and does not run it beside its successor', async () => {
    const log = join(folder, 'log');
    const path = script(
      'slow',
      `echo "begin $$" >> ${log}; trap 'sleep 0.5; echo end >> ${log}; exit 0' TERM; sleep 300 & wait`,
    );
    const before = prober.begin(miscCheck([path], { timeoutMs: 60_000 }));
    const lines = () => (pidsIn(log).length > 0 ? readFileSync(log, 'utf8').trim().split('\n') : []);
    await until('the program runs', 5000, () => lines().length === 1);
    before.abort();
    expect(await before.outcome).toMatchObject({ kind: 'inconclusive' });
    // Another checker with the same command, as after a reload that changed its timing.
    const next = prober.begin(miscCheck([path], { timeoutMs: 50_000 }));
    await until('the program runs again', 5000, () => lines().length === 3);
    expect(lines().map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin']);
    next.abort();
    await next.outcome;
  });

  test('fails for a program that is missing or not executable, and says which', async () => {
    const missing = join(folder, 'missing');
    expect(await prober.probe(miscCheck([missing]))).toMatchObject({
      kind: 'failed',
      detail: `The program was not run: the program cannot be run: ${missing}: ENOENT.`,
    });
    const path = script('plain', 'exit 0', 0o644);
    expect(await prober.probe(miscCheck([path]))).toMatchObject({
      kind: 'failed',
      detail: expect.stringContaining(`The program was not run: '${path}' is not executable`),
    });
    chmodSync(path, 0o755);
    expect(await prober.probe(miscCheck([path]))).toMatchObject({ kind: 'ok' });
  });

  test('does not run as root what others can change once enable_script_security is set', async () => {
    const path = script('open', 'exit 0', 0o777);
    expect(await prober.probe(miscCheck([path]))).toMatchObject({ kind: 'ok' });
    const security = { defaultUser: 'root', useSymlinkPaths: false, setSupplementaryGroups: false };
    prober.send({ kind: 'configure', security: { ...security, refusesWritable: true } });
    expect(await prober.probe(miscCheck([path]))).toMatchObject({
      kind: 'failed',
      detail: expect.stringMatching(
        /^The program was not run: Unsafe permissions found .*; it is not run\.$/,
      ),
    });
    chmodSync(path, 0o755);
    expect(await prober.probe(miscCheck([path]))).toMatchObject({ kind: 'ok' });
    prober.send({ kind: 'configure', security: { ...security, refusesWritable: false } });
  });
});

test('at the end no program is left', async () => {
  const file = join(folder, 'last-pid');
  const path = script('last', `echo $$ > ${file}; exec sleep 300`);
  const { outcome } = prober.begin(miscCheck([path], { timeoutMs: 60_000 }));
  await until('the program runs', 5000, () => pidsIn(file).some(isThere));
  prober.send({ kind: 'stop' });
  await prober.line('stopped');
  expect(await outcome).toMatchObject({ kind: 'inconclusive' });
  expect(pidsIn(file).some(isThere)).toBe(false);
});
