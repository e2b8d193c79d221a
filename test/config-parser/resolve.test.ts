import { describe, expect, it } from 'vitest';
import type { VirtualServerConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { hasFatal, hasSyntaxError, worstSeverity } from '../../src/config-parser/index.ts';
import { instanceWith, onlyInstance, parseFile, parseText, serverWith, summary } from './parse-helpers.ts';

function instance(...lines: readonly string[]): VrrpInstanceConfig {
  return onlyInstance(instanceWith(...lines));
}

function server(...lines: readonly string[]): VirtualServerConfig {
  return onlyServer(serverWith(...lines));
}

function onlyServer(text: string): VirtualServerConfig {
  const [first] = parseText(text).config.virtualServers;
  if (first === undefined) throw new Error('the text has no virtual server');
  return first;
}

function told(...lines: readonly string[]): readonly string[] {
  return summary(parseText(instanceWith(...lines)));
}

describe('a vrrp_instance', () => {
  it('is told of words too many at a place that begins before it ends, also where variables make them', () => {
    const text = `$WORDS=eth0 a\n$MORE=b\n${instanceWith('native_ipv6 $MORE').replace('interface eth0', 'interface $WORDS $MORE')}`;
    const spans = parseText(text).diagnostics.flatMap(({ span }) => span ?? []);
    expect(spans.length).toBeGreaterThan(1);
    for (const { start, end } of spans) expect(start).toBeLessThan(end);
  });

  it('keeps the first command of several, which the message says, and the last of other values', () => {
    const text = instanceWith(
      'notify_master /bin/a',
      'notify_master /bin/b',
      'notify_master /bin/c',
      'advert_int 1',
      'advert_int 2',
    );
    const said = parseText(text).diagnostics.filter(({ code }) => code === 'duplicate-keyword');
    expect(said.map(({ message, notes = [] }) => [message, notes.length])).toEqual([
      [
        '"notify_master" is given more than once in this vrrp_instance; keepalived takes the first one, and reports and ignores what follows',
        2,
      ],
      ['"advert_int" is given more than once in this vrrp_instance; the last one counts', 1],
    ]);
  });

  it('that says nothing more has the defaults of keepalived', () => {
    expect(instance()).toMatchObject({
      initialState: 'BACKUP',
      family: 4,
      version: 2,
      basePriority: 100,
      advertisementIntervalMs: 1000,
      authentication: { type: 'none' },
      preempt: true,
      preemptDelayMs: 0,
      downTimerAdverts: 3,
    });
    expect(told()).toEqual([]);
  });

  it.each<[string, Partial<VrrpInstanceConfig>]>([
    ['state MASTER', { initialState: 'MASTER', basePriority: 255 }],
    ['priority 255', { initialState: 'MASTER', basePriority: 255 }],
    ['priority 300', { basePriority: 100 }],
    ['priority 010', { basePriority: 10 }],
    ['priority +7', { basePriority: 7 }],
    ['priority 0x10', { basePriority: 100 }],
    ['priority 5x', { basePriority: 100 }],
    ['advert_int 2', { advertisementIntervalMs: 2000 }],
    ['advert_int 0.5', { advertisementIntervalMs: 1000 }],
    ['advert_int 0.01', { advertisementIntervalMs: 1000 }],
    ['advert_int 1.4', { advertisementIntervalMs: 1000 }],
    ['advert_int 300', { advertisementIntervalMs: 1000 }],
    ['version 3\nadvert_int 0.01', { version: 3, advertisementIntervalMs: 10 }],
    ['version 3\nadvert_int 0.015', { advertisementIntervalMs: 20 }],
    ['version 3\nadvert_int 50', { advertisementIntervalMs: 40_950 }],
    ['nopreempt', { preempt: false }],
    ['nopreempt\npreempt', { preempt: true }],
    ['preempt\nnopreempt', { preempt: false }],
    ['state MASTER\npriority 100\nnopreempt', { preempt: true }],
    ['preempt_delay 1.5', { preemptDelayMs: 1500 }],
    ['nopreempt\npreempt_delay 5', { preempt: false, preemptDelayMs: 0 }],
    ['state MASTER\nstate BACKUP\npriority 9', { initialState: 'MASTER' }],
    ['state master', { initialState: 'BACKUP' }],
    ['skip_check_adv_addr off', { skipCheckAdvAddr: true }],
    ['lower_prio_no_advert off', { lowerPrioNoAdvert: false }],
    ['higher_prio_send_advert', { higherPrioSendAdvert: true }],
    [
      'authentication {\nauth_type PASS\nauth_pass 123456789\n}',
      { authentication: { type: 'PASS', password: '12345678' } },
    ],
    [
      'authentication {\nauth_type PASS\nauth_pass äöüßx\n}',
      { authentication: { type: 'PASS', password: 'äöüß' } },
    ],
    ['authentication {\nauth_pass x\n}', { authentication: { type: 'none' } }],
    ['version 3\nauthentication {\nauth_type PASS\nauth_pass x\n}', { authentication: { type: 'none' } }],
  ])('with %j means it', (lines, expected) => {
    expect(instance(lines)).toMatchObject(expected);
  });

  it('takes an address out of keepalived notation, with the source and group of advertisements', () => {
    const given = instance('mcast_src_ip 192.0.2.1/24', 'mcast_dst_ip 224.0.0.19');
    expect([given.sourceAddress, given.transport]).toEqual([
      '192.0.2.1',
      { kind: 'multicast', group: '224.0.0.19' },
    ]);
  });

  it('has its garp values from itself, else from global_defs, else from keepalived', () => {
    const global = 'global_defs {\nvrrp_garp_master_delay 7\nvrrp_garp_master_repeat 3\n}\n';
    expect(onlyInstance(global + instanceWith('garp_master_delay 9')).gratuitousArp).toEqual({
      masterDelayMs: 9000,
      masterRepeat: 3,
      masterRefreshMs: 0,
      masterRefreshRepeat: 1,
      lowerPrioDelayMs: 9000,
      lowerPrioRepeat: 3,
      extraInterfaceMs: 0,
      extraInterfaceAll: false,
    });
  });

  it('has global_defs above it even where they stand below it', () => {
    const global = 'global_defs {\nvrrp_version 3\nvrrp_mcast_group4 224.0.0.20\nvrrp_min_garp\n}\n';
    const given = onlyInstance(instanceWith() + global);
    expect(given).toMatchObject({ version: 3, transport: { kind: 'multicast', group: '224.0.0.20' } });
    expect(given.gratuitousArp).toMatchObject({ masterDelayMs: 0, masterRepeat: 1, lowerPrioRepeat: 1 });
  });

  it('with IPv6 addresses speaks version 3, to the group of IPv6', () => {
    const [given] = parseFile('test/config-parser/ok/ipv6.conf').config.vrrpInstances;
    expect(given).toMatchObject({
      family: 6,
      version: 3,
      transport: { kind: 'multicast', group: 'ff02::12' },
      advertisementIntervalMs: 250,
    });
    expect(given?.virtualAddresses.map(({ address }) => address)).toEqual(['fe80::10', '2001:db8::10']);
  });

  it('reads the options of its addresses', () => {
    const [given] = parseFile('test/config-parser/ok/address-options.conf').config.vrrpInstances;
    expect(given?.virtualAddresses).toEqual([
      {
        address: '192.0.2.10',
        prefixLength: 24,
        interface: 'eth1',
        scope: 253,
        label: 'eth1:vip',
        broadcast: '192.0.2.255',
      },
      { address: '192.0.2.11', prefixLength: 24, interface: 'eth0', scope: 0, broadcast: '192.0.2.255' },
      { address: '192.0.2.12', prefixLength: 24, interface: 'eth0', scope: 200, broadcast: '192.0.2.0' },
      { address: '192.0.2.13', prefixLength: 32, interface: 'eth0', scope: 0 },
    ]);
    expect(given?.excludedAddresses).toEqual([
      { address: '2001:db8::10', prefixLength: 64, interface: 'eth0', scope: 0 },
    ]);
  });

  it('may share its VRID with one on another interface or of the other family', () => {
    const other = instanceWith().replace('VI_1', 'VI_2').replace('eth0', 'eth1');
    const six = instanceWith().replace('VI_1', 'VI_6').replace('192.0.2.10/24', 'fe80::1/64');
    expect(summary(parseText(instanceWith() + other + six))).toEqual([]);
  });

  it.each([
    ['virtual_router_id', 'fatal missing-keyword: vrrp_instance VI_1'],
    ['interface', 'fatal missing-keyword: vrrp_instance VI_1'],
  ])('without %s cannot run', (keyword, expected) => {
    const result = parseText(instanceWith().replace(new RegExp(`${keyword} .*`), ''));
    expect(summary(result)).toEqual([expected]);
    expect(hasFatal(result.diagnostics)).toBe(true);
    expect(result.config.vrrpInstances).toEqual([]);
  });

  it('says of a bad VRID what is allowed and what was found', () => {
    const result = parseText(instanceWith().replace('51', '300'));
    expect(result.diagnostics.map(({ message }) => message)).toEqual([
      'virtual_router_id must be a whole number from 1 to 255, found "300"',
    ]);
  });
});

describe('a virtual_server', () => {
  it('passes its timing on to the checks of its servers', () => {
    const given = server(
      'delay_loop 6',
      'connect_timeout 2',
      'retry 4',
      'delay_before_retry 0.5',
      'warmup 1',
    );
    expect(given.realServers[0]?.checkers[0]?.timing).toEqual({
      delayLoopMs: 6000,
      connectTimeoutMs: 2000,
      attemptTimeoutMs: 20_000,
      retry: 4,
      delayBeforeRetryMs: 500,
      warmupMs: 1000,
    });
  });

  it('that says nothing has the timing of keepalived', () => {
    expect(server().realServers[0]?.checkers[0]?.timing).toEqual({
      delayLoopMs: 60_000,
      connectTimeoutMs: 5000,
      attemptTimeoutMs: 60_000,
      retry: 1,
      delayBeforeRetryMs: 1000,
      warmupMs: 60_000,
    });
  });

  it.each<[string, Partial<VirtualServerConfig>]>([
    ['persistence_timeout', { persistence: { timeoutSeconds: 360, prefixLength: 32 } }],
    ['persistence_timeout 50', { persistence: { timeoutSeconds: 50, prefixLength: 32 } }],
    ['persistence_granularity 255.255.255.0', { persistence: { timeoutSeconds: 360, prefixLength: 24 } }],
    ['quorum 5', { quorum: 1 }],
    ['hysteresis 1', { hysteresis: 0 }],
    ['alpha off', { alpha: true }],
    ['lb_algo fastest', { scheduler: 'rr' }],
    ['lb_kind dr', { method: { forwarding: 'NAT' } }],
    ['lb_kind DR', { method: { forwarding: 'DR' } }],
    ['lb_kind TUN type ipip', { method: { forwarding: 'TUN', tunnel: { type: 'ipip' } } }],
    ['lvs_sched sed', { scheduler: 'sed' }],
    [
      'sorry_server 192.0.2.30',
      {
        sorryServer: {
          address: '192.0.2.30',
          port: 80,
          method: { forwarding: 'NAT' },
          inhibit: false,
        } as never,
      },
    ],
  ])('with %j means it', (line, expected) => {
    expect(server(line)).toMatchObject(expected);
  });

  it('without protocol, scheduler and forwarding method takes UDP, wlc and NAT, and says so', () => {
    const result = parseText('virtual_server 192.0.2.10 80 {\nreal_server 192.0.2.20 80 {\n}\n}\n');
    expect(result.config.virtualServers[0]).toMatchObject({
      services: [{ protocol: 'UDP' }],
      scheduler: 'wlc',
      method: { forwarding: 'NAT' },
    });
    expect(result.diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'error missing-keyword',
      'warning missing-keyword',
      'warning missing-keyword',
    ]);
  });

  it('for all ports is persistent, whether it says so or not', () => {
    const given = onlyServer(serverWith().replaceAll(' 80 {', ' {'));
    expect(given).toMatchObject({ services: [{ port: 0 }], persistence: { timeoutSeconds: 360 } });
  });

  it('for a firewall mark has the family of its servers, and what its blocks say', () => {
    const [given] = parseFile('test/config-parser/ok/services.conf').config.virtualServers;
    expect(given).toMatchObject({
      services: [{ kind: 'fwmark', mark: 7, family: 4 }],
      scheduler: 'sh',
      method: { forwarding: 'NAT' },
      persistence: { prefixLength: 24 },
      alpha: true,
      omega: true,
      quorum: 2,
      hysteresis: 1,
      sorryServer: { address: '192.0.2.30', port: 0, method: { forwarding: 'DR' }, inhibit: true },
    });
    const [first, second] = given?.realServers ?? [];
    expect(first).toMatchObject({
      weight: 2,
      alpha: true,
      inhibitOnFailure: true,
      method: { forwarding: 'NAT' },
      port: 80,
    });
    expect(first?.checkers[0]).toMatchObject({
      connectAddress: '192.0.2.120',
      connectPort: 8080,
      bindAddress: '192.0.2.1',
      bindPort: 1024,
      alpha: false,
      timing: { delayLoopMs: 10_000, warmupMs: 0, retry: 4 },
    });
    expect(second).toMatchObject({
      weight: 0,
      alpha: false,
      inhibitOnFailure: false,
      method: { forwarding: 'TUN' },
      port: 0,
    });
    expect(second).toMatchObject({ upperThreshold: 100, lowerThreshold: 50 });
    expect(second?.checkers[0]?.timing).toMatchObject({ retry: 0, delayBeforeRetryMs: 500 });
  });

  it('cannot reach a quorum where all weights are 0, and keeps it as it is', () => {
    const result = parseText(serverWith('weight 1').replace('TCP_CHECK {', 'weight 0\nTCP_CHECK {'));
    expect(result.config.virtualServers[0]).toMatchObject({ quorum: 1, hysteresis: 0 });
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['quorum-out-of-reach']);
  });

  it('with DR makes the port of its servers its own', () => {
    const given = onlyServer(serverWith('lb_kind DR').replace('192.0.2.20 80', '192.0.2.20 8080'));
    expect(given.realServers[0]?.port).toBe(80);
  });

  it('with NAT leaves the port of its servers as it is', () => {
    expect(onlyServer(serverWith().replace('192.0.2.20 80', '192.0.2.20 8080')).realServers[0]?.port).toBe(
      8080,
    );
  });
});

describe('global_defs', () => {
  it('are one, however many there are', () => {
    const { config } = parseText(
      'global_defs {\nrouter_id a\n}\nglobal_defs {\nlvs_flush\nlvs_flush_on_stop\n}\n',
    );
    expect(config.globalDefs).toMatchObject({ routerId: 'a', lvs: { flush: true, flushOnStop: 'all' } });
  });

  it('set the timeouts that they name', () => {
    expect(parseFile('test/config-parser/ok/services.conf').config.globalDefs).toMatchObject({
      lvs: {
        flush: true,
        flushOnStop: 'virtual-servers',
        timeouts: { tcpSeconds: 900, tcpFinSeconds: 30, udpSeconds: 300 },
      },
    });
  });
});

describe('what is not known', () => {
  it('is skipped as a unit: the block around it goes on', () => {
    const given = instance('bandwidth {', 'limit 5', 'nested {', 'priority 7', '}', '}', 'priority 42');
    expect(given.basePriority).toBe(42);
  });

  it('inside of a block that takes none is skipped as well', () => {
    expect(instance('priority 42 {', 'priority 7', '}').basePriority).toBe(42);
  });
});

describe('the severities', () => {
  it('have a worst one', () => {
    expect(worstSeverity([])).toBeUndefined();
    expect(worstSeverity(parseText(instanceWith('priority 300', 'smtp_alert')).diagnostics)).toBe('error');
  });

  it('tell a broken text from a bad value', () => {
    expect(hasSyntaxError(parseText(instanceWith('priority 300')).diagnostics)).toBe(false);
    expect(hasSyntaxError(parseText(`${instanceWith()}}`).diagnostics)).toBe(true);
  });
});
