import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VirtualServerConfig } from '../../../src/config-parser/config.ts';
import { realServer, sorryServer, tcpCheck, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hosts = ['10.0.0.6', '10.0.0.7', '10.0.0.8'] as const;

interface Shape {
  readonly weights: readonly number[];
  readonly inhibit: boolean;
  readonly alpha: boolean;
  readonly quorum: number;
  readonly sorry: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  weights: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
  inhibit: fc.boolean(),
  alpha: fc.boolean(),
  quorum: fc.integer({ min: 1, max: 4 }),
  sorry: fc.boolean(),
});

function serverOf({ weights, inhibit, alpha, quorum, sorry }: Shape): VirtualServerConfig {
  return virtualServer('10.0.0.3', {
    quorum,
    ...(sorry && { sorryServer: sorryServer('10.0.0.99') }),
    realServers: weights.map((weight, index) => {
      const host = hosts[index] ?? hosts[0];
      return realServer(host, {
        weight,
        inhibitOnFailure: inhibit,
        checkers: [tcpCheck(host, 80, { alpha })],
      });
    }),
  });
}

/** What the table has to be once every server has been asked, whatever came before. */
function expected(
  { weights, inhibit, quorum, sorry }: Shape,
  dead: readonly number[],
  held: readonly number[],
) {
  const servers = weights.map((weight, index) => {
    const isHeld = held.includes(index);
    return { host: hosts[index], weight: isHeld ? 0 : weight, isHeld, isUp: !dead.includes(index) };
  });
  const live = servers.reduce((sum, { isUp, weight }) => sum + (isUp ? weight : 0), 0);
  const isSorry = sorry && live < quorum;
  const lines = servers.flatMap(({ host, weight, isHeld, isUp }) => {
    const serves = isUp && !isSorry && !isHeld;
    if (!serves && !inhibit && !isHeld) return [];
    return [`10.0.0.3:80/tcp -> ${host}:80 ${serves ? weight : 0}`];
  });
  const all = isSorry ? [...lines, '10.0.0.3:80/tcp -> 10.0.0.99:80 1'] : lines;
  return all.length === 0 ? ['10.0.0.3:80/tcp'] : all.sort();
}

const steps = fc.record({
  shape: shapes,
  dead: fc.subarray([0, 1, 2]),
  held: fc.subarray([0, 1, 2]),
  waitMs: fc.nat(20_000),
  crash: fc.constantFrom('none', 'none', 'process', 'everything' as const),
});

test('after any deaths, drains, reloads and crashes the table becomes what the servers that live ask for', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 5 }), async (story) => {
      let set = setUp();
      for (const { shape, dead, held, waitMs, crash } of story) {
        if (crash !== 'none') {
          await set.checkers.stop(0);
          set = setUp(set.ipvs, crash === 'process' ? set.memory() : undefined);
        }
        set.dead.clear();
        for (const index of dead) set.dead.add(hosts[index] ?? '');
        void set.configure(configOf([serverOf(shape)], { flushOnStop: 'off' }), { keepIpvsOnExit: true });
        await vi.advanceTimersByTimeAsync(100);
        for (const [index, realServer] of hosts.entries()) {
          const kind = held.includes(index) ? 'drainServer' : 'resumeServer';
          await set.checkers.command({ kind, realServer, evenIfLast: true });
        }
        await vi.advanceTimersByTimeAsync(waitMs);
      }
      await vi.advanceTimersByTimeAsync(60_000);
      const last = story.at(-1);
      if (last === undefined) throw new Error('a story has a step');
      const held = last.held.filter((index) => index < last.shape.weights.length);
      expect(set.ipvs.lines()).toEqual(expected(last.shape, last.dead, held));
      await set.checkers.stop(0);
    }),
    { reporter: (d) => { console.log('RUNS', d.numRuns, d.failed, d.interrupted); if (d.failed) throw new Error(JSON.stringify(d.counterexample) + String(d.errorInstance)); }, numRuns: 1000, interruptAfterTimeLimit: 45_000, verbose: 1 },
  );
}, 60_000);
