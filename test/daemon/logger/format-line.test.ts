import { describe, expect, test } from 'vitest';
import { formatEntry, type LogEntry } from '../../../src/daemon/logger/format-line.ts';

const entry: LogEntry = {
  source: { name: 'holdfast_vrrp', pid: 123 },
  level: 'notice',
  message: '(VI_1) Entering MASTER STATE',
  at: new Date(2026, 10, 2, 7, 5, 9),
};

describe('a dated line', () => {
  test("keeps keepalived's words greppable behind a syslog date", () => {
    expect(formatEntry(entry, 'dated')).toBe(
      'Nov  2 07:05:09 holdfast_vrrp[123]: (VI_1) Entering MASTER STATE\n',
    );
  });

  test('repeats the prefix on each line of a stack', () => {
    const lines = formatEntry({ ...entry, message: 'Error: x\n    at y' }, 'dated').split('\n');
    expect(lines).toEqual([
      'Nov  2 07:05:09 holdfast_vrrp[123]: Error: x',
      'Nov  2 07:05:09 holdfast_vrrp[123]:     at y',
      '',
    ]);
  });

  test('has no empty brackets for a process that never started', () => {
    expect(formatEntry({ ...entry, source: { name: 'holdfast_vrrp', pid: undefined } }, 'dated')).toContain(
      ' holdfast_vrrp: ',
    );
  });

  test('lets no control character through', () => {
    expect(formatEntry({ ...entry, message: 'a\u001b[2Jb\rc\td' }, 'dated')).toContain(': a?[2Jb?c\td\n');
  });
});

describe('a journal line', () => {
  test.each([
    ['error', 3],
    ['warning', 4],
    ['notice', 5],
    ['info', 6],
    ['debug', 7],
  ] as const)('%s begins with <%i>', (level, severity) => {
    expect(formatEntry({ ...entry, level }, 'journal')).toBe(
      `<${severity}>holdfast_vrrp[123]: (VI_1) Entering MASTER STATE\n`,
    );
  });

  test('of the supervisor leaves its name to the journal', () => {
    expect(formatEntry({ ...entry, source: { name: 'holdfast', pid: 9 } }, 'journal')).toBe(
      '<5>(VI_1) Entering MASTER STATE\n',
    );
  });
});
