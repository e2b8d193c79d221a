/** lb01 crashes at rest; how much later than its Master_Down_Interval lb02 advertises. */
import { setTimeout as delay } from 'node:timers/promises';
import { masterDownIntervalMs } from '../vrrp/timers.ts';
import {
  type BenchPair,
  benchAddress,
  benchPriorities,
  buildBenchPair,
  forgetPidFiles,
} from './bench-pair.ts';
import type { DaemonKind } from './director.ts';
import { sightingIn } from './frames.ts';
import { findTakeover } from './timeline.ts';
import { hostAddresses, networkInterface } from './tutorial-network.ts';
import { until } from './until.ts';

export interface TakeoverProtocol {
  readonly version: 2 | 3;
  readonly intervalMs: number;
}

/** Whatever the start costs is over: a few advertisements, and no less than this. */
const restMs = 3000;
/** The first advertisement is out, and the gratuitous ARP behind it. */
const settlingMs = 500;

/** Milliseconds over Master_Down_Interval, of `rounds` crashes in one network. */
export async function measureCrashTakeovers(
  daemon: DaemonKind,
  { version, intervalMs }: TakeoverProtocol,
  rounds: number,
): Promise<readonly number[]> {
  const priority = benchPriorities.lb02;
  const timers = { version, priority, masterAdverIntervalMs: intervalMs, downTimerAdverts: 3 };
  const downMs = masterDownIntervalMs(timers);
  const pair = await buildBenchPair(daemon, { version, intervalMs, instances: 1 });
  try {
    pair.lb02.start();
    const capture = await pair.capture('ip proto 112 or arp');
    const crashes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      crashes.push(await crashOnce(pair));
      await delay(downMs + settlingMs);
    }
    const seen = (await capture.stop()).flatMap((packet) => sightingIn(packet) ?? []);
    return crashes.map((sinceMs) => {
      const { lb01: from, lb02: to } = hostAddresses;
      const found = findTakeover(seen, { vrid: 1, from, to, sinceMs });
      if (found === undefined) throw new Error('lb02 has not taken over and announced the address');
      return found.gapMs - downMs;
    });
  } finally {
    pair.close();
  }
}

async function crashOnce(pair: BenchPair): Promise<number> {
  const { lb01, network } = pair;
  forgetPidFiles(pair, 'lb01');
  await network.run('lb01', 'ip', ['address', 'delete', `${benchAddress(1)}/32`, 'dev', networkInterface]);
  lb01.start();
  await until('lb01 has the address', 15_000, () => lb01.holds(benchAddress(1)));
  await delay(restMs);
  const sinceMs = Date.now();
  await lb01.kill();
  return sinceMs;
}
