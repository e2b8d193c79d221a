/** lb01 dies with everything on it, at 10 ms; how long the client goes without an answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { wallClock } from './bench-clock.ts';
import { type Answer, answersFilter, answersIn, startDatagrams, startResponder } from './bench-load.ts';
import { type BenchPair, benchAddress, buildBenchPair, forgetPidFiles } from './bench-pair.ts';
import type { DaemonKind, Director } from './director.ts';
import { networkInterface } from './tutorial-network.ts';
import { until } from './until.ts';

export interface CrashMeasurement {
  /** From the crash to lb02's first answer. */
  readonly servedAfterMs: number;
  /** Between two answers, whoever gave them. */
  readonly longestGapMs: number;
}

const configuration = { version: 3, intervalMs: 10, instances: 1 } as const;
/** What belongs to a crash: answers from so long before to so long after. */
const aroundMs = 1000;

/** lb01 crashes `rounds` times in one network. */
export async function measureCrashes(
  daemon: DaemonKind,
  rounds: number,
): Promise<readonly CrashMeasurement[]> {
  const pair = await buildBenchPair(daemon, configuration);
  try {
    pair.lb02.start();
    await startResponder(pair, 'lb02');
    const capture = await pair.capture(answersFilter);
    const crashes: number[] = [];
    for (let round = 0; round < rounds; round += 1) crashes.push(await crashOnce(pair, round === 0));
    const answers = answersIn(await capture.stop());
    return crashes.map((crashedAtMs) => summarizeCrash(answers, crashedAtMs));
  } finally {
    pair.close();
  }
}

/** Throws when lb02 has not answered within a second. */
export function summarizeCrash(answers: readonly Answer[], crashedAtMs: number): CrashMeasurement {
  const near = answers.filter(({ atMs }) => Math.abs(atMs - crashedAtMs) < aroundMs);
  const first = near.find(({ atMs, server }) => server === 'lb02' && atMs >= crashedAtMs);
  if (first === undefined) throw new Error(`lb02 answered nobody within ${aroundMs} ms of the crash`);
  const gaps = near.slice(1).map(({ atMs }, index) => atMs - (near[index]?.atMs ?? atMs));
  return { servedAfterMs: first.atMs - crashedAtMs, longestGapMs: Math.max(...gaps) };
}

/** With what the daemon said where it does not come to that. */
async function untilHeld(director: Director): Promise<void> {
  try {
    await until(`${director.name} has the address`, 10_000, () => director.holds(benchAddress(1)));
  } catch (error) {
    throw new Error(director.log().slice(-2000), { cause: error });
  }
}

async function crashOnce(pair: BenchPair, isFirst: boolean): Promise<number> {
  const { lb01 } = pair;
  const responder = await startResponder(pair, 'lb01');
  lb01.start();
  await untilHeld(lb01);
  if (isFirst) startDatagrams(pair);
  // The client knows the new way, and whatever the start costs is over; the phase within the interval is left to chance.
  await delay(2500 + Math.random() * configuration.intervalMs);
  const [supervisor = 0, ...others] = lb01.processes;
  const now = wallClock();
  process.kill(supervisor, 'SIGSTOP');
  const crashedAtMs = now();
  for (const pid of [...others, responder.pid ?? 0, supervisor]) process.kill(pid, 'SIGKILL');
  await lb01.kill();
  await delay(aroundMs + 200);
  // A machine that was switched off has neither the address nor what was in /run.
  forgetPidFiles(pair, 'lb01');
  await pair.network.run('lb01', 'ip', [
    'address',
    'delete',
    `${benchAddress(1)}/32`,
    'dev',
    networkInterface,
  ]);
  return crashedAtMs;
}
