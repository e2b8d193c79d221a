/**
 * The checks of many servers as the checker process makes them, without its table: its loops, its timers, its probes. Argument: a
 * ProbesOrder as JSON. Prints a ProbesReport, and ends.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckerTiming, HttpCheckConfig, TcpCheckConfig } from '../config-parser/config-checks.ts';
import { CheckerTools } from '../daemon/checker-process/probe-tools.ts';
import { checkGraceMs, Timers } from '../daemon/checker-process/timers.ts';
import { startChecker } from '../healthcheck/index.ts';
import { probeOf } from '../healthcheck/probes/index.ts';
import { nowMs } from '../kernel/clock.ts';
import { address } from '../net/address.ts';
import { type Percentiles, percentiles } from './bench-many.ts';

export interface ProbesOrder {
  readonly kind: 'TCP_CHECK' | 'HTTP_GET';
  readonly server: string;
  readonly port: number;
  readonly checkers: number;
  readonly delayLoopMs: number;
  readonly seconds: number;
}

export interface ProbesReport {
  readonly checksPerSecond: number;
  /** From when a check was due to when it began. */
  readonly delayMs: Percentiles;
  /** From beginning to verdict, of those that were good. */
  readonly tookMs: Percentiles;
  readonly processorUsPerCheck: number;
  /** Of one processor. */
  readonly processorPercent: number;
  readonly failed: number;
  readonly inconclusive: number;
  /** Of the first check that was not good. */
  readonly firstDetail?: string;
}

const order = JSON.parse(process.argv[2] ?? '') as ProbesOrder;
/** The first second of a checker, its warmup, and what compiling costs. */
const settlingMs = 3000 + order.delayLoopMs;

const timing: CheckerTiming = {
  delayLoopMs: order.delayLoopMs,
  connectTimeoutMs: 5000,
  attemptTimeoutMs: 10_000,
  retry: 1,
  delayBeforeRetryMs: 1000,
  warmupMs: order.delayLoopMs,
};

function checkerConfig(): TcpCheckConfig | HttpCheckConfig {
  const connectAddress = address(order.server);
  const common = { timing, alpha: false, logAllFailures: false, connectAddress, connectPort: order.port };
  if (order.kind === 'TCP_CHECK') return { kind: 'TCP_CHECK', ...common };
  const hostHeader = `${order.server}:${order.port}`;
  const url = { path: '/', hostHeader, statusCodes: [{ first: 200, last: 299 }], tlsCompliant: false };
  return { kind: 'HTTP_GET', ...common, httpProtocol: '1.0', fastRecovery: false, urls: [url] };
}

/** What is seen while it is measured. */
const seen = { delays: [] as number[], tooks: [] as number[], failed: 0, inconclusive: 0, firstDetail: '' };
let isMeasuring = false;

const timers = new Timers(nowMs, checkGraceMs);
const tools = new CheckerTools({ log: () => {} });
const ports = {
  nowMs,
  random: Math.random,
  callAt: (atMs: number, run: () => void) =>
    timers.callAt(atMs, () => {
      if (isMeasuring) seen.delays.push(nowMs() - atMs);
      run();
    }),
  onMistake: (error: unknown) => {
    throw error;
  },
};

const checker = checkerConfig();
for (let count = 0; count < order.checkers; count += 1) {
  startChecker(
    {
      checker,
      probe: probeOf(checker, tools),
      state: 'up',
      onVerdict: () => {},
      onProbe: (outcome) => {
        if (!isMeasuring) return;
        if (outcome.kind === 'ok') {
          seen.tooks.push(outcome.elapsedMs);
          return;
        }
        seen[outcome.kind] += 1;
        seen.firstDetail ||= outcome.detail;
      },
    },
    ports,
  );
}

await delay(settlingMs);
const startedAtMs = nowMs();
const before = process.cpuUsage();
isMeasuring = true;
await delay(order.seconds * 1000);
isMeasuring = false;
const { user, system } = process.cpuUsage(before);
const tookMs = nowMs() - startedAtMs;
const checks = seen.tooks.length + seen.failed + seen.inconclusive;
const report: ProbesReport = {
  checksPerSecond: (1000 * checks) / tookMs,
  delayMs: percentiles(seen.delays),
  tookMs: percentiles(seen.tooks),
  processorUsPerCheck: (user + system) / checks,
  processorPercent: (user + system) / tookMs / 10,
  failed: seen.failed,
  inconclusive: seen.inconclusive,
  ...(seen.firstDetail !== '' && { firstDetail: seen.firstDetail }),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
