/** What each keyword about who is Master changes, in the instance and in global_defs. */
import { describe, expect, test } from 'vitest';
import { ourAddress } from '../instances.ts';
import { becameMaster, started, takesOverFrom } from './configured.ts';

/** When a Backup that hears nobody becomes Master. */
function takesOverAt(lines: string, globals = ''): number {
  const { state } = started(lines, globals);
  return state.name === 'Backup' ? state.masterDownAtMs : 0;
}

describe('how long a Backup waits', () => {
  test('is three intervals and Skew_Time without a word', () => {
    expect(takesOverAt('')).toBe(3609.375);
  });

  test('depends on priority: 255 waits for nothing', () => {
    expect(takesOverAt('priority 200')).toBe(3218.75);
    expect(started('priority 255').state.name).toBe('Master');
  });

  test('depends on advert_int', () => {
    expect(takesOverAt('advert_int 2')).toBe(6609.375);
    expect(takesOverAt('version 3\nadvert_int 0.1')).toBeCloseTo(360.9375);
  });

  test.each([
    ['down_timer_adverts 5', ''],
    ['', 'vrrp_down_timer_adverts 5'],
    ['down_timer_adverts 5', 'vrrp_down_timer_adverts 9'],
  ])('depends on down_timer_adverts: %j beside %j', (lines, globals) => {
    expect(takesOverAt(lines, globals)).toBe(5609.375);
  });

  test('does not depend on state: MASTER is a hint', () => {
    expect(takesOverAt('state MASTER\npriority 100')).toBe(takesOverAt('state BACKUP'));
  });

  test('with state MASTER and no priority is that of the owner, as in keepalived', () => {
    expect(started('state MASTER').state.name).toBe('Master');
  });
});

describe('a Backup that hears a lower priority', () => {
  test.each(['', 'preempt', 'nopreempt\npreempt'])('takes over with %j', (lines) => {
    expect(takesOverFrom(started(lines), 50, 500)).toBe(3700);
  });

  test.each(['nopreempt', 'preempt\nnopreempt'])('never does with %j', (lines) => {
    expect(takesOverFrom(started(lines), 50, 500)).toBeUndefined();
  });

  test('waits for preempt_delay first', () => {
    const at = takesOverFrom(started('preempt_delay 6'), 50, 500) ?? 0;
    expect(at).toBeGreaterThan(6500);
    expect(at).toBeLessThan(6500 + 3700);
  });
});

describe('a Master that hears', () => {
  const sendsOn = (priority: number, lines: string, globals = '') =>
    becameMaster(lines, globals)
      .hears(priority, 100_500)
      .filter(({ kind }) => kind === 'sendAdvertisement').length;

  test('a lower priority answers at once, and one that is higher not', () => {
    expect([sendsOn(1, ''), sendsOn(200, '')]).toEqual([1, 0]);
  });

  test.each([
    ['lower_prio_no_advert', ''],
    ['', 'vrrp_lower_prio_no_advert'],
  ])('a lower priority is silent with lower_prio_no_advert: %j beside %j', (lines, globals) => {
    expect(sendsOn(1, lines, globals)).toBe(0);
  });

  test.each([
    ['higher_prio_send_advert', ''],
    ['', 'vrrp_higher_prio_send_advert'],
  ])('a higher one sends once more with higher_prio_send_advert: %j beside %j', (lines, globals) => {
    expect(sendsOn(200, lines, globals)).toBe(1);
  });

  test.each([
    ['priority 255', '', 'Backup'],
    ['priority 255\nowner_ignore_adverts', '', 'Master'],
    ['priority 255', 'vrrp_owner_ignore_adverts', 'Master'],
    ['priority 255\nstrict_mode', '', 'Master'],
  ])('another owner of a higher address with %j beside %j is %s', (lines, globals, name) => {
    const instance = started(lines, globals);
    instance.hears(255, 100, { source: ourAddress.replace('.10', '.99') as typeof ourAddress });
    expect(instance.state.name).toBe(name);
  });

  test.each([
    ['', 'Master'],
    ['nopreempt\nlower_prio_no_advert\ntimer_expired_backup 100', 'Backup'],
  ])('nobody after it did not run for a minute is with %j %s', (lines, name) => {
    const instance = becameMaster(lines);
    instance.times(160_000);
    expect(instance.state.name).toBe(name);
  });
});

describe('an address list that is not ours', () => {
  const reportsOf = (lines: string, globals = '') => {
    const instance = started(lines, globals);
    const counts: number[] = [];
    for (const atMs of [100, 1100, 2100]) {
      instance.hears(200, atMs, { advertisement: { addresses: [] } });
      counts.push(instance.state.statistics.addrListErr);
    }
    return counts;
  };

  test('is counted in every advertisement', () => {
    expect(reportsOf('')).toEqual([1, 2, 3]);
  });

  test.each([
    ['skip_check_adv_addr', ''],
    ['', 'vrrp_skip_check_adv_addr'],
  ])(
    'is looked for only in the first of a Master with skip_check_adv_addr: %j beside %j',
    (lines, globals) => {
      expect(reportsOf(lines, globals)).toEqual([1, 1, 1]);
    },
  );
});
