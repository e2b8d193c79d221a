/** Many instances on one interface at 0.1 s: how punctual their Master is, and what it costs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { askDaemon } from '../daemon/control-socket/index.ts';
import type { VrrpStatus } from '../daemon/ipc.ts';
import { type BenchPair, benchAddress, buildBenchPair } from './bench-pair.ts';
import type { DaemonKind, Director } from './director.ts';
import { type Sighting, sightingIn } from './frames.ts';
import type { CapturedPacket } from './pcap.ts';
import { type DirectorName, hostAddresses } from './tutorial-network.ts';
import { until } from './until.ts';

export type Advertisement = Extract<Sighting, { kind: 'advertisement' }>;

const intervalMs = 100;
/** The second burst of gratuitous ARPs is over. */
const settlingMs = 7000;

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export interface PunctualityMeasurement {
  /** Of each advertisement: how much longer than the interval after the one before it it came. */
  readonly latenessMs: Percentiles;
  readonly advertisements: number;
  /** Processor time of the vrrp process, of one processor. */
  readonly masterPercent: number;
  readonly backupPercent: number;
  /** Of lb01's vrrp process over the same time; keepalived does not tell. */
  readonly eventLoopDelay: VrrpStatus['eventLoopDelay'] | undefined;
}

/** lb01 is Master of all; both daemons started, and at rest. */
export async function buildManyPair(daemon: DaemonKind, instances: number): Promise<BenchPair> {
  const pair = await buildBenchPair(daemon, { version: 3, intervalMs, instances });
  try {
    await pair.network.run('lb01', 'sysctl', ['-qw', 'net.ipv4.igmp_max_memberships=1000']);
    pair.lb01.start();
    await startedUpTo(pair.lb01, 'MASTER', instances);
    pair.lb02.start();
    await startedUpTo(pair.lb02, 'BACKUP', instances);
    await delay(settlingMs);
    return pair;
  } catch (error) {
    pair.close();
    throw error;
  }
}

export async function measurePunctuality(
  daemon: DaemonKind,
  instances: number,
  seconds: number,
): Promise<PunctualityMeasurement> {
  const pair = await buildManyPair(daemon, instances);
  try {
    const { lb01 } = pair;
    const pids = { lb01: vrrpPid(pair, 'lb01'), lb02: vrrpPid(pair, 'lb02') };
    // From here on: reading it starts it anew.
    await eventLoopDelayOf(lb01, daemon);
    const capture = await pair.capture('ip proto 112');
    const before = { lb01: processorMs(pids.lb01), lb02: processorMs(pids.lb02), atMs: performance.now() };
    await delay(seconds * 1000);
    const percent = (name: DirectorName): number =>
      (100 * (processorMs(pids[name]) - before[name])) / (performance.now() - before.atMs);
    const [masterPercent, backupPercent] = [percent('lb01'), percent('lb02')];
    const eventLoopDelay = await eventLoopDelayOf(lb01, daemon);
    const advertisements = advertisementsIn(await capture.stop());
    const stray = advertisements.find(({ source }) => source !== hostAddresses.lb01);
    if (stray !== undefined) throw new Error(`lb02 took over VRID ${stray.vrid} while lb01 was there`);
    const latenessMs = percentiles(latenesses(advertisements, intervalMs));
    return {
      latenessMs,
      advertisements: advertisements.length,
      masterPercent,
      backupPercent,
      eventLoopDelay,
    };
  } finally {
    pair.close();
  }
}

/** How much later than `wantedMs` after the one before each advertisement of a VRID came; negative: earlier. */
export function latenesses(advertisements: readonly Advertisement[], wantedMs: number): readonly number[] {
  const last = new Map<number, number>();
  return advertisements.flatMap(({ vrid, atMs }) => {
    const before = last.get(vrid);
    last.set(vrid, atMs);
    return before === undefined ? [] : [atMs - before - wantedMs];
  });
}

/** Throws when there is no value. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    if (value === undefined) throw new Error('no values, no percentiles');
    return value;
  };
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

export interface MassTakeoverMeasurement {
  /** From the first instance's Master_Down_Interval that was over to the last instance's advertisement. */
  readonly advertisedWithinMs: number;
  /** The same to the last instance's first gratuitous ARP. */
  readonly announcedWithinMs: number;
  /** Of each instance, its first advertisement later than its own Master_Down_Interval. */
  readonly latenessMs: Percentiles;
}

/** lb01 dies with all its instances. `masterDownMs` is lb02's Master_Down_Interval. */
export async function measureMassTakeover(
  daemon: DaemonKind,
  instances: number,
): Promise<MassTakeoverMeasurement> {
  const pair = await buildManyPair(daemon, instances);
  try {
    const capture = await pair.capture('ip proto 112 or arp');
    await delay(1000);
    await pair.lb01.kill();
    await delay(2000);
    return summarizeMassTakeover(
      (await capture.stop()).flatMap((packet) => sightingIn(packet) ?? []),
      instances,
    );
  } finally {
    pair.close();
  }
}

/** Version 3, 0.1 s, priority 100. */
const masterDownMs = 3 * intervalMs + (156 * intervalMs) / 256;

export function summarizeMassTakeover(
  sightings: readonly Sighting[],
  instances: number,
): MassTakeoverMeasurement {
  const dueAt = new Map<number, number>();
  const advertisedAt = new Map<number, number>();
  const announcedAt = new Map<string, number>();
  for (const seen of sightings) {
    if (seen.kind === 'gratuitousArp') {
      if (!announcedAt.has(seen.address)) announcedAt.set(seen.address, seen.atMs);
    } else if (seen.source === hostAddresses.lb01) dueAt.set(seen.vrid, seen.atMs + masterDownMs);
    else if (!advertisedAt.has(seen.vrid)) advertisedAt.set(seen.vrid, seen.atMs);
  }
  const vrids = Array.from({ length: instances }, (_, index) => index + 1);
  const known = <Key>(times: ReadonlyMap<Key, number>, key: Key, what: string): number => {
    const atMs = times.get(key);
    if (atMs === undefined) throw new Error(`no ${what} of ${key}`);
    return atMs;
  };
  const due = vrids.map((vrid) => known(dueAt, vrid, 'advertisement by lb01'));
  const advertised = vrids.map((vrid) => known(advertisedAt, vrid, 'advertisement by lb02'));
  const announced = vrids.map((vrid) => known(announcedAt, benchAddress(vrid), 'gratuitous ARP'));
  const beganAtMs = Math.min(...due);
  return {
    advertisedWithinMs: Math.max(...advertised) - beganAtMs,
    announcedWithinMs: Math.max(...announced) - beganAtMs,
    latenessMs: percentiles(advertised.map((atMs, index) => atMs - (due[index] ?? atMs))),
  };
}

export function advertisementsIn(packets: readonly CapturedPacket[]): readonly Advertisement[] {
  return packets.flatMap((packet) => {
    const seen = sightingIn(packet);
    return seen?.kind === 'advertisement' ? [seen] : [];
  });
}

/** Lines of the log that say that an instance entered that state. */
export function entered(director: Director, state: string): number {
  return director.log().split(`Entering ${state} STATE`).length - 1;
}

async function startedUpTo(director: Director, state: string, instances: number): Promise<void> {
  await until(`${director.name} is ${state} of all ${instances} instances`, 30_000, () => {
    return entered(director, state) >= instances;
  });
}

function vrrpPid({ folder }: BenchPair, name: DirectorName): number {
  return Number(readFileSync(join(folder, `${name}-vrrp.pid`), 'utf8'));
}

/** proc(5): utime and stime of all threads, in hundredths of a second. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function eventLoopDelayOf(
  director: Director,
  daemon: DaemonKind,
): Promise<VrrpStatus['eventLoopDelay'] | undefined> {
  if (daemon !== 'holdfast') return undefined;
  const answer = await askDaemon(director.controlSocket, { kind: 'status' }, 5000);
  if (!answer.ok) throw new Error(`${director.name} does not tell its status: ${answer.lines.join(' ')}`);
  return 'daemon' in answer ? answer.daemon?.vrrp?.eventLoopDelay : undefined;
}
