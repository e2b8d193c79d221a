/** Two Masters that cannot hear each other, a Master that did not run for a while, and how both end. */
import { afterEach, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { processTree } from '../../../src/drill/processes.ts';
import { type DirectorName, hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  fast,
  instanceText,
  priorities,
  timesLogged,
  untilHeldBy,
  untilLogged,
  virtualAddress,
} from './failover-fixture.ts';

let pair: DirectorPair;
afterEach(() => pair.close());

async function start(lines: readonly string[] = fast, first: DirectorName = 'lb02'): Promise<void> {
  pair = await buildPair({ text: (name) => instanceText({ priority: priorities[name], lines }) });
  pair[first].start();
  if (first === 'lb01') await untilHeldBy(pair.lb01, undefined);
  pair[first === 'lb01' ? 'lb02' : 'lb01'].start();
  await untilHeldBy(pair.lb01, pair.lb02);
}

/** Frames pass between the directors and everybody else, and not between the two. */
async function setIsolation(state: 'on' | 'off'): Promise<void> {
  for (const name of ['lb01', 'lb02'] as const)
    await pair.network.run('switch', 'bridge', ['link', 'set', 'dev', name, 'isolated', state]);
}

/** Advertisements and gratuitous ARPs from `sinceMs` on. */
function said(sinceMs: number) {
  const seen = pair.capture.sightings().filter((one) => one.atMs >= sinceMs);
  const adverts = seen.filter((one) => one.kind === 'advertisement');
  return {
    announcements: seen.filter((one) => one.kind === 'gratuitousArp'),
    by: (source: string) => adverts.filter((one) => one.source === source),
  };
}

test('of two Masters that hear each other again the one with the lower priority yields', async () => {
  await start();
  await setIsolation('on');
  await until('both hold the address', 10_000, async () => {
    return (await pair.lb01.holds(virtualAddress)) && (await pair.lb02.holds(virtualAddress));
  });
  await setIsolation('off');
  await untilHeldBy(pair.lb01, pair.lb02);
  await untilLogged(
    pair.lb02,
    `Master received advert from ${hostAddresses.lb01} with higher priority 150, ours 100`,
  );
  expect(timesLogged(pair.lb01, 'Entering MASTER STATE')).toBe(1);
});

test('a Master that hears another says since when, and when it has ended announces its address again', async () => {
  await start();
  // lb02 hears nothing of the others' VRRP and so becomes Master; lb01 hears it.
  const nft = `table ip cut { chain in { type filter hook input priority -200; ip protocol 112 drop; }; }`;
  await pair.network.run('lb02', 'nft', [nft]);
  await untilLogged(pair.lb01, `(VI_1) dual master since`);
  await untilLogged(pair.lb01, `, peer ${hostAddresses.lb02}`);
  const healedAtMs = Date.now();
  await pair.network.run('lb02', 'nft', ['delete table ip cut']);
  await untilLogged(pair.lb01, `(VI_1) dual master with ${hostAddresses.lb02} ended after`);
  await untilHeldBy(pair.lb01, pair.lb02);
  expect(timesLogged(pair.lb01, 'dual master since')).toBe(1);
  const lastOfLb02 = said(healedAtMs).by(hostAddresses.lb02).at(-1)?.atMs ?? healedAtMs;
  await until('lb01 announces the address', 3000, () => said(lastOfLb02).announcements.length > 0);
});

/** Longer than a Backup waits; returns when it ended. */
async function pause(): Promise<number> {
  await untilLogged(pair.lb02, '(VI_1) Entering BACKUP STATE');
  const processes = processTree(pair.lb01.pid);
  for (const pid of processes) process.kill(pid, 'SIGSTOP');
  await until('lb02 holds the address', 5000, () => pair.lb02.holds(virtualAddress));
  const resumedAtMs = Date.now();
  for (const pid of processes) process.kill(pid, 'SIGCONT');
  return resumedAtMs;
}

test('a Master that did not run for a while hears first, then claims its address once', async () => {
  await start();
  const resumedAtMs = await pause();
  await untilLogged(pair.lb01, `this process did not run for`);
  await untilHeldBy(pair.lb01, pair.lb02);
  await until('a second has passed', 3000, () => Date.now() - resumedAtMs > 1000);
  const { announcements, by } = said(resumedAtMs);
  const first = by(hostAddresses.lb01)[0];
  expect(first?.atMs).toBeDefined();
  // Once a tenth of a second each, and what a takeover adds.
  expect(by(hostAddresses.lb01).length).toBeLessThan(16);
  expect(announcements.length).toBeLessThanOrEqual(10);
  expect(announcements.length).toBeGreaterThan(0);
});

test('with nopreempt a Master that was overtaken while it did not run is Backup', async () => {
  await start([...fast, 'nopreempt'], 'lb01');
  const resumedAtMs = await pause();
  await untilLogged(pair.lb01, `and ${hostAddresses.lb02} became MASTER meanwhile`);
  await untilHeldBy(pair.lb02, pair.lb01);
  expect(said(resumedAtMs).by(hostAddresses.lb01)).toEqual([]);
});
