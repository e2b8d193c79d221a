/**
 * A share of the random stories. Shares are test files of their own, so that they run side by side. `SEED=4711 npx vitest run
 * test/simulation` replays one story, `SEEDS=100000` plays more.
 */
import { expect, test } from 'vitest';
import { seedsOfShare } from './random.ts';
import { play } from './scenario.ts';
import type { World } from './world.ts';

export const shares = 4;

/** What must have happened in the stories, or they are worth nothing. */
const wanted = [
  'Backup to Master',
  'Master to Backup',
  'Master to Leaving',
  'Leaving to Backup',
  'Leaving to Master',
  'Leaving to Initialize',
  'Leaving to Fault',
  'Master to Fault',
  'Backup to Fault',
  'Fault to Backup',
  'successorHeard',
  'noSuccessor',
  'takenBack',
  'held',
  'holdEnded',
  'waitingForGroup',
  'dualMaster',
  'paused',
  'pauses',
  'intervalAdopted',
  'priorityChanged',
  'preemptDelayStarted',
  'tieBreakLost',
  'addressRestored',
  'packetDropped',
  'packetsSpoiled',
  'by group-ready',
  'by group-left',
  'by not-taken',
  'by overtaken-in-pause',
  'crashes',
  'cuts',
  'reloads',
  'regroupings',
] as const;

export function playShare(share: number): void {
  const seeds = seedsOfShare(share, shares);
  test.skipIf(seeds.length === 0)(
    'routers with loss, duplicates, cuts, crashes, pauses and reloads never break a rule, and come to rest',
    () => {
      const startMs = performance.now();
      const seen = new Map<string, number>();
      let rests = 0;
      for (const seed of seeds) {
        const world = play(seed);
        expect(world.referee.timesAtRest, `${seed} is the seed; never at rest`).toBeGreaterThan(0);
        rests += world.referee.timesAtRest;
        count(seen, world);
      }
      const seconds = (performance.now() - startMs) / 1000;
      const counts = wanted.map((what) => `${seen.get(what) ?? 0} ${what}`).join(', ');
      console.log(
        `${seeds.length} seeds, ${seeds[0]} to ${seeds.at(-1)}, in ${seconds.toFixed(1)} s, judged at rest ${rests} times: ${counts}`,
      );
      if (seeds.length > 1) expect(wanted.filter((what) => !seen.has(what))).toEqual([]);
    },
    120_000,
  );
}

function count(seen: Map<string, number>, { shell, network }: World): void {
  for (const [what, times] of shell.seen) seen.set(what, (seen.get(what) ?? 0) + times);
  if (network.spoiled > 0) seen.set('packetsSpoiled', (seen.get('packetsSpoiled') ?? 0) + network.spoiled);
}
