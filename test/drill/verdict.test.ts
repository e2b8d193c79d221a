import { expect, test } from 'vitest';
import { type Finding, formatVerdict, isPassed, timeFinding } from '../../src/drill/verdict.ts';

const good: Finding = { what: 'served', measured: 'web01 web02', limit: 'both', holds: true };
const bad: Finding = { ...good, what: 'without service', holds: false };

test('a time holds up to its limit and not beyond', () => {
  expect(timeFinding('takeover', 3609, 3609).holds).toBe(true);
  expect(timeFinding('takeover', 3609.1, 3609).holds).toBe(false);
});

test('a drill with one bad finding, or with none at all, is not passed', () => {
  expect(isPassed([good, good])).toBe(true);
  expect(isPassed([good, bad])).toBe(false);
  expect(isPassed([])).toBe(false);
});

test('the columns of the table stand below each other', () => {
  expect(formatVerdict([good, bad], false)).toBe(
    '  served            web01 web02   both   ok\n  without service   web01 web02   both   FAILED\n',
  );
});

test('colour is used only where it is wanted', () => {
  expect(formatVerdict([good, bad], false)).not.toContain('\u001b');
  expect(formatVerdict([good, bad], true)).toContain('\u001b[31mFAILED');
});
