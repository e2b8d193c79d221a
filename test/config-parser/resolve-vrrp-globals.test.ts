import { describe, expect, it } from 'vitest';
import type { VrrpGlobals } from '../../src/config-parser/config.ts';
import { emptyConfig } from './empty-config.ts';
import { blockOf, instanceWith, parseText } from './parse-helpers.ts';

function globalsOf(...lines: readonly string[]): VrrpGlobals {
  return parseText(blockOf('global_defs', ...lines)).config.globalDefs.vrrp;
}

describe('a file that says nothing', () => {
  it('has the defaults of keepalived', () => {
    expect(emptyConfig()).toEqual({
      globalDefs: {
        processes: {
          vrrp: { lockMemory: false },
          checker: { lockMemory: false },
          bfd: { lockMemory: false },
        },
        lvs: { flush: false, flushOnStop: 'off', notifiesInitialState: false },
        vrrp: {
          startupDelayMs: 0,
          delayAfterBootMs: 0,
          dynamicInterfaces: 'fixed',
          logUnknownVrids: false,
          disableLocalIgmp: false,
          garpIntervalMs: 0,
          gnaIntervalMs: 0,
          garpGroups: [],
          interfaceDelays: [],
          firewall: { table: 'keepalived', priority: -1, counters: false, byInterfaceIndex: false },
        },
        notify: {
          fifos: [],
          writesStatesOnReload: false,
          scripts: { refusesWritable: false, useSymlinkPaths: false, setSupplementaryGroups: false },
        },
      },
      vrrpInstances: [],
      syncGroups: [],
      trackers: { scripts: [], files: [], processes: [], bfds: [] },
      staticItems: { addresses: [], routes: [], rules: [] },
      virtualServers: [],
    });
  });
});

describe('global_defs of VRRP', () => {
  it.each<[string, object]>([
    ['vrrp_startup_delay 1.5', { startupDelayMs: 1500 }],
    ['vrrp_delay_after_boot 60', { delayAfterBootMs: 60_000 }],
    ['dynamic_interfaces', { dynamicInterfaces: 'dynamic' }],
    ['dynamic_interfaces allow_if_changes', { dynamicInterfaces: 'may-change-kind' }],
    ['log_unknown_vrids', { logUnknownVrids: true }],
    ['disable_local_igmp', { disableLocalIgmp: true }],
    ['vrrp_garp_interval 0.001\nvrrp_gna_interval 0.000001', { garpIntervalMs: 1, gnaIntervalMs: 0.001 }],
    ['nftables', { firewall: { table: 'keepalived' } }],
    ['nftables hf\nnftables_priority -5', { firewall: { table: 'hf', priority: -5 } }],
    ['nftables_counters\nnftables_ifindex', { firewall: { counters: true, byInterfaceIndex: true } }],
  ])('with %j are as they say', (lines, expected) => {
    expect(globalsOf(lines)).toMatchObject(expected);
  });

  it('are acted on: nothing is said of them', () => {
    expect(parseText(blockOf('global_defs', 'vrrp_strict', 'vrrp_rt_priority 50')).diagnostics).toEqual([]);
  });
});

describe('beside global_defs', () => {
  it('delays of interfaces: the last line of one counts, and up is 0 where it is not written', () => {
    const text = blockOf('interface_up_down_delays', 'eth0 1 2', 'eth1 0.5', 'eth0 3');
    expect(parseText(text).config.globalDefs.vrrp.interfaceDelays).toEqual([
      { interface: 'eth0', downDelayMs: 3000, upDelayMs: 0 },
      { interface: 'eth1', downDelayMs: 500, upDelayMs: 0 },
    ]);
  });

  it.each([
    ['eth0 1.999 1', { downDelayMs: 1999, upDelayMs: 1000 }, []],
    ['eth0 2 1', { downDelayMs: 0, upDelayMs: 1000 }, ['debounce-too-long']],
    ['eth0 1 2', { downDelayMs: 1000, upDelayMs: 0 }, ['debounce-too-long']],
    ['eth1 9 9', { downDelayMs: 9000, upDelayMs: 9000 }, []],
  ])('a delay of %j beside an instance that waits for three adverts is %j', (line, expected, told) => {
    const text = instanceWith() + blockOf('interface_up_down_delays', line);
    const { config, diagnostics } = parseText(text);
    expect(config.globalDefs.vrrp.interfaceDelays).toMatchObject([expected]);
    expect(diagnostics.map(({ code }) => code)).toEqual(told);
  });

  it('a garp_group has its interfaces once each', () => {
    const interfaces = blockOf('interfaces', 'eth1 eth2', 'eth0');
    const text = blockOf('garp_group', 'garp_interval 0.1', 'interface eth0', interfaces);
    expect(parseText(text).config.globalDefs.vrrp.garpGroups).toEqual([
      { interfaces: ['eth0', 'eth1', 'eth2'], garpIntervalMs: 100, gnaIntervalMs: 0 },
    ]);
  });

  it('a garp_group without a pause is left out', () => {
    const { config, diagnostics } = parseText(blockOf('garp_group', 'interface eth0'));
    expect(config.globalDefs.vrrp.garpGroups).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['garp-group-without-delay']);
  });
});

describe('static items', () => {
  const group = `\n${blockOf('track_group T', blockOf('group', 'VI_1 missing'))}\n`;

  it('have their interface from dev, else from default_interface, else eth0', () => {
    const text = blockOf('static_ipaddress', '192.0.2.1/24', '192.0.2.2 dev eth2');
    const interfacesOf = (all: string) =>
      parseText(all).config.staticItems.addresses.map(({ entry }) => entry.interface);
    expect(interfacesOf(text)).toEqual(['eth0', 'eth2']);
    expect(interfacesOf(`global_defs {\ndefault_interface eth9\n}\n${text}`)).toEqual(['eth9', 'eth2']);
  });

  it('name the instances that depend on them', () => {
    const text = [
      instanceWith(),
      group,
      blockOf('static_ipaddress', '192.0.2.1/24 dev eth0 track_group T', '192.0.2.2/24 dev eth0'),
      blockOf('static_routes', '198.51.100.0/24 dev eth0 track_group T'),
      blockOf('static_rules', 'from 192.0.2.0/24 table 100 preference 10 track_group T'),
    ].join('\n');
    const { addresses, routes, rules } = parseText(text).config.staticItems;
    expect([...addresses, ...routes, ...rules].map(({ trackedBy }) => trackedBy)).toEqual([
      ['VI_1'],
      [],
      ['VI_1'],
      ['VI_1'],
    ]);
    expect(addresses[0]?.entry).toEqual({
      address: '192.0.2.1',
      prefixLength: 24,
      interface: 'eth0',
      scope: 0,
    });
    expect(parseText(text).diagnostics.map(({ code }) => code)).toEqual(['track-group-members']);
  });

  it('of a track_group that is not there concern nobody, which is told', () => {
    const { config, diagnostics } = parseText(
      blockOf('static_routes', '192.0.2.0/24 dev eth0 track_group T'),
    );
    expect(config.staticItems.routes[0]?.trackedBy).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-track-group']);
  });
});
