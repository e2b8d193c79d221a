/** RFC 5798 sections 6.4.3 (Accept_Mode), 7.2, 7.3 and 8, in pairs: what is sent, from which MAC address, and what is accepted. */
import { describe, expect, test } from 'vitest';
import { refusedBy } from '../../src/daemon/vrrp-process/host-setup.ts';
import { interfaceCondition } from '../../src/daemon/vrrp-process/interface-condition.ts';
import { desiredFirewall } from '../../src/kernel/firewall-text.ts';
import type { LinkState } from '../../src/kernel/link-monitor.ts';
import { linkSettings } from '../../src/kernel/virtual-link-settings.ts';
import { address, type IpAddress } from '../../src/net/address.ts';
import { encodeGratuitousArp } from '../../src/net/arp.ts';
import { encodeUnsolicitedNeighborAdvertisement } from '../../src/net/ndp.ts';
import {
  advertisementOf,
  encodeAdvertisement,
  placeInstance,
  virtualRouterMac,
} from '../../src/vrrp/index.ts';
import { decodePacket, hasValidChecksum } from '../../src/vrrp/packet.ts';
import { instanceWith, onlyInstance } from '../config-parser/parse-helpers.ts';
import { hexOf } from '../net/hex.ts';
import { instanceConfig, ourAddress, virtualAddress } from './instances.ts';
import { backupOf, masterOf, overIpv6, Router, variants, version3 } from './rfc/routers.ts';

const firewall = { table: 'keepalived', priority: -1, counters: false, byInterfaceIndex: false };

function rulesFor(...changes: readonly Parameters<typeof instanceConfig>[0][]): readonly string[] {
  const refused = changes.flatMap((change) => refusedBy(placeInstance(instanceConfig(change))));
  const { text = '' } = desiredFirewall(firewall, { refused, macvlans: [] }) ?? {};
  return text.split('\n').map((line) => line.trim());
}

describe('6.4.3: Accept_Mode', () => {
  const discovery = 'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept';

  test('5798-6.4.3-650-accept does: for the owner and with Accept_Mode nothing is refused', () => {
    expect(rulesFor({ version: 3, acceptMode: true })).toEqual(['']);
    expect(rulesFor({ version: 3, basePriority: 255, acceptMode: false })).toEqual(['']);
  });

  test('5798-6.4.3-650-accept refuses: one instance that accepts opens nothing for another that does not', () => {
    const closed = { vrid: 52, acceptMode: false, virtualAddresses: [virtualAddress('10.0.0.4')] };
    const rules = rulesFor({ acceptMode: true }, closed);
    expect(rules).toContain('elements = { 10.0.0.4 }');
  });

  test('5798-6.4.3-650-refuse refuses: for anybody else what is sent to the addresses is dropped, and what comes from them', () => {
    const rules = rulesFor({ acceptMode: false, excludedAddresses: [virtualAddress('10.0.0.5')] });
    expect(rules).toContain('elements = { 10.0.0.3, 10.0.0.5 }');
    expect(rules).toContain('ip daddr @vips drop');
    expect(rules).toContain('ip saddr @vips drop');
  });

  test('5798-6.4.3-650-refuse does: what is sent to other addresses passes', () => {
    const rules = rulesFor({ acceptMode: false });
    expect(rules).toContain('type filter hook input priority -1; policy accept;');
    expect(rules.filter((rule) => rule.endsWith('drop'))).toEqual([
      'ip daddr @vips drop',
      'ip saddr @vips drop',
    ]);
  });

  test('5798-6.1-neighbour-discovery, 5798-6.4.3-635 does: neighbour discovery passes in front of every rule that drops', () => {
    const rules = rulesFor({ ...overIpv6.changes, acceptMode: false });
    const drops = rules.flatMap((rule, at) => (rule.endsWith('drop') ? [at] : []));
    const accepts = rules.flatMap((rule, at) => (rule === discovery ? [at] : []));
    expect(accepts).toHaveLength(2);
    expect(drops.filter((at) => at < (accepts[0] ?? 0))).toEqual([]);
    expect(drops.filter((at) => at > (accepts[1] ?? 0))).toHaveLength(2);
  });

  test('5798-6.1-neighbour-discovery, 5798-6.4.3-635 refuses: no other message of ICMPv6 passes, and none over IPv4', () => {
    const accepts = rulesFor({ ...overIpv6.changes, acceptMode: false }).filter((rule) =>
      rule.endsWith('accept'),
    );
    expect(new Set(accepts)).toEqual(new Set([discovery]));
    expect(rulesFor({ acceptMode: false }).filter((rule) => rule.endsWith(' accept'))).toEqual([]);
  });
});

describe.each(variants)('7.2, $what', (variant) => {
  const { config } = new Router(variant, { vrid: 7, advertisementIntervalMs: 2000 });
  const destination = config.transport.kind === 'multicast' ? config.transport.group : variant.lower;
  const path = { source: variant.ours, destination };
  const packet = decodePacket(encodeAdvertisement(advertisementOf(config, 42), path), config.family);

  test('5798-7.2-fields does: version, type, VRID, priority, interval and addresses are those of the instance', () => {
    expect(packet).toMatchObject({
      ok: true,
      value: {
        version: config.version,
        type: 1,
        vrid: 7,
        priority: 42,
        advertisementIntervalMs: 2000,
        addresses: config.virtualAddresses.map((one) => one.address),
      },
    });
  });

  test('5798-7.2-fields refuses: neither the configured priority is sent where another is in effect, nor an address that is excluded', () => {
    const router = masterOf(variant, { excludedAddresses: [virtualAddress('10.0.0.5')] });
    router.faces(10_500, { weight: -30, sourceAddress: variant.ours });
    expect(router.times(11_000)).toEqual([{ kind: 'sendAdvertisement', priority: 70 }]);
    expect(advertisementOf(router.config, 70).addresses).not.toContain('10.0.0.5');
  });

  test('5798-7.2-checksum does: the checksum is right for the way that the packet takes', () => {
    expect(packet.ok && hasValidChecksum(packet.value, path)).toBe(true);
  });

  test('5798-7.2-checksum refuses: in version 3 it is wrong for another way, and it is never left out', () => {
    const elsewhere = { ...path, source: variant.higher };
    expect(packet.ok && hasValidChecksum(packet.value, elsewhere)).toBe(config.version === 2);
    expect(packet.ok && [...packet.value.bytes.subarray(6, 8)]).not.toEqual([0, 0]);
  });
});

function link(name: string, index: number, mac: readonly number[], ...texts: readonly string[]): LinkState {
  return {
    index,
    name,
    mac: Uint8Array.from(mac),
    mtu: 1500,
    isUp: true,
    isRunning: true,
    supportsMulticast: true,
    isLoopback: false,
    hasArp: true,
    addresses: texts.map((text) => ({
      address: address(text),
      prefixLength: 24,
      scope: 0,
      isSecondary: false,
      isTentative: false,
    })),
  };
}

const physicalMac = [2, 0, 0, 0, 0, 1];
const virtualMac = [0, 0, 0x5e, 0, 1, 51];
const eth0 = link('eth0', 2, physicalMac, ourAddress);
const vrrp51 = link('vrrp.51', 9, virtualMac);
const virtualLink = {
  kind: 'macvlan',
  name: 'vrrp.51',
  mac: '00:00:5e:00:01:33',
  transmitsByBase: false,
  netlinkNotify: false,
} as const;

/** The MAC address by which an instance advertises, and that which holds its addresses. */
function macsOf(changes: Parameters<typeof instanceConfig>[0]): { sends: string; holds: string } {
  const { config } = placeInstance(instanceConfig(changes));
  const find = (name: string) => [eth0, vrrp51].find((one) => one.name === name);
  const { place } = interfaceCondition(config, {
    find,
    isUp: () => true,
    virtualAddresses: new Set<IpAddress>(),
    hasAddress: () => true,
  });
  const mac = (name: string | undefined) => hexOf(find(name ?? '')?.mac ?? new Uint8Array());
  return { sends: mac(place?.interface?.name), holds: mac(config.virtualAddresses[0]?.interface) };
}

describe('7.2, 7.3 and 8: MAC addresses', () => {
  test('5798-7.2-mac does: with use_vmac advertisements leave by the virtual MAC address', () => {
    expect(macsOf({ virtualLink }).sends).toBe('00005e000133');
  });

  test('5798-7.2-mac refuses: without use_vmac, and with vmac_xmit_base, they leave by that of the interface', () => {
    expect(macsOf({}).sends).toBe('020000000001');
    expect(macsOf({ virtualLink: { ...virtualLink, transmitsByBase: true } }).sends).toBe('020000000001');
  });

  test.each([
    [4, 1, '00:00:5e:00:01:01'],
    [4, 255, '00:00:5e:00:01:ff'],
    [6, 51, '00:00:5e:00:02:33'],
  ] as const)('5798-7.3 does: the virtual router MAC of IPv%i, VRID %i is %s', (family, vrid, mac) => {
    expect(virtualRouterMac({ family, vrid })).toBe(mac);
  });

  test('5798-7.3 refuses: no two virtual routers of a network have the same, and strict mode takes no other', () => {
    const all = [4, 6].flatMap((family) =>
      Array.from({ length: 255 }, (_, at) =>
        virtualRouterMac({ family: family === 4 ? 4 : 6, vrid: at + 1 }),
      ),
    );
    expect(new Set(all).size).toBe(510);
    const strict = onlyInstance(instanceWith('version 3', 'strict_mode', 'use_vmac v0 02:00:00:00:00:07'));
    expect(strict.virtualLink?.mac).toBe('00:00:5e:00:01:33');
  });

  test('5798-6.4.2-335 does: the macvlan is there in any state, without the address of the virtual router while Backup', () => {
    const { config, links } = placeInstance(instanceConfig({ virtualLink }));
    expect(links).toEqual([{ link: virtualLink, base: 'eth0' }]);
    const router = new Router(version3, { virtualLink, virtualAddresses: config.virtualAddresses });
    const kinds = [...router.starts(0), ...router.hears(150, 1000)].map(({ kind }) => kind);
    expect(kinds).not.toContain('addAddresses');
  });

  test('5798-8.1.2-answer, 5798-8.2.2-answer does: with use_vmac the address is on the macvlan, whose MAC address the kernel answers with', () => {
    for (const vmac of [{ virtualLink }, { virtualLink: { ...virtualLink, transmitsByBase: true } }]) {
      expect(macsOf(vmac).holds).toBe('00005e000133');
    }
  });

  test('5798-8.1.2-answer, 5798-8.2.2-answer refuses: the base does not answer for it, nor the macvlan for an address of the base', () => {
    const settings = linkSettings('macvlan', 'vrrp.51', 4, false);
    expect(settings).toContainEqual({ path: 'ipv4/conf/vrrp.51/arp_ignore', value: 1 });
    expect(macsOf({}).holds).toBe('020000000001');
  });

  test('5798-8.1.2-announce, 9568-6.4.1-announce does: the announcement names the virtual address at the virtual MAC, to everybody', () => {
    const frame = hexOf(
      encodeGratuitousArp({ sourceMac: Uint8Array.from(virtualMac), address: address('10.0.0.3') }),
    );
    // Ethernet: broadcast, from the virtual MAC. ARP: a request, sender MAC and address, target address.
    expect(frame.slice(0, 28)).toBe('ffffffffffff00005e0001330806');
    expect(frame.slice(40, 64)).toBe('000100005e0001330a000003');
    expect(frame.slice(-8)).toBe('0a000003');
  });

  test('5798-8.2.2-announce, 5798-6.4.1-130, 5798-6.4.2-395 does: over IPv6 with override, without solicited, and the MAC address as target', () => {
    const mac = [0, 0, 0x5e, 0, 2, 51];
    for (const [isRouter, flags] of [
      [true, 'a0000000'],
      [false, '20000000'],
    ] as const) {
      const sourceMac = Uint8Array.from(mac);
      const frame = encodeUnsolicitedNeighborAdvertisement({
        sourceMac,
        address: address('fe80::3'),
        isRouter,
      });
      expect(hexOf(frame.subarray(0, 12))).toBe('33330000000100005e000233');
      expect(hexOf(frame.subarray(54, 56))).toBe('8800');
      expect(hexOf(frame.subarray(58, 62))).toBe(flags);
      expect(hexOf(frame.subarray(62, 78))).toBe('fe800000000000000000000000000003');
      expect(hexOf(frame.subarray(78))).toBe('020100005e000233');
    }
  });

  test('5798-8.1.2-announce, 5798-8.2.2-announce, 9568-6.4.1-announce refuses: neither family is announced in the way of the other', () => {
    const sourceMac = Uint8Array.from(virtualMac);
    expect(() => encodeGratuitousArp({ sourceMac, address: address('fe80::3') })).toThrow('IPv4');
    expect(() => encodeUnsolicitedNeighborAdvertisement({ sourceMac, address: address('10.0.0.3') })).toThrow(
      'IPv6',
    );
  });
});

describe.each(variants)('8: operation, $what', (variant) => {
  test('5798-8.1.2-boot, 5798-8.2.2-boot, 9568-8.1.2-boot, 9568-8.2.2-boot does: who becomes Master adds the addresses first and announces them then', () => {
    const router = new Router(variant, { basePriority: 255 });
    router.starts(0);
    const { kinds } = router;
    expect(kinds.indexOf('addAddresses')).toBeGreaterThanOrEqual(0);
    expect(kinds.indexOf('sendGratuitousArp')).toBeGreaterThan(kinds.indexOf('addAddresses'));
  });

  test('5798-8.1.2-boot, 5798-8.2.2-boot, 9568-8.1.2-boot, 9568-8.2.2-boot refuses: an instance whose macvlan is missing starts as Fault and announces nothing', () => {
    const { virtualLink: _, ...config } = instanceConfig();
    const { faults } = interfaceCondition(
      { ...config, virtualLink },
      {
        find: (name) => (name === 'eth0' ? eth0 : undefined),
        isUp: () => true,
        virtualAddresses: new Set<IpAddress>(),
        hasAddress: () => true,
      },
    );
    expect(faults).toEqual([{ reason: 'interface-missing', subject: 'vrrp.51' }]);
    const router = new Router(variant, { basePriority: 255 });
    const surroundings = { faults, weight: 0, sourceAddress: variant.ours };
    const kinds = router.on({ kind: 'startup', surroundings }, 0).map(({ kind }) => kind);
    expect(kinds).toEqual(['report', 'stateChanged']);
    expect(router.state.name).toBe('Fault');
  });

  test('5798-8.1.2-restart, 5798-8.2.2-restart does: after a start only a Master announces, and by the interface that holds the address', () => {
    const router = new Router(variant, { basePriority: 255, virtualLink });
    router.config = placeInstance(router.config).config;
    router.starts(0);
    const announced = router.effects.flatMap((effect) =>
      effect.kind === 'sendGratuitousArp' ? effect.addresses : [],
    );
    expect(new Set(announced.map((one) => one.interface))).toEqual(new Set(['vrrp.51']));
  });

  test('5798-8.1.2-restart, 5798-8.2.2-restart refuses: a Backup announces nothing, whatever it hears', () => {
    const router = backupOf(variant, { virtualLink });
    const effects = [...router.hears(150, 1000), ...router.hears(0, 1500), ...router.times(1600)];
    expect(effects.map(({ kind }) => kind)).not.toContain('sendGratuitousArp');
  });

  test('5798-8.3.1 does: a Master has the addresses as its own, so that nothing to them is forwarded', () => {
    const router = new Router(variant);
    router.starts(0);
    const addresses = router.config.virtualAddresses;
    expect(router.times(4000)).toContainEqual({ kind: 'addAddresses', addresses });
  });

  test('5798-8.3.1 refuses: without Accept_Mode they are its own all the same, and the firewall drops', () => {
    const router = new Router(variant, { acceptMode: false });
    router.starts(0);
    const addresses = router.config.virtualAddresses;
    expect(router.times(4000)).toContainEqual({ kind: 'addAddresses', addresses });
    expect(refusedBy(placeInstance(router.config))).toHaveLength(addresses.length);
  });
});

describe('8.3.2 and 8.4', () => {
  test('5798-8.3.2-one-owner does: an owner that meets another one says so', () => {
    const router = new Router(version3, { basePriority: 255 });
    router.starts(0);
    router.hears(255, 500);
    expect(router.kinds).toContain('report twoOwners');
  });

  test('5798-8.3.2-one-owner refuses: two of one priority below 255 are no owners', () => {
    const router = masterOf(version3, { basePriority: 254 });
    router.hears(254, 10_500);
    expect(router.kinds).not.toContain('report twoOwners');
  });

  test('5798-8.4.2-ignore does: an instance of version 3 hears version 3', () => {
    const router = backupOf(version3);
    router.hears(150, 1000);
    expect(router.in('Backup').master).toBe(version3.lower);
  });

  test('5798-8.4.2-ignore refuses: an instance of version 3 does not hear version 2, whatever its priority', () => {
    const router = backupOf(version3);
    router.hears(255, 1000, { advertisement: { version: 2 } });
    expect(router.in('Backup').master).toBeUndefined();
    expect(router.state.statistics).toMatchObject({ advertRcvd: 0, versionErr: 1 });
  });
});
