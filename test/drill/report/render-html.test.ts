import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compareReports } from '../../../src/drill/report/compare.ts';
import { renderHtml } from '../../../src/drill/report/render/index.ts';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { sigkillRun } from './fixture-run.ts';
import {
  emptyReport,
  hostileReport,
  manyRuns,
  mixedReport,
  report,
  scenario,
  skippedScenario,
} from './fixtures.ts';
import { all, type Element, readMarkup, textOf, withClass } from './markup-check.ts';

function pageOf(drill: DrillReport, former?: DrillReport): Element {
  const comparison = former && compareReports(former, drill);
  const { root, problems } = readMarkup(renderHtml(drill, comparison ? { comparison } : {}), 'html');
  expect(problems).toEqual([]);
  return root;
}

const twentyRuns = (): DrillReport =>
  report({ runsWanted: 20, scenarios: [scenario({ runs: manyRuns(20) })] });

const reports: readonly (readonly [string, () => DrillReport])[] = [
  ['that passed', report],
  ['with every verdict', mixedReport],
  ['of nothing', emptyReport],
  ['of 20 runs', twentyRuns],
  ['of hostile names', hostileReport],
];

describe.each(reports)('the page of a report %s', (_name, make) => {
  test('is well-formed, and no id is there twice', () => {
    const ids = all(pageOf(make())).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has headings in order, a caption on every table, and a title and a description on every drawing', () => {
    const page = pageOf(make());
    const levels = all(page).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name.slice(1))] : []));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [index, level] of levels.entries())
      expect(level - (levels[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(1);
    for (const table of all(page, 'table')) expect(textOf(all(table, 'caption')[0] as Element)).not.toBe('');
    for (const drawing of withClass(page, 'drawing')) {
      expect(all(drawing, 'desc')).toHaveLength(1);
      const ids = all(drawing).flatMap(({ attributes }) => attributes.get('id') ?? []);
      expect(drawing.attributes.get('aria-labelledby')?.split(' ')).toEqual(ids);
    }
    expect(all(page, 'html')[0]?.attributes.get('lang')).toBe('en');
  });

  test('names no other address, and links only within itself and to files beside it', () => {
    const page = pageOf(make());
    const ids = new Set(all(page).flatMap(({ attributes }) => attributes.get('id') ?? []));
    for (const element of all(page)) {
      expect(['img', 'iframe', 'object', 'embed', 'link', 'form', 'base']).not.toContain(element.name);
      for (const [name, value] of element.attributes) {
        expect(name).not.toMatch(/^on|^src|^style$/);
        if (name !== 'href') continue;
        if (value.startsWith('#')) expect(ids).toContain(value.slice(1));
        else expect(value).toMatch(/^\.\/[^:]*$/);
      }
    }
    for (const style of all(page, 'style')) expect(textOf(style)).not.toMatch(/@import|url\((?!#)|https?:/);
  });

  test('allows its own style and script by their hashes, and has no other', () => {
    const page = pageOf(make());
    const policy = all(page, 'meta').find(({ attributes }) => attributes.has('http-equiv'));
    const content = policy?.attributes.get('content') ?? '';
    expect(content).toContain("default-src 'none'");
    for (const name of ['style', 'script']) {
      const own = all(page, name);
      expect(own).toHaveLength(1);
      const hash = createHash('sha256')
        .update(textOf(own[0] as Element))
        .digest('base64');
      expect(content).toContain(`${name}-src 'sha256-${hash}'`);
    }
  });
});

test('the first screen says whether it passed and what a client would have felt', () => {
  const page = pageOf(report());
  expect(textOf(all(page, 'h1')[0] as Element)).toBe('✓ Passed: lb01 and lb02');
  const tiles = withClass(page, 'tile').map(textOf);
  expect(tiles[0]).toContain('Longest outage at a takeover3.43 s sigkill');
  expect(tiles[1]).toContain('3.42 s sigkill; 3.61 s after the last advertisement, 3.61 s expected');
  expect(tiles[2]).toContain('Failed requests69 21.56 % of 320; 67 timeout; 2 reset');
  expect(withClass(page, 'problems')).toEqual([]);
});

test('what failed stands before the table of scenarios, with the reason, and is open below', () => {
  const page = pageOf(mixedReport());
  const problems = withClass(page, 'problems').map(textOf).join('');
  expect(problems).toContain('lb02 has advert_int 2, lb01 has 1');
  expect(problems).toContain('1.84 s (limit: at most 300 ms)');
  expect(problems).toContain('The steady state was not reached within 20 s');
  const open = withClass(page, 'scenario').map((article) =>
    all(article, 'details')[0]?.attributes.has('open'),
  );
  expect(open).toEqual([false, false, true, true, true, false]);
});

test('the table of all scenarios has measured, expected and limit, and why one was not played', () => {
  const table = withClass(pageOf(mixedReport()), 'overview')[0] as Element;
  const rows = all(table, 'tr').map(textOf);
  expect(rows[2]).toMatch(/^sigkillThe Master's daemon is killed✓ passed/);
  expect(rows[2]).toContain('3.61 sexpected 3.61 s3.53 s to 3.91 s');
  expect(rows[3]).toContain('✗ 1.84 sbroken: at most 300 ms');
  expect(rows[6]).toContain(skippedScenario.reason);
});

test('the timeline draws every lane to which something happened, spans at their share of the time', () => {
  const page = pageOf(report());
  const drawing = withClass(page, 'drawing')[0] as Element;
  const lanes = withClass(drawing, 'lane').map(({ attributes }) => attributes.get('data-lane'));
  expect(lanes).toEqual(['drill', 'lb01', 'lb02', 'virtual routers', '10.0.0.3:80/tcp']);
  const lb02 = withClass(drawing, 'lane')[2] as Element;
  const master = withClass(lb02, 'span-master')[0]?.attributes;
  expect(Number.parseFloat(master?.get('x') ?? '')).toBeCloseTo(((2 + 3.42) / 16) * 100, 2);
  const inject = all(withClass(drawing, 'step-inject')[0] as Element, 'line')[0];
  expect(inject?.attributes.get('x1')).toBe('12.5%');
});

test('labels of marks in a lane do not lie over each other', () => {
  for (const drawing of withClass(pageOf(mixedReport()), 'drawing'))
    for (const lane of withClass(drawing, 'lane')) {
      const labels = withClass(lane, 'mark-label').map((label) => {
        const x = (Number.parseFloat(label.attributes.get('x') ?? '') / 100) * 760;
        const width = textOf(label).length * 6;
        const from = label.attributes.get('text-anchor') === 'end' ? x - width : x;
        return { y: label.attributes.get('y'), from, to: from + width };
      });
      for (const [index, one] of labels.entries())
        for (const other of labels.slice(index + 1))
          expect(one.y !== other.y || one.to < other.from || other.to < one.from).toBe(true);
    }
});

test('advertisements every 10 ms make no larger a page than one a second', () => {
  const sizeOf = (advertisementIntervalMs: number): number =>
    renderHtml(report({ scenarios: [scenario({ runs: [sigkillRun({ advertisementIntervalMs })] })] })).length;
  expect(sigkillRun({ advertisementIntervalMs: 10 }).timeline.points.length).toBeGreaterThan(1200);
  expect(sizeOf(10)).toBeLessThan(sizeOf(1000) * 1.1);
});

test('of 20 runs the slowest four are drawn, all are listed, and the slowest is open', () => {
  const page = pageOf(twentyRuns());
  const runs = withClass(page, 'run');
  expect(runs).toHaveLength(20);
  expect(withClass(page, 'timeline')).toHaveLength(4);
  const open = runs.filter(({ attributes }) => attributes.has('open')).map(textOf);
  expect(open).toHaveLength(1);
  expect(open[0]).toMatch(/^Run 13 /);
  expect(withClass(page, 'runs-dot').length).toBe(20 * withClass(page, 'runs').length);
});

test('hostile names are text and nothing else', () => {
  const text = renderHtml(hostileReport());
  expect(text).not.toContain('<script>alert');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]|\p{Cs}/u);
  const page = pageOf(hostileReport());
  expect(textOf(all(page, 'h1')[0] as Element)).toContain(`<script>alert("x")</script>'&]]>`);
});

test('evidence is linked to beside the page, whatever its name', () => {
  const evidence = ['../../etc/passwd', 'javascript:alert(1)', 'a b/c#d?.pcap'].map((name) => ({
    name,
    what: '',
  }));
  const list = withClass(pageOf(report({ evidence })), 'evidence')[0] as Element;
  expect(all(list, 'a').map(({ attributes }) => attributes.get('href'))).toEqual([
    './etc/passwd',
    './javascript%3Aalert(1)',
    './a%20b/c%23d%3F.pcap',
  ]);
});

test('a comparison shows what got worse, with the medians and the way it was decided', () => {
  const former = report({ scenarios: [scenario({ runs: manyRuns(20, -900) })] });
  const text = textOf(pageOf(twentyRuns(), former));
  expect(text).toContain('6 figures got worse');
  expect(text).toContain('+900 ms (+41 %)▲ worse');
  expect(text).toContain('rank sum test of Mann and Whitney');
});
