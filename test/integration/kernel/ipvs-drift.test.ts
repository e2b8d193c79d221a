/**
 * The table keeper on a kernel's real IPVS, while ipvsadm and modprobe do to the table what operators do. It empties the
 * table: an embedded kernel or a namespace of its own is the place.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TableKeeper } from '../../../src/daemon/checker-process/table-keeper.ts';
import { waitUntil } from '../../../src/daemon/checker-process/wait-until.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { desiredTable, requiredSysctls } from '../../../src/ipvs-sync/index.ts';
import { openIpvsClient } from '../../../src/kernel/ipvs-client.ts';
import { changeSysctl, readSysctl, writeSysctl } from '../../../src/kernel/sysctl.ts';
import { realServer, virtualServer } from '../../ipvs-sync/table-fixtures.ts';

const ipvsadm = (...options: string[]): string => execFileSync('ipvsadm', options, { encoding: 'utf8' });
/** Nothing while IPVS is not loaded. */
const saved = (): string[] =>
  (spawnSync('ipvsadm', ['-Sn'], { encoding: 'utf8' }).stdout ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();

const web = virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.11'), realServer('10.0.0.12')] });
const nat = virtualServer('10.0.0.4', {
  realServers: [realServer('10.0.0.11', { method: { forwarding: 'NAT' } })],
});
const goal = { desired: desiredTable([web, nat], new Map()), sysctls: requiredSysctls([web, nat]) };
const whole = [
  '-A -t 10.0.0.3:80 -s wrr',
  '-A -t 10.0.0.4:80 -s wrr',
  '-a -t 10.0.0.3:80 -r 10.0.0.11:80 -g -w 1',
  '-a -t 10.0.0.3:80 -r 10.0.0.12:80 -g -w 1',
  '-a -t 10.0.0.4:80 -r 10.0.0.11:80 -m -w 1',
];

let keeper: TableKeeper;
let records: LogRecord[] = [];
const warnings = (): string[] =>
  records.filter(({ level }) => level === 'warning' || level === 'error').map(({ message }) => message);

async function until(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > endMs)
      throw new Error(`never: ${what}\n${saved().join('\n')}\n${warnings().join('\n')}`);
    await sleep(20);
  }
}

const isWhole = (): boolean => saved().join() === whole.join();

beforeAll(() => {
  loadEmbeddedModules('ip_vs', 'ip_vs_wrr', 'ip_vs_rr', 'ip_vs_lc');
  if (saved().length > 0) throw new Error('this IPVS table is in use');
});
beforeEach(async () => {
  records = [];
  writeSysctl('ipv4/ip_forward', 0);
  keeper = new TableKeeper(
    {
      openClient: () =>
        openIpvsClient({
          loadModule: async () => {
            loadEmbeddedModules('ip_vs', 'ip_vs_wrr', 'ip_vs_rr');
            return undefined;
          },
        }),
      nowMs: () => performance.now(),
      waitUntil,
      log: (record) => records.push(record),
      reportOwned: () => undefined,
      reportSysctl: () => undefined,
      sysctls: { read: readSysctl, change: changeSysctl },
    },
    { owned: [], changedSysctls: new Map(), flushFirst: true },
  );
  await keeper.setGoal(goal);
});
afterEach(() => keeper.stop('flush'));
// For the tests of other files in the same kernel.
afterAll(() =>
  loadEmbeddedModules(
    'ip_vs',
    ...['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'sh', 'dh', 'mh', 'fo', 'ovf', 'sed', 'nq'].map(
      (name) => `ip_vs_${name}`,
    ),
    'xt_ipvs',
  ),
);

test('a new goal is in the table when it has been tried, and stays there', async () => {
  expect(saved()).toEqual(whole);
  await sleep(2500);
  expect([saved(), warnings()]).toEqual([whole, []]);
});

describe('behind our back', () => {
  test.each<[string, readonly string[], string]>([
    ['-C', ['-C'], 'service 10.0.0.3:80/tcp was gone'],
    ['-D', ['-D', '-t', '10.0.0.3:80'], 'service 10.0.0.3:80/tcp was gone'],
    ['-E', ['-E', '-t', '10.0.0.3:80', '-s', 'lc', '-p', '60'], 'had scheduler lc instead of wrr'],
    ['-d', ['-d', '-t', '10.0.0.3:80', '-r', '10.0.0.12:80'], '10.0.0.12:80 of 10.0.0.3:80/tcp was gone'],
    ['-e', ['-e', '-t', '10.0.0.3:80', '-r', '10.0.0.12:80', '-i', '-w', '7'], 'weight 7 instead of 1'],
    [
      '-a',
      ['-a', '-t', '10.0.0.3:80', '-r', '10.0.0.66:80', '-g'],
      '10.0.0.66:80 of 10.0.0.3:80/tcp had been',
    ],
  ])('ipvsadm %s is repaired, and the log says what was found', async (_option, command, words) => {
    ipvsadm(...command);
    expect(isWhole()).toBe(false);
    await until('the table is whole again', isWhole);
    await until('a word of it', () => warnings().length > 0);
    expect(warnings()).toEqual([expect.stringContaining(words)]);
  });

  test('ipvsadm -A makes a service that is left alone, whatever else is repaired', async () => {
    ipvsadm('-A', '-t', '10.0.0.200:25', '-s', 'rr');
    ipvsadm('-D', '-t', '10.0.0.3:80');
    await until('ours is back', () => saved().length === whole.length + 1);
    await sleep(2500);
    expect(saved()).toContain('-A -t 10.0.0.200:25 -s rr');
    await keeper.stop('remove');
    expect(saved()).toEqual(['-A -t 10.0.0.200:25 -s rr']);
  });

  test('a setting that NAT needs is set, set again, and put back at the end', async () => {
    expect(readSysctl('ipv4/ip_forward')).toEqual({ ok: true, value: '1' });
    writeSysctl('ipv4/ip_forward', 0);
    await until('it is 1 again', () => readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8').trim() === '1');
    expect(warnings()).toEqual([
      expect.stringContaining('net.ipv4.ip_forward was set to 0 by somebody else'),
    ]);
    await keeper.stop('remove');
    expect(readSysctl('ipv4/ip_forward')).toEqual({ ok: true, value: '0' });
  });
});

/** Also between two repairs of ours, which put the schedulers to use again. */
function unloadIpvs(): void {
  for (let time = 0; time < 50; time += 1) {
    ipvsadm('-C');
    spawnSync('rmmod', ['xt_ipvs', 'ip_vs_ftp', ...usersOfIpvs(), 'ip_vs'], { stdio: 'ignore' });
    if (!isLoaded()) return;
  }
  throw new Error(`ip_vs stays loaded: ${readFileSync('/proc/modules', 'utf8')}`);
}

function modulesLine(): string | undefined {
  return readFileSync('/proc/modules', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('ip_vs '));
}

function isLoaded(): boolean {
  return modulesLine() !== undefined;
}

function usersOfIpvs(): readonly string[] {
  return (modulesLine()?.split(' ')[3] ?? '').split(',').filter((name) => name !== '' && name !== '-');
}

describe('a kernel that loses its IPVS', () => {
  test('has it loaded again, and the table in it', async () => {
    unloadIpvs();
    await until('the loss is told', () => warnings().some((one) => one.includes('its module was unloaded')));
    await until('the table is whole again', isWhole);
    await until('the end of it is told', () =>
      records.some(({ message }) => message.includes('again, after')),
    );
  });
});

test('a scheduler without a module is named once, and does not keep the rest from being repaired', async () => {
  const unknown = { ...web, scheduler: 'twos' as const };
  await keeper.setGoal({ desired: desiredTable([unknown, nat], new Map()) });
  await until('it is told', () => warnings().some((one) => one.includes('modprobe ip_vs_twos')));
  await sleep(3000);
  expect(warnings().filter((one) => one.includes('ip_vs_twos'))).toHaveLength(1);
  ipvsadm('-D', '-t', '10.0.0.4:80');
  await until('the other service is repaired all the same', () =>
    saved().includes('-A -t 10.0.0.4:80 -s wrr'),
  );
});
