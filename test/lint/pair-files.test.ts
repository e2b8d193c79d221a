/** What two files say about services, checks, groups, scripts and config-ids. */
import { describe, expect, it } from 'vitest';
import { messagesOf, pairFindings, router, rulesThatSpeak, script, tracking } from './pair-harness.ts';

interface Service {
  readonly lines?: readonly string[];
  readonly servers?: readonly (readonly string[])[];
}

function service({ lines = [], servers = [[]] }: Service = {}): string {
  const real = servers.map(
    (inside, index) => `real_server 192.0.2.${20 + index} 80 {\n${inside.join('\n')}\n}`,
  );
  const head = ['delay_loop 6', 'lb_algo rr', 'lb_kind DR', 'protocol TCP', ...lines];
  return `virtual_server 192.0.2.10 80 {\n${[...head, ...real].join('\n')}\n}\n`;
}

const tcp = (...lines: readonly string[]) => ['TCP_CHECK {', ...lines, '}'];
const withRouters = (first: string, second: string) =>
  [router({ priority: 150 }) + first, router() + second] as const;

describe('services', () => {
  const rule = 'pair/virtual-server-mismatch';

  it('that are the same in another order are not told', () => {
    const other = service().replace('192.0.2.10 80', '192.0.2.10 443');
    expect(rulesThatSpeak(...withRouters(service() + other, other + service()))).toEqual([]);
  });

  it('of one director are told, each at its own place', () => {
    expect(messagesOf(rule, ...withRouters(service(), ''))).toEqual([
      'warn: virtual server 192.0.2.10:80/TCP of lb01.conf is not in lb02.conf: with that director as Master its clients get no answer',
    ]);
    expect(pairFindings(...withRouters('', service())).map(({ span }) => span?.file)).toEqual(['lb02.conf']);
  });

  it('of three directors that one lacks are told once', () => {
    const nodes = [router({ priority: 150 }), router({ priority: 120 }) + service(), router() + service()];
    expect(messagesOf(rule, ...nodes)).toHaveLength(1);
  });

  it('tell every difference in one finding', () => {
    const first = service({ servers: [['weight 1'], ['weight 2']] });
    const second = service({ lines: ['persistence_timeout 50'], servers: [['weight 3']] });
    expect(messagesOf(rule, ...withRouters(first, second))).toEqual([
      'warn: virtual server 192.0.2.10:80/TCP is not that of lb01.conf: persistence_timeout 50 here and none on lb01.conf, 192.0.2.20:80 has weight 3 here and 1 on lb01.conf and 192.0.2.21:80 is a real server on lb01.conf only',
    ]);
  });

  it('of one group with other entries are told', () => {
    const grouped = (address: string) =>
      `virtual_server_group web {\n${address} 80\n}\n${service().replace('192.0.2.10 80', 'group web')}`;
    const [message = ''] = messagesOf(rule, ...withRouters(grouped('192.0.2.10'), grouped('192.0.2.11')));
    expect(message).toContain('the group web has other entries on lb01.conf');
  });
});

describe('checks', () => {
  const rule = 'pair/health-mismatch';

  it('that inherit the same times are the same', () => {
    const first = service({ lines: ['connect_timeout 3'], servers: [tcp()] });
    expect(messagesOf(rule, ...withRouters(first, service({ servers: [tcp('connect_timeout 3')] })))).toEqual(
      [],
    );
  });

  it('that differ in all servers of a service are told once, with their number', () => {
    const first = service({ servers: [tcp(), tcp(), tcp()] });
    expect(messagesOf(rule, ...withRouters(first, first.replace('delay_loop 6', 'delay_loop 9')))).toEqual([
      'warn: 192.0.2.20:80 and 2 more of 192.0.2.10:80/TCP are checked differently on lb01.conf: delay_loop of TCP_CHECK is 9 s here and 6 s there',
    ]);
  });

  it('of another kind, or none, are told', () => {
    const [message = ''] = messagesOf(rule, ...withRouters(service({ servers: [tcp()] }), service()));
    expect(message).toContain('it has no check here and TCP_CHECK there');
  });

  it('that ask for another page are told', () => {
    const http = (path: string) => ['HTTP_GET {', 'url {', `path ${path}`, 'status_code 200', '}', '}'];
    const nodes = withRouters(service({ servers: [http('/')] }), service({ servers: [http('/health')] }));
    expect(messagesOf(rule, ...nodes)[0]).toContain('HTTP_GET asks something else');
  });

  it('may come from an address of their own on each director', () => {
    const from = (address: string) => service({ servers: [tcp(`bindto ${address}`)] });
    expect(messagesOf(rule, ...withRouters(from('192.0.2.1'), from('192.0.2.2')))).toEqual([]);
  });
});

describe('connection synchronisation', () => {
  const daemon = (rest: string) => `global_defs {\nlvs_sync_daemon eth0 ${rest}\n}\n`;
  const text = (rest: string) => withRouters(daemon(rest), daemon('inst VI_1 id 7 port 8848'));

  it('takes the VRID for its id, and the usual port', () => {
    expect(rulesThatSpeak(...text('inst VI_1'))).toEqual([]);
  });

  it('in the old form is read too', () => {
    expect(rulesThatSpeak(...text('VI_1 8'))).toEqual(['lvs/sync-daemon-one-sided']);
  });

  it('on one director only is told there', () => {
    expect(rulesThatSpeak(...withRouters('', daemon('inst VI_1')))).toEqual(['lvs/sync-daemon-one-sided']);
  });

  it('that follows another virtual router is told', () => {
    const two = router({ name: 'VI_2', vrid: 8, addresses: ['192.0.2.20/24'] });
    const nodes = [
      router({ priority: 150 }) + two + daemon('inst VI_1 id 1'),
      router() + two.replace('priority 100', 'priority 90') + daemon('inst VI_2 id 1'),
    ];
    expect(messagesOf('pair/sync-daemon', ...nodes)[0]).toContain('it follows VI_2 here and VI_1 there');
  });
});

describe('sync groups', () => {
  const two = (priority: number, name = 'VI_2') =>
    router({ name, vrid: 8, device: 'eth1', priority, addresses: ['198.51.100.10/24'] });
  const group = (...members: readonly string[]) =>
    `vrrp_sync_group G {\ngroup {\n${members.join('\n')}\n}\n}\n`;

  it('whose members have other names and are the same are fine', () => {
    const nodes = withRouters(two(150) + group('VI_1', 'VI_2'), two(100, 'inside') + group('VI_1', 'inside'));
    expect(rulesThatSpeak(...nodes)).toEqual([]);
  });

  it('that lack a member are told with its name', () => {
    const nodes = withRouters(two(150) + group('VI_1', 'VI_2'), two(100) + group('VI_1'));
    expect(messagesOf('pair/sync-group-mismatch', ...nodes)).toEqual([
      'error: sync group G lacks VI_2 of lb01.conf: at a failover some addresses move without the rest',
    ]);
  });

  it('of one member are none', () => {
    expect(rulesThatSpeak(...withRouters(group('VI_1'), ''))).toEqual([]);
  });

  it('of members that prefer different directors are told, and not where there is no group', () => {
    const rule = 'pair/priority-inversion-across-groups';
    const both = group('VI_1', 'VI_2');
    expect(messagesOf(rule, ...withRouters(two(50) + both, two(90) + both))).toHaveLength(1);
    expect(messagesOf(rule, ...withRouters(two(50), two(90)))).toEqual([]);
    expect(messagesOf(rule, ...withRouters(two(150) + both, two(90) + both))).toEqual([]);
  });
});

describe('scripts', () => {
  const rule = 'pair/script-mismatch';
  const watched = (priority: number) => router({ priority, lines: tracking('chk') });

  it('of one name and two commands are told once for several instances', () => {
    const other = router({ name: 'VI_2', vrid: 8, addresses: ['192.0.2.20/24'], lines: tracking('chk') });
    const first = script('chk', '-60') + watched(150) + other.replace('priority 100', 'priority 150');
    const second = script('chk', '-60').replace('/usr/bin/true', '/usr/bin/false') + watched(100) + other;
    expect(messagesOf(rule, first, second)).toEqual([
      'warn: script chk has script /usr/bin/false here and script /usr/bin/true on lb01.conf: the directors judge the same failure differently',
    ]);
  });

  it('that the sync group tracks count for its members', () => {
    const group = `vrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_script {\nchk\n}\n}\n`;
    const text = (priority: number) => script('chk', '0') + router({ priority }) + group;
    expect(messagesOf(rule, text(150), script('chk', '0') + watched(100) + group)).toEqual([]);
  });
});

describe('interfaces of other names', () => {
  it('are a warning where the name of the other director was left behind', () => {
    const second = router({ device: 'ens3', lines: ['track_interface {', 'eth0', '}'] });
    const [message = ''] = messagesOf('pair/interface-name-differs', router({ priority: 150 }), second);
    expect(message).toMatch(/^warn: eth0 is the interface of lb01\.conf; VI_1 is on ens3 here/);
  });
});

describe('config-ids', () => {
  const rule = 'pair/config-id-conditional';
  const shared = (...lines: readonly string[]) => router({ lines }).replace('priority 100\n', '');

  it('that all have a line, or share one with @^, are complete', () => {
    const text = shared('@lb01 priority 150', '@^lb01 priority 100', '@lb02 nopreempt');
    expect(messagesOf(rule, text, text)).toEqual([]);
  });

  it('without a line are told with what follows', () => {
    const text = shared('@lb01 priority 150', '@lb02 priority 100').replace('interface', '@lb02 interface');
    expect(messagesOf(rule, text, text)[0]).toBe(
      'info: interface has a line for lb02 and none for lb01: there keepalived does not start',
    );
  });

  it('of another block are another matter', () => {
    const text = shared('@lb01 priority 150') + shared('@lb02 priority 100').replace('VI_1', 'VI_2');
    expect(messagesOf(rule, text, text)).toHaveLength(4);
  });
});

describe('words of later releases', () => {
  it('are told on the director that has them, with all of them at once', () => {
    const second = router({ lines: ['v3_checksum_as_v2', 'owner_ignore_adverts on'] });
    const [message = ''] = messagesOf('pair/version-of-daemon', router({ priority: 150 }), second);
    expect(message).toMatch(
      /^info: v3_checksum_as_v2 \(since keepalived 2\.4[^)]*\) and owner_ignore_adverts/,
    );
  });
});
