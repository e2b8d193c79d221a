/** A reload of many instances with another priority in one of them: how soon it is on the wire, and that nobody else notices. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { wallClock } from './bench-clock.ts';
import { type Advertisement, advertisementsIn, buildManyPair, entered } from './bench-many.ts';
import { type BenchPair, benchPriorities, configurationFile, configurationText } from './bench-pair.ts';
import type { DaemonKind } from './director.ts';
import { hostAddresses } from './tutorial-network.ts';

export interface ReloadMeasurement {
  /** From the signal to the first advertisement with the new priority. */
  readonly appliedAfterMs: number;
  /** State changes that lb01 and lb02 logged, and VRIDs that lb02 advertised. */
  readonly transitions: number;
  /** The longest time between two advertisements of any instance. */
  readonly longestSilenceMs: number;
}

/** So long it is watched what a reload does. */
const watchedMs = 2500;

/** `rounds` reloads in one network, of a different instance each. */
export async function measureReloads(
  daemon: DaemonKind,
  instances: number,
  rounds: number,
): Promise<readonly ReloadMeasurement[]> {
  const pair = await buildManyPair(daemon, instances);
  try {
    const measured: ReloadMeasurement[] = [];
    const changed = new Map<number, number>();
    for (let round = 1; round <= rounds; round += 1) {
      const vrid = Math.ceil((instances * round) / (rounds + 1));
      changed.set(vrid, benchPriorities.lb01 + round);
      measured.push(await reloadOnce(pair, { version: 3, intervalMs: 100, instances, vrid, changed }));
    }
    return measured;
  } finally {
    pair.close();
  }
}

interface Reload {
  readonly version: 3;
  readonly intervalMs: number;
  readonly instances: number;
  readonly vrid: number;
  readonly changed: ReadonlyMap<number, number>;
}

async function reloadOnce(pair: BenchPair, reload: Reload): Promise<ReloadMeasurement> {
  const { lb01 } = pair;
  const priority = reload.changed.get(reload.vrid) ?? 0;
  const before = transitionsOf(pair);
  const capture = await pair.capture('ip proto 112');
  await delay(500 + Math.random() * reload.intervalMs);
  writeFileSync(configurationFile('lb01', pair.folder), configurationText('lb01', reload, reload.changed));
  const now = wallClock();
  const signalledAtMs = now();
  process.kill(lb01.pid, 'SIGHUP');
  await delay(watchedMs);
  const seen = advertisementsIn(await capture.stop());
  const first = seen.find((one) => one.vrid === reload.vrid && one.priority === priority);
  if (first === undefined) throw new Error(`priority ${priority} never came:\n${lb01.log().slice(-2000)}`);
  const strangers = new Set(
    seen.filter(({ source }) => source === hostAddresses.lb02).map(({ vrid }) => vrid),
  );
  return {
    appliedAfterMs: first.atMs - signalledAtMs,
    transitions: transitionsOf(pair) - before + strangers.size,
    longestSilenceMs: longestSilence(seen),
  };
}

function longestSilence(seen: readonly Advertisement[]): number {
  const last = new Map<number, number>();
  let longest = 0;
  for (const { vrid, atMs } of seen) {
    longest = Math.max(longest, atMs - (last.get(vrid) ?? atMs));
    last.set(vrid, atMs);
  }
  return longest;
}

/** An instance that a reload starts anew enters BACKUP; one that is lost to the other router MASTER there. */
function transitionsOf({ lb01, lb02 }: BenchPair): number {
  const states = ['MASTER', 'BACKUP', 'FAULT'];
  return [lb01, lb02].flatMap((one) => states.map((state) => entered(one, state))).reduce((a, b) => a + b, 0);
}
