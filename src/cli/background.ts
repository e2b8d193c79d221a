/**
 * Without -n keepalived goes to the background; so does holdfast. The process that the operator started starts itself
 * again in a session of its own, waits until that one is ready or has failed, and ends with the matching status.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import type { RunOptions } from './run-options.ts';

/** Set in the environment of the process that is to be the daemon. */
const marker = 'HOLDFAST_BACKGROUND';

/** Whether this process is the one that stays. Asks once: what we start must not inherit the answer. */
export function isBackgroundProcess(): boolean {
  const isMarked = process.env[marker] === '1';
  delete process.env[marker];
  return isMarked;
}

/** Tells the process that waits in the foreground, where there is one, that it can go. */
export function reportReady(): void {
  if (process.send === undefined || !process.connected) return;
  process.send('ready', () => {
    if (process.connected) process.disconnect();
  });
}

/** Resolves with 0 once the daemon is ready, or with the status that it failed with. */
export function startInBackground(options: RunOptions): Promise<number> {
  const daemon = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    env: { ...process.env, [marker]: '1' },
    // With -l the operator's terminal stays the log; else it is shown only if the start fails.
    stdio: ['ignore', 'ignore', options.logConsole ? 'inherit' : 'pipe', 'ipc'],
  });
  return waitUntilReady(daemon);
}

function waitUntilReady(daemon: ChildProcess): Promise<number> {
  let words = '';
  daemon.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const forward = () => daemon.kill('SIGTERM');
  process.once('SIGINT', forward).once('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    daemon.once('error', reject);
    daemon.once('message', () => {
      letGo(daemon);
      resolve(0);
    });
    daemon.once('close', (exitCode) => {
      process.stderr.write(words);
      resolve(exitCode ?? 1);
    });
  });
}

function letGo(daemon: ChildProcess): void {
  daemon.removeAllListeners('close');
  daemon.stderr?.destroy();
  if (daemon.connected) daemon.disconnect();
  daemon.unref();
}
