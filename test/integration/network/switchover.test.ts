/** An operator moves the address by `holdfast ctl`: the client notices nothing, and the router stays away as long as it was told to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  EchoProbe,
  instanceText,
  priorities,
  untilHeldBy,
  virtualAddress,
} from './failover-fixture.ts';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
let pair: DirectorPair;
let probe: EchoProbe | undefined;

beforeEach(async () => {
  pair = await buildPair({ text: (name) => instanceText({ priority: priorities[name] }) });
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
});
afterEach(async () => {
  await probe?.stop();
  probe = undefined;
  pair?.close();
});

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
}

/** Beside the echoes, which this process reads: it must not wait for the program. */
async function ctl(...words: string[]): Promise<Answer> {
  const args = [holdfast, 'ctl', ...words, '--control-socket', pair.lb01.controlSocket];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout };
}

test('failover and resume cost the client no answer, and whoever is in reserve takes over from the dead', async () => {
  probe = new EchoProbe(pair);
  await probe.ready();
  expect(await ctl('failover', 'VI_1', '--yes')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${hostAddresses.lb02} took over`),
  });
  await untilHeldBy(pair.lb02, pair.lb01);
  expect(await ctl('resume')).toMatchObject({ status: 0 });
  await untilHeldBy(pair.lb01, pair.lb02);
  const { asked, failedAtMs } = await probe.report();
  expect(asked).toBeGreaterThan(200);
  expect(failedAtMs).toEqual([]);

  expect((await ctl('failover', '--all', '--yes')).status).toBe(0);
  await untilHeldBy(pair.lb02, pair.lb01);
  await pair.lb02.kill();
  await untilHeldBy(pair.lb01, undefined);
});

test('a drained router takes part in no election until its time is over', async () => {
  expect((await ctl('drain', 'VI_1', '--for', '4s', '--reason', 'a new kernel', '--yes')).status).toBe(0);
  const drainedAtMs = Date.now();
  await untilHeldBy(pair.lb02, pair.lb01);
  const { vrrp } = JSON.parse((await ctl('status', '--json')).stdout);
  expect(vrrp.instances).toMatchObject([
    { state: 'Backup', hold: { kind: 'drain', reason: 'a new kernel' } },
  ]);
  await pair.lb02.kill();
  await until('three Backups would have taken over', 5000, () => Date.now() - drainedAtMs > 3000);
  expect(await pair.lb01.holds(virtualAddress)).toBe(false);
  await untilHeldBy(pair.lb01, undefined);
  expect(Date.now() - drainedAtMs).toBeGreaterThan(3900);
});
