import { expect, test } from 'vitest';
import { countReport, counts, sum, summaryLine } from '../../scripts/test-counts.mjs';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

test('passed, failed and everything else are counted over all files', () => {
  const report = {
    testResults: [file('passed', 'passed', 'pending', 'todo'), file('failed', 'failed', 'passed', 'skipped')],
  };
  expect(countReport(report, 1)).toEqual(counts(2, 1, 3));
});

test('a file that could not be run counts as one failed test', () => {
  expect(countReport({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual(
    counts(1, 1, 0),
  );
});

test('a file with a failed test is not counted once more', () => {
  expect(countReport({ testResults: [file('failed', 'failed')] }, 1)).toEqual(counts(0, 1, 0));
});

test('a run that fails without a failed test counts as one failed test', () => {
  expect(countReport({ testResults: [file('passed', 'passed')] }, 1)).toEqual(counts(1, 1, 0));
});

test('a run that wrote no report counts as one failed test, whatever its status', () => {
  expect(countReport(undefined, 0)).toEqual(counts(0, 1, 0));
});

test('a run in which all passed has no failed test', () => {
  expect(countReport({ testResults: [file('passed', 'passed', 'passed')] }, 0)).toEqual(counts(2, 0, 0));
});

test('the last line says passed, failed and skipped in this order', () => {
  expect(summaryLine(sum([counts(1, 2, 3), counts(10, 20, 30)]))).toBe('11 passed, 22 failed, 33 skipped');
});
