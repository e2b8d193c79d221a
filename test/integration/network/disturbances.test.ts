/** What operators, kernels and the OOM killer do to a running pair; each must end in the right state by itself. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAdvertising } from '../../../src/drill/capture.ts';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { bridgeName } from '../../../src/drill/network.ts';
import { exampleFile } from '../../../src/drill/tutorial-files.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import { untilLogged } from './failover-fixture.ts';

const virtualAddress = '10.0.0.3';
const ownAddress = `${hostAddresses.lb01}/24`;
let pair: DirectorPair;

beforeEach(async () => {
  pair = await buildDirectorPair({
    daemons: { lb01: 'holdfast', lb02: 'holdfast' },
    configFile: (name) => exampleFile(name),
  });
  pair.lb01.start();
  pair.lb02.start();
  await untilHolder('lb01');
});
afterEach(() => pair.close());

async function untilHolder(name: 'lb01' | 'lb02'): Promise<void> {
  const [holder, other] = name === 'lb01' ? [pair.lb01, pair.lb02] : [pair.lb02, pair.lb01];
  await until(`${name} alone holds the virtual address`, 15_000, async () => {
    return (await holder.holds(virtualAddress)) && !(await other.holds(virtualAddress));
  });
}

/** The longest time between two advertisements of lb01, and whether lb02 has said anything, since `sinceMs`. */
function heardSince(sinceMs: number): { longestGapMs: number; lb02Spoke: boolean } {
  const adverts = pair.capture
    .sightings()
    .filter((seen) => seen.kind === 'advertisement')
    .filter((seen) => seen.atMs >= sinceMs);
  const times = adverts.filter((seen) => seen.source === hostAddresses.lb01).map((seen) => seen.atMs);
  const gaps = [...times, Date.now()].map((atMs, index, all) => atMs - (all[index - 1] ?? sinceMs));
  return {
    longestGapMs: Math.max(...gaps),
    lb02Spoke: adverts.some((seen) => seen.source === hostAddresses.lb02),
  };
}

function pidFileOf(name: 'vrrp' | 'checkers' | 'daemon'): string {
  return join(pair.folder, `lb01-${name}.pid`);
}

function pidIn(name: 'vrrp' | 'checkers' | 'daemon'): number {
  return Number(readFileSync(pidFileOf(name), 'utf8'));
}

/** Whether another process than `killed` has that role now; between the two there is no pid file for a moment. */
function isReplaced(name: 'vrrp' | 'checkers', killed: number): boolean {
  if (!existsSync(pidFileOf(name))) return false;
  const pid = Number(readFileSync(pidFileOf(name), 'utf8'));
  return pid !== killed && pair.lb01.processes.includes(pid);
}

test('a virtual address that somebody deletes is put back, and lb01 stays Master', async () => {
  const deletedAtMs = Date.now();
  await pair.network.run('lb01', 'ip', ['address', 'delete', `${virtualAddress}/24`, 'dev', 'eth0']);
  await untilHolder('lb01');
  await until('three more advertisements', 5000, () => Date.now() - deletedAtMs > 3300);
  expect(heardSince(deletedAtMs)).toMatchObject({ lb02Spoke: false });
  expect(await pair.lb01.holds(virtualAddress)).toBe(true);
});

test('lb01 is in Fault while its interface is down, and Master again once it is up', async () => {
  await pair.network.run('lb01', 'ip', ['link', 'set', 'eth0', 'down']);
  await untilHolder('lb02');
  await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
  await pair.network.run('lb01', 'ip', ['link', 'set', 'eth0', 'up']);
  await untilHolder('lb01');
});

test('a killed vrrp process is started again and becomes Master again', async () => {
  const killed = pidIn('vrrp');
  process.kill(killed, 'SIGKILL');
  await until('a new vrrp process runs', 10_000, () => isReplaced('vrrp', killed));
  const restartedAtMs = Date.now();
  await until('lb01 advertises again', 10_000, () =>
    isAdvertising(pair.capture, hostAddresses.lb01, restartedAtMs),
  );
  await untilHolder('lb01');
});

test('VRRP does not notice that the checker process is killed, and a new one is started', async () => {
  const killed = pidIn('checkers');
  const killedAtMs = Date.now();
  process.kill(killed, 'SIGKILL');
  await until('a new checker process runs', 10_000, () => isReplaced('checkers', killed));
  await until('three more advertisements', 5000, () => Date.now() - killedAtMs > 3300);
  const { longestGapMs, lb02Spoke } = heardSince(killedAtMs);
  expect(longestGapMs).toBeLessThan(1100);
  expect(lb02Spoke).toBe(false);
});

test('a killed supervisor takes its children along, and lb02 takes over', async () => {
  const children = pair.lb01.processes.slice(1);
  expect(children).toHaveLength(2);
  process.kill(pair.lb01.pid, 'SIGKILL');
  await untilHolder('lb02');
  await until('no process of lb01 is left', 5000, () => children.every((pid) => !isRunning(pid)));
});

function isRunning(pid: number): boolean {
  try {
    // Z: it has ended, and init has not collected it yet.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function ip(...args: string[]): Promise<unknown> {
  return pair.network.run('lb01', 'ip', args);
}

test('an interface that is deleted is a fault, and one of the same name made anew ends it', async () => {
  await ip('link', 'delete', 'eth0');
  await untilHolder('lb02');
  await untilLogged(pair.lb01, "(VI_1) interface eth0 doesn't exist");

  const onSwitch = 'lb01-again';
  await ip(
    'link',
    'add',
    'eth0',
    'type',
    'veth',
    'peer',
    'name',
    onSwitch,
    'netns',
    pair.network.namespaceOf('switch'),
  );
  await pair.network.run('switch', 'ip', ['link', 'set', onSwitch, 'master', bridgeName, 'up']);
  await ip('address', 'add', ownAddress, 'dev', 'eth0');
  await ip('link', 'set', 'eth0', 'up');
  await untilHolder('lb01');
});

test('without an address of its own lb01 does not speak; with the address back it is Master again', async () => {
  await ip('address', 'delete', ownAddress, 'dev', 'eth0');
  await untilHolder('lb02');
  await untilLogged(pair.lb01, '(VI_1) Cannot find an IP address to use for interface eth0');
  await ip('address', 'add', ownAddress, 'dev', 'eth0');
  await untilHolder('lb01');
});
