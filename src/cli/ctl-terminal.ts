/** Where `holdfast ctl` speaks with an operator: questions, and a sign of life while it waits. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Streams } from './streams.ts';

export interface CtlTerminal {
  readonly streams: Streams;
  /** Whether the operator says yes. Undefined where nobody can be asked. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Resolves as `work` does, and shows meanwhile that something is waited for. */
  progress<Result>(doing: string, work: Promise<Result>): Promise<Result>;
  /** False when it is not to be done again. */
  pause(milliseconds: number): Promise<boolean>;
}

/** What takes less needs no sign of life. */
const patienceMs = 500;

export function standardTerminal(streams: Streams): CtlTerminal {
  const isInteractive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    streams,
    ...(isInteractive && { confirm }),
    progress: (doing, work) => (process.stderr.isTTY === true ? showProgress(doing, work) : work),
    pause: async (milliseconds) => {
      await sleep(milliseconds);
      return true;
    },
  };
}

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return isYes(await lines.question(`${question} [y/N] `));
  } catch {
    // Ctrl-C and Ctrl-D are a no, and leave the cursor where they were typed.
    process.stderr.write('\n');
    return false;
  } finally {
    lines.close();
  }
}

export function isYes(answer: string): boolean {
  return /^\s*y(es)?\s*$/i.test(answer);
}

async function showProgress<Result>(doing: string, work: Promise<Result>): Promise<Result> {
  const beganAtMs = performance.now();
  let isShown = false;
  const timer = setInterval(() => {
    isShown = true;
    process.stderr.write(`\r${doing} ... ${((performance.now() - beganAtMs) / 1000).toFixed(1)} s`);
  }, patienceMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (isShown) process.stderr.write('\r\u001b[K');
  }
}
