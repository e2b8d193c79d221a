/**
 * How this process stands among the others of the machine: name, nice value, realtime priority, locked memory, processors. What
 * is refused is told as a value: the process does its work without it.
 */
import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { ProcessTuning, TunedProcess } from '../config-parser/config.ts';
import { native } from './native.ts';
import { nameProcess } from './process-name.ts';

export interface TuningRefusal {
  readonly setting: 'name' | 'nice' | 'realtimePriority' | 'lockMemory' | 'cpus';
  /** A sentence: what could not be had, why, and what would allow it. */
  readonly message: string;
}

/** keepalived.conf(5): vrrp_rlimit_rttime, where a realtime priority is given without it. */
export const DEFAULT_REALTIME_LIMIT_US = 10_000;

/** Past the limit by this much the kernel kills the process: a loop without end must not keep the machine from its work. */
const runawayUs = 2_000_000;
const overrunReportEveryMs = 60_000;

/** Of one process; remembers what it has set, so that a later configuration without it takes it back. */
export class ProcessTuner {
  readonly #role: TunedProcess;
  readonly #onRealtimeOverrun: (message: string) => void;
  readonly #originalNice = getPriority();
  #applied: ProcessTuning = { lockMemory: false };
  #originalAffinity: Uint8Array | undefined;
  #realtimeLimitUs = 0;
  #overrunReportedAtMs = Number.NEGATIVE_INFINITY;
  #isListening = false;

  /** `onRealtimeOverrun` is told, at most once a minute, that the process ran longer than its limit without a pause. */
  constructor(role: TunedProcess, onRealtimeOverrun: (message: string) => void) {
    this.#role = role;
    this.#onRealtimeOverrun = onRealtimeOverrun;
  }

  /** What is already so costs nothing. Returns what was refused; the rest is in force. */
  apply(tuning: ProcessTuning): readonly TuningRefusal[] {
    const before = this.#applied;
    this.#applied = tuning;
    const nice = tuning.nice ?? this.#originalNice;
    const results = [
      tuning.name !== before.name && refusalOf('name', nameText(tuning), () => nameProcess(tuning.name)),
      tuning.nice !== before.nice && refusalOf('nice', niceText(nice), () => setNice(nice)),
      (tuning.realtimePriority !== before.realtimePriority ||
        tuning.realtimeLimitUs !== before.realtimeLimitUs) &&
        refusalOf('realtimePriority', realtimeText(tuning), () => this.#setRealtime(tuning)),
      tuning.lockMemory !== before.lockMemory &&
        refusalOf('lockMemory', lockText, () => native.lockMemory(tuning.lockMemory)),
      tuning.cpus?.join() !== before.cpus?.join() &&
        refusalOf('cpus', cpusText(tuning), () => this.#setAffinity(tuning.cpus)),
    ];
    return results.filter((result) => typeof result === 'object');
  }

  /**
   * What `start` starts has the nice value that this process had: scripts of checks are not what `checker_priority` is for. Their
   * processors are this process's, as with keepalived.
   */
  startingUntuned<Result>(start: () => Result): Result {
    const nice = getPriority();
    if (nice === this.#originalNice || !mayHaveNice(this.#originalNice)) return start();
    try {
      return start();
    } finally {
      setPriority(nice);
    }
  }

  #setRealtime({ realtimePriority, realtimeLimitUs }: ProcessTuning): void {
    if (realtimePriority === undefined) {
      native.setRealtime(0);
      return;
    }
    this.#realtimeLimitUs = realtimeLimitUs ?? DEFAULT_REALTIME_LIMIT_US;
    this.#listen();
    this.#limitRealtime();
    native.setRealtime(realtimePriority);
  }

  /** Without a listener the signal ends the process: it stays. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    process.on('SIGXCPU', () => this.#noticeOverrun());
  }

  #limitRealtime(): void {
    native.setRealtimeLimit(this.#realtimeLimitUs, this.#realtimeLimitUs + runawayUs);
  }

  #noticeOverrun(): void {
    // The kernel has moved the limit on by a second.
    this.#limitRealtime();
    const now = performance.now();
    if (now - this.#overrunReportedAtMs < overrunReportEveryMs) return;
    this.#overrunReportedAtMs = now;
    this.#onRealtimeOverrun(
      `the process ran with realtime priority for more than ${this.#realtimeLimitUs} us without a pause; if that is as it should be, raise ${this.#role}_rlimit_rttime`,
    );
  }

  #setAffinity(cpus: readonly number[] | undefined): void {
    this.#originalAffinity ??= native.getAffinity(0);
    const mask = cpus === undefined ? this.#originalAffinity : maskOf(cpus);
    forEachThread((threadId) => native.setAffinity(threadId, mask));
    const granted = native.getAffinity(0);
    const missing = cpus?.filter((cpu) => !isIn(granted, cpu)) ?? [];
    if (missing.length > 0) throw new Error(`this machine has no processor ${missing.join(', ')}`);
  }
}

function refusalOf(
  setting: TuningRefusal['setting'],
  text: { readonly wanted: string; readonly remedy: string },
  act: () => void,
): TuningRefusal | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { setting, message: `cannot ${text.wanted} (${reason}): ${text.remedy}` };
  }
}

const nameText = ({ name = process.title }: ProcessTuning) => ({
  wanted: `go by the name ${name}`,
  remedy: 'see whether /proc can be written; it keeps the one that it has',
});

const niceText = (nice: number) => ({
  wanted: `run with nice value ${nice}`,
  remedy: 'a negative one needs CAP_SYS_NICE; it goes on without',
});

const realtimeText = ({ realtimePriority = 0 }: ProcessTuning) => ({
  wanted: `run with realtime priority ${realtimePriority}`,
  remedy: 'that needs CAP_SYS_NICE, and a control group that allows realtime; it goes on without',
});

const lockText = {
  wanted: 'lock its memory',
  remedy:
    'that needs CAP_IPC_LOCK, or "LimitMEMLOCK=infinity" in its unit, and build/Release/locked-memory.so; it may be swapped out',
};

const cpusText = ({ cpus = [] }: ProcessTuning) => ({
  wanted: `run on processors ${cpus.join(', ')} alone`,
  remedy: 'see nproc(1) and its control group for those it may use',
});

function setNice(nice: number): void {
  forEachThread((threadId) => setPriority(threadId, nice));
}

/** Of the calling thread alone, from which everything is started. False where it may not: whoever has been made slow stays so. */
function mayHaveNice(nice: number): boolean {
  try {
    setPriority(nice);
    return true;
  } catch {
    return false;
  }
}

/** Node.js has a handful of threads, and Linux sets these things for each; later ones inherit them. */
function forEachThread(act: (threadId: number) => void): void {
  for (const entry of readdirSync('/proc/self/task')) {
    try {
      act(Number(entry));
    } catch (error) {
      if (!hasEnded(error)) throw error;
    }
  }
}

function hasEnded(error: unknown): boolean {
  const { code, info } = error as NodeJS.ErrnoException & { readonly info?: { readonly code?: string } };
  return code === 'ESRCH' || info?.code === 'ESRCH';
}

/** Longs in the machine's byte order, as the kernel has it. */
function maskOf(cpus: readonly number[]): Uint8Array {
  const words = new BigUint64Array(Math.floor(Math.max(...cpus) / 64) + 1);
  for (const cpu of cpus)
    words[Math.floor(cpu / 64)] = (words[Math.floor(cpu / 64)] ?? 0n) | (1n << BigInt(cpu % 64));
  return new Uint8Array(words.buffer);
}

function isIn(mask: Uint8Array, cpu: number): boolean {
  const words = new BigUint64Array(Uint8Array.from([...mask, ...new Uint8Array(-mask.length & 7)]).buffer);
  return ((words[Math.floor(cpu / 64)] ?? 0n) & (1n << BigInt(cpu % 64))) !== 0n;
}
