/** A drill that is interrupted leaves nothing behind; one that is killed leaves what the next one removes. */
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { until } from '../../../src/drill/until.ts';
import { drillNamespaces, removeFolders, startDrill } from './drill-fixture.ts';

afterAll(removeFolders);

const scratchOf = (pid: number | undefined): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`holdfast-drill-${pid}-`));

test.each([
  ['while the lab is being built', 'building the lab'],
  ['while the daemons start', 'starting'],
  ['in the middle of a scenario', '1 of 1'],
])(
  'Ctrl-C %s ends it with status 3, and nothing is left',
  async (_when, words) => {
    const drill = startDrill('unicast-', ['--scenario', 'sigkill']);
    await until(`the drill says "${words}"`, 60_000, () => drill.said().includes(words));
    drill.child.kill('SIGINT');
    expect(await drill.ended, drill.said()).toBe(3);
    expect(drillNamespaces(drill.child.pid)).toEqual([]);
    expect(scratchOf(drill.child.pid)).toEqual([]);
    expect(drill.report()).toMatchObject({ verdict: 'aborted', exitStatus: 3, cleanUp: { isClean: true } });
  },
  120_000,
);

test('a second Ctrl-C ends it at once, and nothing is left either', async () => {
  const drill = startDrill('unicast-', ['--scenario', 'sigkill']);
  await until('the scenario has begun', 60_000, () => drill.said().includes('1 of 1'));
  drill.child.kill('SIGINT');
  drill.child.kill('SIGTERM');
  drill.child.kill('SIGINT');
  expect(await drill.ended, drill.said()).toBe(3);
  expect(drillNamespaces(drill.child.pid)).toEqual([]);
  expect(scratchOf(drill.child.pid)).toEqual([]);
}, 120_000);

test('what a killed drill leaves is removed by the next', async () => {
  const killed = startDrill('unicast-', ['--scenario', 'sigkill']);
  await until('the scenario has begun', 60_000, () => killed.said().includes('1 of 1'));
  killed.child.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  expect(drillNamespaces(killed.child.pid).length).toBeGreaterThan(0);
  const next = startDrill('unicast-', ['--scenario', 'reload-same']);
  expect(await next.ended, next.said()).toBe(0);
  expect(drillNamespaces(killed.child.pid)).toEqual([]);
  expect(scratchOf(killed.child.pid)).toEqual([]);
  expect(existsSync(killed.folder)).toBe(true);
}, 180_000);
