import { describe, expect, test } from 'vitest';
import { compareReports } from '../../../src/drill/report/compare.ts';
import { renderOutcome, renderProgress, renderText } from '../../../src/drill/report/render/index.ts';
import { widthOf } from '../../../src/drill/report/render/text/layout.ts';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { finding, sigkillRun } from './fixture-run.ts';
import {
  doubleMasterScenario,
  emptyReport,
  hostileReport,
  manyRuns,
  mixedReport,
  report,
  scenario,
} from './fixtures.ts';

const plain = { colour: false, width: 100 };
const linesOf = (drill: DrillReport): readonly string[] => renderText(drill, plain).split('\n');

test('the verdict comes first', () => {
  expect(linesOf(report())[0]).toMatch(/^PASSED {2}failover drill of lb01 and lb02 in 92\.40 s/);
  expect(linesOf(mixedReport())[0]).toMatch(/^FAILED/);
  expect(linesOf(emptyReport()).slice(0, 3)).toEqual([
    expect.stringMatching(/^COULD NOT RUN/),
    '  No scenario was played.',
    '  lb02.conf, line 12: there is no such keyword as "virtual_router".',
  ]);
});

test('a figure stands beside what was expected and its limit', () => {
  const line = linesOf(report()).find((one) => one.includes('takeover after the last advertisement'));
  expect(line?.trim().split(/\s{2,}/)).toEqual([
    'takeover after the last advertisement',
    '3.61 s',
    '3.61 s',
    '3.53 s to 3.91 s',
    'ok',
  ]);
});

test('a broken finding says what, by how much, and why', () => {
  const text = renderText(mixedReport(), plain);
  expect(text).toMatch(
    /BROKEN no two directors[\s\S]*1\.84 s; limit: at most 300 ms\n +lb02 has advert_int 2/,
  );
});

test('a finding that is broken in some runs says in which', () => {
  const runs = [...manyRuns(2), { ...manyRuns(1, 3000)[0], run: 3 } as never];
  expect(renderText(report({ scenarios: [scenario({ verdict: 'fail', runs })] }), plain)).toContain(
    'in run 3.',
  );
});

test('what is said of two virtual routers alike and broken for both is said twice', () => {
  const broken = ['807 ms', '809 ms'].map((measured) => finding({ holds: false, measured }));
  const runs = [{ ...sigkillRun({ verdict: 'fail' }), findings: broken }];
  const text = renderText(report({ scenarios: [scenario({ verdict: 'fail', runs })] }), plain);
  expect(text.match(/BROKEN lb02 takes VI_1 over from lb01: 80[79] ms/g)).toHaveLength(2);
});

test('the timeline shows who was Master and when requests failed', () => {
  const lines = linesOf(report());
  const lane = (name: string): string => lines.find((line) => line.startsWith(`  ${name} `)) ?? '';
  const axis = lines.find((line) => line.includes('−2 s')) ?? '';
  const injection = axis.indexOf(' 0 ') + 1;
  expect(lane('drill').indexOf('|broken')).toBe(injection);
  expect(lane('10.0.0.3:80/tcp').indexOf('x')).toBe(injection);
  expect(lane('lb02').search(/[A=]/)).toBeGreaterThan(injection + 10);
});

test('it ends with the command that repeats it, quoted for a shell', () => {
  const command = ['holdfast', 'drill', "it's.conf", '--slo', 'takeover<=4s'];
  expect(linesOf(report({ command })).at(-2)).toBe(`  holdfast drill 'it'\\''s.conf' --slo 'takeover<=4s'`);
});

describe.each([60, 80, 132])('%i columns wide', (width) => {
  test('no line is longer, other than those of a command', () => {
    const former = report({ scenarios: [scenario({ runs: manyRuns(20, -900) })] });
    const drill = mixedReport();
    const text = renderText(drill, { colour: false, width, comparison: compareReports(former, drill) });
    const long = text.split('\n').filter((line) => widthOf(line) > width && !line.includes('holdfast drill'));
    expect(long).toEqual([]);
  });
});

test('without colour there is no escape, with colour the words are the same', () => {
  const drill = mixedReport();
  const coloured = renderText(drill, { colour: true, width: 100 });
  const text = renderText(drill, plain);
  expect(text).not.toContain('\u001b');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is looked for
  expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(text);
  expect(coloured).toContain('\u001b[32');
});

test('hostile names cannot move the cursor', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(renderText(hostileReport(), plain)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]|\p{Cs}/u);
});

test('progress is one line that says where the drill is', () => {
  const place = { scenario: 3, ofScenarios: 24, name: 'sigkill', run: 2, ofRuns: 5, elapsedMs: 12_400 };
  const line = renderProgress(place, `waits for lb02\n${'x'.repeat(200)}`, { colour: false, width: 80 });
  expect(line).toMatch(/^ {2}3\/24 {2}sigkill {2}run 2 of 5 {2}12\.4 s +waits for lb02 x+…$/);
  expect(line.length).toBeLessThanOrEqual(80);
});

test('an outcome has the main figures, and of a failure the reason', () => {
  const text = renderOutcome(doubleMasterScenario, { number: 3, of: 9 }, { colour: false, width: 80 });
  expect(text).toMatch(/^ 3\/9 {2}FAILED {2}pause {2}takeover 3\.42 s, outage 3\.43 s, failed requests 69\n/);
  expect(text).toContain('limit: at most 300 ms');
  expect(
    renderOutcome(scenario(), { number: 1, of: 9 }, { colour: false, width: 80 }).split('\n'),
  ).toHaveLength(2);
});
