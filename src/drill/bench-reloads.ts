/** Reloads, one after the other, while clients ask through the virtual address all the time. Needs a kernel with IPVS. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectionTimeoutMs, type TimedRequest } from './bench-load.ts';
import { parseRequests } from './client-requests.ts';
import { type DaemonKind, Director } from './director.ts';
import { buildNetwork, type Network } from './network.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { hostAddresses, networkInterface, webHostNames } from './tutorial-network.ts';
import { until } from './until.ts';

export interface ReloadsMeasurement {
  readonly reloads: number;
  readonly seconds: number;
  readonly requests: number;
  readonly failures: ReadonlyMap<string, number>;
  readonly slowestMs: number;
}

const virtualAddress = '10.0.0.3';
const port = 7777;
const service = `${virtualAddress}:${port}`;
const both = webHostNames.map((name) => `${hostAddresses[name]}:${port}`).sort();
/** keepalived tells nothing by which its reload is known to be done: it has this long. */
const usualReloadMs = 150;

export async function measureReloadsUnderLoad(
  daemon: DaemonKind,
  { reloads, perSecond }: { readonly reloads: number; readonly perSecond: number },
): Promise<ReloadsMeasurement> {
  const scratch = makeScratchFolder();
  const network = await buildNetwork();
  try {
    const configFile = join(scratch.path, 'lb01.conf');
    writeFileSync(configFile, configuration(0));
    const lb01 = new Director({ network, name: 'lb01', daemon, scratch: scratch.path, configFile });
    await serve(network, scratch.path);
    lb01.start();
    await until(
      'both servers are in the table',
      30_000,
      () => lb01.destinationsOf(service).join() === both.join(),
    );
    const file = join(scratch.path, 'connections.jsonl');
    const args = [virtualAddress, port, perSecond, connectionTimeoutMs].map(String);
    network.start('client', process.execPath, [program('bench-connections'), ...args], file);
    // The first seconds of a program are not what is measured.
    await delay(4000);
    const fromMs = Date.now();
    for (let turn = 1; turn <= reloads; turn += 1) await reloadOnce(lb01, daemon, configFile, turn);
    const toMs = Date.now();
    await delay(2 * connectionTimeoutMs);
    const all = parseRequests(readFileSync(file, 'utf8')) as readonly TimedRequest[];
    const within = all.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    return { reloads, seconds: (toMs - fromMs) / 1000, ...summarize(within) };
  } finally {
    network.close();
    scratch.remove();
  }
}

async function reloadOnce(
  lb01: Director,
  daemon: DaemonKind,
  configFile: string,
  turn: number,
): Promise<void> {
  writeFileSync(configFile, configuration(turn));
  const words = 'Reload complete';
  const before = lb01.log().split(words).length;
  process.kill(lb01.pid, 'SIGHUP');
  if (daemon === 'keepalived') await delay(usualReloadMs);
  else await until('the reload is complete', 10_000, () => lb01.log().split(words).length > before);
}

/** What a client is served by stays: weights differ, and another service comes and goes. */
function configuration(turn: number): string {
  const servers = (port: number, weight: number) =>
    webHostNames.map((name) =>
      [
        `  real_server ${hostAddresses[name]} ${port} {`,
        `    weight ${weight}`,
        '    TCP_CHECK {',
        '      connect_timeout 3',
        '    }',
        '  }',
      ].join('\n'),
    );
  const virtual = (port: number, weight: number) =>
    [
      `virtual_server ${virtualAddress} ${port} {`,
      '  delay_loop 6',
      '  lb_algo wrr',
      '  lb_kind DR',
      '  protocol TCP',
      ...servers(port, weight),
      '}',
    ].join('\n');
  const other = turn % 2 === 0 ? [] : [virtual(port + 1, 1)];
  return `${[virtual(port, 1 + (turn % 3)), ...other].join('\n')}\n`;
}

async function serve(network: Network, folder: string): Promise<void> {
  const address = ['address', 'add', `${virtualAddress}/32`, 'dev', networkInterface];
  await network.run('lb01', 'ip', address);
  for (const name of webHostNames) {
    const log = join(folder, `${name}-responder.log`);
    network.start(name, process.execPath, [program('bench-responder'), name, '0.0.0.0', String(port)], log);
    await until(`${name} listens`, 20_000, () => readFileSync(log, 'utf8').includes('ready'));
  }
}

function program(name: string): string {
  return fileURLToPath(new URL(`../../dist/drill/${name}.js`, import.meta.url));
}

function summarize(requests: readonly TimedRequest[]) {
  const failures = new Map<string, number>();
  for (const { server, error = 'wrong answer' } of requests) {
    if (server === undefined) failures.set(error, (failures.get(error) ?? 0) + 1);
  }
  const slowestMs = requests.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
  return { requests: requests.length, failures, slowestMs };
}
