import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../../src/daemon/checker-process/main.ts', import.meta.url));
const runner = fileURLToPath(new URL('../../integration/network/run-typescript.mjs', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** The process without a configuration: it touches no kernel. */
async function start(): Promise<{ child: ChildProcess; exit: Promise<unknown[]> }> {
  const child = fork(runner, [main], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(child);
  const exit = once(child, 'exit');
  await Promise.race([
    listening(child),
    exit.then((status) => Promise.reject(new Error(`ended early: ${status}`))),
  ]);
  return { child, exit };
}

/** Until SIGINT, SIGHUP and SIGTERM have handlers: bits 2, 1 and 15 of the kernel's mask of caught signals. */
async function listening(child: ChildProcess): Promise<void> {
  const wanted = 0x4003n;
  for (;;) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
    if ((caught & wanted) === wanted) return;
    await sleep(10);
  }
}

test("SIGINT and SIGHUP are the supervisor's to answer; SIGTERM ends the process with status 0", async () => {
  const { child, exit } = await start();
  child.kill('SIGINT');
  child.kill('SIGHUP');
  await sleep(200);
  expect(child.exitCode).toBeNull();
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('the message stop ends the process with status 0', async () => {
  const { child, exit } = await start();
  child.send({ kind: 'stop' });
  expect(await exit).toEqual([0, null]);
});

test('the death of the supervisor, which closes the channel, ends the process with status 0', async () => {
  const { child, exit } = await start();
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});
