/** The facts of a machine: partly of this one, partly of a folder that is laid out like one. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatherHost } from '../../src/cli/lint-host.ts';

let folder = '';
const at = (name: string) => join(folder, name);

function write(name: string, text: string, mode = 0o644): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
  chmodSync(at(name), mode);
  return at(name);
}

function link(name: string, attributes: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(attributes)) write(`net/${name}/${file}`, `${text}\n`);
}

function gather() {
  return gatherHost({
    netClass: at('net'),
    procSys: at('sys'),
    procNet: at('proc-net'),
    passwd: at('passwd'),
    group: at('group'),
    keepalived: at('keepalived'),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-host-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the interfaces', () => {
  it('are told apart by flags, type and state', async () => {
    link('eth0', { flags: '0x1003', type: '1', operstate: 'up', mtu: '9000' });
    link('eth1', { flags: '0x1003', type: '1', operstate: 'down', mtu: '1500' });
    link('eth2', { flags: '0x1002', type: '1', operstate: 'down', mtu: '1500' });
    link('lo', { flags: '0x9', type: '772', operstate: 'unknown', mtu: '65536' });
    link('tun0', { flags: '0xd1', type: '65534', operstate: 'unknown', mtu: '1420' });
    write('net/bonding_masters', 'bond0\n');
    const facts = (await gather()).interfaces.map(
      ({ name, isUp, supportsMulticast, isLoopback, isEthernet, mtu }) =>
        [name, isUp, supportsMulticast, isLoopback, isEthernet, mtu].join(' '),
    );
    expect(facts).toEqual([
      'eth0 true true false true 9000',
      'eth1 false true false true 1500',
      'eth2 false true false true 1500',
      'lo true false true false 65536',
      'tun0 true false false false 1420',
    ]);
  });

  it('of this machine are those that the kernel lists, with their addresses', async () => {
    const { interfaces } = await gatherHost();
    const known = Object.entries(networkInterfaces());
    expect(known.length).toBeGreaterThan(0);
    for (const [name, addresses = []] of known) {
      const found = interfaces.find((candidate) => candidate.name === name.split(':')[0]);
      for (const { cidr } of addresses) expect(found?.addresses).toContain(cidr);
    }
  });
});

describe('a path', () => {
  it('is a file, a folder, or nothing', async () => {
    const { pathFacts } = await gather();
    expect(pathFacts(write('file', ''))?.kind).toBe('file');
    expect(pathFacts(folder)?.kind).toBe('directory');
    expect(pathFacts('/dev/null')?.kind).toBe('other');
    expect(pathFacts(at('nothing'))).toBeUndefined();
    expect(pathFacts(at('file/below'))).toBeUndefined();
    expect(pathFacts('bad\0name')).toBeUndefined();
  });

  it('is executable by its mode, and not because root may do everything', async () => {
    const { pathFacts } = await gather();
    expect(pathFacts(write('plain', '', 0o644))?.isExecutable).toBe(false);
    expect(pathFacts(write('program', '', 0o755))?.isExecutable).toBe(true);
  });

  it('says who can read it', async () => {
    const { pathFacts } = await gather();
    expect(pathFacts(write('secret', '', 0o600))?.isReadableByOthers).toBe(false);
    expect(pathFacts(write('known', '', 0o640))?.isReadableByOthers).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'is insecure when others can write it, its folder or what it points at',
    async () => {
      const { pathFacts } = await gather();
      expect(pathFacts(write('good', '', 0o755))?.isInsecure).toBe(false);
      expect(pathFacts(write('open', '', 0o757))?.isInsecure).toBe(true);
      const inside = write('folder/good', '', 0o755);
      chmodSync(at('folder'), 0o777);
      symlinkSync(inside, at('link'));
      expect(pathFacts(at('link'))?.isInsecure).toBe(true);
      chmodSync(at('folder'), 0o1777);
      expect((await gather()).pathFacts(inside)?.isInsecure).toBe(false);
    },
  );
});

describe('accounts', () => {
  it('are found by name and by number', async () => {
    write('passwd', 'root:x:0:0::/root:/bin/sh\nweb:x:33:33::/:/bin/false\n');
    write('group', 'root:x:0:\nweb:x:33:\n');
    const { hasUser, hasGroup } = await gather();
    expect(['web', '33', 'nobody', '', '-a'].map(hasUser)).toEqual([true, true, false, false, false]);
    expect(['web', '0', 'x'].map(hasGroup)).toEqual([true, true, false]);
  });

  it('of this machine have root, and none that begins like an option', async () => {
    const { hasUser, hasGroup } = await gatherHost();
    expect([hasUser('root'), hasGroup('root')]).toEqual([true, true]);
    expect([hasUser('--help'), hasUser('no-such-user-here')]).toEqual([false, false]);
  });
});

describe('a sysctl', () => {
  it('is read by its name, with a slash for a dot in the name of an interface', async () => {
    write('sys/net/ipv4/ip_forward', '1\n');
    write('sys/net/ipv4/conf/eth0.100/rp_filter', '2\n');
    const { sysctl } = await gather();
    expect(sysctl('net.ipv4.ip_forward')).toBe('1');
    expect(sysctl('net.ipv4.conf.eth0/100.rp_filter')).toBe('2');
    expect(sysctl('net.ipv4.nothing')).toBeUndefined();
  });

  it('never leads out of its folder', async () => {
    write('outside', 'secret');
    mkdirSync(at('sys'), { recursive: true });
    const { sysctl } = await gather();
    for (const name of ['//.outside', '/./.outside', '', '.', 'net..ipv4'])
      expect(sysctl(name)).toBeUndefined();
  });
});

describe('the installed keepalived', () => {
  it.each([
    ['echo "Keepalived v2.4.3 (08/01,2026)" >&2', '2.4.3'],
    ['echo "Keepalived v2.2 (x)"', '2.2'],
    ['echo "something else"', undefined],
    ['exit 7', undefined],
  ])('that does %s is %s', async (command, version) => {
    write('keepalived', `#!/bin/sh\n${command}\n`, 0o755);
    expect((await gather()).keepalivedVersion).toBe(version);
  });

  it('is undefined where there is none', async () => {
    expect((await gather()).keepalivedVersion).toBeUndefined();
  });
});

describe('listening', () => {
  it('is seen for IPv4 and IPv6, and not for other states', async () => {
    const row = (port: string, state: string) =>
      `   0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000`;
    write(
      'proc-net/tcp',
      ['  sl  local_address rem_address   st', row('0019', '0A'), row('0050', '01')].join('\n'),
    );
    write('proc-net/tcp6', ['  sl', '  0: 00000000000000000000000000000000:01BB 0:0 0A'].join('\n'));
    const { isListening } = await gather();
    expect([25, 80, 443].map((port) => isListening?.(port))).toEqual([true, false, true]);
  });

  it('is not known where the tables cannot be read', async () => {
    expect((await gather()).isListening?.(25)).toBeUndefined();
  });
});
