/** `holdfast ctl` with a running daemon, and Debian's keepalived as the one who takes over. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DaemonStatus } from '../../../src/daemon/control-socket/index.ts';
import { createVethPair, inNamespace, rightAddress, type VethPair } from './namespace-fixture.ts';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
const patiently = { timeout: 15_000, interval: 50 };
const vip = '192.0.2.10';
const withoutKeepalived = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';

const configuration = (priority: number) => `vrrp_instance VI_1 {
  interface veth0
  virtual_router_id 51
  priority ${priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {
    ${vip}/24
  }
}
`;

let pair: VethPair;
let folder = '';
const at = (name: string) => join(folder, name);
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ctl-'));
  pair = createVethPair();
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  pair.remove();
  rmSync(folder, { recursive: true });
});

function start(namespace: string, ...command: string[]): void {
  started.push(spawn('ip', ['netns', 'exec', namespace, ...command], { stdio: 'ignore' }));
}

async function startHoldfast(...flags: string[]): Promise<void> {
  writeFileSync(at('left.conf'), configuration(150));
  const files = ['-p', at('pid'), '-r', at('vrrp'), '-c', at('checkers'), '--control-socket', at('sock')];
  const log = ['-G', `--log-file=${at('log')}`];
  start(
    pair.left,
    process.execPath,
    holdfast,
    'run',
    '-n',
    '-f',
    at('left.conf'),
    ...files,
    ...log,
    ...flags,
  );
  await vi.waitFor(() => expect(holds(pair.left)).toBe(true), patiently);
}

function startKeepalived(): void {
  writeFileSync(at('right.conf'), configuration(100));
  const files = ['-p', at('kpid'), '-r', at('kvrrp'), '-c', at('kcheckers')];
  start(pair.right, 'keepalived', '-n', '-l', '-P', '-f', at('right.conf'), ...files);
}

const holds = (namespace: string) =>
  inNamespace(namespace, 'ip', '-4', 'addr', 'show', 'veth0').includes(` ${vip}/`);

/** The socket is a file: it is found from any network namespace. */
function ctl(...words: string[]) {
  const args = [holdfast, 'ctl', ...words, '--control-socket', at('sock')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  return { status, stdout, stderr };
}

const statusOf = () => JSON.parse(ctl('status', '--json').stdout) as DaemonStatus;

describe('holdfast ctl', () => {
  test.skipIf(withoutKeepalived)(
    'failover gives the address to keepalived, and resume takes it back',
    async () => {
      startKeepalived();
      await vi.waitFor(() => expect(holds(pair.right)).toBe(true), patiently);
      await startHoldfast();
      // It took over by its higher priority, so that the peer has been heard.
      await vi.waitFor(() => expect(holds(pair.right)).toBe(false), patiently);

      // A silent Backup may be there or not: the operator decides.
      const refused = ctl('failover', 'VI_1');
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining(rightAddress) });
      expect(holds(pair.left)).toBe(true);
      const failover = ctl('failover', 'VI_1', '--reason', 'a test', '--yes');
      expect(failover).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining(rightAddress),
      });
      expect(holds(pair.right)).toBe(true);
      await vi.waitFor(() => expect(holds(pair.left)).toBe(false), patiently);
      expect(statusOf().vrrp?.instances).toMatchObject([
        { state: 'Backup', master: rightAddress, hold: { kind: 'failover', reason: 'a test' } },
      ]);

      expect(ctl('resume')).toMatchObject({ status: 0 });
      await vi.waitFor(() => expect(holds(pair.left)).toBe(true), patiently);
    },
  );

  test('does not give an address away to nobody, and takes it back when told to all the same', async () => {
    await startHoldfast();
    const refused = ctl('drain', 'VI_1');
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('With --yes it is done') });
    expect(holds(pair.left)).toBe(true);
    const alone = ctl('drain', 'VI_1', '--yes');
    expect(alone.status).toBe(1);
    expect(holds(pair.left)).toBe(true);
    expect(statusOf().vrrp?.instances).toMatchObject([{ state: 'Master' }]);
  });

  test('reload answers when the change is there', async () => {
    await startHoldfast();
    writeFileSync(at('left.conf'), configuration(140));
    expect(ctl('reload')).toMatchObject({ status: 0, stdout: 'Reload complete\n' });
    expect(statusOf().vrrp?.instances).toMatchObject([{ basePriority: 140, state: 'Master' }]);
    writeFileSync(at('left.conf'), 'vrrp_instance VI_1 {\n');
    expect(ctl('reload')).toMatchObject({ status: 1, stderr: expect.stringContaining('Reload abandoned') });
    expect(ctl('status').stdout).toContain('! the last reload was refused');
  });

  test('has a socket for root alone, which goes with the daemon', async () => {
    await startHoldfast();
    expect(statSync(at('sock')).mode & 0o7777).toBe(0o600);
    process.kill(Number(readFileSync(at('pid'), 'utf8')), 'SIGTERM');
    await vi.waitFor(() => expect(existsSync(at('sock'))).toBe(false), patiently);
    expect(ctl('status')).toMatchObject({ status: 3, stderr: expect.stringContaining('no such socket') });
  });

  test('metrics are served on the loopback address when only a port is given', async () => {
    await startHoldfast('--metrics', '9112');
    const text = inNamespace(pair.left, 'curl', '-s', 'http://127.0.0.1:9112/metrics');
    expect(text).toMatch(/^holdfast_vrrp_state\{instance="VI_1",.*,state="Master"\} 1$/m);
    expect(() => inNamespace(pair.right, 'curl', '-s', '-m', '2', 'http://192.0.2.1:9112/metrics')).toThrow();
  });
});
