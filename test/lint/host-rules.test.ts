/** The rules that look at the machine, where their two examples are not enough. */
import { describe, expect, it } from 'vitest';
import type { Host, HostInterface } from '../../src/lint/host.ts';
import { lint } from '../../src/lint/lint.ts';
import { hostRules } from '../../src/lint/rules/host/index.ts';
import { modelsOf, ordinaryHost } from './rule-harness.ts';

interface Asked {
  readonly text: string;
  readonly host?: Partial<Host>;
}

function findings({ text, host = {} }: Asked) {
  const names = new Set(hostRules.map(({ name }) => name));
  const models = modelsOf({ kind: 'host' }, text);
  const found = lint(models, { rules: hostRules, isPair: false, host: { ...ordinaryHost, ...host } });
  return found.filter(({ rule }) => names.has(rule));
}

const told = (asked: Asked) => findings(asked).map(({ rule }) => rule);
const said = (asked: Asked) => findings(asked).map(({ level, message }) => `${level}: ${message}`);

function router(
  lines: readonly string[],
  addresses: readonly string[] = ['192.0.2.10/24'],
  above = '',
): string {
  const inside = [
    'interface eth0',
    'virtual_router_id 7',
    ...lines,
    'virtual_ipaddress {',
    ...addresses,
    '}',
  ];
  return `${above}vrrp_instance VI_1 {\n${inside.join('\n')}\n}\n`;
}

function eth0(change: Partial<HostInterface>): Partial<Host> {
  return {
    interfaces: ordinaryHost.interfaces.map((found) =>
      found.name === 'eth0' ? { ...found, ...change } : found,
    ),
  };
}

const global = (...lines: readonly string[]) => `global_defs {\n${lines.join('\n')}\n}\n`;

it('says nothing of an ordinary director', () => {
  expect(told({ text: router([]) })).toEqual([]);
});

describe('local addresses of FULLNAT', () => {
  const rule = 'host/local-address-missing';
  const fullnat = (entry: string, name = 'inside') => `local_address_group inside {
${entry}
}
virtual_server 192.0.2.10 80 {
lb_kind FULLNAT
laddr_group_name ${name}
protocol TCP
real_server 192.0.2.20 80 {
TCP_CHECK {
}
}
}
`;
  const missing = (text: string) =>
    findings({ text: `${router([])}${text}` }).filter((one) => one.rule === rule);

  it('are counted where a range is only partly on this machine', () => {
    const [found] = missing(fullnat('192.0.2.1-4'));
    expect(found?.message).toContain('192.0.2.2 and 2 more of local_address_group inside are no addresses');
  });

  it.each([
    ['a virtual address', fullnat('192.0.2.10')],
    ['one that the file adds', `static_ipaddress {\n192.0.2.77/24 dev eth0\n}\n${fullnat('192.0.2.77')}`],
    ['those of a group that nobody uses', fullnat('198.51.100.7', 'other')],
  ])('are not missed when they are %s', (_, text) => {
    expect(missing(text)).toEqual([]);
  });
});

describe('a missing interface', () => {
  const rule = 'vrrp/dynamic-interface-missing';

  it('is told once, with the other places', () => {
    const [first, ...others] = findings({
      text: router(['track_interface {', 'eth9', '}'], ['192.0.2.10/24 dev eth9']),
    });
    expect(others).toEqual([]);
    expect(first?.message).toBe(
      'there is no interface eth9 on this machine (track_interface of VI_1): keepalived does not start',
    );
    expect(first?.notes?.map(({ message }) => message)).toEqual([
      'named here too: dev of 192.0.2.10 in VI_1',
    ]);
  });

  it('is a warning with dynamic_interfaces', () => {
    const text = router([], ['192.0.2.10/24 dev eth9'], global('dynamic_interfaces'));
    expect(said({ text })[0]).toMatch(/^warn: .* waits in Fault until it appears$/);
  });

  it('is none where keepalived makes it, or works in a namespace', () => {
    expect(told({ text: router(['use_vmac vip0'], ['192.0.2.10/24 dev vip0']) })).not.toContain(rule);
    expect(told({ text: router(['use_vmac'], ['192.0.2.10/24 dev vrrp.7']) })).not.toContain(rule);
    expect(told({ text: `net_namespace red\n${router([], ['192.0.2.10/24 dev eth9'])}` })).not.toContain(
      rule,
    );
  });
});

describe('addresses', () => {
  it('of the file itself do not count as the own ones: this machine may be Master', () => {
    const host = eth0({ addresses: ['192.0.2.10/24'] });
    expect(told({ text: router([]), host })).toEqual(['host/no-source-address']);
  });

  it.each([
    ['192.0.2.200/32', []],
    ['192.0.3.10/24 dev eth1', []],
    ['192.0.3.10/24', ['host/vip-outside-subnet']],
    ['10.1.1.1/32 dev lo', []],
  ])('%s, held on eth0 in 192.0.2.0/24: %j', (address, rules) => {
    expect(told({ text: router([], [address]) })).toEqual(rules);
  });

  it('of IPv6 need a link-local one to be sent from', () => {
    const text = router([], ['fe80::10/64', '2001:db8::10/64']);
    expect(told({ text })).toEqual(['host/no-source-address']);
    expect(told({ text, host: eth0({ addresses: ['fe80::1/64', '2001:db8::1/64'] }) })).toEqual([]);
    expect(told({ text, host: eth0({ addresses: ['fe80::1/64', '2001:db8:1::1/64'] }) })).toEqual([
      'host/vip-outside-subnet',
    ]);
  });

  it('to bind to are of this machine, or a virtual one with a word of its own', () => {
    const check = (address: string) => `${router([])}virtual_server 192.0.2.10 80 {
protocol TCP
lb_algo rr
lb_kind DR
real_server 192.0.2.20 80 {
TCP_CHECK {
bindto ${address}
}
}
}
`;
    expect(told({ text: check('192.0.2.1') })).toEqual([]);
    expect(told({ text: check('192.0.2.9') })).toEqual(['host/source-address-missing']);
    expect(told({ text: check('192.0.2.10') })).toEqual(['host/nonlocal-bind']);
  });
});

describe('commands', () => {
  const paths = (
    known: Readonly<Record<string, Partial<{ isExecutable: boolean; isInsecure: boolean }>>>,
  ): Partial<Host> => ({
    pathFacts: (path) => {
      const facts = known[path];
      return facts && { kind: 'file', isExecutable: true, isInsecure: false, ...facts };
    },
  });

  it('without a slash are looked for in the usual folders', () => {
    const text = router(['notify_master "notify.sh -a"']);
    expect(told({ text, host: paths({ '/usr/local/bin/notify.sh': {} }) })).toEqual([]);
    expect(told({ text, host: paths({}) })).toEqual(['host/script-missing']);
  });

  it('that stand in several places are told once', () => {
    const text = router(['notify_master /a.sh', 'notify_backup /a.sh', 'notify_fault "/a.sh fault"']);
    expect(told({ text, host: paths({}) })).toEqual(['host/script-missing']);
  });

  it('that are not executable are told with what to run', () => {
    const [finding] = findings({
      text: router(['notify /a.sh']),
      host: paths({ '/a.sh': { isExecutable: false } }),
    });
    expect(finding?.help).toBe('run "chmod +x /a.sh"');
  });

  it('that others can change matter only to root, with script security', () => {
    const host = { ...paths({ '/a.sh': { isInsecure: true } }) };
    const text = (...lines: readonly string[]) => router(['notify /a.sh'], undefined, global(...lines));
    const rules = (...lines: readonly string[]) => told({ text: text(...lines), host });
    expect(rules('enable_script_security', 'script_user root')).toEqual(['host/script-insecure']);
    expect(rules('enable_script_security', 'script_user web')).toEqual([]);
    expect(rules('script_user root')).toEqual([]);
    // The account keepalived_script, which the ordinary host has.
    expect(rules('enable_script_security')).toEqual([]);
  });

  it('take what stands behind them for an account', () => {
    const host = { hasUser: (name: string) => name === 'root', hasGroup: () => false };
    const text = router(['notify_master /usr/bin/true -a', 'notify_backup /usr/bin/true root :web']);
    expect(said({ text, host })).toEqual([
      'error: this machine has no user -a, which /usr/bin/true of notify_master is to run as: keepalived switches it off',
      'error: this machine has no group web, which /usr/bin/true of notify_backup is to run as: keepalived switches it off',
    ]);
  });

  it('have the account of their block', () => {
    const script = 'vrrp_script chk {\nscript /usr/bin/true\nuser nobody\n}\n';
    const text = script + router(['track_script {', 'chk', '}']);
    const host = { hasUser: (name: string) => name === 'root' };
    expect(told({ text, host })).toEqual(['host/account-missing']);
  });
});

describe('a key file', () => {
  it('that others can read is a warning', () => {
    const host: Partial<Host> = {
      pathFacts: () => ({ kind: 'file', isExecutable: false, isInsecure: false, isReadableByOthers: true }),
    };
    const text = router(['auth_hmac {', 'key 1 file:/etc/vrrp.key', 'active_key 1', '}']);
    expect(said({ text, host })).toEqual([
      'warn: others than root can read the key file /etc/vrrp.key of VI_1: who has the key can pass for a director',
    ]);
  });
});

describe('mail to this machine', () => {
  const text = router([], undefined, global('smtp_server 192.0.2.1 587'));

  it('is told only when it is known that nothing listens', () => {
    const asked: number[] = [];
    const isListening = (port: number) => {
      asked.push(port);
      return false;
    };
    expect(told({ text, host: { isListening } })).toEqual(['host/smtp-not-listening']);
    expect(asked).toEqual([587]);
    expect(told({ text, host: { isListening: () => undefined } })).toEqual([]);
    expect(told({ text })).toEqual([]);
  });
});

describe('the installed keepalived', () => {
  const text = router(['v3_checksum_as_v2', 'owner_ignore_adverts']);
  const count = (keepalivedVersion: string | undefined) =>
    told({ text, host: { keepalivedVersion } }).filter((rule) => rule === 'host/version-mismatch').length;

  it.each([
    ['2.2.7', 2],
    ['2.3.99', 2],
    ['2.4.3', 0],
    ['2.10.0', 0],
    ['unknown', 0],
    [undefined, 0],
  ])('of release %s lacks %i words of 2.4', (version, expected) => {
    expect(count(version)).toBe(expected);
  });
});

describe('a small MTU', () => {
  it('is told for what would fit into the usual one', () => {
    const addresses = (count: number) =>
      Array.from({ length: count }, (_, index) => `192.0.2.${index + 2}/24`);
    const host = eth0({ mtu: 116 });
    expect(told({ text: router([], addresses(20)), host })).toEqual([]);
    expect(told({ text: router([], addresses(21)), host })).toEqual(['host/vips-exceed-mtu']);
    expect(told({ text: router(['version 3'], addresses(22)), host })).toEqual([]);
  });
});
