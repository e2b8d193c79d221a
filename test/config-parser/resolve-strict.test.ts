import { describe, expect, it } from 'vitest';
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { blockOf, instanceWith, onlyInstance, parseText } from './parse-helpers.ts';

function codes(text: string): readonly string[] {
  return parseText(text).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

const strict = (...lines: readonly string[]) => instanceWith('strict_mode', ...lines);

describe('strict mode', () => {
  it('takes away what goes beyond the RFC, and drops what is sent to the addresses', () => {
    const given = onlyInstance(strict());
    expect(given).toMatchObject({
      isStrict: true,
      acceptMode: false,
      preemptDelayMs: 0,
      downTimerAdverts: 3,
      lowerPrioNoAdvert: true,
      higherPrioSendAdvert: false,
      gratuitousArp: { lowerPrioDelayMs: 0, lowerPrioRepeat: 0, masterDelayMs: 5000 },
    });
    expect(codes(strict())).toEqual([]);
  });

  it.each<[string, string, Partial<VrrpInstanceConfig>]>([
    ['preempt_delay 3', 'error strict-preempt-delay', { preemptDelayMs: 0 }],
    ['down_timer_adverts 5', 'error strict-down-timer-adverts', { downTimerAdverts: 3 }],
    ['lower_prio_no_advert off', 'error strict-lower-priority', { lowerPrioNoAdvert: true }],
    ['higher_prio_send_advert', 'error strict-lower-priority', { higherPrioSendAdvert: false }],
    ['accept', 'error strict-accept-v2', { acceptMode: false }],
    ['state MASTER\npriority 100', 'error strict-state-master', { initialState: 'BACKUP' }],
    ['state BACKUP\npriority 255', 'error strict-state-master', { initialState: 'MASTER' }],
    [
      blockOf('authentication', 'auth_type PASS', 'auth_pass x'),
      'error auth-in-strict',
      { authentication: { type: 'none' } },
    ],
    ['no_virtual_ipaddress', 'error no-virtual-ipaddress-in-strict', {}],
    [blockOf('unicast_peer', '192.0.2.2'), 'fatal strict-unicast', {}],
  ])('does not allow %j', (line, told, expected) => {
    expect(codes(strict(line))).toEqual([told]);
    expect(onlyInstance(strict(line))).toMatchObject(expected);
  });

  it('leaves the link its own MAC address and way', () => {
    const text = strict('use_vmac vip0 02:00:00:00:00:01', 'vmac_xmit_base');
    expect(codes(text)).toEqual(['error strict-vmac-mac', 'error strict-vmac-xmit-base']);
    expect(onlyInstance(text).virtualLink).toMatchObject({
      mac: '00:00:5e:00:01:33',
      transmitsByBase: false,
    });
  });

  it.each<[string, string, boolean]>([
    ['version 2', '', false],
    ['version 3', '', false],
    ['version 3', 'accept', true],
    ['version 3', 'accept\nno_accept', false],
    ['version 2', 'priority 255', true],
  ])('with %s and %j accepts packets: %s', (version, lines, expected) => {
    expect(onlyInstance(strict(version, lines)).acceptMode).toBe(expected);
  });

  it('takes state MASTER away before nopreempt is looked at', () => {
    const text = strict('state MASTER', 'priority 100', 'nopreempt');
    expect(onlyInstance(text)).toMatchObject({ initialState: 'BACKUP', preempt: false });
    expect(codes(text)).toEqual(['error strict-state-master']);
  });

  it('is that of global_defs unless the instance says otherwise', () => {
    const global = (...lines: readonly string[]) =>
      onlyInstance(`global_defs {\nvrrp_strict\n}\n${instanceWith(...lines)}`);
    expect(global().isStrict).toBe(true);
    expect(global('strict_mode off')).toMatchObject({ isStrict: false, acceptMode: true });
  });

  it('takes away without a word what global_defs says', () => {
    const text = `global_defs {\nvrrp_higher_prio_send_advert\nvrrp_down_timer_adverts 5\n}\n${strict()}`;
    expect(codes(text)).toEqual([]);
    expect(onlyInstance(text)).toMatchObject({ higherPrioSendAdvert: false, downTimerAdverts: 3 });
  });

  it('needs an address, whatever no_virtual_ipaddress says', () => {
    const text = strict('no_virtual_ipaddress').replace(/ virtual_ipaddress \{[^}]*\}/, '');
    expect(codes(text)).toContain('fatal no-virtual-address');
  });

  it('wants a link-local address first in IPv6', () => {
    const six = (address: string) => strict().replace('192.0.2.10/24', address);
    expect(codes(six('2001:db8::1/64'))).toEqual(['error v6-first-vip-not-link-local']);
    expect(codes(six('fe80::1/64\n2001:db8::1/64'))).toEqual([]);
    expect(codes(six('febf::1/64'))).toEqual([]);
    expect(codes(six('fec0::1/64'))).toEqual(['error v6-first-vip-not-link-local']);
  });
});

describe('what an instance does', () => {
  it.each<[string, Partial<VrrpInstanceConfig>]>([
    ['', { acceptMode: true, isStrict: false, dontTrackPrimary: false, useVmacAddr: false }],
    ['no_accept', { acceptMode: false }],
    ['no_accept\naccept', { acceptMode: true }],
    ['no_accept\npriority 255', { acceptMode: true }],
    ['owner_ignore_adverts', { ownerIgnoreAdverts: false }],
    ['priority 255', { ownerIgnoreAdverts: false }],
    ['priority 255\nowner_ignore_adverts', { ownerIgnoreAdverts: true }],
    ['priority 255\nowner_ignore_adverts off', { ownerIgnoreAdverts: true }],
    ['priority 255\nstrict_mode', { ownerIgnoreAdverts: true }],
    ['nopreempt\ntimer_expired_backup 100', { timerExpiredBackup: 100 }],
    ['dont_track_primary', { dontTrackPrimary: true }],
    ['use_vmac_addr', { useVmacAddr: true }],
    ['kernel_rx_buf_size 65536', { receiveBufferBytes: 65_536 }],
  ])('with %j is as it says', (lines, expected) => {
    expect(onlyInstance(instanceWith(lines))).toMatchObject(expected);
  });

  it('does not step down after a stall unless it also leaves a lower Master alone', () => {
    const text = instanceWith('timer_expired_backup 100');
    expect(codes(text)).toEqual(['error timer-expired-backup']);
    expect(onlyInstance(text)).not.toHaveProperty('timerExpiredBackup');
  });

  it('announces on other interfaces as the instance says, else global_defs', () => {
    const global = (line = '') =>
      onlyInstance(`global_defs {\nvrrp_garp_extra_if all 60\n}\n${instanceWith(line)}`).gratuitousArp;
    expect(global()).toMatchObject({ extraInterfaceMs: 60_000, extraInterfaceAll: true });
    expect(global('garp_extra_if 5')).toMatchObject({ extraInterfaceMs: 5000, extraInterfaceAll: false });
  });

  it('may hold no address where that is said', () => {
    const text = instanceWith('version 3', 'no_virtual_ipaddress').replace(
      / virtual_ipaddress \{[^}]*\}/,
      '',
    );
    expect(codes(text)).toEqual([]);
    expect(onlyInstance(text).virtualAddresses).toEqual([]);
  });

  it('holds its routes and rules', () => {
    const given = onlyInstance(
      instanceWith(
        blockOf('virtual_routes', '198.51.100.0/24 via 192.0.2.1 dev eth0'),
        blockOf('virtual_rules', 'from 192.0.2.0/24 table 100 preference 10'),
      ),
    );
    expect(given.virtualRoutes).toMatchObject([{ destination: { address: '198.51.100.0' }, device: 'eth0' }]);
    expect(given.virtualRules).toMatchObject([{ preference: 10, action: { kind: 'table', table: 100 } }]);
  });

  it('holds its addresses with all their options', () => {
    const text = instanceWith().replace(
      '192.0.2.10/24',
      `192.0.2.10/32 peer 192.0.2.9/31 no_track noprefixroute
      192.0.2.11 dev eth1 use_vmac
      192.0.2.12 use_vmac preferred_lft 0 -nodad`,
    );
    const usual = { prefixLength: 32, interface: 'eth0', scope: 0 };
    expect(onlyInstance(text).virtualAddresses).toEqual([
      {
        ...usual,
        address: '192.0.2.10',
        peer: '192.0.2.9',
        peerPrefixLength: 31,
        noTrack: true,
        noPrefixRoute: true,
      },
      { ...usual, address: '192.0.2.11', interface: 'eth1', useVmac: true },
      { ...usual, address: '192.0.2.12', preferredLifetimeSeconds: 0 },
    ]);
    const six = text.replace(/192[^}]*\n {4}\}/, '2001:db8::1/64 home mngtmpaddr autojoin\n}');
    expect(onlyInstance(six).virtualAddresses).toMatchObject([
      { home: true, mngtmpaddr: true, autojoin: true },
    ]);
  });

  it('deprecates what IPv6 has with /128, so that it is no source of what this machine sends, unless told otherwise', () => {
    const lifetimeOf = (entry: string) =>
      onlyInstance(instanceWith().replace('192.0.2.10/24', entry)).virtualAddresses[0]
        ?.preferredLifetimeSeconds;
    expect(lifetimeOf('2001:db8::1')).toBe(0);
    expect(lifetimeOf('2001:db8::1/128 preferred_lft forever')).toBe(Number.POSITIVE_INFINITY);
    expect(lifetimeOf('2001:db8::1 preferred_lft 60')).toBe(60);
    expect(lifetimeOf('2001:db8::1/64')).toBeUndefined();
    expect(lifetimeOf('192.0.2.10')).toBeUndefined();
  });
});
