/** What each keyword about addresses, routes and rules changes in what a Master holds. */
import { describe, expect, test } from 'vitest';
import { placeInstance } from '../../../src/vrrp/index.ts';
import { blockOf } from '../../config-parser/parse-helpers.ts';
import type { Instance } from '../instances.ts';
import { becameMaster, configured, started } from './configured.ts';

const excluded = (...lines: readonly string[]) => blockOf('virtual_ipaddress_excluded', ...lines);
const route = blockOf('virtual_routes', '198.51.100.0/24 via 192.0.2.1 dev eth0');
const rule = blockOf('virtual_rules', 'from 192.0.2.0/24 table 100 preference 10');

function effectOf<Kind extends string>(instance: Instance, kind: Kind) {
  return instance.effects.find((effect) => effect.kind === kind);
}

describe('a new Master', () => {
  test('adds and announces virtual_ipaddress and virtual_ipaddress_excluded alike', () => {
    const instance = becameMaster(excluded('192.0.2.11/24 dev eth1 label eth1:v'));
    const held = [
      { address: '192.0.2.10', interface: 'eth0' },
      { address: '192.0.2.11', interface: 'eth1', label: 'eth1:v' },
    ];
    expect(effectOf(instance, 'addAddresses')).toMatchObject({ addresses: held });
    expect(effectOf(instance, 'sendGratuitousArp')).toMatchObject({ addresses: held });
  });

  test('adds virtual_routes and virtual_rules, and takes them away in the end', () => {
    const instance = becameMaster(`${route}\n${rule}`);
    const both = { routes: [{ device: 'eth0' }], rules: [{ preference: 10 }] };
    expect(effectOf(instance, 'addRoutes')).toMatchObject(both);
    instance.on({ kind: 'shutdown', atOnce: true }, 101_000);
    expect(effectOf(instance, 'removeRoutes')).toMatchObject(both);
  });

  test('puts routes back that somebody took away', () => {
    const instance = becameMaster(route);
    instance.on({ kind: 'routesDeleted', what: 'a route' }, 101_000);
    expect(instance.kinds).toEqual(['addRoutes', 'report routesRestored']);
  });

  test('leaves those with no_track away that went with them', () => {
    const more = blockOf('virtual_routes', '198.51.101.0/24 dev eth0 no_track');
    const instance = becameMaster(`${route}\n${more}\n${rule} `);
    expect(effectOf(instance, 'addRoutes')).toMatchObject({ routes: [{}, {}], rules: [{}] });
    instance.on({ kind: 'routesDeleted', what: 'a route' }, 101_000);
    expect(effectOf(instance, 'addRoutes')).toMatchObject({
      routes: [{ destination: { address: '198.51.100.0' } }],
      rules: [{}],
    });
  });
});

test('a Backup holds nothing of it', () => {
  expect(started(`${route}\n${rule}`).kinds).toEqual(['Initialize -> Backup: startup']);
});

describe('an address that somebody takes away', () => {
  const afterRemovalOf = (line: string) => {
    const instance = becameMaster(excluded(line));
    const address = instance.config.excludedAddresses[0];
    if (address === undefined) throw new Error('the line was refused');
    instance.on({ kind: 'addressDeleted', address }, 101_000);
    return instance.kinds;
  };

  test('is put back', () => {
    expect(afterRemovalOf('192.0.2.11/24')).toContain('addAddresses');
  });

  test('stays away with no_track', () => {
    expect(afterRemovalOf('192.0.2.11/24 no_track')).toEqual([]);
  });
});

describe('where the addresses are held', () => {
  const placeOf = (lines: string, globals = '') => {
    const { config, links } = placeInstance(configured(lines, globals));
    const addresses = [...config.virtualAddresses, ...config.excludedAddresses];
    return {
      at: addresses.map((address) => address.interface),
      links: links.map(({ link, base }) => `${link.kind} ${link.name} on ${base}`),
    };
  };

  test('is the interface, or what dev says', () => {
    expect(placeOf(excluded('192.0.2.11 dev eth1'))).toEqual({ at: ['eth0', 'eth1'], links: [] });
  });

  test.each([
    ['use_vmac', '', 'vrrp.51'],
    ['use_vmac vip0', '', 'vip0'],
    ['use_vmac name vip0', '', 'vip0'],
    ['use_vmac', 'vmac_prefix ha', 'ha.51'],
  ])('with %j beside %j is the macvlan %s', (line, globals, name) => {
    expect(placeOf(line, globals)).toEqual({ at: [name], links: [`macvlan ${name} on eth0`] });
  });

  test('with use_vmac_addr are macvlans on other interfaces too', () => {
    const { at, links } = placeOf(`use_vmac\nuse_vmac_addr\n${excluded('192.0.2.11 dev eth1')}`);
    expect(at).toEqual(['vrrp.51', 'vrrp.51.1']);
    expect(links).toEqual(['macvlan vrrp.51 on eth0', 'macvlan vrrp.51.1 on eth1']);
  });

  test('with use_vmac at one address is a macvlan for that one alone', () => {
    const lines = excluded('192.0.2.11 dev eth1 use_vmac', '192.0.2.12 dev eth2');
    expect(placeOf(`use_vmac\n${lines}`).at).toEqual(['vrrp.51', 'vrrp.51.1', 'eth2']);
  });

  test('with use_ipvlan stays the interface', () => {
    expect(placeOf('use_ipvlan ipv0 192.0.2.5')).toEqual({ at: ['eth0'], links: ['ipvlan ipv0 on eth0'] });
  });
});
