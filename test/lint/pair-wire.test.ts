/** What decides whether two directors hear each other. */
import { describe, expect, it } from 'vitest';
import { messagesOf, pairFindings, router, rulesThatSpeak } from './pair-harness.ts';

const both = (first: readonly string[], second: readonly string[]) =>
  [router({ priority: 150, lines: first }), router({ priority: 100, lines: second })] as const;

describe('advertisement intervals', () => {
  const rule = 'pair/advert-int-mismatch';

  it('that version 2 rounds to the same second are the same', () => {
    expect(messagesOf(rule, ...both(['advert_int 1.2'], ['advert_int 1']))).toEqual([]);
    expect(messagesOf(rule, ...both(['advert_int 0.3'], ['advert_int 1']))).toEqual([]);
  });

  it('are an error in version 2 and a warning in version 3', () => {
    const [two = ''] = messagesOf(rule, ...both([], ['advert_int 3']));
    expect(two).toMatch(/^error: VI_1 advertises every 3 s here and every 1 s on lb01\.conf/);
    const [three = ''] = messagesOf(rule, ...both(['version 3'], ['version 3', 'advert_int 0.5']));
    expect(three).toMatch(/^warn: VI_1 advertises every 0\.5 s here/);
  });

  it('of two versions are not compared, because the versions are told', () => {
    const nodes = both(['version 2', 'advert_int 2'], ['version 3']);
    expect(rulesThatSpeak(...nodes)).toEqual(['pair/version-mismatch']);
  });
});

describe('authentication', () => {
  const rule = 'pair/auth-mismatch';
  const pass = (password: string) => ['authentication {', 'auth_type PASS', `auth_pass ${password}`, '}'];
  const signed = (...lines: readonly string[]) => ['auth_hmac {', ...lines, '}'];
  const keys = ['key 1 0123456789abcdef0123456789abcdef', 'key 2 fedcba9876543210fedcba9876543210'];

  it('is the same when the first 8 bytes of the passwords are', () => {
    expect(messagesOf(rule, ...both(pass('12345678'), pass('12345678rest')))).toEqual([]);
  });

  it('never shows a password', () => {
    const text = JSON.stringify(pairFindings(...both(pass('hunter2'), pass('swordfi'))));
    expect(text).toContain('another password');
    expect(text).not.toMatch(/hunter2|swordfi/);
  });

  it('on one director only is told, and in version 3 is none', () => {
    expect(messagesOf(rule, ...both(pass('x'), []))).toHaveLength(1);
    expect(messagesOf(rule, ...both(['version 3', ...pass('x')], ['version 3']))).toEqual([]);
  });

  it('by signature may rotate its keys as long as both have both', () => {
    const text = (active: number) => signed(...keys, `active_key ${active}`);
    expect(messagesOf(rule, ...both(text(1), text(2)))).toEqual([]);
  });

  it('by signature with a key that the other lacks is told', () => {
    const nodes = both(signed(...keys, 'active_key 2'), signed(keys[0] ?? '', 'active_key 1'));
    expect(messagesOf(rule, ...nodes)).toEqual([
      'error: VI_1 does not have key 2 of auth_hmac, which lb01.conf signs with: advertisements are discarded, and both become Master',
    ]);
  });

  it('by signature on one director is told, unless that one only listens yet', () => {
    expect(messagesOf(rule, ...both(signed(...keys, 'active_key 1'), []))).toHaveLength(1);
    const listening = signed(...keys, 'active_key 1', 'mode receive-only');
    expect(messagesOf(rule, ...both(listening, []))).toEqual([]);
  });

  it('by signature depends on the clocks, and not with a monotonic counter', () => {
    const text = (...more: readonly string[]) => signed(...keys, 'active_key 1', ...more);
    expect(messagesOf('pair/time-sync', ...both(text('time_window 20'), text('time_window 20')))).toEqual([
      'info: auth_hmac refuses what is older than 20 s: when the clocks of the directors differ by more than that, both become Master',
    ]);
    const counted = text('anti_replay monotonic');
    expect(messagesOf('pair/time-sync', ...both(counted, counted))).toEqual([]);
  });
});

describe('peers', () => {
  const rule = 'pair/unicast-reciprocal';
  const unicast = (own: number, peers: readonly string[], ...more: readonly string[]) => [
    `unicast_src_ip 198.51.100.${own}`,
    ...more,
    'unicast_peer {',
    ...peers.map((peer) => `198.51.100.${peer}`),
    '}',
  ];

  it('that name each other are fine, and may be more than there are files', () => {
    expect(messagesOf(rule, ...both(unicast(1, ['2', '3']), unicast(2, ['1', '3'])))).toEqual([]);
  });

  it('that lack several directors are told once, with all of them', () => {
    const nodes = [unicast(1, ['9']), unicast(2, ['1', '3']), unicast(3, ['1', '2'])];
    const texts = nodes.map((lines, index) => router({ priority: 150 - 10 * index, lines }));
    expect(messagesOf(rule, ...texts)).toEqual([
      'error: unicast_peer of VI_1 lacks 198.51.100.2 of lb02.conf and 198.51.100.3 of lb03.conf, which hear nothing from lb01.conf and become Master too',
    ]);
  });

  it('without a source address are not compared', () => {
    const bare = unicast(1, ['9']).slice(1);
    expect(messagesOf(rule, ...both(bare, bare))).toEqual([]);
  });

  it('that check the TTL refuse one that is sent too low', () => {
    const nodes = both(
      unicast(1, ['2'], 'unicast_ttl 5'),
      unicast(2, ['1 min_ttl 254'], 'check_unicast_src'),
    );
    expect(messagesOf(rule, ...nodes)).toEqual([
      'error: VI_1 takes advertisements of 198.51.100.1 with a TTL from 254 to 255, and lb01.conf sends 5: all of them are discarded, and both become Master',
    ]);
  });

  it('that do not check the sender take any TTL', () => {
    const nodes = both(unicast(1, ['2'], 'unicast_ttl 5'), unicast(2, ['1 min_ttl 254']));
    expect(messagesOf(rule, ...nodes)).toEqual([]);
  });
});

describe('multicast groups', () => {
  it('that differ are told, from the instance or from global_defs', () => {
    const globals = 'global_defs {\nvrrp_mcast_group4 224.0.0.99\n}\n';
    const [first, second] = both([], []);
    expect(rulesThatSpeak(globals + first, second)).toEqual(['pair/unicast-vs-multicast']);
    expect(rulesThatSpeak(globals + first, globals + second)).toEqual([]);
  });
});

describe('virtual addresses', () => {
  const addressed = (...addresses: readonly string[]) => addresses;

  it('in another order are the same', () => {
    const first = router({ priority: 150, addresses: addressed('192.0.2.1/24', '192.0.2.2/24') });
    expect(rulesThatSpeak(first, router({ addresses: addressed('192.0.2.2/24', '192.0.2.1/24') }))).toEqual(
      [],
    );
  });

  it('written as /32 and not written at all are the same', () => {
    const first = router({ priority: 150, addresses: addressed('192.0.2.1/32') });
    expect(rulesThatSpeak(first, router({ addresses: addressed('192.0.2.1') }))).toEqual([]);
  });

  it('that one director excludes and the other announces are told once', () => {
    const excluded = ['virtual_ipaddress_excluded {', '192.0.2.2/24', '}'];
    const first = router({ priority: 150, addresses: addressed('192.0.2.1/24', '192.0.2.2/24') });
    const second = router({ addresses: addressed('192.0.2.1/24'), lines: excluded });
    expect(messagesOf('pair/vip-list-mismatch', first, second)).toHaveLength(1);
  });

  it('of which one list is the other and more are a change under way, unless it is spared', () => {
    const first = router({ priority: 150, addresses: addressed('192.0.2.1/24', '192.0.2.2/24') });
    const second = (...lines: readonly string[]) => router({ addresses: addressed('192.0.2.1/24'), lines });
    expect(rulesThatSpeak(first, second())).toContain('pair/upgrade-order');
    expect(rulesThatSpeak(first, second('skip_check_adv_addr'))).not.toContain('pair/upgrade-order');
  });
});
