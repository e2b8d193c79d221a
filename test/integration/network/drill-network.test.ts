/** The drills' own network: it is what it says, and nothing of it stays. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { buildNetwork, type Network } from '../../../src/drill/network.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { prepareWebHost } from '../../../src/drill/web-host.ts';

let network: Network | undefined;
afterEach(() => network?.close());

function namespacesWith(prefix: string): readonly string[] {
  return readdirSync('/run/netns').filter((name) => name.startsWith(prefix));
}

test('the machines reach each other, and not through a cable that is out', async () => {
  network = await buildNetwork();
  const reaches = async (): Promise<boolean> => {
    const connect = `const s = require('node:net').connect(80, '${hostAddresses.web01}');
      s.on('connect', () => process.exit(0)); s.on('error', () => process.exit(1)); setTimeout(() => process.exit(1), 1000);`;
    return (await network?.run('lb01', process.execPath, ['-e', connect]))?.status === 0;
  };
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  try {
    await prepareWebHost(network, 'web01', folder).start();
    expect(await reaches()).toBe(true);
    await network.setCable('web01', 'down');
    expect(await reaches()).toBe(false);
  } finally {
    network.close();
    rmSync(folder, { recursive: true });
  }
});

test('a closed network has no namespaces and no processes left', async () => {
  network = await buildNetwork();
  const prefix = network.namespaceOf('lb01').replace(/lb01$/, '');
  const sleeper = network.start('lb01', 'sleep', ['600'], '/dev/null');
  expect(namespacesWith(prefix)).toHaveLength(6);
  const ended = new Promise((resolve) => sleeper.once('exit', (_code, signal) => resolve(signal)));
  network.close();
  expect(namespacesWith(prefix)).toEqual([]);
  expect(await ended).toBe('SIGKILL');
});

test('what a killed run left is removed by the next one', async () => {
  // Above the highest process id there can be: surely not running.
  const abandoned = 'hf-99999999-lb01';
  expect(spawnSync('ip', ['netns', 'add', abandoned]).status).toBe(0);
  expect(namespacesWith(abandoned)).toHaveLength(1);
  network = await buildNetwork();
  expect(namespacesWith(abandoned)).toEqual([]);
});
