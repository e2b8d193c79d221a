/**
 * FULLNAT by the daemon and its configuration file: a client is served by a real server in another network without a route to it,
 * the rules and settings are watched, and nothing of them stays.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fullNatModules, loadEmbeddedModules } from '../../../src/drill/kernels/load-embedded-modules.ts';
import { until } from '../../../src/drill/until.ts';
import {
  clientAddresses,
  createRoutedNetwork,
  directorAddresses,
  type RoutedNetwork,
  serverAddress,
  virtualAddress,
} from '../network/routed-network.ts';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
const families = [4, 6] as const;
const limitMs = 60_000;

const configuration = `
local_address_group inside {
    ${directorAddresses[4][1]}-7
    ${directorAddresses[6][1]}
}
${families
  .map(
    (family) => `
virtual_server ${virtualAddress[family]} 80 {
    delay_loop 2
    lb_algo rr
    lb_kind FULLNAT
    laddr_group_name inside
    protocol TCP
    real_server ${serverAddress[family]} 8080 {
        TCP_CHECK {
            connect_timeout 5
        }
    }
}`,
  )
  .join('\n')}
`;

let network: RoutedNetwork;
let folder: string;
let daemon: ChildProcess;

const director = (...command: readonly string[]) => network.run('director', ...command);
const setting = (path: string) => director('cat', `/proc/sys/net/${path}`).trim();
const log = () => readFileSync(join(folder, 'log'), 'utf8');
const ourRules = () =>
  ['iptables-legacy-save', 'ip6tables-legacy-save'].flatMap((program) =>
    director(program, '-t', 'nat')
      .split('\n')
      .filter((line) => line.includes('HOLDFAST')),
  );

function start(): void {
  const files = ['-f', join(folder, 'conf'), '-p', join(folder, 'pid'), '-c', join(folder, 'checkers.pid')];
  const script = 'exec "$0" "$@" >>"$LOG" 2>&1';
  const words = ['netns', 'exec', network.namespaceOf('director'), 'sh', '-c', script, holdfast];
  daemon = spawn('ip', [...words, 'run', '-n', '-l', '-D', '-C', ...files], {
    env: { ...process.env, LOG: join(folder, 'log') },
    stdio: 'ignore',
  });
}

async function stop(signal: NodeJS.Signals): Promise<void> {
  const ended = once(daemon, 'exit');
  daemon.kill(signal);
  await ended;
}

const isServed = () =>
  families.every((family) =>
    director('ipvsadm', '-Sn').includes(
      `-r ${family === 4 ? serverAddress[4] : `[${serverAddress[6]}]`}:8080 -m -w 1`,
    ),
  );
const asked = (family: 4 | 6, count = 1) => network.ask(family, clientAddresses[family].slice(0, count));

beforeAll(async () => {
  loadEmbeddedModules(...fullNatModules);
  network = await createRoutedNetwork();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-fullnat-'));
  writeFileSync(join(folder, 'conf'), configuration);
  start();
  await until('both real servers are in the table', limitMs, isServed);
});
afterAll(async () => {
  if (daemon?.exitCode === null) await stop('SIGTERM');
  network?.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('the real server is asked by the local addresses, for IPv4 and IPv6', () => {
  expect(setting('ipv4/vs/conntrack')).toBe('1');
  expect(new Set(asked(4, 12))).toEqual(new Set(directorAddresses[4].slice(1, 3)));
  expect(new Set(asked(6, 3))).toEqual(new Set([directorAddresses[6][1]]));
});

test('rules and settings that somebody changes are put back and logged', async () => {
  const before = ourRules();
  director('iptables-legacy', '-t', 'nat', '-F');
  director('sysctl', '-qw', 'net.ipv4.vs.conntrack=0');
  await until('the rules are back', limitMs, () => ourRules().join() === before.join());
  await until('connections are tracked again', limitMs, () => setting('ipv4/vs/conntrack') === '1');
  expect(log()).toContain('Somebody has changed the FULLNAT rules of IPv4');
  expect(asked(4)).toEqual([expect.stringMatching(/^10\.1\.0\.[67]$/)]);
});

test('kill -9 of all of it leaves the rules, and the next run goes on with them', async () => {
  const before = ourRules();
  const pids = execFileSync('ip', ['netns', 'pids', network.namespaceOf('director')], { encoding: 'utf8' });
  const ended = once(daemon, 'exit');
  for (const pid of pids.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
  await ended;
  expect(ourRules()).toEqual(before);
  expect(asked(4)).toEqual([expect.stringMatching(/^10\.1\.0\.[67]$/)]);
  writeFileSync(join(folder, 'log'), '');
  start();
  await until('the rules are set', limitMs, () => log().includes('FULLNAT: rules for 1 real server of IPv6'));
  expect(ourRules()).toEqual(before);
  expect(asked(4)).toEqual([expect.stringMatching(/^10\.1\.0\.[67]$/)]);
});

test('a stop leaves no rules', async () => {
  await stop('SIGTERM');
  expect(ourRules()).toEqual([]);
});
