/** `holdfast realserver` of mode dr on this kernel: what neighbours hear, and that everything is as before afterwards. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ipv6Ready } from './ipv6-ready.ts';
import { createVethPair, inNamespace, type VethPair } from './namespace-fixture.ts';
import { RealServerRunner } from './realserver-runner.ts';

const vip4 = '192.0.2.100';
const vip6 = '2001:db8:7::100';

let pair: VethPair;
let folder: string;
let realserver: RealServerRunner;

beforeEach(async () => {
  pair = createVethPair();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-realserver-'));
  realserver = new RealServerRunner(pair.right, folder);
  await ipv6Ready(pair);
  // A route to the address that the director would have: who is asked for it is asked on the wire.
  inNamespace(pair.left, 'ip', 'addr', 'add', '2001:db8:7::1/64', 'dev', 'veth0', 'nodad');
  inNamespace(pair.right, 'ip', 'addr', 'add', '2001:db8:7::2/64', 'dev', 'veth0', 'nodad');
});
afterEach(() => {
  pair?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** The MAC address by which the neighbour answers for it, if it does. */
function answeredBy(address: string): string | undefined {
  inNamespace(pair.left, 'ip', 'neigh', 'flush', 'dev', 'veth0');
  const ping = [
    'netns',
    'exec',
    pair.left,
    'timeout',
    '1.5',
    'bash',
    '-c',
    'exec 3<>"/dev/tcp/$0/9"',
    address,
  ];
  spawnSync('ip', ping, { stdio: 'ignore' });
  const shown = inNamespace(pair.left, 'ip', '-j', 'neigh', 'show', address, 'dev', 'veth0');
  const [neighbour] = JSON.parse(shown || '[]') as { lladdr?: string }[];
  return neighbour?.lladdr;
}

/** Whether a program here can be the one that the packets are for. */
function isLocal(address: string): boolean {
  return inNamespace(pair.right, 'ip', '-o', 'route', 'get', address).startsWith('local ');
}

describe('up', () => {
  test('has the addresses, answers nobody for them, and down leaves everything as it was', async () => {
    const before = realserver.dump();
    expect(await realserver.run('up', [vip4, vip6])).toMatchObject({ exitCode: 0, error: '' });
    expect([isLocal(vip4), isLocal(vip6)]).toEqual([true, true]);
    expect([answeredBy(vip4), answeredBy(vip6)]).toEqual([undefined, undefined]);
    expect(answeredBy('192.0.2.2')).toMatch(/^[\da-f:]{17}$/);
    expect(statSync(realserver.record).mode & 0o777).toBe(0o600);
    expect(await realserver.run('check', [])).toMatchObject({ exitCode: 0 });

    expect(realserver.dump()).not.toEqual(before);
    expect(await realserver.run('down', [])).toMatchObject({ exitCode: 0, error: '' });
    expect(realserver.dump()).toEqual(before);
    expect(existsSync(realserver.record)).toBe(false);
  });

  test('an address put on lo by hand alone is answered for; check says so, and up silences it', async () => {
    inNamespace(pair.right, 'ip', 'addr', 'add', `${vip4}/32`, 'dev', 'lo');
    const before = realserver.dump();
    expect(answeredBy(vip4)).toMatch(/^[\da-f:]{17}$/);
    const { exitCode, out } = await realserver.run('check', [vip4]);
    expect(exitCode).toBe(1);
    expect(out).toContain('arp_ignore is 0 on veth0');
    await realserver.run('up', [vip4]);
    expect(answeredBy(vip4)).toBeUndefined();
    await realserver.run('down', [vip4]);
    expect(realserver.dump()).toEqual(before);
  });

  test('twice and then down leaves everything as it was', async () => {
    const before = realserver.dump();
    await realserver.run('up', [vip4]);
    const after = realserver.dump();
    expect(await realserver.run('up', [vip4])).toMatchObject({ exitCode: 0 });
    expect(realserver.dump()).toEqual(after);
    await realserver.run('down', []);
    expect(realserver.dump()).toEqual(before);
  });

  test.each([0, 2, 5])('killed after %i changes leaves a record, by which down cleans', async (count) => {
    const before = realserver.dump();
    await realserver.killedUp([vip4, vip6], count);
    expect(existsSync(realserver.record)).toBe(true);
    expect(await realserver.run('down', [])).toMatchObject({ exitCode: 0, error: '' });
    expect(realserver.dump()).toEqual(before);
    expect(existsSync(realserver.record)).toBe(false);
  });

  test('killed, and up again, is up; and down cleans all of it', async () => {
    const before = realserver.dump();
    await realserver.killedUp([vip4], 3);
    expect(await realserver.run('up', [vip4])).toMatchObject({ exitCode: 0 });
    expect(answeredBy(vip4)).toBeUndefined();
    await realserver.run('down', []);
    expect(realserver.dump()).toEqual(before);
  });

  test('of IPv6 where it is disabled on lo enables it, and down disables it again', async () => {
    inNamespace(pair.right, 'sysctl', '-qw', 'net.ipv6.conf.lo.disable_ipv6=1');
    const before = realserver.dump();
    expect(await realserver.run('up', [vip6])).toMatchObject({ exitCode: 0, error: '' });
    expect(isLocal(vip6)).toBe(true);
    await realserver.run('down', []);
    expect(realserver.dump()).toEqual(before);
  });

  test('does what the printed commands do', async () => {
    const { out } = await realserver.run('up', [vip4, vip6], { print: true });
    await realserver.run('up', [vip4, vip6]);
    const byUs = realserver.dump();
    await realserver.run('down', []);
    for (const line of out.trim().split('\n')) inNamespace(pair.right, ...line.split(' '));
    expect(realserver.dump()).toEqual(byUs);
  });

  test("the commands of check mend a host, one after the other, in the tutorial's way", async () => {
    inNamespace(pair.right, 'ip', 'addr', 'add', `${vip4}/24`, 'dev', 'veth0');
    for (let round = 0; round < 10; round += 1) {
      const { exitCode, out } = await realserver.run('check', [vip4]);
      if (exitCode === 0) break;
      const [, command = ''] = /mend it: (.*)/.exec(out) ?? [];
      inNamespace(pair.right, ...command.split(' '));
    }
    expect(await realserver.run('check', [vip4])).toMatchObject({ exitCode: 0 });
    expect(answeredBy(vip4)).toBeUndefined();
    expect(isLocal(vip4)).toBe(true);
  });
});
