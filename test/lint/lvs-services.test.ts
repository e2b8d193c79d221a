import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { checksFromVirtualAddress } from '../../src/lint/rules/lvs/checks-from-virtual-address.ts';
import { defaultSmtpAlertTrue } from '../../src/lint/rules/lvs/default-smtp-alert-true.ts';
import { duplicateGroupService } from '../../src/lint/rules/lvs/duplicate-group-service.ts';
import { groupEmpty } from '../../src/lint/rules/lvs/group-empty.ts';
import { groupFamilyMismatch } from '../../src/lint/rules/lvs/group-family-mismatch.ts';
import { groupMixedFamilies } from '../../src/lint/rules/lvs/group-mixed-families.ts';
import { groupPortDiffers } from '../../src/lint/rules/lvs/group-port-differs.ts';
import { lvsRules } from '../../src/lint/rules/lvs/index.ts';
import { mhFlagOrder } from '../../src/lint/rules/lvs/mh-flag-order.ts';
import { persistenceMissing } from '../../src/lint/rules/lvs/persistence-missing.ts';
import { quorumWithoutAction } from '../../src/lint/rules/lvs/quorum-without-action.ts';
import { sorryInhibitDiffers } from '../../src/lint/rules/lvs/sorry-inhibit-differs.ts';
import { vipNotInVrrp } from '../../src/lint/rules/lvs/vip-not-in-vrrp.ts';
import { vrrpVipWithoutService } from '../../src/lint/rules/lvs/vrrp-vip-without-service.ts';
import { modelsOf } from './rule-harness.ts';

function findings(rules: readonly Rule[], text: string) {
  const names = new Set(rules.map(({ name }) => name));
  const found = lint(modelsOf({ kind: 'file' }, text), { rules, isPair: false });
  return found.filter(({ rule }) => names.has(rule));
}

const saidOf = (rule: Rule, text: string) => findings([rule], text).map(({ message }) => message);

function service(
  target: string,
  lines: string,
  server = 'real_server 192.0.2.20 80 {\nTCP_CHECK {\n}\n}',
): string {
  return `virtual_server ${target} {\nprotocol TCP\n${lines}\n${server}\n}\n`;
}

const group = (...entries: string[]) => `virtual_server_group web {\n${entries.join('\n')}\n}\n`;

function instance(...addresses: string[]): string {
  return `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 7\nvirtual_ipaddress {\n${addresses.join('\n')}\n}\n}\n`;
}

describe('lvs/checks-from-virtual-address', () => {
  const real = (address: string, check = 'TCP_CHECK {\n}') => `real_server ${address} 80 {\n${check}\n}`;
  const said = (held: string, lines: string, ...servers: string[]) =>
    findings(
      [checksFromVirtualAddress],
      instance('fe80::7', held) + service('2001:db8::10 80', lines, servers.join('\n')),
    ).map(({ message }) => message);

  it.each(['DR', 'TUN'])('counts the servers of %s that have the address themselves', (method) => {
    const servers = [real('2001:db8::20'), real('2001:db8::21'), real('2001:db8:1::20')];
    expect(said('2001:db8::10/64', `lb_kind ${method}`, ...servers)).toMatchObject([
      expect.stringContaining('2 real servers from 2001:db8::10'),
    ]);
  });

  it.each([
    [
      'a single address, which the kernel does not choose',
      '2001:db8::10',
      'lb_kind DR',
      real('2001:db8::20'),
    ],
    ['the same said', '2001:db8::10/64 preferred_lft 0', 'lb_kind DR', real('2001:db8::20')],
    ['a server without the address', '2001:db8::10/64', 'lb_kind NAT', real('2001:db8::20')],
    [
      'an address to check from',
      '2001:db8::10/64',
      'lb_kind DR',
      real('2001:db8::20', 'TCP_CHECK {\nbindto 2001:db8::5\n}'),
    ],
    [
      'checks that do not connect',
      '2001:db8::10/64',
      'lb_kind DR',
      real('2001:db8::20', 'MISC_CHECK {\nmisc_path /bin/true\n}'),
    ],
    ['the address of another service', '2001:db8::11/64', 'lb_kind DR', real('2001:db8::20')],
  ])('is silent for %s', (_, held, lines, server) => {
    expect(said(held, lines, server)).toEqual([]);
  });
});

describe('lvs/all-weights-zero, lvs/quorum-exceeds-weights and lvs/hysteresis-not-below-quorum', () => {
  const servers = (...weights: number[]) =>
    weights
      .map((weight, at) => `real_server 192.0.2.${20 + at} 80 {\nweight ${weight}\nTCP_CHECK {\n}\n}`)
      .join('\n');
  const quorumRules = lvsRules.filter(({ name }) => /weights|hysteresis/.test(name));
  const rulesOf = (lines: string, ...weights: number[]) =>
    findings(quorumRules, service('192.0.2.10 80', lines, servers(...weights)));

  it.each([
    ['quorum 3', [1, 2], []],
    ['quorum 4', [1, 2], ['lvs/quorum-exceeds-weights']],
    ['', [0, 0], ['lvs/all-weights-zero']],
    ['quorum 2', [0, 0], ['lvs/all-weights-zero']],
    ['', [0, 1], []],
    ['quorum 2\nhysteresis 1', [3], []],
    ['quorum 2\nhysteresis 2', [3], ['lvs/hysteresis-not-below-quorum']],
  ])('of %j with weights %j reports %j', (lines, weights, rules) => {
    expect(rulesOf(lines, ...weights).map(({ rule }) => rule)).toEqual(rules);
  });

  it('adds up the weights', () => {
    expect(rulesOf('quorum 9', 2, 3, 1)[0]?.message).toBe(
      'a quorum of 9 is out of reach: all real servers of 192.0.2.10:80/TCP weigh 2 + 3 + 1 = 6; 6 is used, so the first that fails ends the quorum',
    );
  });
});

describe('lvs/mh-flag-order', () => {
  it.each([
    ['lb_algo sh\nsh-port', 0],
    ['sh-port\nlb_algo sh', 1],
    ['lb_algo mh\nmh-port\nmh-fallback', 0],
    ['mh-port\nmh-fallback\nlb_algo mh', 2],
    ['lb_algo sh\nmh-port', 1],
    ['lb_algo rr\nsh-fallback', 1],
    ['sh-port', 1],
  ])('of %j reports %i', (lines, count) => {
    expect(saidOf(mhFlagOrder, service('192.0.2.10 80', lines))).toHaveLength(count);
  });
});

describe('lvs/sorry-inhibit-differs', () => {
  const sorry = 'sorry_server 192.0.2.20 80';
  it.each([
    [sorry, '', 0],
    [`${sorry}\nsorry_server_inhibit`, '', 1],
    [sorry, 'inhibit_on_failure', 1],
    [`inhibit_on_failure\n${sorry}`, 'inhibit_on_failure off', 0],
    [`${sorry}\nsorry_server_inhibit`, 'inhibit_on_failure', 0],
    ['sorry_server 192.0.2.30 80\nsorry_server_inhibit', '', 0],
  ])('of %j and %j reports %i', (lines, own, count) => {
    const server = `real_server 192.0.2.20 80 {\n${own}\nTCP_CHECK {\n}\n}`;
    expect(saidOf(sorryInhibitDiffers, service('192.0.2.10 80', lines, server))).toHaveLength(count);
  });
});

describe('lvs/quorum-without-action', () => {
  it.each([
    ['quorum 2', 1],
    ['quorum 1', 0],
    ['', 0],
    ['quorum 2\nquorum_down "/bin/x"', 0],
    ['quorum 2\nsorry_server 192.0.2.30 80', 0],
  ])('of %j reports %i', (lines, count) => {
    const server = 'real_server 192.0.2.20 80 {\nweight 2\nTCP_CHECK {\n}\n}';
    expect(saidOf(quorumWithoutAction, service('192.0.2.10 80', lines, server))).toHaveLength(count);
  });

  it('leaves a quorum that is out of reach to the rule about that', () => {
    expect(saidOf(quorumWithoutAction, service('192.0.2.10 80', 'quorum 2'))).toEqual([]);
  });
});

describe('the rules about groups', () => {
  it('lvs/group-empty: knows a service that was called a group', () => {
    const text = 'virtual_server_group web {\nlb_kind NAT\nreal_server 192.0.2.20 80 {\n}\n}\n';
    expect(findings([groupEmpty], text)[0]?.help).toBe(
      'this block is a service: write "virtual_server group web {"',
    );
  });

  it.each([
    [['192.0.2.10 80', '2001:db8::10 80'], 0],
    [['192.0.2.10 80', '2001:db8::10 80', 'fwmark 7'], 1],
    [['192.0.2.10-12 80', '2001:db8::/64 80', 'fwmark 7'], 1],
    [['192.0.2.10 80', '2001:db8::10 80', 'fwmark 7 inet6'], 0],
    [['192.0.2.10 80', 'fwmark 7'], 0],
  ])('lvs/group-mixed-families: of %j reports %i', (entries, count) => {
    expect(saidOf(groupMixedFamilies, group(...entries))).toHaveLength(count);
  });

  it.each([
    [['192.0.2.10 80'], '', 1],
    [['192.0.2.10 80', '2001:db8::10 80'], '', 0],
    [['192.0.2.10 80', 'fwmark 7'], '', 1],
    [['fwmark 7'], '', 0],
    [['192.0.2.10 80'], 'lb_kind TUN', 0],
    [[], '', 0],
  ])(
    'lvs/group-family-mismatch: an IPv6 server in a group of %j with %j reports %i',
    (entries, lines, count) => {
      const text = group(...entries) + service('group web', lines, 'real_server 2001:db8::20 80 {\n}');
      expect(saidOf(groupFamilyMismatch, text)).toHaveLength(count);
    },
  );

  it.each([
    [['192.0.2.10 80', '192.0.2.10 443'], '', 1],
    [['192.0.2.10 80', '192.0.2.11 80'], '', 0],
    [['192.0.2.10 80', '192.0.2.10 443'], 'persistence_timeout 60', 0],
    [['192.0.2.10 80', '192.0.2.10 443'], 'lb_algo sh', 0],
    [['192.0.2.10', '192.0.2.11 443'], '', 0],
    [['fwmark 7', '192.0.2.10 80'], '', 0],
  ])('lvs/persistence-missing: a group of %j with %j reports %i', (entries, lines, count) => {
    expect(saidOf(persistenceMissing, group(...entries) + service('group web', lines))).toHaveLength(count);
  });

  it.each([
    ['192.0.2.10 80', 1],
    ['192.0.2.10 81', 0],
    ['group web', 1],
    ['group other', 0],
  ])('lvs/duplicate-group-service: beside the group, a service %s reports %i', (target, count) => {
    const text = group('192.0.2.10 80', '192.0.2.11 80') + service('group web', '') + service(target, '');
    expect(saidOf(duplicateGroupService, text)).toHaveLength(count);
  });
});

describe('lvs/group-port-differs', () => {
  it.each([
    [['192.0.2.10 80'], 'lb_kind DR', ' 8080', 1],
    [['192.0.2.10 80'], 'lb_kind TUN', ' 8080', 1],
    [['192.0.2.10 80'], 'lb_kind NAT', ' 8080', 0],
    [['192.0.2.10 80'], 'lb_kind DR', ' 80', 0],
    [['192.0.2.10 80'], 'lb_kind DR', '', 0],
    [['192.0.2.10 80', '192.0.2.11-13 80'], 'lb_kind DR', ' 8080', 1],
    [['192.0.2.10 80', '192.0.2.10 443'], 'lb_kind DR', ' 443', 0],
    [['fwmark 7'], 'lb_kind DR', ' 80', 0],
  ])('of a group of %j with %j and port %j reports %i', (entries, lines, port, count) => {
    const text = group(...entries) + service('group web', lines, `real_server 192.0.2.20${port} {\n}`);
    expect(saidOf(groupPortDiffers, text)).toHaveLength(count);
  });
});

describe('lvs/vip-not-in-vrrp', () => {
  it('is silent where no virtual router is in the file', () => {
    expect(saidOf(vipNotInVrrp, service('192.0.2.10 80', ''))).toEqual([]);
  });

  it('looks at excluded addresses and at another spelling of the same address', () => {
    const text = `vrrp_instance VI_1 {
interface eth0
virtual_router_id 7
virtual_ipaddress {
2001:0DB8::0010/64
}
virtual_ipaddress_excluded {
192.0.2.10
}
}
${service('192.0.2.10 80', '')}${service('2001:db8::10 80', '', 'real_server 2001:db8::20 80 {\n}')}`;
    expect(saidOf(vipNotInVrrp, text)).toEqual([]);
  });

  it('names the first address, and counts services and addresses', () => {
    const text =
      instance('192.0.2.9/24') +
      service('192.0.2.10 80', '') +
      service('192.0.2.10 443', '') +
      service('192.0.2.11 80', '');
    expect(saidOf(vipNotInVrrp, text)).toEqual([
      'no vrrp_instance holds 192.0.2.10 and 1 other: VRRP does not move 3 services to the other director',
    ]);
  });

  it('looks at the addresses of a group', () => {
    const text =
      instance('192.0.2.10/24') + group('192.0.2.10 80', '192.0.2.11 80') + service('group web', '');
    expect(saidOf(vipNotInVrrp, text)[0]).toContain('holds 192.0.2.11:');
  });
});

describe('lvs/vrrp-vip-without-service', () => {
  const two = instance('192.0.2.10/24', '192.0.2.11/24');

  it.each([
    ['lb_kind DR', 1],
    // The real servers need an address of the director as their gateway.
    ['lb_kind NAT', 0],
    ['', 0],
  ])('with %j reports %i', (lines, count) => {
    expect(saidOf(vrrpVipWithoutService, two + service('192.0.2.10 80', lines))).toHaveLength(count);
  });

  it('is silent where a service has an address that nobody holds', () => {
    expect(saidOf(vrrpVipWithoutService, two + service('192.0.2.12 80', 'lb_kind DR'))).toEqual([]);
  });

  it('is silent without services, and beside a firewall mark', () => {
    expect(saidOf(vrrpVipWithoutService, two)).toEqual([]);
    const marked = 'virtual_server fwmark 7 {\nlb_kind DR\nreal_server 192.0.2.20 {\n}\n}\n';
    expect(saidOf(vrrpVipWithoutService, two + service('192.0.2.10 80', 'lb_kind DR') + marked)).toEqual([]);
  });
});

describe('lvs/default-smtp-alert-true', () => {
  const mail = 'notification_email {\na@example.com\n}\n';

  it.each([
    [mail, 1],
    ['', 0],
    [`${mail}smtp_alert off\n`, 0],
    [`${mail}smtp_alert_checker\n`, 0],
    [`${mail}no_checker_emails\n`, 0],
    [`${mail}smtp_alert_vrrp\n`, 1],
  ])('of %j in global_defs reports %i', (lines, count) => {
    const text = `global_defs {\n${lines}}\n${service('192.0.2.10 80', '')}`;
    expect(saidOf(defaultSmtpAlertTrue, text)).toHaveLength(count);
  });
});

describe('all rules about services together', () => {
  it('say of a thousand equal services no more than of one', () => {
    const sound = (at: number) =>
      `virtual_server 198.51.${at >> 8}.${at & 255} 80 {
lb_algo wrr
lb_kind DR
protocol TCP
real_server 192.0.2.20 80 {
TCP_CHECK {
connect_timeout 90
}
}
real_server 192.0.2.21 80 {
uthreshold 10
}
}
`;
    const text = (count: number) => Array.from({ length: count }, (_, at) => sound(at)).join('');
    const names = (count: number) => findings(lvsRules, text(count)).map(({ rule }) => rule);
    expect(names(1000)).toEqual(names(1));
    expect(names(1).length).toBeGreaterThan(4);
  });
});
