import { describe, expect, it } from 'vitest';
import { prefixText } from '../../src/lint/rules/pair/network.ts';
import { vrrpAddressesRules } from '../../src/lint/rules/vrrp/addresses/index.ts';
import { address } from '../../src/net/address.ts';
import { findingsOf } from './rule-harness.ts';

/** What one rule says of a configuration. */
function said(name: string, text: string) {
  const rule = vrrpAddressesRules.find((candidate) => candidate.name === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return findingsOf(rule, text).filter((finding) => finding.rule === name);
}

function messages(name: string, text: string): readonly string[] {
  return said(name, text).map(({ message }) => message);
}

interface Instance {
  readonly name?: string;
  readonly vrid?: number;
  readonly device?: string;
  readonly lines?: readonly string[];
  readonly held?: readonly string[];
  readonly excluded?: readonly string[];
}

function instance({ name = 'VI_1', vrid = 7, device = 'eth0', lines = [], ...lists }: Instance): string {
  const list = (keyword: string, entries: readonly string[] = []) =>
    entries.length === 0 ? [] : [`${keyword} {`, ...entries, '}'];
  const body = [
    `interface ${device}`,
    `virtual_router_id ${vrid}`,
    ...lines,
    ...list('virtual_ipaddress', lists.held),
    ...list('virtual_ipaddress_excluded', lists.excluded),
  ];
  return `vrrp_instance ${name} {\n${body.join('\n')}\n}\n`;
}

function numbered(count: number, of: (number: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => of(index + 1));
}

describe('vrrp/vip-outside-subnet', () => {
  const rule = 'vrrp/vip-outside-subnet';

  it('compares with static_ipaddress of the same interface before other virtual addresses', () => {
    const statics = 'static_ipaddress {\n192.0.2.1/24 dev eth0\n}\n';
    expect(messages(rule, statics + instance({ held: ['198.51.100.10/24'] }))).toEqual([
      '198.51.100.10/24 lies outside of 192.0.2.0/24, the network of eth0: its neighbours there will not find it',
    ]);
    expect(messages(rule, statics + instance({ device: 'eth1', held: ['198.51.100.10/24'] }))).toEqual([]);
  });

  it('takes eth0, or default_interface, for a static address without dev', () => {
    const statics = 'static_ipaddress {\n192.0.2.1/24\n}\n';
    const config = statics + instance({ held: ['198.51.100.10/24'] });
    expect(messages(rule, config)).toHaveLength(1);
    expect(messages(rule, `global_defs {\ndefault_interface eth1\n}\n${config}`)).toEqual([]);
  });

  it('tells a further network once, however many addresses lie in it', () => {
    const held = ['192.0.2.10/24', ...numbered(9, (n) => `198.51.100.${n}/24`), '203.0.113.1/24'];
    expect(said(rule, instance({ held }))).toHaveLength(2);
  });

  it('accepts networks that overlap and single addresses inside', () => {
    expect(messages(rule, instance({ held: ['192.0.2.200/25', '192.0.2.10/24', '192.0.2.11/32'] }))).toEqual(
      [],
    );
  });

  it('knows no network from single addresses alone', () => {
    expect(messages(rule, instance({ held: ['192.0.2.10/32', '198.51.100.10'] }))).toEqual([]);
  });

  it('compares each family and each interface by itself, and link-local addresses with nothing', () => {
    const held = ['fe80::10/64', '2001:db8::10/64', 'fe80::11/64'];
    const excluded = ['192.0.2.10/24', '198.51.100.10/24 dev eth1'];
    expect(messages(rule, instance({ held, excluded }))).toEqual([]);
  });
});

describe('vrrp/duplicate-vip-across-instances', () => {
  const rule = 'vrrp/duplicate-vip-across-instances';

  it('sees an address that another instance holds without advertising it, written in another way', () => {
    const config =
      instance({ held: ['fe80::1/64'], excluded: ['2001:db8::10/64'] }) +
      instance({ name: 'VI_2', vrid: 8, held: ['fe80::2/64', '2001:0db8:0::0010/128'] });
    expect(messages(rule, config)).toHaveLength(1);
  });

  it('allows one link-local address on two interfaces and not on one', () => {
    const other = (device: string) => instance({ name: 'VI_2', vrid: 8, device, held: ['fe80::1/64'] });
    expect(messages(rule, instance({ held: ['fe80::1/64'] }) + other('eth1'))).toEqual([]);
    expect(messages(rule, instance({ held: ['fe80::1/64'] }) + other('eth0'))).toHaveLength(1);
  });

  it('says nothing of a second block of the same name, which does not count', () => {
    const one = instance({ held: ['192.0.2.10/24'] });
    expect(messages(rule, one + one)).toEqual([]);
  });
});

describe('vrrp/vip-equals-interface-address', () => {
  const rule = 'vrrp/vip-equals-interface-address';

  it('knows the source of another instance too', () => {
    const config =
      instance({ lines: ['unicast_src_ip 192.0.2.1'], held: ['192.0.2.10/24'] }) +
      instance({ name: 'VI_2', vrid: 8, held: ['192.0.2.1/24'] });
    expect(messages(rule, config)).toEqual([
      '192.0.2.1 is the address that VI_1 advertises from: this host loses it when VI_2 steps down',
    ]);
  });

  it('knows the addresses of peers', () => {
    const lines = ['unicast_src_ip 192.0.2.1', 'unicast_peer {\n192.0.2.2\n}'];
    expect(messages(rule, instance({ lines, held: ['192.0.2.2/24'] }))).toEqual([
      '192.0.2.2 is the own address of a peer of VI_1: two hosts will answer for it',
    ]);
  });

  it('lets a Master with a macvlan of its own send from the virtual address', () => {
    const lines = ['use_vmac', 'mcast_src_ip 192.0.2.10'];
    expect(messages(rule, instance({ lines, held: ['192.0.2.10/24'] }))).toEqual([]);
  });
});

describe('the number of addresses', () => {
  it('is worth a word from 21 on, with the size of the packet by family and version', () => {
    const rule = 'vrrp/excluded-but-needed';
    const four = (count: number, lines: readonly string[] = []) =>
      messages(rule, instance({ lines, held: numbered(count, (n) => `192.0.2.${n}/24`) }));
    expect(four(20)).toEqual([]);
    expect(four(21)[0]).toContain('36 + 21 x 4 = 120 bytes');
    expect(four(21, ['version 3'])[0]).toContain('28 + 21 x 4 = 112 bytes');
    const six = numbered(20, (n) => `2001:db8::${n}/64`);
    const [message] = messages(rule, instance({ held: ['fe80::1/64', ...six] }));
    expect(message).toContain('48 + 21 x 16 = 384 bytes');
  });

  it('fits into an Ethernet packet up to 89 of IPv6, and is no matter for IPv4', () => {
    const rule = 'vrrp/vips-beyond-mtu';
    const six = (count: number) => instance({ held: numbered(count, (n) => `fe80::${n}/64`) });
    expect(messages(rule, six(89))).toEqual([]);
    expect(messages(rule, six(90))).toHaveLength(1);
    expect(messages(rule, six(256))).toEqual([]);
    expect(messages(rule, instance({ held: numbered(200, (n) => `192.0.2.${n}/24`) }))).toEqual([]);
  });
});

describe('vrrp/v6-first-vip-not-link-local', () => {
  it('is an error in strict mode', () => {
    const held = ['2001:db8::10/64'];
    const levels = (lines: readonly string[]) =>
      said('vrrp/v6-first-vip-not-link-local', instance({ lines, held })).map(({ level }) => level);
    expect(levels([])).toEqual(['warn']);
    expect(levels(['strict_mode on'])).toEqual(['error']);
  });

  it('takes all of fe80::/10 for link-local and nothing beside it', () => {
    const first = (text: string) => said('vrrp/v6-first-vip-not-link-local', instance({ held: [text] }));
    expect(first('febf::1/64')).toEqual([]);
    expect(first('fec0::1/64')).toHaveLength(1);
  });
});

describe('vrrp/no-virtual-address', () => {
  it('says that version 3 does not start and that version 2 elects for nothing', () => {
    expect(messages('vrrp/no-virtual-address', instance({}))[0]).toContain('the Master holds nothing');
    expect(messages('vrrp/no-virtual-address', instance({ lines: ['version 3'] }))[0]).toContain(
      'does not start',
    );
  });
});

describe('vrrp/vip-entry-invalid', () => {
  it('has what is wrong in static_ipaddress too, and not a second address on a line', () => {
    const rule = 'vrrp/vip-entry-invalid';
    expect(messages(rule, `static_ipaddress {\n192.0.2.300/24\n}\n`)).toHaveLength(1);
    expect(messages(rule, instance({ held: ['192.0.2.10/24 192.0.2.11/24'] }))).toEqual([]);
    expect(messages(rule, instance({ held: ['192.0.2.10/24 frob'] }))).toHaveLength(1);
  });

  it('leaves a wrong value elsewhere in the instance to others', () => {
    const config = instance({ lines: ['advert_int x'], held: ['192.0.2.10/24'] });
    expect(messages('vrrp/vip-entry-invalid', config)).toEqual([]);
  });
});

describe('vrrp/garp-interval-long', () => {
  it('multiplies the largest burst of an instance with the interval', () => {
    const globals = 'global_defs {\nvrrp_garp_interval 1.5\nvrrp_garp_master_repeat 2\n}\n';
    const config =
      globals + instance({ held: ['192.0.2.10/24', '192.0.2.11/24'], excluded: ['192.0.2.12/24'] });
    expect(messages('vrrp/garp-interval-long', config)[0]).toContain('6 x 1.5 = 9 s');
  });

  it('looks at garp_group too, and lets less than a second be', () => {
    const group = (interval: string) => `garp_group {\ngarp_interval ${interval}\ninterface eth0\n}\n`;
    const config = instance({ held: ['192.0.2.10/24'] });
    expect(messages('vrrp/garp-interval-long', group('1') + config)).toHaveLength(1);
    expect(messages('vrrp/garp-interval-long', group('0.999') + config)).toEqual([]);
  });
});

describe('vrrp/vip-vmac-clash', () => {
  it('sees two instances that take their MAC to the same third interface', () => {
    const config = (vrid: number) =>
      instance({ held: ['192.0.2.10/24 dev eth2 use_vmac'] }) +
      instance({ name: 'VI_2', vrid, device: 'eth1', held: ['198.51.100.10/24 dev eth2 use_vmac'] });
    expect(said('vrrp/vip-vmac-clash', config(7))).toHaveLength(1);
    expect(said('vrrp/vip-vmac-clash', config(8))).toEqual([]);
  });
});

describe('prefixText', () => {
  it.each([
    ['192.0.2.213', 24, '192.0.2.0/24'],
    ['192.0.2.213', 26, '192.0.2.192/26'],
    ['192.0.2.213', 32, '192.0.2.213/32'],
    ['192.0.2.213', 0, '0.0.0.0/0'],
    ['2001:db8:1:2::1', 47, '2001:db8::/47'],
  ] as const)('puts %s with %i bits into %s', (text, length, network) => {
    expect(prefixText(address(text), length)).toBe(network);
  });
});
