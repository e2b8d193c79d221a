/** Standard error is a pipe that nobody reads and that fills up: the network must not notice. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { exampleFile } from '../../../src/drill/tutorial-files.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';

const launcher = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
/** An advertisement a second; lb02 takes over after 3609 ms. Half an interval of lateness would be a defect. */
const longestGapMs = 1500;

let pair: DirectorPair;
let unread: ChildProcess | undefined;

afterEach(async () => {
  if (unread?.exitCode === null) {
    unread.kill('SIGKILL');
    await once(unread, 'exit');
  }
  pair.close();
});

/** lb01's daemon, dumping its whole configuration at each reload into a pipe that is not read. */
function startUnread(): ChildProcess {
  const pidFiles = ['-p', 'daemon', '-r', 'vrrp', '-c', 'checkers'].map((word, index) =>
    index % 2 === 0 ? word : join(pair.folder, `unread-${word}.pid`),
  );
  const daemon = [process.execPath, launcher, 'run', '-n', '-l', '-D', '-d', '-f', exampleFile('lb01')];
  return spawn('ip', ['netns', 'exec', pair.network.namespaceOf('lb01'), ...daemon, ...pidFiles], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function advertisementsOf(source: string, sinceMs: number): readonly number[] {
  return pair.capture
    .sightings()
    .filter((seen) => seen.kind === 'advertisement' && seen.source === source && seen.atMs >= sinceMs)
    .map((seen) => seen.atMs);
}

test('with its log blocked lb01 advertises punctually, lb02 stays quiet, and the log says later what it lost', async () => {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: (name) => exampleFile(name),
  });
  unread = startUnread();
  pair.lb02.start();
  await until('lb01 alone holds the address', 15_000, async () => {
    return (await pair.lb01.holds('10.0.0.3')) && !(await pair.lb02.holds('10.0.0.3'));
  });

  const sinceMs = Date.now();
  const supervisor = Number(readFileSync(join(pair.folder, 'unread-daemon.pid'), 'utf8'));
  for (let reload = 0; reload < 700; reload += 1) {
    process.kill(supervisor, 'SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const heard = advertisementsOf(hostAddresses.lb01, sinceMs);
  const gaps = heard.slice(1).map((atMs, index) => atMs - (heard[index] ?? atMs));
  expect(heard.length).toBeGreaterThan(5);
  expect(Math.max(...gaps)).toBeLessThan(longestGapMs);
  expect(advertisementsOf(hostAddresses.lb02, sinceMs)).toEqual([]);

  let text = '';
  unread.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await until('the log says how many lines were dropped', 10_000, () =>
    /: \d+ log lines were dropped while standard error was blocked/.test(text),
  );
  process.kill(supervisor, 'SIGTERM');
  const [status] = await once(unread, 'exit');
  expect(status).toBe(0);
});
