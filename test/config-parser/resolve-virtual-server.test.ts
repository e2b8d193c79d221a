import { describe, expect, it } from 'vitest';
import type {
  RealServerConfig,
  VirtualServerConfig,
  VirtualService,
} from '../../src/config-parser/config.ts';
import { mostServicesOfGroup } from '../../src/config-parser/resolve-server-group.ts';
import { instanceWith, parseText, serverWith, summary } from './parse-helpers.ts';

function serversOf(text: string): readonly VirtualServerConfig[] {
  return parseText(text).config.virtualServers;
}

function only(text: string): VirtualServerConfig {
  const [server, ...others] = serversOf(text);
  if (server === undefined || others.length > 0) throw new Error('the text has not one virtual server');
  return server;
}

function server(...lines: readonly string[]): VirtualServerConfig {
  return only(serverWith(...lines));
}

/** `10.0.0.1:80/TCP`, `mark 7 IPv4` */
function shown(service: VirtualService): string {
  if (service.kind === 'fwmark') return `mark ${service.mark} IPv${service.family}`;
  return `${service.address}:${service.port}/${service.protocol}`;
}

function group(name: string, ...entries: readonly string[]): string {
  return `virtual_server_group ${name} {\n${entries.join('\n')}\n}\n`;
}

function ofGroup(name: string, lines: readonly string[] = [], real = '192.0.2.20'): string {
  return `virtual_server group ${name} {
    lb_algo rr
    lb_kind NAT
    protocol TCP
    ${lines.join('\n    ')}
    real_server ${real} {
        TCP_CHECK {
        }
    }
}
`;
}

const heading = (target: string) => serverWith().replace('192.0.2.10 80', target);

describe('the name of a virtual server', () => {
  it.each([
    ['10.0.0.3 80', '[10.0.0.3]:tcp:80'],
    ['2001:db8::3 443', '[2001:db8::3]:tcp:443'],
    ['fwmark 5', 'FWM 5'],
  ])('%s is %s, as keepalived’s log has it', (target, name) => {
    const real = target.includes(':') ? '2001:db8::20 80' : '192.0.2.20 80';
    expect(only(heading(target).replace('192.0.2.20 80', real)).name).toBe(name);
  });

  it('differs between two marks of different families, and between two protocols of one group', () => {
    const six = heading('fwmark 5').replace('192.0.2.20', '2001:db8::20');
    const udp = ofGroup('web').replace('TCP', 'UDP');
    const text = heading('fwmark 5') + six + group('web', '192.0.2.1 80') + ofGroup('web') + udp;
    expect(serversOf(text).map(({ name }) => name)).toEqual([
      'FWM 5',
      'FWM 5 inet6',
      '[group web]:tcp',
      '[group web]:udp',
    ]);
  });
});

describe('a virtual_server of a group', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['addresses', ['192.0.2.1 80', '192.0.2.2 81'], ['192.0.2.1:80/TCP', '192.0.2.2:81/TCP']],
    ['a range', ['192.0.2.254-255 80'], ['192.0.2.254:80/TCP', '192.0.2.255:80/TCP']],
    [
      'a range over the end of an octet',
      ['192.0.2.255-192.0.3.1 80'],
      ['192.0.2.255:80/TCP', '192.0.3.0:80/TCP', '192.0.3.1:80/TCP'],
    ],
    [
      'a range of IPv6',
      ['2001:db8::ffff-2001:db8::1:0 80'],
      ['2001:db8::ffff:80/TCP', '2001:db8::1:0:80/TCP'],
    ],
    [
      'a network, with all of its addresses',
      ['192.0.2.4/30 80'],
      ['192.0.2.4:80/TCP', '192.0.2.5:80/TCP', '192.0.2.6:80/TCP', '192.0.2.7:80/TCP'],
    ],
    [
      'a mark beside addresses, whose family it has',
      ['192.0.2.1 80', 'fwmark 7'],
      ['192.0.2.1:80/TCP', 'mark 7 IPv4'],
    ],
    ['a mark with a family', ['192.0.2.1 80', 'fwmark 7 inet6'], ['192.0.2.1:80/TCP', 'mark 7 IPv6']],
    ['the same twice, once', ['192.0.2.1 80', '192.0.2.0-1 80'], ['192.0.2.1:80/TCP', '192.0.2.0:80/TCP']],
  ])('is a service for each of %s', (_what, entries, services) => {
    const real = entries.some((entry) => entry.startsWith('2001')) ? '2001:db8::20' : '192.0.2.20';
    const found = only(ofGroup('web', [], real) + group('web', ...entries));
    expect(found.services.map(shown)).toEqual(services);
    expect(found.group).toBe('web');
  });

  it('of marks alone has the family of ip_family, else that of its first server, and needs no protocol', () => {
    const text = group('marks', 'fwmark 7', 'fwmark 8');
    const six = ofGroup('marks', [], '2001:db8::20').replace('protocol TCP', '');
    const four = six.replace('{', '{\nip_family inet').replace('2001:db8::20', '192.0.2.20');
    expect(only(text + six).services.map(shown)).toEqual(['mark 7 IPv6', 'mark 8 IPv6']);
    expect(only(text + four).services.map(shown)).toEqual(['mark 7 IPv4', 'mark 8 IPv4']);
    expect(only(text + six).name).toBe('[group marks]');
    expect(summary(parseText(text + six.replace('TCP_CHECK', 'PING_CHECK')))).toEqual([]);
  });

  it('may have IPv4 and IPv6 addresses, and servers of both', () => {
    const text = group('web', '192.0.2.1 80', '2001:db8::1 80') + ofGroup('web');
    const both = text.replace('real_server', 'real_server 2001:db8::20 {\n}\nreal_server');
    expect(summary(parseText(both))).toEqual([]);
    expect(only(both).realServers.map(({ address }) => address)).toEqual(['2001:db8::20', '192.0.2.20']);
  });

  it('has the port of its addresses for servers and checks where they have one port, else that of each packet', () => {
    const [one, several] = [group('web', '192.0.2.1-2 80'), group('web', '192.0.2.1 80', '192.0.2.1 443')];
    expect(only(one + ofGroup('web')).realServers[0]).toMatchObject({
      port: 80,
      checkers: [{ connectPort: 80 }],
    });
    const withPort = ofGroup('web', ['lb_kind DR'], '192.0.2.20 443');
    expect(only(several + withPort).realServers[0]).toMatchObject({
      port: 0,
      checkers: [{ connectPort: 443 }],
    });
    expect(summary(parseText(several + withPort)).filter((line) => line.includes('port'))).toEqual([]);
  });

  it('is persistent if one of its addresses is for all ports', () => {
    expect(only(group('web', '192.0.2.1 80', '192.0.2.2') + ofGroup('web')).persistence).toEqual({
      timeoutSeconds: 360,
      prefixLength: 32,
    });
  });

  it(`may stand for ${mostServicesOfGroup} services and no more`, () => {
    const all = only(group('web', '10.0.0.0/16 80') + ofGroup('web'));
    expect(all.services).toHaveLength(mostServicesOfGroup);
    expect(all.services.map(shown).at(-1)).toBe('10.0.255.255:80/TCP');
    const tooMany = parseText(group('web', '10.0.0.0/16 80', '10.1.0.0 80') + ofGroup('web'));
    expect(tooMany.config.virtualServers).toEqual([]);
    expect(summary(tooMany)).toEqual(['error group-too-large: 10.1.0.0 80']);
    expect(summary(parseText(group('web', '2001:db8::/32 80')))).toEqual([
      'error group-too-large: 2001:db8::/32 80',
    ]);
  });

  it('loses the services that another block has already, and only those', () => {
    const text = serverWith() + group('web', '192.0.2.10-11 80') + ofGroup('web');
    expect(serversOf(text).map(({ services }) => services.map(shown))).toEqual([
      ['192.0.2.10:80/TCP'],
      ['192.0.2.11:80/TCP'],
    ]);
    const { diagnostics, spanOf, config } = parseText(text);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'virtual_server 192.0.2.10:80/TCP, of [group web]:tcp, is defined already; [group web]:tcp goes on without',
    ]);
    const [, second] = config.virtualServers;
    expect(second && spanOf(second)).toBeDefined();
  });
});

describe('a virtual_server', () => {
  it.each<[string, Partial<VirtualServerConfig>]>([
    ['lb_algo twos', { scheduler: 'twos' }],
    ['flag-3\nflag-1', { schedulerFlags: [1, 3] }],
    ['lb_algo sh\nsh-port', { schedulerFlags: [2] }],
    ['lb_algo sh\nsh-fallback\nsh-port', { schedulerFlags: [1, 2] }],
    ['lb_algo mh\nmh-fallback', { schedulerFlags: [1] }],
    ['lb_algo mh\nmh-port\nflag-2', { schedulerFlags: [2] }],
    ['sh-port\nlb_algo sh', { schedulerFlags: [] }],
    ['lb_algo sh\nmh-port', { schedulerFlags: [] }],
    ['protocol UDP\nops', { onePacket: true }],
    ['ops', { onePacket: false }],
    ['hashed', { onePacket: false, schedulerFlags: [] }],
    [
      'persistence_timeout 50\npersistence_engine sip',
      { persistence: { timeoutSeconds: 50, prefixLength: 32, engine: 'sip' } },
    ],
    ['ha_suspend', { haSuspend: true }],
    ['quorum_up "/bin/up a"', { quorumUp: { argv: ['/bin/up', 'a'] } }],
    ['quorum_down /bin/down nobody', { quorumDown: { argv: ['/bin/down'], user: 'nobody' } }],
    ['quorum_up /bin/a\nquorum_up /bin/b', { quorumUp: { argv: ['/bin/a'] } }],
    ['smtp_alert', { mail: true }],
    ['smtp_alert off', { mail: false }],
    [
      'lb_kind TUN type gue port 5555 csum',
      { method: { forwarding: 'TUN', tunnel: { type: 'gue', port: 5555, checksum: 'csum' } } },
    ],
    ['lb_kind FNAT', { method: { forwarding: 'FULLNAT' }, localAddresses: [] }],
  ])('with %j means it', (lines, expected) => {
    expect(server(lines)).toMatchObject(expected);
  });

  it('without persistence has none, whatever engine it names', () => {
    expect(server('persistence_engine sip').persistence).toBeUndefined();
  });

  it('for a mark may schedule each packet anew, and has no address to suspend its checks by', () => {
    const given = heading('fwmark 5').replace('protocol TCP', 'ops\nha_suspend');
    expect(only(given)).toMatchObject({ onePacket: true, haSuspend: false });
    expect(summary(parseText(given))).toEqual(['error ha-suspend-fwmark: ha_suspend']);
  });

  it('is two where one mark stands for both families', () => {
    const both = heading('fwmark 5') + heading('fwmark 5').replace('192.0.2.20', '2001:db8::20');
    expect(serversOf(both.replaceAll('protocol TCP', '')).map(({ services }) => services.map(shown))).toEqual(
      [['mark 5 IPv4'], ['mark 5 IPv6']],
    );
  });

  it('has a sorry server that is inhibited as the real server is that it is too, and says so', () => {
    const text = serverWith('sorry_server 192.0.2.20 80', 'inhibit_on_failure');
    expect(only(text).sorryServer?.inhibit).toBe(true);
    expect(summary(parseText(text))).toEqual(['error sorry-inhibit-differs: 192.0.2.20 80']);
  });

  it('may have a sorry server of another family only over a tunnel', () => {
    expect(server('sorry_server 2001:db8::9').sorryServer).toBeUndefined();
    expect(server('sorry_server 2001:db8::9', 'sorry_server_lvs_method TUN').sorryServer).toMatchObject({
      address: '2001:db8::9',
      method: { forwarding: 'TUN', tunnel: { type: 'ipip' } },
    });
  });
});

describe('mail', () => {
  it.each([
    ['', false, true],
    ['smtp_alert', true, true],
    ['smtp_alert off', false, false],
    ['smtp_alert off\nsmtp_alert_checker', true, true],
    ['smtp_alert\nsmtp_alert_checker off', false, false],
    ['smtp_alert\nno_checker_emails', false, false],
  ])(
    'with %j in global_defs goes out for a virtual server: %s, for a real server: %s',
    (lines, virtual, real) => {
      const given = only(`global_defs {\n${lines}\n}\n${serverWith()}`);
      expect([given.mail, given.realServers[0]?.mail]).toEqual([virtual, real]);
    },
  );

  it('of a server follows its own smtp_alert first', () => {
    const text = serverWith('smtp_alert').replace('TCP_CHECK', 'smtp_alert off\nTCP_CHECK');
    expect(only(text)).toMatchObject({ mail: true, realServers: [{ mail: false }] });
  });
});

describe('a real_server', () => {
  it.each<[string, Partial<RealServerConfig>]>([
    ['weight 0', { weight: 0 }],
    ['lvs_method DR', { method: { forwarding: 'DR' } }],
    ['uthreshold 10\nlthreshold 5', { upperThreshold: 10, lowerThreshold: 5 }],
    ['inhibit_on_failure', { inhibitOnFailure: true }],
    ['alpha', { alpha: true }],
  ])('with %j means it', (lines, expected) => {
    expect(only(serverWith().replace('TCP_CHECK', `${lines}\nTCP_CHECK`)).realServers[0]).toMatchObject(
      expected,
    );
  });

  it('runs its notify_up and notify_down, the first of two', () => {
    const lines = 'notify_up /bin/up\nnotify_up /bin/other\nnotify_down "/bin/down now" nobody\n';
    const [real] = only(serverWith().replace('TCP_CHECK', `${lines}TCP_CHECK`)).realServers;
    expect(real).toMatchObject({
      notifyUp: { argv: ['/bin/up'] },
      notifyDown: { argv: ['/bin/down', 'now'], user: 'nobody' },
    });
  });

  it.each(['NAT', 'FULLNAT'])('under %s has a port of its own', (kind) => {
    const text = serverWith(`lb_kind ${kind}`).replace('192.0.2.20 80', '192.0.2.20 8080');
    expect(only(text).realServers[0]).toMatchObject({ port: 8080, method: { forwarding: kind } });
  });

  it('is reached over IPv6 for an IPv4 service only through a tunnel', () => {
    const six = serverWith('lb_kind TUN type gre').replace('192.0.2.20', '2001:db8::20');
    expect(only(six).realServers[0]).toMatchObject({
      address: '2001:db8::20',
      method: { forwarding: 'TUN', tunnel: { type: 'gre' } },
    });
    expect(serversOf(six.replace('TUN type gre', 'FULLNAT'))).toEqual([]);
  });
});

describe('FULLNAT', () => {
  const local = 'local_address_group out {\n192.0.2.100\n192.0.2.110-119\n2001:db8::1-2001:db8::f\n}\n';
  const ofKind = (kind: string, line: string) => serverWith(line).replace('lb_kind NAT', `lb_kind ${kind}`);
  const ranges = [
    { first: '192.0.2.100', last: '192.0.2.100' },
    { first: '192.0.2.110', last: '192.0.2.119' },
  ];

  it('leaves with the addresses of its local_address_group, those of its family, wherever the group stands', () => {
    const text = ofKind('FULLNAT', 'laddr_group_name out') + local;
    expect(only(text).localAddresses).toEqual(ranges);
    expect(summary(parseText(text))).toEqual(['error address-family-mismatch: out']);
  });

  it('of a single real server is enough for it', () => {
    const text = ofKind('DR', 'laddr_group_name out') + local;
    expect(only(text.replace('TCP_CHECK', 'lvs_method FNAT\nTCP_CHECK')).localAddresses).toEqual(ranges);
    expect(only(text).localAddresses).toEqual([]);
    expect(summary(parseText(text))).toEqual(['error local-addresses-ignored: out']);
  });

  it('uses the address of the route where there is no such group', () => {
    const text = ofKind('FULLNAT', 'laddr_group_name in') + local;
    expect(only(text).localAddresses).toEqual([]);
    expect(summary(parseText(text))).toEqual(['error unknown-local-address-group: in']);
  });

  it('takes a group as DPVS writes it, with interfaces, which it says it ignores', () => {
    const result = parseText('local_address_group laddr_g1 {\n192.168.100.200 dpdk0\n}\n');
    expect(summary(result)).toEqual(['warning extra-words: dpdk0']);
  });

  it('has a group in the words that a file may hold, and no others', () => {
    const said = summary(parseText('local_address_group g {\n192.0.2.9-1\n192.0.2.0/24\nhost\n}\n'));
    expect(said.filter((line) => line.includes('invalid-value'))).toHaveLength(3);
    expect(said).toContain('error group-empty: local_address_group g');
  });
});

describe('the settings of IPVS in global_defs', () => {
  const globals = (...lines: readonly string[]) =>
    parseText(`global_defs {\n${lines.join('\n')}\n}\n${instanceWith()}`).config.globalDefs.lvs;

  it.each([
    ['lvs_sync_daemon eth0 inst VI_1', { interface: 'eth0', instance: 'VI_1', syncId: 51 }],
    ['lvs_sync_daemon eth0 inst VI_1 id 7', { interface: 'eth0', instance: 'VI_1', syncId: 7 }],
    ['lvs_sync_daemon eth0 VI_1 7', { interface: 'eth0', instance: 'VI_1', syncId: 7 }],
    ['lvs_sync_daemon eth0 VI_1', { interface: 'eth0', instance: 'VI_1', syncId: 51 }],
    ['lvs_sync_daemon eth0', { interface: 'eth0', syncId: 0 }],
    [
      'lvs_sync_daemon eth0 id 3 maxlen 1400 port 8849 ttl 2 group 224.0.0.82',
      { interface: 'eth0', syncId: 3, maxLengthBytes: 1400, port: 8849, ttl: 2, group: '224.0.0.82' },
    ],
  ])('with %j copy connections so', (line, expected) => {
    expect(globals(line).syncDaemon).toEqual(expected);
  });

  it.each([
    ['lvs_timeouts tcp 900 tcpfin 30 udp 300', { tcpSeconds: 900, tcpFinSeconds: 30, udpSeconds: 300 }],
    ['lvs_timeouts udp 0', { udpSeconds: 0 }],
    ['', undefined],
  ])('with %j set these times', (line, expected) => {
    expect(globals(line).timeouts).toEqual(expected);
  });

  it('copy none for an instance that there is not, and say so', () => {
    expect(globals('lvs_sync_daemon eth0 inst VI_9').syncDaemon).toBeUndefined();
  });

  it.each([
    ['', false],
    ['rs_init_notifies', true],
    ['rs_init_notifies off', false],
  ])('with %j tell of the first state of a server: %s', (line, expected) => {
    expect(globals(line).notifiesInitialState).toBe(expected);
  });
});
