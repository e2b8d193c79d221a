/** One `holdfast realserver` at a time changes a host: two at once would each record what the other has changed. */
import { setTimeout as delay } from 'node:timers/promises';
import { AlreadyRunningError, claimPidFile, removePidFile } from '../daemon/pid-file.ts';

const patienceMs = 10_000;
const pauseMs = 50;

/** Performs `work` while nobody else does under the same record. Throws when the other one does not end. */
export async function alone<Result>(record: string, work: () => Promise<Result>): Promise<Result> {
  const path = `${record}.lock`;
  await claim(path);
  try {
    return await work();
  } finally {
    removePidFile(path, process.pid);
  }
}

async function claim(path: string): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      claimPidFile(path);
      return;
    } catch (error) {
      if (!(error instanceof AlreadyRunningError)) throw error;
      if (performance.now() > giveUpAt) {
        throw new Error(
          `another "holdfast realserver" (pid ${error.pid}) has been at work for ${patienceMs / 1000} s`,
        );
      }
      await delay(pauseMs);
    }
  }
}
