import { describe, expect, it } from 'vitest';
import { parseFileValue } from '../../src/tracking/file-value.ts';
import { type FileContent, type FileEvent, initialFile, stepFile } from '../../src/tracking/index.ts';

describe('the number in a track file', () => {
  it.each([
    ['0\n', 0],
    ['5', 5],
    ['  -254\n', -254],
    ['+3', 3],
    ['0x1F', 31],
    ['-0x10', -16],
    ['010', 8],
    ['2147483647', 2147483647],
    ['-2147483648', -2147483648],
    ['-0', 0],
  ])('%j is %i', (text, value) => {
    expect(parseFileValue(text)).toEqual({ kind: 'number', value });
  });

  it.each([
    ['7 lines', 7, 'lines'],
    ['3\n4\n', 3, '4'],
    ['1.5', 1, '.5'],
    ['08', 0, '8'],
    ['0x', 0, 'x'],
  ])('%j is %i, and the rest is not read', (text, value, unread) => {
    expect(parseFileValue(text)).toEqual({ kind: 'number', value, unread });
  });

  it.each(['', '   ', '\n'])('%j is empty', (text) => {
    expect(parseFileValue(text)).toEqual({ kind: 'empty' });
  });

  it.each(['up', '-', '--1', '\0\0', '½'])('%j is garbage', (text) => {
    expect(parseFileValue(text)).toEqual({ kind: 'garbage', text });
  });

  it.each(['2147483648', '-2147483649', '99999999999999999999'])('%j is out of range', (text) => {
    expect(parseFileValue(text)).toEqual({ kind: 'outOfRange', text });
  });

  it('is not shown at length when it is garbage', () => {
    expect(parseFileValue('x'.repeat(128))).toEqual({ kind: 'garbage', text: `${'x'.repeat(40)}…` });
  });
});

function tracker() {
  let state = initialFile(0);
  const feed = (event: FileEvent, nowMs: number) => {
    const { next, effects } = stepFile(state, event, nowMs);
    state = next;
    return effects;
  };
  const read = (content: FileContent, nowMs = 0) => feed({ kind: 'read', content }, nowMs);
  return {
    feed,
    read,
    holds: (text: string, nowMs = 0) => read({ kind: 'text', text }, nowMs),
    state: () => state,
  };
}

describe('a track file', () => {
  it('is read at the start, soon after something happened to it, and every second', () => {
    const file = tracker();
    expect(file.feed({ kind: 'timeout' }, 0)).toEqual([{ kind: 'read' }]);
    file.holds('1', 1);
    expect(file.feed({ kind: 'timeout' }, 999)).toEqual([]);
    file.feed({ kind: 'noticed' }, 300);
    file.feed({ kind: 'noticed' }, 302);
    expect(file.state().readAtMs).toBe(305);
    expect(file.feed({ kind: 'timeout' }, 305)).toEqual([{ kind: 'read' }]);
    expect(file.feed({ kind: 'timeout' }, 1305)).toEqual([{ kind: 'read' }]);
  });

  it('tells its number at first without a line for the log, and each change with one', () => {
    const file = tracker();
    expect(file.holds('3')).toEqual([{ kind: 'reading', value: 3 }]);
    expect(file.holds('3')).toEqual([]);
    expect(file.holds('4')).toEqual([
      { kind: 'report', report: { kind: 'value', value: 4 } },
      { kind: 'reading', value: 4 },
    ]);
  });

  it.each([{ kind: 'missing' }, { kind: 'text', text: '' }] as const)(
    'is 0 where it holds nothing: %j',
    (content) => {
      expect(tracker().read(content)).toEqual([{ kind: 'reading', value: 0 }]);
    },
  );

  it.each([{ kind: 'missing' }, { kind: 'text', text: '' }] as const)(
    'keeps its number for a moment, in which it may be written anew: %j',
    (content) => {
      const file = tracker();
      file.feed({ kind: 'timeout' }, 0);
      file.holds('9', 0);
      file.feed({ kind: 'timeout' }, 1000);
      expect(file.read(content, 1001)).toEqual([]);
      expect(file.state().readAtMs).toBe(1101);
      file.feed({ kind: 'noticed' }, 1040);
      file.feed({ kind: 'timeout' }, 1045);
      expect(file.read(content, 1046)).toEqual([]);
      expect(file.holds('8', 1050)).toContainEqual({ kind: 'reading', value: 8 });
      expect(file.read(content, 1200)).toEqual([]);
      expect(file.read(content, 1300)).toContainEqual({ kind: 'reading', value: 0 });
    },
  );

  it('says once what is wrong with it, and again when that has changed', () => {
    const file = tracker();
    const problem = { kind: 'garbage', text: 'up' };
    expect(file.holds('up')).toEqual([
      { kind: 'report', report: { kind: 'problem', problem, value: 0 } },
      { kind: 'reading', value: 0 },
    ]);
    expect(file.holds('up')).toEqual([]);
    expect(file.holds('down')).toHaveLength(1);
    file.holds('1');
    expect(file.holds('down')).toContainEqual({ kind: 'reading', value: 0 });
  });

  it('keeps its number when the new one is out of range', () => {
    const file = tracker();
    file.holds('5');
    expect(file.holds('5000000000')).toEqual([
      {
        kind: 'report',
        report: { kind: 'problem', problem: { kind: 'outOfRange', text: '5000000000' }, value: 5 },
      },
    ]);
  });

  it('is 0 and complained of where it cannot be read', () => {
    expect(tracker().read({ kind: 'unreadable', error: 'EACCES' })).toEqual([
      {
        kind: 'report',
        report: { kind: 'problem', problem: { kind: 'unreadable', text: 'EACCES' }, value: 0 },
      },
      { kind: 'reading', value: 0 },
    ]);
  });
});
