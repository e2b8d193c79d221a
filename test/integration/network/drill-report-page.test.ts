/** The report of a drill as a reader sees it: in a real browser, wide and narrow, light and dark, on paper, attacked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../../src/drill/report/render/index.ts';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { Chromium, withoutChromium } from '../../drill/report/chromium.ts';
import { sigkillRun } from '../../drill/report/fixture-run.ts';
import { hostileReport, mixedReport, report, scenario } from '../../drill/report/fixtures.ts';
import { colourCount, type Picture, readPng } from '../../drill/report/png.ts';

describe.skipIf(withoutChromium)('in headless Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-page-'));
  // Somebody who wants to look at the pictures names a folder for them.
  const pictures = process.env['HOLDFAST_SCREENSHOTS'] ?? folder;
  let browser: Chromium;

  beforeAll(async () => {
    browser = await Chromium.start();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function show(drill: DrillReport, width = 1280, scheme: 'light' | 'dark' = 'light'): Promise<void> {
    const file = join(folder, 'report.html');
    writeFileSync(file, renderHtml(drill));
    await browser.setWidth(width);
    await browser.setMedia('', scheme);
    await browser.open(pathToFileURL(file).href);
  }

  async function picture(name: string): Promise<Picture> {
    const png = await browser.screenshot();
    writeFileSync(join(pictures, `${name}.png`), png);
    return readPng(png);
  }

  /** Text that a reader sees where it stands. */
  const seen = (selector: string): Promise<readonly string[]> =>
    browser.evaluate(
      `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.innerText)`,
    );

  const box = (selector: string): Promise<{ left: number; right: number; width: number; height: number }> =>
    browser.evaluate(
      `(({ left, right, width, height }) => ({ left, right, width, height }))(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`,
    );

  test('the page asks for nothing but itself, breaks no policy and throws nothing', async () => {
    await show(mixedReport());
    const asked = browser.events.filter(({ method }) => method === 'Network.requestWillBeSent');
    const addresses = asked.map(({ params }) => (params['request'] as { readonly url: string }).url);
    expect(addresses).toEqual([pathToFileURL(join(folder, 'report.html')).href]);
    const complaints = browser.events.filter(({ method }) =>
      ['Log.entryAdded', 'Runtime.exceptionThrown', 'Runtime.consoleAPICalled'].includes(method),
    );
    expect(complaints).toEqual([]);
    // The script ran, so the policy allows it; so did the style.
    expect(await seen('.zoom button')).toContain('+');
    expect(
      await browser.evaluate('getComputedStyle(document.querySelector(".tile .value")).fontWeight'),
    ).toBe('650');
  });

  test('the verdict and what a client felt are on the first screen', async () => {
    await show(report());
    expect(await seen('h1')).toEqual(['✓ Passed: lb01 and lb02']);
    const values = await seen('.tile .value');
    expect(values).toEqual(['3.43 s', '3.42 s', '69', 'none', '0']);
    expect(
      await browser.evaluate('document.querySelector(".tiles").getBoundingClientRect().bottom'),
    ).toBeLessThan(700);
  });

  test('the timeline is drawn to scale: injection, takeover, outage', async () => {
    await show(report());
    const drawing = await box('svg.drawing');
    expect(drawing.width).toBeGreaterThan(900);
    const at = (ms: number): number => drawing.left + ((ms + 2000) / 16_000) * drawing.width;
    expect((await box('.step-inject line')).left).toBeCloseTo(at(0), -0.3);
    const master = await box('.lane[data-lane="lb02"] .span-master');
    expect(master.left).toBeCloseTo(at(3420), -0.3);
    expect(master.right).toBeCloseTo(at(10_786), -0.3);
    const failing = await box('.lane[data-lane="10.0.0.3:80/tcp"] .span-failing');
    expect(failing.right - failing.left).toBeCloseTo((3424 / 16_000) * drawing.width, -0.3);
    const strokes = await box('.lane[data-lane="lb02"] .stroke-advertisement');
    expect(strokes.left).toBeGreaterThan(master.left - 3);
    expect(strokes.right).toBeLessThan(master.right + 3);
  });

  test.each([1280, 390])('no label of a lane lies over another, %i pixels wide', async (width) => {
    await show(mixedReport(), width);
    const overlaps = await browser.evaluate<readonly string[]>(`
      for (const details of document.querySelectorAll('details')) details.open = true;
      [...document.querySelectorAll('svg.drawing .lane, svg.drawing')].flatMap((lane) => {
        const kind = lane.tagName === 'svg' ? ':scope > .tick-label, .step-label' : '.mark-label';
        const all = [...lane.querySelectorAll(kind)].map((one) => [one.textContent, one.getBoundingClientRect()]);
        return all.flatMap(([text, a], index) => all.slice(index + 1)
          .filter(([, b]) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
          .map(([other]) => text + ' / ' + other));
      })`);
    expect(overlaps).toEqual([]);
  });

  test('a phone shows everything without scrolling to the side, but for drawings in their place', async () => {
    await show(mixedReport(), 390);
    const wide = await browser.evaluate<readonly string[]>(`
      for (const details of document.querySelectorAll('details')) details.open = true;
      [...document.querySelectorAll('main *')]
        .filter((one) => !one.closest('.chart, .scrolls:has(.events)') && one.getBoundingClientRect().right > 391)
        .map((one) => one.tagName + '.' + one.className)`);
    expect(wide).toEqual([]);
    expect(await browser.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await browser.evaluate('document.querySelector(".chart").scrollWidth')).toBeGreaterThan(390);
  });

  test.each([
    ['desktop', 1280, 'light'],
    ['phone', 390, 'light'],
    ['desktop-dark', 1280, 'dark'],
  ] as const)('the picture of the page on a %s is not blank', async (name, width, scheme) => {
    await show(mixedReport(), width, scheme);
    const { width: drawn, height, colourAt } = await picture(name);
    expect(drawn).toBe(width);
    expect(height).toBeGreaterThan(2500);
    expect(colourCount({ width: drawn, height, colourAt })).toBeGreaterThan(60);
    expect(colourAt(2, height - 2)).toBe(scheme === 'dark' ? '#14181c' : '#ffffff');
  });

  test.each(['light', 'dark'] as const)('text stands out from its ground by 4.5 : 1, %s', async (scheme) => {
    await show(mixedReport(), 1280, scheme);
    const weak = await browser.evaluate<readonly string[]>(`
      for (const details of document.querySelectorAll('details')) details.open = true;
      const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
      const light = (colour) => {
        const [r, g, b] = numbers(colour).map((one) => one / 255).map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const groundOf = (one) => {
        for (let node = one; node; node = node.parentElement) {
          const colour = getComputedStyle(node).backgroundColor;
          if (numbers(colour)[3] !== 0) return colour;
        }
        return getComputedStyle(document.body).backgroundColor;
      };
      [...document.querySelectorAll('main *')]
        .filter((one) => !one.closest('svg') && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
        .flatMap((one) => {
          const [a, b] = [light(getComputedStyle(one).color), light(groundOf(one))];
          const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          return contrast >= 4.5 ? [] : [one.tagName + '.' + one.className + ' ' + contrast.toFixed(2)];
        })`);
    expect([...new Set(weak)]).toEqual([]);
  });

  test('on paper everything is unfolded, light, and each scenario begins a page', async () => {
    await show(mixedReport(), 1280, 'dark');
    await browser.setMedia('print', 'dark');
    const hidden = (): Promise<readonly string[]> =>
      browser.evaluate(`
      [...document.querySelectorAll('details table, details .drawing')]
        .filter((one) => !one.checkVisibility({ contentVisibilityAuto: true }) || one.getBoundingClientRect().height === 0)
        .map((one) => one.textContent.slice(0, 40))`);
    // The other medium is there only with the next frame.
    for (let waits = 0; waits < 100 && (await hidden()).length > 0; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await browser.evaluate('document.querySelectorAll("details table").length')).toBeGreaterThan(30);
    expect(await hidden()).toEqual([]);
    expect(await browser.evaluate('getComputedStyle(document.querySelector(".headline")).color')).toBe(
      'rgb(28, 33, 39)',
    );
    const breaks = await browser.evaluate<readonly string[]>(
      '[...document.querySelectorAll(".scenarios, .scenario")].map((one) => getComputedStyle(one).breakBefore)',
    );
    expect(breaks).toEqual(['page', 'auto', 'page', 'page', 'auto', 'auto', 'auto']);
    const pdf = await browser.pdf();
    writeFileSync(join(pictures, 'printed.pdf'), pdf);
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThan(6);
  });

  test('what is folded opens where a link leads to it', async () => {
    await show(mixedReport());
    const open = 'document.querySelector("#scenario-2 > details").open';
    expect(await browser.evaluate(open)).toBe(false);
    await browser.evaluate('document.querySelector(".overview a[href=\\"#scenario-2\\"]").click()');
    for (let waits = 0; waits < 50 && !(await browser.evaluate<boolean>(open)); waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await browser.evaluate(open)).toBe(true);
  });

  test('without scripts all the words and drawings are there', async () => {
    await browser.send('Emulation.setScriptExecutionDisabled', { value: true });
    await show(mixedReport());
    await browser.send('Emulation.setScriptExecutionDisabled', { value: false });
    expect(await seen('.zoom button')).toEqual([]);
    expect(
      await browser.evaluate('document.querySelectorAll("svg.drawing .span-master").length'),
    ).toBeGreaterThan(8);
    expect((await seen('#again ~ .command')).join()).toContain(
      "holdfast drill lb01.conf lb02.conf --slo 'takeover<=4s'",
    );
  });

  test('hostile names run nothing and add no element', async () => {
    await show(hostileReport());
    expect(browser.events.filter(({ method }) => method === 'Page.javascriptDialogOpening')).toEqual([]);
    expect(await browser.evaluate('document.scripts.length')).toBe(1);
    expect((await seen('h1'))[0]).toContain('<script>alert("x")</script>');
  });

  test('a script that got in all the same is refused by the policy', async () => {
    const file = join(folder, 'broken-into.html');
    writeFileSync(
      file,
      renderHtml(report()).replace('</main>', '<script>document.title = "broken into"</script></main>'),
    );
    await browser.open(pathToFileURL(file).href);
    expect(await browser.evaluate('document.title')).toBe('lb01 and lb02: failover drill passed');
    const refused = browser.events.filter(({ method }) => method === 'Log.entryAdded');
    expect(JSON.stringify(refused)).toContain('Content Security Policy');
  });

  test('thousands of points are drawn at once', async () => {
    await show(report({ scenarios: [scenario({ runs: [sigkillRun({ advertisementIntervalMs: 10 })] })] }));
    expect(await browser.evaluate('document.querySelectorAll("*").length')).toBeLessThan(2500);
    expect((await box('.lane[data-lane="lb02"] .stroke-advertisement')).width).toBeGreaterThan(300);
  });
});
