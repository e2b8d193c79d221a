/** Pairs that are broken on purpose fail their drill, and the drill says why. */
import { afterAll, expect, test } from 'vitest';
import { removeFolders, startDrill } from './drill-fixture.ts';

afterAll(removeFolders);

test.each([
  ['unequal-interval-', 'stop', 'advert_int 1 s'],
  ['same-priority-', 'stop', 'has priority 100 on same-priority-lb01 and same-priority-lb02'],
  ['deaf-', 'script-fails', 'has nopreempt'],
])(
  'the pair %s* fails with the reason',
  async (pair, scenario, reason) => {
    const drill = startDrill(pair, ['--scenario', scenario]);
    expect(await drill.ended, drill.said()).toBe(1);
    const report = drill.report();
    expect(report.verdict).toBe('fail');
    expect(report.reason).toContain(reason);
    expect(report.cleanUp?.isClean).toBe(true);
  },
  120_000,
);
