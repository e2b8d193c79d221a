/** Thousands of random stories under a referee. `SEED=4711 npx vitest run test/simulation` replays one. */
import { describe, expect, test } from 'vitest';
import { seeds } from './random.ts';
import { play } from './scenario.ts';

describe('two and three routers, with loss, duplicates, delays, cuts, crashes and reloads', () => {
  test('never break a rule of the referee, and come to rest with the one right Master', () => {
    const seen = { masters: 0, packets: 0, dropped: 0, priorityZero: 0 };
    for (const seed of seeds(3000)) {
      const world = play(seed);
      const running = world.routers.filter(({ isRunning, isLinkUp }) => isRunning && isLinkUp);
      if (running.length > 0)
        expect(world.referee.timesAtRest, `${seed} is the seed; never at rest`).toBeGreaterThan(0);
      for (const { state } of world.routers) {
        seen.masters += state.statistics.becomeMaster;
        seen.packets += state.statistics.advertRcvd;
        seen.dropped += state.statistics.checksumErr + state.statistics.authFailure;
        seen.priorityZero += state.statistics.priZeroRcvd;
      }
    }
    // The stories are worth something only if things happened in them.
    if (process.env['SEED'] === undefined)
      expect(Object.values(seen).filter((count) => count === 0)).toEqual([]);
  }, 120_000);

  test('the same seed tells the same story', () => {
    const [first, second] = [play(77), play(77)].map((world) => world.routers.map(({ state }) => state));
    expect(first).toEqual(second);
  });
});
