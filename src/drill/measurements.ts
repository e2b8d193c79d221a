/** The measurements behind the bench scripts: each makes its own network, measures one daemon, and cleans up. */
import { setTimeout as delay } from 'node:timers/promises';
import { masterDownIntervalMs, skewTimeMs } from '../vrrp/timers.ts';
import { awaitTakeover, isAdvertising } from './capture.ts';
import type { DaemonKind } from './director.ts';
import { buildDirectorPair, type DirectorPair } from './director-pair.ts';
import { residentTogetherKib } from './processes.ts';
import { exampleFile, vrrpOnlyFile } from './tutorial-files.ts';
import { hostAddresses, webHostNames } from './tutorial-network.ts';
import { until } from './until.ts';
import { prepareWebHost } from './web-host.ts';

export interface TakeoverMeasurement {
  /** From lb01's last advertisement to lb02's first, less what the protocol makes lb02 wait. */
  readonly overProtocolMs: number;
  readonly announcedAfterMs: number;
}

const lb02Timers = { version: 2, priority: 100, masterAdverIntervalMs: 1000, downTimerAdverts: 3 } as const;

/** lb01 killed (`crash`), or told to stop (`stop`), `rounds` times in one network; VRRP only, so any kernel will do. */
export async function measureTakeovers(
  daemon: DaemonKind,
  end: 'crash' | 'stop',
  rounds: number,
): Promise<readonly TakeoverMeasurement[]> {
  const protocolMs = end === 'crash' ? masterDownIntervalMs(lb02Timers) : skewTimeMs(lb02Timers);
  const pair = await buildDirectorPair({ daemons: { lb01: daemon, lb02: daemon }, configFile: vrrpOnlyFile });
  const { capture, lb01, lb02 } = pair;
  try {
    lb02.start();
    const measured: TakeoverMeasurement[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAtMs = Date.now();
      lb01.start();
      await until('lb01 advertises', 15_000, () => isAdvertising(capture, hostAddresses.lb01, startedAtMs));
      // Three more advertisements: whatever the start costs is over.
      await delay(3000);
      const sinceMs = Date.now();
      await (end === 'crash' ? lb01.kill() : lb01.stop());
      const { gapMs, announcedAfterMs } = await awaitTakeover(capture, sinceMs, 10_000);
      measured.push({ overProtocolMs: gapMs - protocolMs, announcedAfterMs });
    }
    return measured;
  } finally {
    pair.close();
  }
}

/** lb01's start to both web servers in its IPVS table, in milliseconds. Needs a kernel with IPVS. */
export async function measureStart(daemon: DaemonKind, rounds: number): Promise<readonly number[]> {
  const pair = await buildTutorialPair(daemon);
  const { network, lb01, folder } = pair;
  try {
    const webHosts = webHostNames.map((name) => prepareWebHost(network, name, folder));
    await Promise.all(webHosts.map((webHost) => webHost.start()));
    const measured: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      lb01.start();
      while (lb01.destinationsOf('10.0.0.3:80').length < 2) {
        if (performance.now() - startedAt > 20_000) throw new Error(`no table in 20 s:\n${lb01.log()}`);
        await delay(10);
      }
      measured.push(performance.now() - startedAt);
      await delay(1000);
      await lb01.stop();
      await until('the table is empty', 5000, () => lb01.destinationsOf('10.0.0.3:80').length === 0);
    }
    return measured;
  } finally {
    pair.close();
  }
}

/**
 * lb01's start to its health checks being active, in milliseconds, by its log: what this host's kernel can show of the
 * start when it has no IPVS. For holdfast alone, since keepalived's checker ends without IPVS.
 */
export async function measureChecksActive(rounds: number): Promise<readonly number[]> {
  const { lb01, close } = await buildTutorialPair('holdfast');
  try {
    const measured: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const startedAt = performance.now();
      lb01.start();
      while (lb01.log().split('Activating healthchecker for service').length - 1 < 2 * round) {
        if (performance.now() - startedAt > 20_000)
          throw new Error(`no health checks in 20 s:\n${lb01.log()}`);
        await delay(2);
      }
      measured.push(performance.now() - startedAt);
      await delay(1000);
      await lb01.stop();
    }
    return measured;
  } finally {
    close();
  }
}

/** All processes of one director together, in KiB, 10 s after its start with the tutorial's configuration. Needs IPVS. */
export async function measureMemory(daemon: DaemonKind): Promise<number> {
  const { lb01, close } = await buildTutorialPair(daemon);
  try {
    lb01.start();
    await delay(10_000);
    const { processes } = lb01;
    if (processes.length < 3)
      throw new Error(`${daemon} has ${processes.length} processes, not 3:\n${lb01.log()}`);
    return residentTogetherKib(processes);
  } finally {
    close();
  }
}

function buildTutorialPair(daemon: DaemonKind): Promise<DirectorPair> {
  return buildDirectorPair({
    daemons: { lb01: daemon, lb02: daemon },
    configFile: (name) => exampleFile(name),
  });
}
