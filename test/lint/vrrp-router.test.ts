import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lint/finding.ts';
import { vrrpRouterRules } from '../../src/lint/rules/vrrp/router/index.ts';
import { findingsOf } from './rule-harness.ts';

const file = { kind: 'file' } as Parameters<typeof findingsOf>[0];
const names = new Set(vrrpRouterRules.map(({ name }) => name));

/** What the rules of this folder say of a text, without the group in the names. */
function findings(text: string): readonly Finding[] {
  return findingsOf(file, text).filter(({ rule }) => names.has(rule));
}

function rulesOf(text: string): readonly string[] {
  return findings(text)
    .filter(({ level }) => level !== 'info')
    .map(({ rule }) => rule.replace('vrrp/', ''));
}

function only(text: string, name: string): readonly Finding[] {
  return findings(text).filter(({ rule }) => rule === `vrrp/${name}`);
}

interface Parts {
  readonly name?: string;
  readonly vrid?: number;
  readonly address?: string;
  readonly interface?: string;
}

function instance(lines: readonly string[], parts: Parts = {}): string {
  const { name = 'VI_1', vrid = 7, address = '192.0.2.10/24', interface: device = 'eth0' } = parts;
  const body = [`interface ${device}`, `virtual_router_id ${vrid}`, ...lines];
  return `vrrp_instance ${name} {\n${body.join('\n')}\nvirtual_ipaddress {\n${address}\n}\n}\n`;
}

const globals = (...lines: readonly string[]) => `global_defs {\n${lines.join('\n')}\n}\n`;
const password = 'authentication {\nauth_type PASS\nauth_pass example\n}';
const onceInAFile = ['vrid-sparse', 'auth-pass-in-plain', 'garp-refresh-missing'] as const;
const tutorial = new URL('../../../shared/tutorial/', import.meta.url);

describe('vrrp router rules: what is said once for a file', () => {
  it.skipIf(!existsSync(tutorial))('every file of the tutorial gets each of them exactly once', () => {
    const files = readdirSync(tutorial).filter((name) => name.endsWith('.conf'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const text = readFileSync(new URL(name, tutorial), 'utf8');
      for (const rule of onceInAFile) expect(only(text, rule), `${name} ${rule}`).toHaveLength(1);
    }
  });

  it.skipIf(!existsSync(tutorial))(
    'no file of the tutorial gets an error or a warning of these rules',
    () => {
      for (const name of readdirSync(tutorial).filter((entry) => entry.endsWith('.conf'))) {
        expect(rulesOf(readFileSync(new URL(name, tutorial), 'utf8')), name).toEqual([]);
      }
    },
  );

  it('five instances are one finding at the first, with a count, three places and the rest', () => {
    const text = [1, 2, 3, 4, 5]
      .map((number) => instance([password], { name: `VI_${number}`, vrid: 51, interface: `eth${number}` }))
      .join('');
    for (const rule of onceInAFile) {
      const [finding, ...more] = only(text, rule);
      expect(more, rule).toEqual([]);
      expect(finding?.message).toContain('(5 instances)');
      expect(finding?.span?.start).toBeLessThan(text.indexOf('VI_2'));
      expect(finding?.notes?.map(({ message }) => message)).toEqual([
        'also here, in VI_2',
        'also here, in VI_3',
        'also here, in VI_4',
        'and in 1 more',
      ]);
    }
  });

  it('a refresh in global_defs, also of 0, or vrrp_min_garp leaves nothing to say', () => {
    const with_ = (line: string) => only(globals(line) + instance([]), 'garp-refresh-missing');
    expect(with_('router_id lb01')).toHaveLength(1);
    expect(with_('vrrp_garp_master_refresh 60')).toEqual([]);
    expect(with_('vrrp_garp_master_refresh 0')).toEqual([]);
    expect(with_('vrrp_min_garp')).toEqual([]);
    expect(with_('vrrp_min_garp off')).toHaveLength(1);
  });

  it('only the instances without a refresh are counted', () => {
    const text = instance(['garp_master_refresh 60']) + instance([], { name: 'VI_2', vrid: 8 });
    const [finding] = only(text, 'garp-refresh-missing');
    expect(finding?.message).not.toContain('instances)');
    expect(finding?.span?.start).toBe(text.indexOf('vrrp_instance VI_2'));
  });

  it('VRID 51 does not matter between unicast peers', () => {
    const peers = 'unicast_peer {\n192.0.2.2\n}';
    expect(only(instance([peers], { vrid: 51 }), 'vrid-sparse')).toEqual([]);
    expect(only(instance([], { vrid: 51 }), 'vrid-sparse')).toHaveLength(1);
  });

  it('a password that is not sent is not reported as sent', () => {
    for (const line of ['version 3', 'strict_mode']) {
      expect(only(instance([line, password]), 'auth-pass-in-plain'), line).toEqual([]);
    }
  });
});

describe('vrrp router rules: levels and secrets', () => {
  it.each(vrrpRouterRules.map((rule) => ({ ...rule, rule })))('$name has its own level', ({ rule }) => {
    for (const { level } of findingsOf(rule, rule.bad).filter((finding) => finding.rule === rule.name)) {
      expect(level).toBe(rule.level);
    }
  });

  it('no message holds a password or a key', () => {
    const secret = 'S3cretS3cret';
    const text = [
      instance([`authentication {\nauth_type PASS\nauth_pass ${secret}\n}`]),
      instance([`auth_hmac {\nkey 1 ${secret}\nkey 2 hex:${secret}\nkey 300 ${secret}\n}`], {
        name: 'VI_2',
        vrid: 8,
      }),
    ].join('');
    const all = findings(text);
    expect(all.map(({ rule }) => rule)).toContain('vrrp/auth-pass-truncated');
    expect(all.map(({ rule }) => rule)).toContain('vrrp/auth-hmac-key');
    expect(JSON.stringify(all)).not.toContain('S3cret');
  });
});

describe('vrrp router rules: identity', () => {
  const peers = 'unicast_peer {\n192.0.2.2\n}';
  const without = (...lines: readonly string[]) =>
    instance(lines).replace('interface eth0\n', '').replace('192.0.2.10/24', '192.0.2.10/24 dev eth0');

  it.each([
    ['nowhere to send', without()],
    ['use_vmac has nothing', without('use_vmac')],
    ['without a unicast_src_ip too', without(peers)],
    ['of another family', without('unicast_src_ip 2001:db8::1', peers)],
  ])('a missing interface: %s', (words, text) => {
    const found = only(text, 'interface-missing');
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  });

  it('an interface may be missing where peers are spoken to from a source address', () => {
    expect(only(without('unicast_src_ip 192.0.2.1', peers), 'interface-missing')).toEqual([]);
  });

  it('a missing interface with a link-local source is said to be needed by the source', () => {
    const text = without('unicast_src_ip fe80::1', 'unicast_peer {\nfe80::2\n}').replace(
      '192.0.2.10/24',
      'fe80::10/64',
    );
    expect(only(text, 'interface-missing').map(({ message }) => message)).toEqual([
      expect.stringContaining('fe80::1 is link-local'),
    ]);
  });

  it('one VRID for both families is a matter on one interface only', () => {
    const v6 = (device: string) => instance([], { name: 'VI_2', address: 'fe80::10/64', interface: device });
    expect(only(instance([]) + v6('eth0'), 'duplicate-vrid-other-family')).toHaveLength(1);
    expect(only(instance([]) + v6('eth1'), 'duplicate-vrid-other-family')).toEqual([]);
  });

  it('one VRID for both families is no matter in a sync group, and many pairs are one finding', () => {
    const pair = (vrid: number, name: string) =>
      instance([], { name: `${name}4`, vrid }) +
      instance([], { name: `${name}6`, vrid, address: 'fe80::10/64' });
    const rule = 'duplicate-vrid-other-family';
    expect(only(`${pair(7, 'A')}vrrp_sync_group G {\ngroup {\nA4\nA6\n}\n}\n`, rule)).toEqual([]);
    const [finding, ...more] = only(pair(7, 'A') + pair(8, 'B') + pair(9, 'C'), rule);
    expect(more).toEqual([]);
    expect(finding?.message).toContain('A4 and A6');
    expect(finding?.message).toContain('and so have 2 more');
  });

  it('a second block of one name is ignored, and so is the name of its virtual MAC interface', () => {
    const text = instance(['use_vmac vip0']) + instance(['use_vmac vip0'], { vrid: 8 });
    expect(rulesOf(text)).toEqual(['duplicate-instance-name']);
  });

  it('a version that is no version is left to the general rule', () => {
    expect(only(instance(['version 4'], { address: 'fe80::10/64' }), 'version-conflict')).toEqual([]);
  });
});

describe('vrrp router rules: strict mode', () => {
  it('vrrp_strict is one finding for all instances, strict_mode one for its own', () => {
    const inherited = globals('vrrp_strict') + instance([]) + instance([], { name: 'VI_2', vrid: 8 });
    const [finding, ...more] = only(inherited, 'strict-vip-not-pingable');
    expect(more).toEqual([]);
    expect(finding?.message).toContain('(2 instances)');
    expect(finding?.span?.start).toBe(inherited.indexOf('vrrp_strict'));
    const mixed =
      globals('vrrp_strict') + instance([]) + instance(['strict_mode'], { name: 'VI_2', vrid: 8 });
    expect(only(mixed, 'strict-vip-not-pingable')).toHaveLength(2);
  });

  it('strict_mode off, accept, no_accept and the owner have nothing to hear about ping', () => {
    for (const line of ['strict_mode off', 'accept', 'no_accept', 'priority 255']) {
      const text = globals('vrrp_strict') + instance([line]);
      expect(only(text, 'strict-vip-not-pingable'), line).toEqual([]);
    }
  });

  it('state and priority must agree, both ways', () => {
    const says = (...lines: readonly string[]) =>
      only(instance(['strict_mode', ...lines]), 'strict-state-master').map(({ message }) => message);
    expect(says('state MASTER', 'priority 150')).toEqual([
      expect.stringContaining('starts as BACKUP, not MASTER'),
    ]);
    expect(says('state BACKUP', 'priority 255')).toEqual([
      expect.stringContaining('starts as MASTER, not BACKUP'),
    ]);
    expect(says('state MASTER', 'priority 255')).toEqual([]);
    expect(says('state BACKUP', 'priority 150')).toEqual([]);
    expect(says('priority 255')).toEqual([]);
  });

  it('each line about other Masters that says what strict mode does not do is reported', () => {
    const counts = (line: string) => only(instance(['strict_mode', line]), 'strict-lower-priority').length;
    expect(counts('garp_lower_prio_repeat 1')).toBe(1);
    expect(counts('garp_lower_prio_repeat 0')).toBe(0);
    expect(counts('garp_lower_prio_delay 1')).toBe(1);
    expect(counts('lower_prio_no_advert off')).toBe(1);
    expect(counts('lower_prio_no_advert')).toBe(0);
    expect(counts('higher_prio_send_advert')).toBe(1);
    expect(counts('higher_prio_send_advert off')).toBe(0);
  });

  it('down_timer_adverts of global_defs counts as well, with the interval in the arithmetic', () => {
    const text = globals('vrrp_strict', 'vrrp_down_timer_adverts 5') + instance(['advert_int 2']);
    const [finding] = only(text, 'strict-down-timer-adverts');
    expect(finding?.message).toContain('about 6 s after the Master fell silent, not 10 s');
  });

  it('a delay that state MASTER cancels anyway is reported for that alone', () => {
    const text = instance(['strict_mode', 'state MASTER', 'priority 255', 'preempt_delay 5']);
    expect(only(text, 'strict-preempt-delay')).toEqual([]);
    expect(only(text, 'preempt-delay-with-master')).toHaveLength(1);
  });
});

describe('vrrp router rules: transport', () => {
  it('peers of which none can be read are one matter and not two', () => {
    const text = instance(['unicast_peer {\nlb02.example\n}']);
    expect(rulesOf(text)).toEqual(['unicast-peer-malformed']);
    expect(only(text, 'unicast-peer-malformed')[0]?.message).toContain('falls back to multicast');
  });

  it('an empty list of peers is a keyword of unicast without peers', () => {
    expect(rulesOf(instance(['unicast_peer {\n}']))).toEqual(['unicast-without-peers']);
  });

  it('without peers and with unicast_fault_no_peer the instance is lost, and that is an error', () => {
    const [finding] = only(
      instance(['unicast_src_ip 192.0.2.1', 'unicast_fault_no_peer']),
      'unicast-without-peers',
    );
    expect(finding?.level).toBe('error');
    expect(finding?.message).toContain('FAULT');
  });

  it('TTLs that cross are a matter of the peer that has them', () => {
    const text = instance(['unicast_peer {\n192.0.2.2 min_ttl 20 max_ttl 10\n}']);
    expect(only(text, 'unicast-peer-malformed').map(({ message }) => message)).toEqual([
      expect.stringContaining('min_ttl 20 is above max_ttl 10'),
    ]);
  });

  it('an own address among the peers is found through mcast_src_ip too, and in any spelling', () => {
    const lines = ['mcast_src_ip 2001:db8:0::1', 'unicast_peer {\n2001:db8::1\n}'];
    const [finding] = only(instance(lines, { address: '2001:db8::10/64' }), 'unicast-self-peer');
    expect(finding?.message).toContain('no other director hears it');
  });

  it('senders are looked at for one instance or for all', () => {
    const peers = 'unicast_peer {\n192.0.2.2\n}';
    expect(only(instance([peers, 'check_unicast_src']), 'unicast-no-check-src')).toEqual([]);
    const all = globals('vrrp_check_unicast_src') + instance([peers]);
    expect(only(all, 'unicast-no-check-src')).toEqual([]);
  });

  it('an ipvlan with an address, or over IPv6, has what it needs', () => {
    expect(only(instance(['use_ipvlan']), 'ipvlan-without-source')).toHaveLength(1);
    expect(only(instance(['use_ipvlan', 'mcast_src_ip 192.0.2.1']), 'ipvlan-without-source')).toHaveLength(1);
    expect(only(instance(['use_ipvlan 192.0.2.5/24']), 'ipvlan-without-source')).toEqual([]);
    expect(only(instance(['use_ipvlan'], { address: 'fe80::10/64' }), 'ipvlan-without-source')).toEqual([]);
  });
});

describe('vrrp router rules: timing and preemption', () => {
  it.each([
    ['0.5', '1 is used'],
    ['2.4', '2 is used'],
    ['0.3', '1 is used'],
  ])('version 2 rounds an advert_int of %s: %s', (value, words) => {
    const [finding] = only(instance([`advert_int ${value}`]), 'advert-int-v2-fraction');
    expect(finding?.message).toContain(words);
  });

  it('the edit writes the interval that the parser uses', () => {
    const text = instance(['version 3', 'advert_int 0.014']);
    const [finding] = only(text, 'advert-int-v3-step');
    const [edit] = finding?.fix?.edits ?? [];
    expect(edit?.text).toBe('0.01');
    expect(text.slice(edit?.span.start, edit?.span.end)).toBe('0.014');
  });

  it('an interval that is no number is left to the general rule', () => {
    expect(rulesOf(instance(['advert_int soon']))).toEqual([]);
  });

  it('what cancels nopreempt is told apart: state MASTER and priority 255', () => {
    expect(rulesOf(instance(['state MASTER', 'priority 150', 'nopreempt']))).toEqual([
      'nopreempt-with-master',
    ]);
    expect(rulesOf(instance(['state BACKUP', 'priority 255', 'nopreempt']))).toEqual([
      'priority-255-not-owner',
      'nopreempt-with-owner',
    ]);
    expect(rulesOf(instance(['state BACKUP', 'nopreempt']))).toEqual([]);
  });

  it('state MASTER that stands in a variable is not edited away', () => {
    const text = `$ROLE=MASTER\n${instance(['state $ROLE', 'priority 150', 'nopreempt'])}`;
    const [finding] = only(text, 'nopreempt-with-master');
    expect(finding?.message).toContain('state MASTER cancels nopreempt');
    expect(finding?.fix).toBeUndefined();
  });

  it('what cancels preempt_delay is told apart: state MASTER, priority 255 and nopreempt', () => {
    const says = (...lines: readonly string[]) =>
      findings(instance([...lines, 'preempt_delay 60']))
        .filter(({ rule }) => rule.startsWith('vrrp/preempt-delay'))
        .map(({ message }) => message);
    expect(says('state MASTER', 'priority 150')).toEqual([expect.stringContaining('state MASTER cancels')]);
    expect(says('priority 255')).toEqual([expect.stringContaining('priority 255 cancels')]);
    expect(says('nopreempt')).toEqual([expect.stringContaining('with nopreempt')]);
    expect(says('state BACKUP')).toEqual([]);
  });

  it('a short interval is reported with the time that it leaves, unless something holds the start back', () => {
    const short = ['version 3', 'advert_int 0.5', 'priority 200'];
    const rule = 'short-advert-with-preempt-delay-missing';
    // 3 * 0.5 + (256 - 200) / 256 * 0.5 = 1.609
    expect(only(instance(short), rule)[0]?.message).toContain('1.61 s after its start');
    expect(only(globals('vrrp_startup_delay 10') + instance(short), rule)).toEqual([]);
    expect(only(instance([...short, 'nopreempt']), rule)).toEqual([]);
    expect(only(instance(['version 3', 'advert_int 1']), rule)).toEqual([]);
    expect(only(instance(['advert_int 0.5']), rule)).toEqual([]);
  });

  it('a delay of an interface must be below (down_timer_adverts - 1) * advert_int, for down and for up', () => {
    const says = (delays: string, ...lines: readonly string[]) =>
      only(`interface_up_down_delays {\neth0 ${delays}\n}\n${instance(lines)}`, 'debounce-too-long').length;
    expect(says('2')).toBe(1);
    expect(says('1.99')).toBe(0);
    expect(says('1 2')).toBe(1);
    expect(says('2', 'down_timer_adverts 4')).toBe(0);
    expect(says('2', 'advert_int 2')).toBe(0);
  });

  it('the shortest instance of an interface decides', () => {
    const text = `interface_up_down_delays {\neth0 3\n}\n${instance(['advert_int 5'])}${instance([], { name: 'VI_2', vrid: 8 })}`;
    expect(only(text, 'debounce-too-long')[0]?.message).toContain('for VI_2');
  });

  it('owner_ignore_adverts must fit the priority, both ways', () => {
    const counts = (...lines: readonly string[]) => only(instance(lines), 'owner-ignore-adverts').length;
    expect(counts('priority 150', 'owner_ignore_adverts')).toBe(1);
    expect(counts('priority 150', 'owner_ignore_adverts off')).toBe(0);
    expect(counts('priority 255', 'owner_ignore_adverts')).toBe(0);
    expect(counts('priority 255', 'owner_ignore_adverts off')).toBe(1);
  });

  it('priority 255 names the weights that it ignores', () => {
    const script = 'vrrp_script chk {\nscript "/usr/bin/true"\nweight -20\n}\n';
    const [finding] = only(
      script + instance(['priority 255', 'track_script {\nchk\n}']),
      'priority-255-not-owner',
    );
    expect(finding?.notes?.map(({ message }) => message)).toEqual(['weight -20 of script chk is ignored']);
  });
});
