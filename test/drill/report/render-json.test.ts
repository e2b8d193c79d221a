import { expect, test } from 'vitest';
import { readFormerReport } from '../../../src/drill/report/compare-former.ts';
import { renderJson } from '../../../src/drill/report/render/index.ts';
import { figure, sigkillRun } from './fixture-run.ts';
import { hostileReport, report, scenario } from './fixtures.ts';

test('the order of members does not depend on the order in which they were set', () => {
  const one = report();
  const reversed = Object.fromEntries(Object.entries(one).reverse()) as unknown as typeof one;
  expect(renderJson(reversed)).toBe(renderJson(one));
  expect(renderJson(one)).toMatch(/^\{\n "schemaVersion": 1,\n "verdict": "pass",/);
  expect(renderJson(one)).toMatch(/\}\n$/);
});

test('what it writes is what was given', () => {
  expect(JSON.parse(renderJson(report()))).toEqual(JSON.parse(JSON.stringify(report())));
});

test('what never came is the string Infinity, and a number again when it is read as a former report', () => {
  const endless = { ...sigkillRun(), figures: [figure('outage', Number.POSITIVE_INFINITY)] };
  const text = renderJson(report({ scenarios: [scenario({ runs: [endless] })] }));
  expect(text).toContain('"value": "Infinity"');
  const read = readFormerReport(text);
  if (!read.ok) throw new Error(read.problem);
  expect(read.report.scenarios[0]?.runs[0]?.figures[0]?.value).toBe(Number.POSITIVE_INFINITY);
});

test('control characters of names are escapes', () => {
  const text = renderJson(hostileReport());
  expect(text).toContain('\\u202e');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
});
