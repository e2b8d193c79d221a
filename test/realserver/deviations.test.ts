import { beforeEach, describe, expect, test } from 'vitest';
import { findDeviations, type Mode, virtualIp } from '../../src/realserver/index.ts';
import { FakeHost } from './fake-host.ts';

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});

function deviations(text: string, mode: Mode = 'dr', name?: string) {
  const vip = virtualIp(text, mode, name);
  if (typeof vip === 'string') throw new Error(vip);
  return findDeviations(vip, host.now());
}
const commands = (text: string, mode?: Mode, name?: string) =>
  deviations(text, mode, name).map(({ command }) => command);

function silence(): void {
  host.settings.set('ipv4/conf/all/arp_ignore', '1');
  host.settings.set('ipv4/conf/all/arp_announce', '2');
}

describe('dr', () => {
  test('a host on which nothing was done is told each thing, with the command that mends it', () => {
    expect(deviations('10.0.0.3')).toEqual([
      {
        address: '10.0.0.3',
        found: '10.0.0.3/32 is not on lo',
        needed: expect.any(String),
        command: 'ip address add 10.0.0.3/32 dev lo',
      },
      {
        address: '10.0.0.3',
        found:
          'arp_ignore is 0 on eth0 (net.ipv4.conf.eth0.arp_ignore is 0, net.ipv4.conf.all.arp_ignore is 0)',
        needed: '1 or 2 or 8: neighbours are answered for the virtual address else',
        command: 'sysctl -w net.ipv4.conf.all.arp_ignore=1',
      },
      {
        address: '10.0.0.3',
        found: expect.stringContaining('arp_announce is 0 on eth0'),
        needed: expect.stringMatching(/^2: /),
        command: 'sysctl -w net.ipv4.conf.all.arp_announce=2',
      },
    ]);
  });

  test('a host on which the tutorial was followed has none', () => {
    silence();
    host.add('lo', { isLoopback: true, addresses: ['10.0.0.3/32'] });
    expect(deviations('10.0.0.3')).toEqual([]);
  });

  test('the interface alone may be silent: the larger value counts', () => {
    host.add('lo', { isLoopback: true, addresses: ['10.0.0.3/32'] });
    host.settings.set('ipv4/conf/eth0/arp_ignore', '2');
    host.settings.set('ipv4/conf/eth0/arp_announce', '2');
    expect(deviations('10.0.0.3')).toEqual([]);
    host.add('eth1');
    expect(deviations('10.0.0.3').map(({ found }) => found.slice(0, 21))).toEqual([
      'arp_ignore is 0 on et',
      'arp_announce is 0 on ',
    ]);
  });

  test.each([
    ['3', false],
    ['4', false],
    ['8', true],
  ])('arp_ignore %s on the interface, larger than that for all, is silent: %s', (value, isSilent) => {
    silence();
    host.add('lo', { isLoopback: true, addresses: ['10.0.0.3/32'] });
    host.settings.set('ipv4/conf/eth0/arp_ignore', value);
    expect(commands('10.0.0.3')).toEqual(isSilent ? [] : ['sysctl -w net.ipv4.conf.eth0.arp_ignore=1']);
  });

  test('an address with its network on lo takes the network', () => {
    silence();
    host.add('lo', { isLoopback: true, addresses: ['10.0.0.3/24'] });
    expect(deviations('10.0.0.3').map(({ found, command }) => [found, command])).toEqual([
      ['10.0.0.3/24 is on lo', 'ip address del 10.0.0.3/24 dev lo'],
      ['10.0.0.3/32 is not on lo', 'ip address add 10.0.0.3/32 dev lo'],
    ]);
  });

  test.each(['10.0.0.3/24', '2001:db8::3/64'])('%s on an Ethernet is answered for', (text) => {
    silence();
    const host_ = text.split('/')[0] ?? '';
    host.add('lo', { isLoopback: true, addresses: [`${host_}/${text.includes(':') ? 128 : 32}`] });
    host.add('eth0', { addresses: [text] });
    expect(deviations(host_)[0]?.found).toBe(`${text} is on eth0 too, which answers for it`);
    expect(commands(host_)).toEqual([`ip address del ${text} dev eth0`]);
  });

  test('an Ethernet is no interface for it, a dummy is', () => {
    silence();
    host.add('eth0', { addresses: ['10.0.0.3/32'] });
    host.add('dummy0', { answersArp: false, addresses: ['10.0.0.4/32'] });
    expect(deviations('10.0.0.3', 'dr', 'eth0')[0]?.found).toContain('eth0 answers by ARP');
    expect(deviations('10.0.0.4', 'dr', 'dummy0')).toEqual([]);
  });

  test('IPv6 needs no settings of ARP, and IPv6', () => {
    expect(commands('2001:db8::3')).toEqual(['ip address add 2001:db8::3/128 dev lo nodad']);
    host.settings.set('ipv6/conf/lo/disable_ipv6', '1');
    expect(commands('2001:db8::3')[0]).toBe('sysctl -w net.ipv6.conf.lo.disable_ipv6=0');
  });
});

describe('tun', () => {
  test('without the module there is nothing that unpacks', () => {
    silence();
    expect(deviations('10.0.0.3', 'tun')[0]).toMatchObject({
      found: "there is no interface tunl0, so the kernel's module ipip is not loaded",
      command: 'modprobe ipip',
    });
    expect(commands('2001:db8::3', 'tun')).toEqual(['modprobe ip6_tunnel']);
    expect(deviations('10.0.0.3', 'tun', 'tun5')[0]).toMatchObject({ found: 'there is no interface tun5' });
    expect(commands('10.0.0.3', 'tun', 'tun5')).toEqual([undefined]);
  });

  test('the tunnel is to be up', () => {
    silence();
    host.add('tunl0', { answersArp: false, isUp: false, addresses: ['10.0.0.3/32'] });
    expect(commands('10.0.0.3', 'tun')).toEqual(['ip link set dev tunl0 up']);
  });

  test.each([
    ['0', '0', []],
    ['1', '0', ['sysctl -w net.ipv4.conf.tunl0.rp_filter=2']],
    ['0', '1', ['sysctl -w net.ipv4.conf.tunl0.rp_filter=2']],
    ['1', '2', []],
    ['2', '1', []],
  ])('rp_filter %s for all and %s on the tunnel', (all, own, mended) => {
    silence();
    host.add('tunl0', { answersArp: false, addresses: ['10.0.0.3/32'] });
    host.settings.set('ipv4/conf/all/rp_filter', all);
    host.settings.set('ipv4/conf/tunl0/rp_filter', own);
    expect(commands('10.0.0.3', 'tun')).toEqual(mended);
  });
});
