import { describe, expect, it } from 'vitest';
import { parseText, summary } from './parse-helpers.ts';

type RouteList = 'static_routes' | 'static_rules';

function textOf(list: RouteList, lines: readonly string[]): string {
  return `${list} {\n${lines.join('\n')}\n}\n`;
}

/** What the line means, or undefined where it is refused. */
function read(list: RouteList, line: string): unknown {
  return parseText(textOf(list, [line])).values.entries(list)[0]?.value;
}

/** What is said of the line besides that holdfast does not act on the list yet. */
function messages(list: RouteList, line: string): readonly string[] {
  return parseText(textOf(list, [line]))
    .diagnostics.filter(({ code }) => code !== 'not-acted-on')
    .map(({ message }) => message);
}

const plainRoute = {
  type: 'unicast',
  mode: 'prepend',
  metrics: {},
  onlink: false,
  nexthops: [],
  noTrack: false,
};

describe('a line of static_routes', () => {
  it('is a destination with a gateway and an interface', () => {
    expect(read('static_routes', '192.0.2.0/24 via 198.51.100.1 dev eth0 metric 10 table main')).toEqual({
      ...plainRoute,
      family: 4,
      destination: { address: '192.0.2.0', prefixLength: 24 },
      gateway: '198.51.100.1',
      device: 'eth0',
      metric: 10,
      table: 254,
    });
  });

  it('may be the default route, of IPv6 as its gateway is', () => {
    expect(read('static_routes', 'default via 2001:db8::1 dev eth0 pref high expires 30')).toEqual({
      ...plainRoute,
      family: 6,
      destination: 'default',
      gateway: '2001:db8::1',
      device: 'eth0',
      preference: 'high',
      expiresSeconds: 30,
    });
  });

  it('holds metrics, locked or not, with units as written', () => {
    const line =
      '192.0.2.0/24 dev eth0 mtu lock 1400 advmss 1360 rtt 10ms rto_min lock 1s features ecn congctl lock reno';
    expect(read('static_routes', line)).toMatchObject({
      metrics: {
        mtu: { value: 1400, lock: true },
        advmss: { value: 1360, lock: false },
        rtt: { value: { value: 10, unit: 'ms' }, lock: false },
        rto_min: { value: { value: 1, unit: 's' }, lock: true },
        ecn: true,
        congctl: { value: 'reno', lock: true },
      },
    });
  });

  it('has as many next hops as are named, each with its own options', () => {
    const line =
      '192.0.2.0/24 nexthop via 198.51.100.1 dev eth0 weight 2 nexthop via 198.51.100.2 dev eth1 onlink table 100';
    expect(read('static_routes', line)).toMatchObject({
      table: 100,
      nexthops: [
        { gateway: '198.51.100.1', device: 'eth0', weight: 2, onlink: false },
        { gateway: '198.51.100.2', device: 'eth1', onlink: true },
      ],
    });
  });

  it('may go through a tunnel, whose options end where those of the route go on', () => {
    const line = '192.0.2.0/24 dev eth0 encap ip id 1 dst 198.51.100.9 ttl 3 metric 5';
    expect(read('static_routes', line)).toMatchObject({
      metric: 5,
      encapsulation: { type: 'ip', tunnel: { id: 1, destination: '198.51.100.9', ttl: 3 } },
    });
    expect(read('static_routes', '192.0.2.0/24 dev eth0 encap mpls 100/200')).toMatchObject({
      encapsulation: { type: 'mpls', labels: [100, 200] },
    });
  });

  it.each([
    ['a word that is no option', '192.0.2.0/24 dev eth0 metirc 5', '"metric"'],
    [
      'a bad value',
      '192.0.2.0/24 dev eth0 metric x',
      'a whole number from 0 to 4294967295 after "metric", found "x"',
    ],
    ['no destination', 'dev eth0', 'given a destination'],
    [
      'a name as its destination',
      'host.example dev eth0',
      'given a destination such as 192.0.2.0/24, found "host',
    ],
    ['two destinations', '192.0.2.0/24 198.51.100.0/24 dev eth0', 'found "198.51.100.0/24"'],
    ['two families', '192.0.2.0/24 via 2001:db8::1 dev eth0', 'of IPv4 or of IPv6 alone'],
    ['an option of IPv6 on IPv4', '192.0.2.0/24 dev eth0 pref high', 'of IPv6 to have "pref"'],
    [
      'a weight out of range',
      '192.0.2.0/24 nexthop via 198.51.100.1 dev eth0 weight 257',
      'from 1 to 256 as "weight"',
    ],
    ['a tunnel without an end', '192.0.2.0/24 dev eth0 encap ip ttl 3', '"id" or "dst"'],
  ])('with %s is refused as a whole, and the message names it', (_, line, part) => {
    expect(read('static_routes', line)).toBeUndefined();
    expect(messages('static_routes', line)).toEqual([expect.stringContaining(part)]);
  });

  it('is told of old words, which still count', () => {
    const line = '192.0.2.0/24 gw 198.51.100.1 or 198.51.100.2 dev eth0';
    expect(read('static_routes', line)).toMatchObject({
      gateway: '198.51.100.1',
      nexthops: [{ gateway: '198.51.100.2' }],
    });
    expect(messages('static_routes', line)).toEqual([
      expect.stringContaining('an old word for "via"'),
      expect.stringContaining('an old word for "nexthop via"'),
    ]);
  });

  it('without an interface is kept and told of, unless it is not to be watched', () => {
    const line = '192.0.2.0/24 via 198.51.100.1';
    expect(read('static_routes', line)).toMatchObject({ gateway: '198.51.100.1' });
    expect(messages('static_routes', line)).toEqual([expect.stringContaining('names no interface')]);
    expect(messages('static_routes', `${line} no_track`)).toEqual([]);
  });

  it('with interfaces for its next hops alone is told of too', () => {
    const line = '192.0.2.0/24 nexthop via 198.51.100.1 dev eth0 nexthop via 198.51.100.2 dev eth1';
    expect(messages('static_routes', line)).toEqual([
      expect.stringContaining('names no interface of its own'),
    ]);
  });

  it('keeps a protocol of its own only when it is not watched', () => {
    expect(read('static_routes', '192.0.2.0/24 dev eth0 protocol bird')).not.toHaveProperty('protocol');
    expect(messages('static_routes', '192.0.2.0/24 dev eth0 protocol bird')).toEqual([
      expect.stringContaining('set to keepalived instead of bird'),
    ]);
    for (const kept of ['protocol bird no_track', 'protocol keepalived', 'protocol 18']) {
      expect(messages('static_routes', `192.0.2.0/24 dev eth0 ${kept}`)).toEqual([]);
    }
    expect(read('static_routes', '192.0.2.0/24 dev eth0 protocol bird no_track')).toMatchObject({
      protocol: 'bird',
    });
  });

  it('of virtual_routes belongs to no track_group', () => {
    const line = '192.0.2.0/24 dev eth0 track_group name';
    const [said] = messages('static_routes', line);
    expect(said).toContain('there is no track_group name');
    const inInstance = parseText(`vrrp_instance A {\nvirtual_routes {\n${line}\n}\n}\n`);
    expect(summary(inInstance)).toContain('error invalid-value: track_group');
  });
});

describe('a line of static_rules', () => {
  it('selects packets and says what is done with them', () => {
    const line =
      'from 192.0.2.0/24 to all fwmark 0x1/0xff iif eth0 sport 1024-65535 ipproto tcp table 100 priority 10';
    expect(read('static_rules', line)).toEqual({
      invert: false,
      noTrack: false,
      family: 4,
      from: { address: '192.0.2.0', prefixLength: 24 },
      to: 'all',
      fwmark: { mark: 1, mask: 255 },
      inputInterface: 'eth0',
      sourcePorts: { first: 1024, last: 65_535 },
      ipProtocol: 'tcp',
      preference: 10,
      action: { kind: 'table', table: 100 },
    });
  });

  it.each([
    ['from all goto 500 preference 10', { kind: 'goto', preference: 500 }],
    ['iif eth0 l3mdev preference 10', { kind: 'l3mdev' }],
    ['from all blackhole preference 10', { kind: 'blackhole' }],
    ['from all lookup local preference 10', { kind: 'table', table: 255 }],
  ])('%s', (line, action) => {
    expect(read('static_rules', line)).toMatchObject({ action });
  });

  it.each([
    ['no action', 'from all preference 10', 'given one action'],
    ['two actions', 'from all table 100 unreachable preference 10', 'given one action'],
    [
      'two families',
      'from 192.0.2.0/24 to 2001:db8::/64 table 100 preference 10',
      'of IPv4 or of IPv6 alone',
    ],
    ['a goto backwards', 'from all goto 5 preference 10', 'of a lower preference'],
    ['a single port', 'sport 80 table 100 preference 10', 'after "sport", found "80"'],
    ['table 0', 'from all table 0 preference 10', 'after "table", found "0"'],
  ])('with %s is refused as a whole, and the message names it', (_, line, part) => {
    expect(read('static_rules', line)).toBeUndefined();
    expect(messages('static_rules', line)).toEqual([expect.stringContaining(part)]);
  });

  it('without a preference is kept and told of', () => {
    expect(read('static_rules', 'from all table 100')).toMatchObject({ action: { table: 100 } });
    expect(messages('static_rules', 'from all table 100')).toEqual([
      expect.stringContaining('has no preference'),
    ]);
  });

  it('keeps a protocol of its own only when it is not watched', () => {
    expect(messages('static_rules', 'from all table 100 preference 10 protocol 5')).toEqual([
      expect.stringContaining('the protocol of this rule is set to keepalived instead of 5'),
    ]);
    expect(read('static_rules', 'from all table 100 preference 10 protocol 5 no_track')).toMatchObject({
      protocol: 5,
    });
  });
});
