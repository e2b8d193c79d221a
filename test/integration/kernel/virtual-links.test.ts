/**
 * Macvlans, ipvlans, a VRF and tunnels of routes on a kernel that has them, compared with what `ip` and /proc/sys say.
 * Everything is in namespaces of its own.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VirtualLinkConfig } from '../../../src/config-parser/config-vrrp.ts';
import { virtualRoute } from '../../../src/config-parser/schema/route-entry.ts';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { address } from '../../../src/net/address.ts';
import { wordsOf } from '../../kernel/route-lines.ts';
import {
  addVeth,
  createVethPair,
  inNamespace,
  type Line,
  Program,
  type VethPair,
} from '../network/namespace-fixture.ts';

type Shown = Readonly<Record<string, unknown>>;

/** Three processes start on what may be one slow processor. */
const startLimitMs = 60_000;

let pair: VethPair;

const ip = (...words: string[]): string => inNamespace(pair.left, 'ip', ...words);
const linkShown = (name: string): Shown =>
  (JSON.parse(ip('-d', '-j', 'link', 'show', name)) as Shown[])[0] ?? {};
const addressesShown = (name: string): Shown[] =>
  (JSON.parse(ip('-d', '-j', 'addr', 'show', name)) as { addr_info: Shown[] }[])[0]?.addr_info ?? [];
const linkNames = (): unknown[] => (JSON.parse(ip('-j', 'link')) as Shown[]).map((link) => link['ifname']);
const setting = (path: string): string => inNamespace(pair.left, 'cat', `/proc/sys/net/${path}`).trim();
/** By one program: in the embedded kernel each costs dear. */
function settings(folder: string, names: readonly string[]): Record<string, string> {
  const values = inNamespace(pair.left, 'cat', ...names.map((name) => `/proc/sys/net/${folder}/${name}`));
  const lines = values.trim().split('\n');
  return Object.fromEntries(names.map((name, index) => [name, lines[index] ?? 'nothing']));
}

beforeAll(() => {
  loadEmbeddedModules('macvlan', 'ipvlan', 'vrf', 'dummy', 'mpls_iptunnel', 'ila');
});

describe('virtual links', () => {
  let client: Program;
  let answers: number;

  beforeAll(async () => {
    pair = createVethPair();
    addVeth(pair.left, pair.right, 'veth1');
    ip('link', 'set', 'veth0', 'mtu', '1400', 'group', '5');
    client = new Program(pair.left, 'virtual-link-client.ts');
    answers = 0;
    await client.line('ready', 1, startLimitMs);
  });
  afterEach(async () => {
    const left = linkNames()
      .map(String)
      .filter((name) => /^(vrrp|ipv)/.test(name));
    for (const name of left) {
      if ((await remove(name))['problem'] !== undefined) ip('link', 'delete', name);
    }
  });
  afterAll(async () => {
    await client?.stop();
    pair?.remove();
  });

  const macvlan = (change: Partial<VirtualLinkConfig> = {}): VirtualLinkConfig => ({
    kind: 'macvlan',
    name: 'vrrp.51',
    mac: '00:00:5e:00:01:33',
    transmitsByBase: false,
    netlinkNotify: true,
    ...change,
  });
  async function ask(command: Line): Promise<Line> {
    client.send(command);
    answers += 1;
    return client.line('done', answers);
  }
  const ensure = (
    config: VirtualLinkConfig,
    family: 4 | 6 = 4,
    base = 'veth0',
    options?: object,
  ): Promise<Line> => ask({ kind: 'ensure', config, base, family, ...(options && { options }) });
  const remove = (name: string): Promise<Line> => ask({ kind: 'remove', name });

  test('a macvlan of IPv4 is as keepalived has it, is adopted, and leaves its base as it was', async () => {
    expect(await ensure(macvlan())).toMatchObject({ ok: true, created: true, problems: [] });
    expect(linkShown('vrrp.51')).toMatchObject({
      link: 'veth0',
      address: '00:00:5e:00:01:33',
      mtu: 1400,
      group: '5',
      flags: expect.arrayContaining(['UP']),
      linkinfo: { info_kind: 'macvlan', info_data: { mode: 'private' } },
    });
    expect(
      settings('ipv4/conf/vrrp.51', [
        'arp_ignore',
        'arp_filter',
        'accept_local',
        'rp_filter',
        'promote_secondaries',
      ]),
    ).toEqual({
      arp_ignore: '1',
      arp_filter: '0',
      accept_local: '1',
      rp_filter: '0',
      promote_secondaries: '1',
    });
    expect(setting('ipv6/conf/vrrp.51/disable_ipv6')).toBe('1');
    expect(addressesShown('vrrp.51')).toEqual([]);
    const base = ['arp_ignore', 'arp_filter'];
    expect(settings('ipv4/conf/veth0', base)).toEqual({ arp_ignore: '1', arp_filter: '1' });

    expect(await ensure(macvlan())).toMatchObject({ ok: true, created: false, problems: [] });
    const second = macvlan({ name: 'vrrp.52', mac: '00:00:5e:00:01:34', group: '7' });
    expect(await ensure(second)).toMatchObject({ ok: true, created: true });
    expect(linkShown('vrrp.52')).toMatchObject({ group: '7' });

    expect((await remove('vrrp.51'))['problem']).toBeUndefined();
    expect(settings('ipv4/conf/veth0', base)).toEqual({ arp_ignore: '1', arp_filter: '1' });
    expect((await remove('vrrp.52'))['problem']).toBeUndefined();
    expect(linkNames()).toEqual(expect.not.arrayContaining(['vrrp.51', 'vrrp.52']));
    expect(settings('ipv4/conf/veth0', base)).toEqual({ arp_ignore: '0', arp_filter: '0' });
    expect(linkShown('veth0')).toMatchObject({ mtu: 1400, group: '5' });
  });

  test('the filter of all interfaces moves to each of the others while there is a macvlan', async () => {
    inNamespace(
      pair.left,
      'sysctl',
      '-qw',
      'net.ipv4.conf.all.rp_filter=1',
      'net.ipv4.conf.veth1.rp_filter=2',
    );
    await ensure(macvlan());
    const names = ['all', 'default', 'veth0', 'veth1'].map((name) => `${name}/rp_filter`);
    const filters = () => Object.values(settings('ipv4/conf', names));
    expect(filters()).toEqual(['0', '1', '1', '2']);
    expect(setting('ipv4/conf/vrrp.51/rp_filter')).toBe('0');
    await remove('vrrp.51');
    expect(filters()).toEqual(['1', '0', '0', '2']);
  });

  test('one that somebody has removed is made again, and the base is still given back', async () => {
    await ensure(macvlan());
    ip('link', 'delete', 'vrrp.51');
    expect(await ensure(macvlan())).toMatchObject({ ok: true, created: true, problems: [] });
    expect((await remove('vrrp.51'))['problem']).toBeUndefined();
    expect(setting('ipv4/conf/veth0/arp_ignore')).toBe('0');
  });

  test('a macvlan of IPv6 has the link-local address of its base, for advertisements alone', async () => {
    const v6 = macvlan({ mac: '00:00:5e:00:02:33' });
    expect(await ensure(v6, 6)).toMatchObject({ ok: true, created: true, problems: [] });
    const [linkLocal] = addressesShown('veth0').filter((one) => one['scope'] === 'link');
    expect(addressesShown('vrrp.51')).toMatchObject([
      { local: linkLocal?.['local'], prefixlen: 64, scope: 'link', nodad: true, deprecated: true },
    ]);
    expect(linkShown('vrrp.51')).toMatchObject({ inet6_addr_gen_mode: 'none' });
    expect(settings('ipv6/conf/vrrp.51', ['disable_ipv6', 'accept_ra', 'autoconf'])).toEqual({
      disable_ipv6: '0',
      accept_ra: '0',
      autoconf: '0',
    });
    expect(setting('ipv4/conf/veth0/arp_ignore')).toBe('0');
    expect(await ensure(v6, 6)).toMatchObject({ ok: true, created: false, problems: [] });
    expect((await remove('vrrp.51'))['problem']).toBeUndefined();
  });

  test('a macvlan of IPv4 that holds addresses of IPv6 has IPv6, and makes no address of its own', async () => {
    await ensure(macvlan(), 4, 'veth0', { holdsIpv6: true });
    expect(setting('ipv6/conf/vrrp.51/disable_ipv6')).toBe('0');
    expect(addressesShown('vrrp.51')).toEqual([]);
  });

  test('an interface of that name that is another one is left as it is, and nothing is set', async () => {
    ip('link', 'add', 'vrrp.51', 'type', 'dummy');
    expect((await ensure(macvlan()))['problem']).toMatch(
      /^vrrp\.51 exists already and is of kind dummy where macvlan/,
    );
    ip('link', 'delete', 'vrrp.51');
    ip(
      'link',
      'add',
      'vrrp.51',
      'link',
      'veth0',
      'address',
      '02:00:00:00:00:09',
      'type',
      'macvlan',
      'mode',
      'private',
    );
    expect((await ensure(macvlan()))['problem']).toMatch(
      /has the MAC address 02:00:00:00:00:09 where 00:00:5e/,
    );
    expect((await ensure(macvlan(), 4, 'veth1'))['problem']).toMatch(
      /lies on interface \d+ where veth1 \(\d+\) is/,
    );
    expect((await remove('vrrp.51'))['problem']).toMatch(/left alone/);
    expect(linkNames()).toEqual(expect.arrayContaining(['vrrp.51']));
    expect(setting('ipv4/conf/veth0/arp_ignore')).toBe('0');
  });

  test('a macvlan on a base of a VRF belongs to that VRF', async () => {
    ip('link', 'add', 'red', 'type', 'vrf', 'table', '1000');
    ip('link', 'set', 'veth1', 'master', 'red');
    expect(await ensure(macvlan(), 4, 'veth1')).toMatchObject({ ok: true, problems: [] });
    expect(linkShown('vrrp.51')).toMatchObject({ link: 'veth1', master: 'red' });
    ip('link', 'delete', 'red');
  });

  test('an ipvlan has its mode and its address, and cannot share its base with a macvlan', async () => {
    const ipvlan: VirtualLinkConfig = {
      kind: 'ipvlan',
      name: 'ipv0',
      transmitsByBase: false,
      netlinkNotify: false,
      address: address('198.51.100.7'),
      prefixLength: 24,
      mode: 'private',
    };
    expect(await ensure(ipvlan)).toMatchObject({ ok: true, created: true, problems: [] });
    expect(linkShown('ipv0')).toMatchObject({
      link: 'veth0',
      mtu: 1400,
      linkinfo: { info_kind: 'ipvlan', info_data: { mode: 'l2', private: true } },
    });
    expect(addressesShown('ipv0')).toMatchObject([{ local: '198.51.100.7', prefixlen: 24 }]);
    expect(setting('ipv4/conf/veth0/arp_ignore')).toBe('0');
    expect((await ensure(macvlan()))['problem']).toMatch(/^RTM_NEWLINK macvlan vrrp\.51 on veth0: EBUSY/);
    expect(await ensure(ipvlan)).toMatchObject({ ok: true, created: false, problems: [] });
    expect((await remove('ipv0'))['problem']).toBeUndefined();
    expect(linkNames()).toEqual(expect.not.arrayContaining(['ipv0']));
  });

  test('an ipvlan of IPv6 makes its link-local address itself', async () => {
    const ipvlan: VirtualLinkConfig = {
      kind: 'ipvlan',
      name: 'ipv6',
      transmitsByBase: false,
      netlinkNotify: false,
    };
    expect(await ensure(ipvlan, 6)).toMatchObject({ ok: true, created: true, problems: [] });
    expect(addressesShown('ipv6')).toMatchObject([{ family: 'inet6', scope: 'link' }]);
    expect(linkShown('ipv6')).toMatchObject({ linkinfo: { info_data: { bridge: true } } });
  });
});

describe('a VRF, and tunnels of routes', () => {
  let client: Program;
  let watcher: Program;
  beforeAll(async () => {
    pair = createVethPair();
    ip('link', 'add', 'red', 'type', 'vrf', 'table', '1000');
    ip('link', 'set', 'red', 'up');
    addVeth(pair.left, pair.right, 'veth1');
    ip('link', 'set', 'veth1', 'master', 'red');
    ip('addr', 'add', '198.51.100.1/24', 'dev', 'veth1');
    client = new Program(pair.left, 'route-client.ts');
    watcher = new Program(pair.left, 'link-watcher.ts');
    await client.line('ready', 1, startLimitMs);
    await watcher.line('ready', 1, startLimitMs);
  });
  afterAll(async () => {
    await client?.stop();
    await watcher?.stop();
    pair?.remove();
  });

  test('links tell their kind, their master and their table', async () => {
    ip('link', 'add', 'mv0', 'link', 'veth0', 'type', 'macvlan');
    watcher.send({ kind: 'links' });
    const links = (await watcher.line('links'))['links'] as Shown[];
    const of = (name: string) => links.find((link) => link['name'] === name);
    expect(of('red')).toMatchObject({ kind: 'vrf', vrfTable: 1000 });
    expect(of('veth1')).toMatchObject({ kind: 'veth', masterIndex: of('red')?.['index'] });
    expect(of('mv0')).toMatchObject({ kind: 'macvlan', linkIndex: of('veth0')?.['index'] });
  });

  test('routes go into the table of their VRF, and through their tunnels', async () => {
    const lines = [
      ['10.50.0.0/16 via 198.51.100.2 dev veth1 vrf red', '10.50.0.0/16 via 198.51.100.2 dev veth1'],
      ['10.51.0.0/16 encap mpls 100/200 via 192.0.2.2 dev veth0', 'encap mpls  100/200 via 192.0.2.2'],
      [
        '10.52.0.0/16 encap ip id 3 dst 10.9.9.9 ttl 7 dev veth0',
        'encap ip id 3 src 0.0.0.0 dst 10.9.9.9 ttl 7',
      ],
      ['2001:db8:5::/64 encap ip6 id 4 dst 2001:db8::9 dev veth0', 'encap ip6 id 4 src :: dst 2001:db8::9'],
      ['2001:db8:6:0:2000::1 encap ila 1:2:3:4 dev veth0', 'encap ila  1:2:3:4'],
    ] as const;
    client.send({ kind: 'addRoutes', entries: lines.map(([line]) => wordsOf(virtualRoute, line)) });
    const results = (await client.line('done', 1))['results'] as { error?: string }[];
    expect(results.map((one) => one.error)).toEqual(lines.map(() => undefined));
    const shown = ip('route', 'show', 'table', '1000') + ip('route') + ip('-6', 'route');
    for (const [, part] of lines) expect(shown).toContain(part);
    client.send({ kind: 'removeRoutes', entries: lines.map(([line]) => wordsOf(virtualRoute, line)) });
    expect((await client.line('done', 2))['results']).toMatchObject(lines.map(() => ({ alreadySo: false })));
  });
});
