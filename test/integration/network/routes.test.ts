/**
 * Routes and rules as lines of a configuration, put into this host's kernel and compared with what `ip` shows of
 * them.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { virtualRoute } from '../../../src/config-parser/schema/route-entry.ts';
import { virtualRule } from '../../../src/config-parser/schema/rule-entry.ts';
import { address } from '../../../src/net/address.ts';
import { wordsOf } from '../../kernel/route-lines.ts';
import { createVethPair, inNamespace, type Line, Program, type VethPair } from './namespace-fixture.ts';

type Shown = Readonly<Record<string, unknown>>;
interface Result {
  readonly alreadySo: boolean;
  readonly error?: string;
  readonly preference?: number;
}

let pair: VethPair;
let client: Program;
let answers = 0;

beforeAll(async () => {
  pair = createVethPair();
  inNamespace(pair.left, 'ip', 'addr', 'add', '2001:db8:9::1/64', 'dev', 'veth0', 'nodad');
  client = new Program(pair.left, 'route-client.ts');
  await client.line('ready');
});
afterAll(async () => {
  await client?.stop();
  pair?.remove();
});
afterEach(() => {
  for (const family of ['-4', '-6']) {
    inNamespace(pair.left, 'ip', family, 'route', 'flush', 'table', 'all', 'proto', 'keepalived');
    inNamespace(pair.left, 'ip', family, 'rule', 'flush', 'proto', 'keepalived');
  }
});

const ip = (...words: string[]): string => inNamespace(pair.left, 'ip', ...words);
const routes = (family: '-4' | '-6' = '-4', table = 'all'): Shown[] => {
  const words = ['-j', '-d', family, 'route', 'show', 'table', table, 'proto', 'keepalived'];
  return JSON.parse(ip(...words)) as Shown[];
};
const rules = (family: '-4' | '-6' = '-4'): Shown[] => {
  const all = JSON.parse(ip('-j', '-d', family, 'rule')) as Shown[];
  return all.filter((rule) => rule['protocol'] === 'keepalived');
};

async function ask(kind: string, entries: readonly unknown[], shown?: readonly string[]): Promise<Line> {
  client.send({ kind, entries, ...(shown && { shown }) });
  answers += 1;
  return client.line('done', answers);
}

const route = (line: string) => wordsOf(virtualRoute, line);
const rule = (line: string) => wordsOf(virtualRule, line);
const results = (line: Line) => line['results'] as Result[];
const addRoutes = async (...lines: string[]) => results(await ask('addRoutes', lines.map(route)));
const removeRoutes = async (...lines: string[]) => results(await ask('removeRoutes', lines.map(route)));
const addRules = async (...lines: string[]) => results(await ask('addRules', lines.map(rule)));
const removeRules = async (...lines: string[]) => results(await ask('removeRules', lines.map(rule)));
const done = { alreadySo: false };

describe('routes', () => {
  test('are in place before the call returns', async () => {
    const line = await ask(
      'addRoutes',
      [route('10.50.0.0/16 via 192.0.2.2'), route('10.51.0.0/16 via 192.0.2.2')],
      ['route', 'show', 'proto', 'keepalived'],
    );
    expect(line['atOnce']).toContain('10.50.0.0/16 via 192.0.2.2 dev veth0');
    expect(line['atOnce']).toContain('10.51.0.0/16 via 192.0.2.2 dev veth0');
    expect(results(line)).toMatchObject([done, done]);
  });

  test.each([
    [
      '10.50.0.0/16 via 192.0.2.2 dev veth0',
      { dst: '10.50.0.0/16', gateway: '192.0.2.2', dev: 'veth0', scope: 'global' },
    ],
    ['10.50.0.0/16 dev veth0', { dst: '10.50.0.0/16', dev: 'veth0', scope: 'link' }],
    ['default via 192.0.2.2 metric 7', { dst: 'default', gateway: '192.0.2.2', metric: 7 }],
    ['10.50.0.0/16 via 192.0.2.2 src 192.0.2.1 table 1000', { prefsrc: '192.0.2.1', table: '1000' }],
    ['10.50.0.1 via 192.0.2.2 table main tos 0x10', { dst: '10.50.0.1', tos: '0x10' }],
    ['blackhole 10.50.0.0/16', { type: 'blackhole', dst: '10.50.0.0/16' }],
    ['unreachable 10.50.0.0/16', { type: 'unreachable' }],
    ['prohibit 10.50.0.0/16', { type: 'prohibit' }],
    ['throw 10.50.0.0/16 table 100', { type: 'throw' }],
    ['local 10.50.0.0/16 dev veth0', { type: 'local', table: 'local', scope: 'host' }],
    ['10.50.0.0/16 via 10.77.0.1 dev veth0 onlink', { gateway: '10.77.0.1', flags: ['onlink'] }],
    [
      'inet6 2001:db8:50::/48 via 2001:db8:9::2 dev veth0',
      { dst: '2001:db8:50::/48', gateway: '2001:db8:9::2', metric: 1024 },
    ],
    ['2001:db8:50::/48 dev veth0 pref high metric 5', { dev: 'veth0', pref: 'high', metric: 5 }],
    ['unreachable 2001:db8:50::/48 table 100', { type: 'unreachable', table: '100' }],
  ] as const)('%s', async (line, shown) => {
    const family = line.includes('2001:db8:50') ? '-6' : '-4';
    expect(await addRoutes(line)).toMatchObject([done]);
    expect(routes(family)).toMatchObject([shown]);
    expect(await addRoutes(line)).toMatchObject([{ alreadySo: true }]);
    expect(await removeRoutes(line)).toMatchObject([done]);
    expect(routes(family)).toEqual([]);
    expect(await removeRoutes(line)).toMatchObject([{ alreadySo: true }]);
  });

  test('have their metrics, each locked where it says so, in the units of the line', async () => {
    const metrics =
      'mtu lock 1400 advmss 1300 hoplimit 9 window 5000 rtt 200ms rttvar lock 1s rto_min 300ms ssthresh 7 reordering 5 initcwnd 11 initrwnd 12 quickack 1 fastopen_no_cookie 1 congctl lock reno features ecn';
    expect(await addRoutes(`10.50.0.0/16 via 192.0.2.2 ${metrics}`)).toMatchObject([done]);
    const text = ip('route', 'show', '10.50.0.0/16');
    for (const part of [
      'mtu lock 1400',
      'advmss 1300',
      'hoplimit 9',
      'window 5000',
      'rtt 200ms',
      'rttvar lock 1s',
      'rto_min lock 300ms',
      'ssthresh 7',
      'reordering 5',
      'initcwnd 11',
      'initrwnd 12',
      'quickack 1',
      'fastopen_no_cookie 1',
      'congctl lock reno',
      'features ecn',
    ]) {
      expect(text).toContain(part.startsWith('rto_min') ? part.replace('lock ', '') : part);
    }
  });

  test('over several next hops have their weights, and go as one', async () => {
    const lines = [
      '10.50.0.0/16 nexthop via 192.0.2.2 dev veth0 weight 3 nexthop via 192.0.2.3 weight 256 onlink dev veth0',
      '2001:db8:50::/48 nexthop via 2001:db8:9::2 dev veth0 weight 2 nexthop via 2001:db8:9::3 dev veth0',
    ];
    expect(await addRoutes(...lines)).toMatchObject([done, done]);
    expect(routes()).toMatchObject([
      {
        nexthops: [
          { gateway: '192.0.2.2', dev: 'veth0', weight: 3 },
          { gateway: '192.0.2.3', weight: 256, flags: ['onlink'] },
        ],
      },
    ]);
    expect(routes('-6')).toMatchObject([
      {
        nexthops: [
          { gateway: '2001:db8:9::2', weight: 2 },
          { gateway: '2001:db8:9::3', weight: 1 },
        ],
      },
    ]);
    expect(await removeRoutes(...lines)).toMatchObject([done, done]);
    expect([...routes(), ...routes('-6')]).toEqual([]);
  });

  test('of IPv4 may lead through a gateway of IPv6', async () => {
    const entry = { ...route('10.50.0.0/16 dev veth0'), gateway: address('2001:db8:9::2') };
    expect(results(await ask('addRoutes', [entry]))).toMatchObject([done]);
    expect(routes()).toMatchObject([{ via: { family: 'inet6', host: '2001:db8:9::2' }, scope: 'global' }]);
    expect(results(await ask('removeRoutes', [entry]))).toMatchObject([done]);
    expect(routes()).toEqual([]);
  });

  test('of IPv6 that expire do so', async () => {
    expect(await addRoutes('2001:db8:50::/48 dev veth0 expires 600')).toMatchObject([done]);
    expect(ip('-6', 'route', 'show', '2001:db8:50::/48')).toMatch(/expires (600|599)sec/);
    expect(await removeRoutes('2001:db8:50::/48 dev veth0 expires 600')).toMatchObject([done]);
  });

  test('that lead through one another come in order and go in the opposite one', async () => {
    const lines = ['10.60.0.0/24 dev veth0', '10.61.0.0/16 via 10.60.0.1'];
    expect(await addRoutes(...lines)).toMatchObject([done, done]);
    expect(await removeRoutes(...lines)).toMatchObject([done, done]);
  });

  test('go although their metrics have changed since', async () => {
    await addRoutes('10.50.0.0/16 via 192.0.2.2 mtu 1400');
    expect(await removeRoutes('10.50.0.0/16 via 192.0.2.2 mtu 1300')).toMatchObject([done]);
    expect(routes()).toEqual([]);
  });

  test('that are refused, or name what is not there, say so and hold nothing up', async () => {
    const [gateway, device, table, good] = await addRoutes(
      '10.50.0.0/16 via 198.51.100.1',
      '10.51.0.0/16 dev eth7',
      '10.52.0.0/16 dev veth0 table blue',
      '10.53.0.0/16 dev veth0',
    );
    expect(gateway?.error).toMatch(/^RTM_NEWROUTE 10\.50\.0\.0\/16 via 198\.51\.100\.1: ENETUNREACH/);
    expect(device?.error).toBe('RTM_NEWROUTE 10.51.0.0/16 dev eth7: ENODEV (there is no interface eth7)');
    expect(table?.error).toBe(
      'RTM_NEWROUTE 10.52.0.0/16 dev veth0 table blue: ENOENT (no routing table is called "blue" in /etc/iproute2/rt_tables)',
    );
    expect(good).toMatchObject(done);
    expect(await removeRoutes('10.51.0.0/16 dev eth7')).toMatchObject([{ alreadySo: true }]);
  });

  test('go before one with the same destination, or after it, or not at all', async () => {
    await addRoutes('10.50.0.0/16 via 192.0.2.2');
    expect(await addRoutes('10.50.0.0/16 via 192.0.2.3', '10.50.0.0/16 via 192.0.2.4')).toMatchObject([
      done,
      done,
    ]);
    expect(await addRoutes('append 10.50.0.0/16 via 192.0.2.5')).toMatchObject([done]);
    expect(routes().map((one) => one['gateway'])).toEqual([
      '192.0.2.4',
      '192.0.2.3',
      '192.0.2.2',
      '192.0.2.5',
    ]);
    const [other] = await addRoutes('add 10.50.0.0/16 via 192.0.2.6');
    expect(other?.error).toMatch(/EEXIST/);
    expect(await addRoutes('add 10.50.0.0/16 via 192.0.2.2')).toMatchObject([{ alreadySo: true }]);
  });

  test('more than one datagram holds are all added and all removed', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) => `10.${100 + (index >> 8)}.${index & 255}.0/24 via 192.0.2.2`,
    );
    expect((await addRoutes(...lines)).filter((one) => one.error !== undefined || one.alreadySo)).toEqual([]);
    expect(routes()).toHaveLength(300);
    expect((await removeRoutes(...lines)).filter((one) => one.error !== undefined)).toEqual([]);
    expect(routes()).toEqual([]);
  });
});

describe('rules', () => {
  test.each([
    ['from 10.1.0.0/24 table 100 preference 10', { priority: 10, src: '10.1.0.0', srclen: 24, table: '100' }],
    ['to 10.2.0.1 lookup main preference 11', { dst: '10.2.0.1', table: 'main' }],
    ['not from 10.1.0.0/24 table 70000 preference 12', { not: null, table: '70000' }],
    [
      'from all iif veth0 oif lo fwmark 5/0xff table 100 preference 13',
      { iif: 'veth0', oif: 'lo', fwmark: '0x5', fwmask: '0xff' },
    ],
    [
      'from all ipproto tcp dport 80-90 sport 5-9 prohibit preference 14',
      { ipproto: 'tcp', dport_start: 80, dport_end: 90, sport_start: 5, action: 'prohibit' },
    ],
    ['from all uidrange 5-9 tos 0x10 table 100 preference 15', { uid_start: 5, uid_end: 9, tos: '0x10' }],
    [
      'from all suppress_prefixlength 0 suppress_ifgroup 3 table main preference 16',
      { suppress_prefixlen: 0, suppress_ifgroup: '3' },
    ],
    ['from 10.1.0.0/24 goto 500 preference 17', { goto: 500 }],
    ['from 10.1.0.0/24 nop preference 18', { nop: null }],
    ['from 10.1.0.0/24 unreachable preference 19', { action: 'unreachable' }],
    ['from 10.1.0.0/24 blackhole preference 20', { action: 'blackhole' }],
    ['l3mdev preference 21', { l3mdev: null }],
    ['from all tunnel-id 77 table 100 preference 22', { tun_id: 77 }],
    ['inet6 from 2001:db8:5::/48 table 100 preference 23', { src: '2001:db8:5::', srclen: 48, table: '100' }],
    ['inet6 l3mdev preference 24', { l3mdev: null }],
  ] as const)('%s', async (line, shown) => {
    const family = line.startsWith('inet6') ? '-6' : '-4';
    expect(await addRules(line)).toMatchObject([done]);
    expect(rules(family)).toMatchObject([shown]);
    expect(await addRules(line)).toMatchObject([{ alreadySo: true }]);
    expect(await removeRules(line)).toMatchObject([done]);
    expect(rules(family)).toEqual([]);
    expect(await removeRules(line)).toMatchObject([{ alreadySo: true }]);
  });

  test('without a preference have one from 16384 down, by their family, and always the same', async () => {
    const lines = [
      'from 10.1.0.0/24 table 100',
      'to 10.2.0.0/24 table 100',
      'from 2001:db8:5::/48 table 100',
    ];
    const preferences = (await addRules(...lines)).map((one) => one.preference);
    expect(preferences).toEqual([16384, 16383, 16384]);
    expect(rules().map((one) => one['priority'])).toEqual([16383, 16384]);
    expect((await addRules(...lines)).map((one) => one.alreadySo)).toEqual([true, true, true]);
    expect(await removeRules(...lines)).toMatchObject([done, done, done]);
    expect([...rules(), ...rules('-6')]).toEqual([]);
  });

  test('that name a table nobody knows say so', async () => {
    const [unknown] = await addRules('from 10.1.0.0/24 table blue preference 10');
    expect(unknown?.error).toContain('no routing table is called "blue"');
  });
});

describe('a watcher of routes and rules', () => {
  let watcher: Program;
  beforeAll(async () => {
    watcher = new Program(pair.left, 'link-watcher.ts', { args: { watchRoutes: true } });
    await watcher.line('ready');
  });
  afterAll(() => watcher.stop());

  test('is told of those that somebody takes away, if they are ours', async () => {
    await addRoutes('10.50.0.0/16 via 192.0.2.2 metric 5', '2001:db8:50::/48 dev veth0');
    await addRules('from 10.1.0.0/24 table 100 preference 10');
    ip('route', 'add', '10.99.0.0/16', 'dev', 'veth0');
    ip('route', 'del', '10.99.0.0/16');
    ip('route', 'del', '10.50.0.0/16');
    ip('-6', 'route', 'del', '2001:db8:50::/48');
    ip('rule', 'del', 'preference', '10');
    expect((await watcher.line('routeRemoved', 1))['route']).toMatchObject({
      family: 4,
      destination: '10.50.0.0',
      prefixLength: 16,
      table: 254,
      metric: 5,
      gateway: '192.0.2.2',
    });
    expect((await watcher.line('routeRemoved', 2))['route']).toMatchObject({ destination: '2001:db8:50::' });
    expect((await watcher.line('ruleRemoved'))['rule']).toMatchObject({
      preference: 10,
      from: '10.1.0.0/24',
    });
  });
});
