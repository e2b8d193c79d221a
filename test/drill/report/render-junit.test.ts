import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderJunit } from '../../../src/drill/report/render/index.ts';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { emptyReport, hostileReport, manyRuns, mixedReport, report, scenario } from './fixtures.ts';
import { all, type Element, readMarkup, textOf } from './markup-check.ts';

function suitesOf(drill: DrillReport): readonly Element[] {
  const { root, problems } = readMarkup(renderJunit(drill), 'xml');
  expect(problems).toEqual([]);
  return all(root, 'testsuite');
}

const named = (suites: readonly Element[], name: string): Element => {
  const found = suites.find(({ attributes }) => attributes.get('name') === name);
  if (found === undefined) throw new Error(`there is no suite ${name}`);
  return found;
};

test('a scenario is a suite, and each of its findings a case', () => {
  const suite = named(suitesOf(report()), 'drill.sigkill');
  expect(suite.attributes.get('tests')).toBe('8');
  expect(suite.attributes.get('time')).toBe('16.000');
  expect(all(suite, 'testcase').map(({ attributes }) => attributes.get('name'))).toContain(
    'lb02 takes VI_1 over from lb01 [takeover]',
  );
});

test('what is broken is a failure with its measure, its limit and its explanation', () => {
  const suite = named(suitesOf(mixedReport()), 'drill.pause');
  const failures = all(suite, 'failure');
  expect(failures.map(({ attributes }) => attributes.get('message'))).toEqual([
    '1.84 s; limit: at most 300 ms',
  ]);
  expect(textOf(failures[0] as Element)).toContain('lb02 has advert_int 2');
});

test('a scenario that could not run or was aborted is an error, and a skipped one is skipped', () => {
  const suites = suitesOf(mixedReport());
  const message = (suite: string, kind: string): string | undefined =>
    all(named(suites, suite), kind)[0]?.attributes.get('message');
  expect(message('drill.loss-60', 'error')).toContain('not reached within 20 s');
  expect(message('drill.delay-200ms', 'error')).toContain('Ctrl-C');
  expect(message('drill.clock-step', 'skipped')).toContain('shared with its host');
});

test('a verdict that no finding explains is a case of its own', () => {
  const failed = scenario({ verdict: 'fail', reason: 'Nobody knows.' });
  const suite = named(suitesOf(report({ verdict: 'fail', scenarios: [failed] })), 'drill.sigkill');
  expect(all(suite, 'failure').map(textOf)).toEqual(['Nobody knows.']);
});

test('a drill that could not run at all is an error with the reason', () => {
  const suites = suitesOf(emptyReport());
  expect(all(named(suites, 'drill'), 'error')[0]?.attributes.get('message')).toContain('virtual_router');
});

test('what was not cleaned up is a failure', () => {
  const checks = [{ what: 'no namespace is left', holds: false, found: 'hf-1 is left' }];
  const suite = named(suitesOf(report({ cleanUp: { isClean: false, checks } })), 'drill.clean-up');
  expect(all(suite, 'failure').map(textOf)).toEqual(['hf-1 is left']);
});

test('of several runs each case says which run it is of', () => {
  const suite = named(suitesOf(report({ scenarios: [scenario({ runs: manyRuns(20) })] })), 'drill.sigkill');
  const names = all(suite, 'testcase').map(({ attributes }) => attributes.get('name'));
  expect(names).toHaveLength(160);
  expect(names.filter((name) => name?.startsWith('run 20: '))).toHaveLength(8);
});

describe.each([
  ['every verdict', mixedReport],
  ['nothing', emptyReport],
  ['hostile names', hostileReport],
])('the XML of a report of %s', (_name, make) => {
  test('counts what it holds', () => {
    const { root } = readMarkup(renderJunit(make()), 'xml');
    for (const element of [...all(root, 'testsuites'), ...all(root, 'testsuite')])
      for (const [attribute, kind] of [
        ['tests', 'testcase'],
        ['failures', 'failure'],
        ['errors', 'error'],
        ['skipped', 'skipped'],
      ] as const)
        expect(element.attributes.get(attribute)).toBe(String(all(element, kind).length));
  });

  test.skipIf(!existsSync('/usr/bin/xmllint'))('is well-formed for xmllint', () => {
    execFileSync('xmllint', ['--noout', '-'], { input: renderJunit(make()) });
  });
});
