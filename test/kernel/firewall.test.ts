import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FirewallConfig } from '../../src/config-parser/config-vrrp.ts';
import { desiredFirewall, installFirewall, removeFirewall } from '../../src/kernel/firewall.ts';
import { address } from '../../src/net/address.ts';

const config: FirewallConfig = {
  table: 'keepalived',
  priority: -1,
  counters: false,
  byInterfaceIndex: false,
};
const refused = (...texts: string[]) => texts.map((text) => ({ address: address(text), interface: 'eth0' }));
const macvlan = { name: 'vrrp.51', base: 'eth0', family: 4 } as const;
const lines = (...text: string[]): string => `${text.join('\n')}\n`;
const replaced = lines(
  'table ip keepalived',
  'delete table ip keepalived',
  'table ip6 keepalived',
  'delete table ip6 keepalived',
);

describe('what is desired', () => {
  test('is nothing where nothing is asked for', () => {
    expect(desiredFirewall(config, { refused: [], macvlans: [] })).toBeUndefined();
  });

  test('of IPv4 is a set of addresses, each once and in order, from which nothing comes and to which nothing goes', () => {
    const list = refused('10.0.0.10', '10.0.0.9', '10.0.0.10');
    expect(desiredFirewall(config, { refused: list, macvlans: [] })).toEqual({
      table: 'keepalived',
      text:
        replaced +
        lines(
          'table ip keepalived {',
          '\tset vips {',
          '\t\ttype ipv4_addr',
          '\t\telements = { 10.0.0.9, 10.0.0.10 }',
          '\t}',
          '\tchain in {',
          '\t\ttype filter hook input priority -1; policy accept;',
          '\t\tip daddr @vips drop',
          '\t}',
          '\tchain out {',
          '\t\ttype filter hook output priority -1; policy accept;',
          '\t\tip saddr @vips drop',
          '\t}',
          '}',
        ),
    });
  });

  test('of IPv6 lets neighbour discovery pass first, and knows link-local addresses by their interface', () => {
    const list = refused('2001:db8::3', 'fe80::3', 'febf::3');
    const { text, textWithoutCopies } = desiredFirewall(config, { refused: list, macvlans: [] }) ?? {};
    expect(textWithoutCopies).toBeUndefined();
    expect(text).toBe(
      replaced +
        lines(
          'table ip6 keepalived {',
          '\tset vips {',
          '\t\ttype ipv6_addr',
          '\t\telements = { 2001:db8::3 }',
          '\t}',
          '\tset link_local_vips {',
          '\t\ttype ipv6_addr . ifname',
          '\t\telements = { fe80::3 . "eth0", febf::3 . "eth0" }',
          '\t}',
          '\tchain in {',
          '\t\ttype filter hook input priority -1; policy accept;',
          '\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
          '\t\tip6 daddr @vips drop',
          '\t\tip6 daddr . iifname @link_local_vips drop',
          '\t}',
          '\tchain out {',
          '\t\ttype filter hook output priority -1; policy accept;',
          '\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
          '\t\tip6 saddr @vips drop',
          '\t\tip6 saddr . oifname @link_local_vips drop',
          '\t}',
          '}',
        ),
    );
  });

  test('of a macvlan sends its membership reports by the base, or drops them', () => {
    const { text, textWithoutCopies } = desiredFirewall(config, { refused: [], macvlans: [macvlan] }) ?? {};
    expect(text).toContain(
      '\t\tip daddr 224.0.0.22 oifname "vrrp.51" dup to 224.0.0.22 device "eth0" drop\n',
    );
    expect(textWithoutCopies).toContain('\t\tip daddr 224.0.0.22 oifname "vrrp.51" drop\n');
    expect(text).not.toContain('chain in');
    expect(text).not.toContain('table ip6 keepalived {');
  });

  test("of a macvlan of IPv6 leaves the base's link-local address to the base", () => {
    const six = { ...macvlan, family: 6, linkLocal: address('fe80::1') } as const;
    const { text } = desiredFirewall(config, { refused: refused('fe80::100'), macvlans: [six] }) ?? {};
    const rules = text?.split('\n') ?? [];
    const drop = rules.indexOf(
      '\t\ticmpv6 type nd-neighbor-advert ip6 saddr . oifname @link_local_sources drop',
    );
    const accept = rules.lastIndexOf('\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept');
    expect(text).toContain('elements = { fe80::1 . "vrrp.51" }');
    expect(text).toContain('ip6 daddr ff02::16 oifname "vrrp.51" dup to ff02::16 device "eth0" drop');
    expect(drop).toBeGreaterThan(0);
    expect(accept).toBeGreaterThan(drop);
  });

  test('has the table, priority, counters and indexes that are asked for', () => {
    const other = { table: 'mine', priority: -200, counters: true, byInterfaceIndex: true };
    const { text } = desiredFirewall(other, { refused: refused('fe80::3'), macvlans: [macvlan] }) ?? {};
    expect(text).toContain('table ip6 mine {');
    expect(text).toContain('hook input priority -200; policy accept;');
    expect(text).toContain('type ipv6_addr . iface_index');
    expect(text).toContain('ip6 daddr . iif @link_local_vips counter drop');
    expect(text).toContain('oif "vrrp.51" dup to 224.0.0.22 device "eth0" counter drop');
  });
});

describe('nft', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-nft-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function program(script: string): { program: string } {
    const path = join(folder, `nft-${Math.abs(script.length)}-${script.slice(0, 4).replace(/\W/g, '')}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
    return { program: path };
  }
  const wanted = desiredFirewall(config, { refused: refused('10.0.0.3'), macvlans: [macvlan] });
  if (wanted === undefined) throw new Error('nothing is desired');

  test('gets the text on its standard input', async () => {
    const took = join(folder, 'took');
    expect(await installFirewall(wanted, program(`cat > ${took}; test "$1 $2" = "-f -"`))).toEqual({
      ok: true,
      withoutCopies: false,
    });
    expect(readFileSync(took, 'utf8')).toBe(wanted.text);
    expect(await removeFirewall('keepalived', program(`cat > ${took}`))).toMatchObject({ ok: true });
    expect(readFileSync(took, 'utf8')).toBe(replaced);
  });

  test('gets the text without copies where the kernel refuses them', async () => {
    const result = await installFirewall(wanted, program('! grep -q dup'));
    expect(result).toEqual({ ok: true, withoutCopies: true });
  });

  test('that refuses both is quoted', async () => {
    const result = await installFirewall(wanted, program('echo "/dev/stdin:1:7-8: Error: No" >&2; exit 1'));
    expect(result).toMatchObject({
      ok: false,
      problem: expect.stringMatching(
        /^cannot install the firewall table keepalived: \S+ says "line 1:7-8: Error: No"$/,
      ),
    });
  });

  test('that reads nothing and fails does no harm', async () => {
    expect(await removeFirewall('keepalived', program('exec 0<&-; exit 3'))).toMatchObject({ ok: false });
  });

  test('that is missing is told of with its package', async () => {
    const result = await installFirewall(wanted, { program: join(folder, 'nothing') });
    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining('Debian package nftables') });
  });

  test('that hangs is stopped', async () => {
    const result = await removeFirewall('keepalived', { ...program('exec sleep 60'), timeoutMs: 100 });
    expect(result).toMatchObject({ ok: false, problem: expect.stringContaining('took too long') });
  });
});
