/** Nothing happens for some minutes, while another program wants a processor: nobody may take over. */

import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { benchAddress, buildBenchPair } from './bench-pair.ts';
import type { DaemonKind, Director } from './director.ts';
import { sightingIn } from './frames.ts';
import { hostAddresses } from './tutorial-network.ts';
import { until } from './until.ts';

export interface QuietMeasurement {
  readonly minutes: number;
  /** State changes that lb01 and lb02 logged. */
  readonly transitions: number;
  /** lb02 was never Master if there are none. */
  readonly advertisementsOfLb02: number;
  readonly longestSilenceMs: number;
}

/** Version 3 at 10 ms; a program that never sleeps is tied to the last processor. */
export async function measureQuiet(daemon: DaemonKind, minutes: number): Promise<QuietMeasurement> {
  const pair = await buildBenchPair(daemon, { version: 3, intervalMs: 10, instances: 1 });
  const { network, lb01, lb02, folder } = pair;
  try {
    lb02.start();
    lb01.start();
    await until('lb01 has the address', 10_000, () => lb01.holds(benchAddress(1)));
    await delay(3000);
    const before = transitionsOf(lb01) + transitionsOf(lb02);
    const busy = ['-c', String(cpus().length - 1), process.execPath, '-e', 'for (;;) {}'];
    network.start('switch', 'taskset', busy, join(folder, 'busy.log'));
    const capture = await pair.capture('ip proto 112');
    await delay(minutes * 60_000);
    const seen = (await capture.stop()).flatMap((packet) => sightingIn(packet) ?? []);
    const adverts = seen.filter((sighting) => sighting.kind === 'advertisement');
    const ofLb02 = adverts.filter(({ source }) => source === hostAddresses.lb02);
    const silences = adverts.slice(1).map(({ atMs }, index) => atMs - (adverts[index]?.atMs ?? atMs));
    return {
      minutes,
      transitions: transitionsOf(lb01) + transitionsOf(lb02) - before,
      advertisementsOfLb02: ofLb02.length,
      longestSilenceMs: silences.reduce((longest, silence) => Math.max(longest, silence), 0),
    };
  } finally {
    pair.close();
  }
}

function transitionsOf(director: Director): number {
  return director.log().match(/Entering \w+ STATE/g)?.length ?? 0;
}
