import { expect, test } from 'vitest';
import { describePlan } from '../../src/cli/plan.ts';

const subject = 'real_server 10.0.0.7:80';

test('a plan without changes says so in one line', () => {
  expect(describePlan({ configuration: [], table: [] })).toBe('Nothing would change.\n');
});

test('a plan shows what comes, what differs and what goes, with what follows, and ends with the count', () => {
  const text = describePlan({
    configuration: [
      { change: 'add', subject: 'vrrp_instance VI_2', details: [] },
      {
        change: 'change',
        subject: 'vrrp_instance VI_1',
        details: ['priority 150 -> 90'],
        consequences: ['it loses'],
      },
    ],
    table: [{ change: 'remove', subject, details: [] }],
  });
  expect(text.split('\n')).toEqual([
    'Configuration:',
    '  + vrrp_instance VI_2',
    '  ~ vrrp_instance VI_1',
    '      priority 150 -> 90',
    '      ! it loses',
    '',
    "The kernel's IPVS table:",
    `  - ${subject}`,
    '',
    '1 to add, 1 to change, 1 to remove. Nothing was changed.',
    '',
  ]);
});

test('a plan that could not ask for the table does not say that nothing would change', () => {
  const text = describePlan({
    configuration: [],
    table: [],
    tableSilence: 'the checker process is being started',
  });
  expect(text).toContain('nothing is known (the checker process is being started)');
  expect(text).not.toContain('Nothing would change');
});
