import { describe, expect, test } from 'vitest';
import { changeCommands, type Mode, needsOfAll, virtualIp } from '../../src/realserver/index.ts';

const commands = (mode: Mode, ...texts: readonly string[]) =>
  changeCommands(
    needsOfAll(
      texts.map((text) => {
        const vip = virtualIp(text, mode);
        if (typeof vip === 'string') throw new Error(vip);
        return vip;
      }),
    ),
  );

describe('what a virtual address needs', () => {
  test("dr: the tutorial's four settings, and then the address on lo", () => {
    expect(commands('dr', '10.0.0.3')).toEqual([
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'sysctl -w net.ipv4.conf.all.arp_announce=2',
      'sysctl -w net.ipv4.conf.lo.arp_ignore=1',
      'sysctl -w net.ipv4.conf.lo.arp_announce=2',
      'ip address add 10.0.0.3/32 dev lo',
    ]);
  });

  test('dr with IPv6: nothing is to be silenced, since only the interface with the address answers', () => {
    expect(commands('dr', '2001:db8::3')).toEqual([
      'sysctl -w net.ipv6.conf.lo.disable_ipv6=0',
      'ip address add 2001:db8::3/128 dev lo nodad',
    ]);
  });

  test('tun: the tunnel, up, and no filter by the way back', () => {
    expect(commands('tun', '10.0.0.3')).toEqual([
      'modprobe ipip',
      'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      'sysctl -w net.ipv4.conf.all.arp_announce=2',
      'sysctl -w net.ipv4.conf.tunl0.arp_ignore=1',
      'sysctl -w net.ipv4.conf.tunl0.arp_announce=2',
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=2',
      'ip link set dev tunl0 up',
      'ip address add 10.0.0.3/32 dev tunl0',
    ]);
    expect(commands('tun', '2001:db8::3')).toEqual([
      'modprobe ip6_tunnel',
      'sysctl -w net.ipv6.conf.ip6tnl0.disable_ipv6=0',
      'ip link set dev ip6tnl0 up',
      'ip address add 2001:db8::3/128 dev ip6tnl0 nodad',
    ]);
  });

  test('of several addresses what they share is needed once', () => {
    const shared = commands('dr', '10.0.0.3', '10.0.0.4');
    expect(shared).toHaveLength(6);
    expect(new Set(shared).size).toBe(6);
  });

  test('settings of an interface with a dot in its name are written as sysctl takes them', () => {
    const vip = virtualIp('10.0.0.3', 'tun', 'tun.5');
    if (typeof vip === 'string') throw new Error(vip);
    expect(changeCommands(needsOfAll([vip]))).toContain('sysctl -w net/ipv4/conf/tun.5/arp_ignore=1');
    expect(changeCommands(needsOfAll([vip])).join()).not.toContain('modprobe');
  });
});

describe('a virtual address', () => {
  test('may be written with the one length that it can have', () => {
    expect(virtualIp('10.0.0.3/32', 'dr')).toEqual(virtualIp('10.0.0.3', 'dr'));
    expect(virtualIp('2001:DB8:0::3/128', 'dr')).toMatchObject({ address: '2001:db8::3' });
  });

  test.each(['10.0.0.3/24', '2001:db8::3/64', '10.0.0.3/'])(
    '"%s" is refused, since a network is not its own',
    (text) => {
      expect(virtualIp(text, 'dr')).toMatch(/alone, else it takes its whole network for its own; write /);
    },
  );

  test.each(['10.0.0', 'web', '10.0.0.3/32/1', '', 'fe80::1%eth0'])(
    '"%s" is refused as no address',
    (text) => {
      expect(virtualIp(text, 'dr')).toContain('is no IP address');
    },
  );
});
