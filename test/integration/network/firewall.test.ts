/** The rules of nftables, judged by the packets that they take and let pass. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallConfig } from '../../../src/config-parser/config-vrrp.ts';
import {
  desiredFirewall,
  type FirewallRequest,
  installFirewall,
  type RefusedAddress,
  removeFirewall,
} from '../../../src/kernel/firewall.ts';
import { address } from '../../../src/net/address.ts';
import { createVethPair, inNamespace, leftAddress, type VethPair } from './namespace-fixture.ts';

/** nft, and both families in this kernel: asked in a namespace that goes at once. */
function hasNftables(): boolean {
  const input = 'table ip probe\ntable ip6 probe\n';
  return spawnSync('unshare', ['--net', 'nft', '-f', '-'], { input }).status === 0;
}
function hasMacvlan(): boolean {
  const input = 'link add v0 type veth peer name v1\nlink add link v0 name m0 type macvlan\n';
  return spawnSync('unshare', ['--net', 'ip', '-batch', '-'], { input }).status === 0;
}

describe.skipIf(!hasNftables())('the firewall', () => {
  const config: FirewallConfig = {
    table: 'keepalived',
    priority: -1,
    counters: true,
    byInterfaceIndex: false,
  };
  const vip4 = '192.0.2.100';
  const vip6 = '2001:db8:7::100';
  const linkLocal = 'fe80::100';
  let pair: VethPair;
  let folder: string;
  let options: { readonly program: string };

  beforeAll(() => {
    pair = createVethPair();
    folder = mkdtempSync(join(tmpdir(), 'holdfast-nft-'));
    options = { program: join(folder, 'nft') };
    writeFileSync(options.program, `#!/bin/sh\nexec ip netns exec ${pair.left} nft "$@"\n`, { mode: 0o700 });
    const left = ['-n', pair.left, 'addr', 'add'];
    for (const text of [`${vip4}/24`, `${vip6}/64`, '2001:db8:7::1/64', `${linkLocal}/64`]) {
      const isIpv6 = text.includes(':');
      expect(spawnSync('ip', [...left, text, 'dev', 'veth0', ...(isIpv6 ? ['nodad'] : [])]).status).toBe(0);
    }
    inNamespace(pair.right, 'ip', 'addr', 'add', '2001:db8:7::2/64', 'dev', 'veth0', 'nodad');
  });
  afterEach(async () => {
    expect(await removeFirewall('keepalived', options)).toMatchObject({ ok: true });
    expect(ruleset()).toBe('');
  });
  afterAll(() => {
    pair?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const ruleset = (): string => inNamespace(pair.left, 'nft', 'list', 'ruleset');
  const refuse = (text: string, dev = 'veth0'): RefusedAddress => ({
    address: address(text),
    interface: dev,
  });
  async function install(
    request: Partial<FirewallRequest>,
    change: Partial<FirewallConfig> = {},
  ): Promise<object> {
    const desired = desiredFirewall({ ...config, ...change }, { refused: [], macvlans: [], ...request });
    if (desired === undefined) throw new Error('nothing is desired');
    return installFirewall(desired, options);
  }

  /** Whether the address answers the other namespace: that nobody listens on the port. (124: timeout(1) ended it.) */
  function answers(text: string): boolean {
    const probe = ['timeout', '1', 'bash', '-c', 'exec 3<>"/dev/tcp/$0/9"', text];
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', pair.right, ...probe], { encoding: 'utf8' });
    if (status !== 124) expect(stderr).toContain('Connection refused');
    return status !== 124;
  }

  test.each([
    [vip4, leftAddress],
    [vip6, '2001:db8:7::1'],
  ])('nothing sent to %s is taken in, and what is sent to %s is', async (refused, other) => {
    expect(answers(refused)).toBe(true);
    expect(await install({ refused: [refuse(refused)] })).toEqual({ ok: true, withoutCopies: false });
    inNamespace(pair.right, 'ip', 'neigh', 'flush', 'dev', 'veth0');
    expect(answers(refused)).toBe(false);
    expect(answers(other)).toBe(true);
    // ARP and neighbour discovery pass: its MAC address is known although it does not answer.
    const neighbours = JSON.parse(inNamespace(pair.right, 'ip', '-j', 'neigh', 'show', refused)) as object[];
    expect(neighbours).toEqual([expect.objectContaining({ lladdr: expect.any(String) })]);
    expect(await removeFirewall('keepalived', options)).toMatchObject({ ok: true });
    expect(answers(refused)).toBe(true);
  });

  test.each([false, true])(
    'a link-local address is refused on its interface alone (by index: %s)',
    async (byInterfaceIndex) => {
      const there = `${linkLocal}%veth0`;
      expect(answers(there)).toBe(true);
      expect(await install({ refused: [refuse(linkLocal, 'lo')] }, { byInterfaceIndex })).toMatchObject({
        ok: true,
      });
      expect(answers(there)).toBe(true);
      expect(await install({ refused: [refuse(linkLocal)] }, { byInterfaceIndex })).toMatchObject({
        ok: true,
      });
      expect(answers(there)).toBe(false);
    },
  );

  test('installing again puts the new rules in the place of the old ones', async () => {
    await install({ refused: [refuse(vip4), refuse(vip6)] });
    await install({ refused: [refuse(vip6)] });
    expect(answers(vip4)).toBe(true);
    expect(answers(vip6)).toBe(false);
    expect(ruleset().match(/^table/gm)).toHaveLength(1);
  });

  test('the table of somebody else stays, and one that is refused changes nothing', async () => {
    inNamespace(pair.left, 'nft', 'add', 'table', 'ip', 'theirs');
    await install({ refused: [refuse(vip4)] });
    const before = ruleset();
    const refused = await install({ refused: [refuse(linkLocal, 'gone0')] }, { byInterfaceIndex: true });
    expect(refused).toMatchObject({
      ok: false,
      problem: expect.stringContaining('Interface does not exist'),
    });
    expect(ruleset()).toBe(before);
    await removeFirewall('keepalived', options);
    expect(ruleset()).toBe('table ip theirs {\n}\n');
    inNamespace(pair.left, 'nft', 'delete', 'table', 'ip', 'theirs');
  });

  describe.skipIf(!hasMacvlan())('for macvlans', () => {
    const virtualMac = '00:00:5e:00:01:33';
    beforeAll(() => {
      const add = ['link', 'add', 'link', 'veth0', 'name', 'vrrp.51', 'address', virtualMac];
      inNamespace(pair.left, 'ip', ...add, 'type', 'macvlan', 'mode', 'private');
      inNamespace(pair.left, 'ip', 'addr', 'add', '10.51.0.1/24', 'dev', 'vrrp.51');
      inNamespace(pair.left, 'ip', 'link', 'set', 'vrrp.51', 'up');
    });

    /** The source MAC addresses of what the left namespace is made to send, as the right one sees it. */
    async function sources(filter: string, provoke: () => void): Promise<readonly string[]> {
      const capture = spawn('ip', [
        'netns',
        'exec',
        pair.right,
        'tcpdump',
        '-lnne',
        '--immediate-mode',
        '-i',
        'veth0',
        filter,
      ]);
      let said = '';
      capture.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await new Promise((resolve) =>
        capture.stderr.on('data', (text) => String(text).includes('listening') && resolve(0)),
      );
      provoke();
      // What was sent may still be on its way through tcpdump.
      await sleep(300);
      const ended = new Promise((resolve) => capture.once('exit', resolve));
      capture.kill('SIGINT');
      await ended;
      return [...said.matchAll(/^\S+ ([\da-f:]{17}) > /gm)].map((match) => match[1] ?? '');
    }

    const join239 = `const s=require('node:dgram').createSocket('udp4');
      s.bind(0,()=>{s.addMembership('239.9.9.9','10.51.0.1');setTimeout(()=>s.close(),1500)})`;

    const joinGroup = () => inNamespace(pair.left, 'node', '-e', join239);

    test('membership reports leave by the base', async () => {
      const mac = inNamespace(pair.left, 'cat', '/sys/class/net/veth0/address').trim();
      expect(new Set(await sources('igmp', joinGroup))).toEqual(new Set([virtualMac]));
      const macvlans = [{ name: 'vrrp.51', base: 'veth0', family: 4 }] as const;
      expect(await install({ macvlans })).toEqual({ ok: true, withoutCopies: false });
      expect(new Set(await sources('igmp', joinGroup))).toEqual(new Set([mac]));
    });

    test("the base alone answers for the base's link-local address", async () => {
      const [base] = inNamespace(pair.left, 'ip', '-6', '-o', 'addr', 'show', 'dev', 'veth0', 'scope', 'link')
        .split(/\s+/)
        .filter((word) => word.startsWith('fe80:') && !word.startsWith(linkLocal));
      const own = base?.replace('/64', '') ?? '';
      inNamespace(pair.left, 'ip', 'addr', 'add', `${own}/64`, 'dev', 'vrrp.51', 'nodad');
      const ask = async () => {
        const solicit = () => {
          inNamespace(pair.right, 'ip', 'neigh', 'flush', 'dev', 'veth0');
          answers(`${own}%veth0`);
        };
        return new Set(await sources(`icmp6 and ip6[40] == 136 and src host ${own}`, solicit));
      };
      expect(await ask()).toContain(virtualMac);
      const macvlans = [{ name: 'vrrp.51', base: 'veth0', family: 6, linkLocal: address(own) }] as const;
      expect(await install({ macvlans })).toMatchObject({ ok: true });
      const answered = await ask();
      expect(answered.size).toBe(1);
      expect(answered).not.toContain(virtualMac);
    });
  });
});
