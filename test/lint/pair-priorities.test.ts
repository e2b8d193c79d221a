/** The arithmetic of priorities and weights across directors. */
import { describe, expect, it } from 'vitest';
import { messagesOf, router, rulesThatSpeak, script, tracking } from './pair-harness.ts';

const gap = 'pair/no-priority-gap';

interface Node {
  readonly priority: number;
  readonly weight?: string;
  readonly lines?: readonly string[];
}

function node({ priority, weight, lines = [] }: Node): string {
  if (weight === undefined) return router({ priority, lines });
  return script('chk', weight) + router({ priority, lines: [...tracking('chk'), ...lines] });
}

const speaks = (first: Node, second: Node) => messagesOf(gap, node(first), node(second));

describe('a failing script', () => {
  it.each([
    ['-11', 100, 90],
    ['-100', 100, 90],
    ['20', 100, 90],
    ['0', 100, 90],
    ['-254', 2, 1],
  ])('of weight %s carries %i below %i', (weight, high, low) => {
    const withScript = weight === '-254' ? '-253' : weight;
    const expected = low === 1 ? 1 : 0;
    expect(
      speaks({ priority: high, weight: withScript }, { priority: low, weight: withScript }),
    ).toHaveLength(expected);
  });

  it.each([
    [
      '-2',
      'error: 100 - 2 = 98 still beats 90 of lb02.conf: this script can never move the address of VI_1 (chk fails on lb01.conf)',
    ],
    [
      '-10',
      'error: 100 - 10 = 90 equals 90 of lb02.conf: this script can never move the address of VI_1 (chk fails on lb01.conf)',
    ],
  ])('of weight %s does not move the address', (weight, message) => {
    expect(speaks({ priority: 100, weight }, { priority: 90, weight })).toEqual([message]);
  });

  it('counts a positive weight as lost', () => {
    expect(speaks({ priority: 100, weight: '5' }, { priority: 90, weight: '5' })).toEqual([
      'error: 105 - 5 = 100 still beats 95 of lb02.conf: this script can never move the address of VI_1 (chk fails on lb01.conf)',
    ]);
  });

  it('counts a weight in the list and not that of the script', () => {
    const first = script('chk', '-2') + router({ priority: 100, lines: tracking('chk weight -20') });
    const second = script('chk', '-2') + router({ priority: 90, lines: tracking('chk weight -20') });
    expect(messagesOf(gap, first, second)).toEqual([]);
  });

  it('turns the sign of a reversed weight', () => {
    expect(speaks({ priority: 100, weight: '-20 reverse' }, { priority: 90, weight: '-20 reverse' })).toEqual(
      [
        'error: 100 + 20 = 120 still beats 90 of lb02.conf: this script can never move the address of VI_1 (chk fails on lb01.conf)',
      ],
    );
  });

  it('never gets below 1', () => {
    expect(speaks({ priority: 2, weight: '-20' }, { priority: 1 })).toEqual([
      'error: 2 - 20 = 1 equals 1 of lb02.conf: this script can never move the address of VI_1 (chk fails on lb01.conf)',
    ]);
  });

  it('is nothing to an owner, whose priority no weight changes', () => {
    expect(speaks({ priority: 255, weight: '-2' }, { priority: 90 })).toEqual([]);
  });

  it('moves the address to any of three directors', () => {
    const nodes = [node({ priority: 100, weight: '-20' }), node({ priority: 90 }), node({ priority: 70 })];
    expect(messagesOf(gap, ...nodes)).toEqual([]);
  });

  it('moves nothing to a Backup with nopreempt', () => {
    const [message = ''] = speaks({ priority: 100, weight: '-20' }, { priority: 90, lines: ['nopreempt'] });
    expect(message).toMatch(/^error: 100 - 20 = 80 is below 90 of lb02.conf, but nopreempt there/);
  });
});

describe('healthy directors', () => {
  it('in another order than their priorities say are told', () => {
    expect(speaks({ priority: 100 }, { priority: 90, weight: '20' })).toEqual([
      'warn: while nothing fails lb02.conf is Master of VI_1: 90 + 20 = 110 beats 100 of lb01.conf, whose priority 100 is higher',
    ]);
  });

  it('with a positive weight that is no larger than the gap stay in order', () => {
    expect(speaks({ priority: 100 }, { priority: 90, weight: '9' })).toEqual([]);
  });

  it('that come to one priority by weights are told as equal', () => {
    const nodes = [node({ priority: 100 }), node({ priority: 90, weight: '10' })];
    expect(messagesOf('pair/equal-priority', ...nodes)).toEqual([
      'warn: VI_1 has priority 100 with its weights while nothing fails, as on lb01.conf: both become Master at the same moment, and the higher source address stays, whichever that is',
    ]);
  });
});

describe('weights in a sync group', () => {
  const groups = (
    option: string,
  ) => `${router({ name: 'VI_2', vrid: 8, device: 'eth1', priority: 90, addresses: ['198.51.100.10/24'] })}
vrrp_sync_group G {
group {
VI_1
VI_2
}
${option}
}
`;
  const text = (priority: number, option: string) => node({ priority, weight: '-2' }) + groups(option);

  it('of members are dropped by keepalived, and nothing is said of them', () => {
    expect(messagesOf(gap, text(100, ''), text(90, ''))).toEqual([]);
  });

  it('of members count with sync_group_tracking_weight', () => {
    const option = 'sync_group_tracking_weight';
    expect(messagesOf(gap, text(100, option), text(90, option))).toHaveLength(1);
  });

  it('of the group itself count for each member', () => {
    const tracked = ['track_script {', 'chk', '}'].join('\n');
    const own = (priority: number) => script('chk', '-2') + router({ priority }) + groups(tracked);
    expect(messagesOf(gap, own(100), own(90)).some((message) => message.includes('100 - 2 = 98'))).toBe(true);
  });
});

describe('equal priorities', () => {
  it('name the winner where both source addresses are written', () => {
    const text = (source: string) => router({ lines: [`mcast_src_ip ${source}`] });
    const [message = ''] = messagesOf('pair/equal-priority', text('192.0.2.9'), text('192.0.2.10'));
    expect(message).toMatch(/192\.0\.2\.10 of lb02\.conf$/);
  });

  it('of two Backups of a third router are told too', () => {
    const nodes = [router({ priority: 150 }), router({ priority: 90 }), router({ priority: 90 })];
    expect(rulesThatSpeak(...nodes)).toEqual(['pair/equal-priority']);
  });

  it('of two owners are told once, as two owners', () => {
    expect(rulesThatSpeak(router({ priority: 255 }), router({ priority: 255 }))).toEqual(['pair/both-255']);
  });
});
