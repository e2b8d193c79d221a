/** `bin/holdfast run` as operators and systemd see it: real processes in a network namespace of their own. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
const patiently = { timeout: 15_000, interval: 20 };
const settled = { timeout: 4000, interval: 20 };

const vip = '192.0.2.10';
const configuration = (address = vip) => `vrrp_instance VI_1 {
  interface veth0
  virtual_router_id 51
  priority 255
  virtual_ipaddress {
    ${address}/24
  }
}
virtual_server ${vip} 80 {
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 192.0.2.1 80 {
    TCP_CHECK {
      connect_timeout 1
    }
  }
}
`;

const namespace = `hfsup${process.pid}`;
let folder = '';
const at = (name: string) => join(folder, name);
const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
const pidOf = (name: string) => Number(read(name));
const started: ChildProcess[] = [];

function inNamespace(...command: string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, ...command], { encoding: 'utf8' });
}

const holdsAddress = (address = vip) =>
  inNamespace('ip', '-4', 'addr', 'show', 'veth0').includes(` ${address}/`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'supervisor-e2e-'));
  writeFileSync(at('conf'), configuration());
  execFileSync('ip', ['netns', 'add', namespace]);
  for (const words of [
    'link set lo up',
    'link add veth0 type veth peer name veth1',
    'addr add 192.0.2.2/24 dev veth0',
    'link set veth0 up',
    'link set veth1 up',
  ]) {
    inNamespace('ip', ...words.split(' '));
  }
});

afterEach(async () => {
  await vi.waitFor(() => {
    for (const name of ['pid', 'vrrp', 'checkers']) endProcess(pidOf(name));
    expect(processesOfTheTest()).toEqual([]);
  }, patiently);
  started.length = 0;
  execFileSync('ip', ['netns', 'del', namespace]);
  rmSync(folder, { recursive: true });
});

function processesOfTheTest(): string[] {
  return execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

function endProcess(pid: number): void {
  if (pid > 0 && processesOfTheTest().includes(String(pid))) process.kill(pid, 'SIGTERM');
}

const flags = (...more: string[]) => [
  ...['netns', 'exec', namespace, process.execPath, holdfast, 'run', '-f', at('conf')],
  ...['-p', at('pid'), '-r', at('vrrp'), '-c', at('checkers'), ...more],
];

/** In the foreground, with its log in the file `log` unless standard error is wanted. */
function start(stderr: 'ignore' | 'pipe' = 'ignore', ...more: string[]): ChildProcess {
  const log = stderr === 'ignore' ? ['-G', `--log-file=${at('log')}`] : [];
  const child = spawn('ip', flags('-n', ...log, ...more), { stdio: ['ignore', 'ignore', stderr] });
  started.push(child);
  return child;
}

async function ready(): Promise<void> {
  await vi.waitFor(() => expect(read('log')).toContain('Startup complete'), patiently);
  await vi.waitFor(() => expect(holdsAddress()).toBe(true), patiently);
}

const ofProcess = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** With these lines in global_defs. */
function reload(...lines: readonly string[]): void {
  writeFileSync(at('conf'), `global_defs {\n${lines.join('\n')}\n}\n${configuration()}`);
  process.kill(pidOf('pid'), 'SIGHUP');
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe('holdfast run', () => {
  test('stops within two seconds of SIGTERM with status 0, its address released and its pid files gone', async () => {
    const child = start();
    await ready();
    const beganAtMs = performance.now();
    process.kill(pidOf('pid'), 'SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect(performance.now() - beganAtMs).toBeLessThan(2000);
    expect(holdsAddress()).toBe(false);
    for (const name of ['pid', 'vrrp', 'checkers']) expect(existsSync(at(name))).toBe(false);
  });

  test('is refused a second time on one pid file, and the first goes on', async () => {
    start();
    await ready();
    const first = pidOf('pid');
    const second = spawnSync('ip', flags('-n'), { encoding: 'utf8' });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('daemon is already running');
    expect(pidOf('pid')).toBe(first);
    expect(holdsAddress()).toBe(true);
  });

  test('without -n returns when the daemon is ready, which then goes on alone', async () => {
    const front = spawnSync('ip', flags(`--log-file=${at('log')}`), { encoding: 'utf8' });
    expect(front).toMatchObject({ status: 0, stderr: '' });
    expect(processesOfTheTest()).toContain(read('pid').trim());
    expect(processesOfTheTest()).toContain(read('vrrp').trim());
    await ready();
    process.kill(pidOf('pid'), 'SIGTERM');
    await vi.waitFor(() => expect(processesOfTheTest()).toEqual([]), patiently);
    expect(read('log')).toContain('Stopped holdfast');
  });

  test('without -n says why the daemon cannot start, with its status', () => {
    rmSync(at('conf'));
    const front = spawnSync('ip', flags(`--log-file=${at('log')}`), { encoding: 'utf8' });
    expect(front.status).toBe(6);
    expect(front.stderr).toContain(`cannot read ${at('conf')}: no such file or directory`);
    expect(processesOfTheTest()).toEqual([]);
  });

  test('replaces its vrrp process after kill -9, and the checker does not notice', async () => {
    start();
    await ready();
    const [vrrp, checker] = [pidOf('vrrp'), pidOf('checkers')];
    process.kill(vrrp, 'SIGKILL');
    await vi.waitFor(() => expect(pidOf('vrrp')).not.toBe(vrrp), patiently);
    await vi.waitFor(() => expect(read('log').match(/Entering MASTER STATE/g)).toHaveLength(2), patiently);
    expect(holdsAddress()).toBe(true);
    expect(pidOf('checkers')).toBe(checker);
    expect(read('log')).toContain(`VRRP child process(${vrrp}) died: Respawning`);
  });

  test('a reload that brings vrrp_no_swap and checker_no_swap locks the memory of both, which go on', async () => {
    start();
    await ready();
    const pids = [pidOf('vrrp'), pidOf('checkers')];
    const locked = () => pids.map((pid) => Number(/^VmLck:\s*(\d+)/m.exec(ofProcess(pid, 'status'))?.[1]));
    expect(locked()).toEqual([0, 0]);
    reload('vrrp_no_swap', 'checker_no_swap');
    await vi.waitFor(() => expect(Math.min(...locked())).toBeGreaterThan(100_000), patiently);
    expect(read('log')).not.toContain('cannot lock');
    expect([pidOf('vrrp'), pidOf('checkers')]).toEqual(pids);
  });

  test('a reload names all processes as it says, and as before; a second daemon is refused all the time', async () => {
    start();
    await ready();
    const names = () => ['pid', 'vrrp', 'checkers'].map((file) => ofProcess(pidOf(file), 'comm').trim());
    const ours = ['holdfast', 'holdfast_vrrp', 'holdfast_checke'];
    expect(names()).toEqual(ours);
    reload('process_names');
    const keepalived = ['keepalived', 'keepalived_vrrp', 'keepalived_lvs'];
    await vi.waitFor(() => expect(names()).toEqual(keepalived), patiently);
    reload('process_names', 'process_name fifteen-letters', 'checker_process_name lb-checks');
    const own = ['fifteen-letters', 'keepalived_vrrp', 'lb-checks'];
    await vi.waitFor(() => expect(names()).toEqual(own), patiently);
    expect(spawnSync('ip', flags('-n'), { encoding: 'utf8' }).stderr).toContain('daemon is already running');
    reload();
    await vi.waitFor(() => expect(names()).toEqual(ours), patiently);
  });

  test('checker_priority is for the checks, and not for their programs', async () => {
    const script = at('check.sh');
    writeFileSync(script, `#!/bin/sh\nnice > ${at('nice')}\n`, { mode: 0o755 });
    const check = `MISC_CHECK {\n misc_path ${script}\n user root\n }`;
    const text = configuration().replace(/TCP_CHECK \{[^}]*\}/, check);
    writeFileSync(at('conf'), `global_defs {\n  checker_priority -5\n}\n${text}`);
    start();
    await ready();
    await vi.waitFor(() => expect(read('nice')).toBe('0\n'), patiently);
    // proc(5): the nice value is the 17th behind the name.
    expect(
      ofProcess(pidOf('checkers'), 'stat')
        .replace(/^.*\) /, '')
        .split(' ')[16],
    ).toBe('-5');
  });

  test('killed with -9 leaves no child behind, and starts again on the same pid file', async () => {
    start();
    await ready();
    process.kill(pidOf('pid'), 'SIGKILL');
    await vi.waitFor(() => expect(processesOfTheTest()).toEqual([]), settled);
    expect(holdsAddress()).toBe(false);
    expect(existsSync(at('pid'))).toBe(true);
    rmSync(at('log'));
    start();
    await ready();
  });

  test('can be started while the children of one that was killed are still leaving', async () => {
    start();
    await ready();
    process.kill(pidOf('pid'), 'SIGKILL');
    rmSync(at('log'));
    start();
    await ready();
    expect(processesOfTheTest()).toEqual(expect.arrayContaining([read('vrrp').trim()]));
  });

  test('reloads on SIGHUP without a flap, and keeps what it has when the file is broken', async () => {
    start();
    await ready();
    const vrrp = pidOf('vrrp');
    writeFileSync(at('conf'), `${configuration('192.0.2.11')}vrrp_instance VI_2 {\n`);
    process.kill(pidOf('pid'), 'SIGHUP');
    await vi.waitFor(() => expect(read('log')).toContain('Reload abandoned'), patiently);
    expect(read('log')).toMatch(/conf:\d+:\d+: /);
    expect(holdsAddress('192.0.2.11')).toBe(false);
    writeFileSync(at('conf'), configuration('192.0.2.11'));
    process.kill(pidOf('pid'), 'SIGHUP');
    await vi.waitFor(() => expect(holdsAddress('192.0.2.11')).toBe(true), patiently);
    await vi.waitFor(() => expect(holdsAddress()).toBe(false), patiently);
    expect(pidOf('vrrp')).toBe(vrrp);
    expect(read('log').match(/Entering MASTER STATE/g)).toHaveLength(1);
  });

  test('lives through SIGUSR1 and SIGUSR2', async () => {
    start();
    await ready();
    process.kill(pidOf('pid'), 'SIGUSR1');
    process.kill(pidOf('pid'), 'SIGUSR2');
    await vi.waitFor(() => expect(read('log')).toContain('SIGUSR2 received'), patiently);
    expect(read('log')).toContain('SIGUSR1 received');
    expect(holdsAddress()).toBe(true);
  });
});

describe('a standard error that nobody reads', () => {
  const answers = () => read('vrrp') !== '' && holdsAddress();

  /** Each reload writes the whole configuration (-d), until pipe and queue are full. */
  async function fill(pid: number): Promise<void> {
    for (let n = 0; n < 700; n += 1) {
      process.kill(pid, 'SIGHUP');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async function startUnread(): Promise<ChildProcess> {
    const child = start('pipe', '-d');
    await vi.waitFor(() => expect(answers()).toBe(true), patiently);
    await fill(pidOf('pid'));
    return child;
  }

  test('blocks nothing, and says when it is read again how many lines were dropped', async () => {
    const child = await startUnread();
    const vrrp = pidOf('vrrp');
    process.kill(vrrp, 'SIGKILL');
    await vi.waitFor(() => expect(pidOf('vrrp')).not.toBe(vrrp), settled);
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    await vi.waitFor(
      () => expect(text).toMatch(/: \d+ log lines were dropped while standard error was blocked/),
      patiently,
    );
    process.kill(pidOf('pid'), 'SIGTERM');
    expect(await exitOf(child)).toBe(0);
    await vi.waitFor(() => expect(text).toContain('Stopped holdfast'), patiently);
  });

  test('does not delay the stop', async () => {
    const child = await startUnread();
    const beganAtMs = performance.now();
    process.kill(pidOf('pid'), 'SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect(performance.now() - beganAtMs).toBeLessThan(2000);
  });

  test('and whose reader goes away is no reason to end', async () => {
    const child = start('pipe', '-d');
    await vi.waitFor(() => expect(answers()).toBe(true), patiently);
    child.stderr?.destroy();
    const vrrp = pidOf('vrrp');
    process.kill(pidOf('pid'), 'SIGUSR1');
    process.kill(vrrp, 'SIGKILL');
    await vi.waitFor(() => expect(pidOf('vrrp')).not.toBe(vrrp), patiently);
    await vi.waitFor(() => expect(holdsAddress()).toBe(true), patiently);
  });
});
