/** `holdfast drill --live` from a client of a real pair: what it sees, what it does and gives back, and that it does nothing else. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import type { DrillReport } from '../../../src/drill/report/report.ts';
import { type DirectorName, hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  instanceText,
  priorities,
  timesLogged,
  untilHeldBy,
  virtualAddress,
} from './failover-fixture.ts';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
const url = `http://${virtualAddress}:8080/`;
let pair: DirectorPair;
const servers = new Map<DirectorName, ChildProcess>();

beforeAll(async () => {
  pair = await buildPair({ text: (name) => instanceText({ priority: priorities[name] }) });
  pair.lb02.start();
  // So that lb01 hears it: a Backup is silent.
  await untilHeldBy(pair.lb02, undefined);
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
  await Promise.all([serve('lb01'), serve('lb02')]);
});
afterAll(() => pair?.close());

/** A page that is the name of who answers; no table of servers is needed for that. */
async function serve(name: DirectorName): Promise<void> {
  const program = `require('http').createServer((q, a) => a.end('${name}\\n')).listen(8080, () => console.log('ready'))`;
  const log = join(pair.folder, `${name}-page-${Date.now()}.log`);
  servers.set(name, pair.network.start(name, process.execPath, ['-e', program], log));
  await until(`the page of ${name} is served`, 10_000, () => readFileSync(log, 'utf8').includes('ready'));
}

interface LiveDrill {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly untilSaid: (words: string) => Promise<void>;
  readonly ended: Promise<number | string>;
  readonly report: () => DrillReport;
}

let drills = 0;

function drill(...words: readonly string[]): LiveDrill {
  drills += 1;
  const [log, json] = ['log', 'json'].map((what) => join(pair.folder, `drill-${drills}.${what}`));
  if (log === undefined || json === undefined) throw new Error('two files');
  const args = [holdfast, 'drill', '--live', '--json', json, '--rate', '50', ...words];
  const child = pair.network.start('client', process.execPath, args, log);
  const said = (): string => readFileSync(log, 'utf8');
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    child,
    said,
    untilSaid: (text) =>
      until(`the drill says "${text}"`, 15_000, () => said().includes(text)).catch((error: Error) => {
        throw new Error(`${error.message}; it said:\n${said()}`);
      }),
    ended,
    report: () => {
      if (!existsSync(json)) throw new Error(`there is no report; it said:\n${said()}`);
      return JSON.parse(readFileSync(json, 'utf8')) as DrillReport;
    },
  };
}

function switchover(...words: readonly string[]): LiveDrill {
  const socket = pair.lb01.controlSocket;
  const probe = ['--probe', url, '--interface', 'eth0', '--steady', '1s'];
  return drill('--switchover', 'VI_1', '--control-socket', socket, ...probe, ...words);
}

const failoverLogged = 'holdfast drill --live';

test('a planned switchover costs no request but one under way, is told with both takeovers, and returns', async () => {
  const page = join(pair.folder, 'live.html');
  const live = switchover('--hold', '1s', '--yes', '--html', page);
  expect(await live.ended, live.said()).toBe(0);
  expect(readFileSync(page, 'utf8')).toContain('on the real pair');
  const report = live.report();
  expect(report).toMatchObject({
    verdict: 'pass',
    environment: { mode: 'live' },
    cleanUp: { isClean: true },
  });
  const [run] = report.scenarios[0]?.runs ?? [];
  expect(run?.takeovers).toMatchObject([
    { instance: 'VI_1', direction: 'failover', from: hostAddresses.lb01, to: hostAddresses.lb02 },
    { instance: 'VI_1', direction: 'failback', from: hostAddresses.lb02, to: hostAddresses.lb01 },
  ]);
  // The two pages share no connections: one that is open at the very moment may be reset, and nothing else may fail.
  const [traffic] = run?.traffic ?? [];
  expect(traffic?.failures.filter(({ outcome }) => outcome !== 'reset')).toEqual([]);
  expect(traffic?.failed, live.said()).toBeLessThanOrEqual(2);
  expect(run?.traffic[0]?.servers.map(({ server }) => server).sort()).toEqual(['lb01', 'lb02']);
  expect(run?.neighbours).toMatchObject([{ address: virtualAddress, isStaleAtEnd: false }]);
  expect(run?.neighbours[0]?.convergedAfterMs).toBeDefined();
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('without --yes nothing is done, and it says what would be', async () => {
  const before = timesLogged(pair.lb01, failoverLogged);
  const live = switchover();
  expect(await live.ended).toBe(2);
  expect(live.said()).toContain('Nothing was done; with --yes it is done');
  expect(timesLogged(pair.lb01, failoverLogged)).toBe(before);
});

test('where there is no steady state nothing is done', async () => {
  const before = timesLogged(pair.lb01, failoverLogged);
  const deaf = switchover('--yes', '--probe', `tcp://${virtualAddress}:9`);
  expect(await deaf.ended).toBe(2);
  expect(deaf.said()).toContain(`a request for ${virtualAddress}:9/tcp ended with refused`);
  const backup = drill(
    '--switchover',
    'VI_1',
    '--control-socket',
    pair.lb02.controlSocket,
    '--probe',
    url,
    '--yes',
  );
  expect(await backup.ended).toBe(2);
  expect(backup.report()).toMatchObject({
    verdict: 'could-not-run',
    reason: 'VI_1 is Backup there, not Master',
  });
  expect(timesLogged(pair.lb01, failoverLogged)).toBe(before);
});

test('Ctrl-C gives the address back at once, with exit status 3', async () => {
  const live = switchover('--hold', '60s', '--yes');
  await live.untilSaid('it stays so for');
  await untilHeldBy(pair.lb02, pair.lb01);
  live.child.kill('SIGINT');
  expect(await live.ended).toBe(3);
  expect(live.report()).toMatchObject({ verdict: 'aborted', reason: 'it was interrupted', exitStatus: 3 });
  expect(await pair.lb01.holds(virtualAddress)).toBe(true);
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a drill that is killed is outlived by the time limit that the daemon was given', async () => {
  const live = switchover('--hold', '1s', '--yes');
  await live.untilSaid('it stays so for');
  live.child.kill('SIGKILL');
  expect(await live.ended).toBe('SIGKILL');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilHeldBy(pair.lb01, pair.lb02);
}, 40_000);

test('a service that fails on the successor breaks it off before the time is over', async () => {
  const live = switchover('--hold', '60s', '--yes', '--request-timeout', '300ms');
  await live.untilSaid('it stays so for');
  servers.get('lb02')?.kill('SIGKILL');
  expect(await live.ended).toBe(3);
  // Three intervals of 0.1 s, a second for Skew_Time, and two of patience.
  expect(live.report().reason).toMatch(/^no request has succeeded for 3\.\d s, and 3\.3 s is the limit$/);
  await untilHeldBy(pair.lb01, pair.lb02);
  await serve('lb02');
});

test('a limit of --slo breaks it off sooner', async () => {
  const live = switchover('--hold', '60s', '--yes', '--slo', 'failed-requests<=5');
  await live.untilSaid('it stays so for');
  servers.get('lb02')?.kill('SIGKILL');
  expect(await live.ended).toBe(3);
  expect(live.report().reason).toBe('the limit failed-requests<=5 is broken: 6');
  await untilHeldBy(pair.lb01, pair.lb02);
  await serve('lb02');
});

test('a watch of a quiet pair finds nothing wrong, and sends its probes alone', async () => {
  const frames = join(pair.folder, 'client-frames.log');
  // What comes in at the switch's port is what the client sends.
  const dump = ['-n', '-e', '-l', '-Q', 'in', '-i', 'client'];
  const tcpdump = pair.network.start('switch', 'tcpdump', dump, frames);
  await until('tcpdump listens', 10_000, () => readFileSync(frames, 'utf8').includes('listening on'));
  const live = drill('--watch', '--for', '2s', '--probe', url, '--interface', 'eth0');
  expect(await live.ended, live.said()).toBe(0);
  const [run] = live.report().scenarios[0]?.runs ?? [];
  expect(run?.takeovers).toEqual([]);
  expect(run?.figures.find(({ name }) => name === 'failed-requests')?.value).toBe(0);
  expect(run?.traffic[0]?.requests).toBeGreaterThan(80);
  tcpdump.kill('SIGINT');
  await once(tcpdump, 'exit');
  const lines = readFileSync(frames, 'utf8')
    .split('\n')
    .filter((line) => line.includes('ethertype'));
  const isProbe = (line: string): boolean => line.includes(`> ${virtualAddress}.8080:`);
  const isResolution = (line: string): boolean =>
    line.includes('ethertype ARP') &&
    /Request who-has 10\.0\.0\.\d+ .*tell 10\.0\.0\.9|Reply 10\.0\.0\.9 is-at/.test(line);
  // The kernel's own: the node's multicast and router solicitations of an interface that came up.
  const isKernels = (line: string): boolean =>
    /ICMP6, (router solicitation|multicast listener|neighbor)/.test(line);
  expect(lines.filter(isProbe).length).toBeGreaterThan(80);
  expect(lines.filter((line) => !isProbe(line) && !isResolution(line) && !isKernels(line))).toEqual([]);
});

test('without CAP_NET_RAW it says what it needs, and probes alone where it is not to listen', async () => {
  const watch = ['--watch', '--for', '1s', '--probe', url];
  const without = ['--bounding-set', '-net_raw', '--inh-caps', '-net_raw'];
  const run = (words: readonly string[]) => {
    const args = [...without, process.execPath, holdfast, 'drill', '--live', ...words];
    return pair.network.run('client', 'setpriv', args);
  };
  const deaf = await run([...watch, '--interface', 'eth0']);
  expect(deaf.status).toBe(2);
  expect(deaf.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'listening on eth0 needs CAP_NET_RAW: run it as root',
  );
  const blind = await run(watch);
  expect(blind.status).toBe(0);
  expect(blind.stdout.replaceAll(/\s+/g, ' ')).toContain('neither advertisements nor ARP were listened to');
});

test('a watch tells of a director that is cut off: who took over, when, and what failed', async () => {
  const live = drill(
    ...['--watch', '--for', '5s', '--probe', url, '--interface', 'eth0', '--request-timeout', '300ms'],
  );
  await live.untilSaid('answers');
  await live.untilSaid(`${hostAddresses.lb01} is Master`);
  await pair.network.setCable('lb01', 'down');
  expect(await live.ended, live.said()).toBe(0);
  expect(live.said()).toMatch(/10\.0\.0\.6 is Master, priority 100, \d+ ms after 10\.0\.0\.5 spoke last/);
  expect(live.said()).toContain('no Master has advertised for');
  expect(live.said()).toMatch(/:8080\/tcp fails: (timeout|unreachable)/);
  const [run] = live.report().scenarios[0]?.runs ?? [];
  expect(run?.takeovers).toMatchObject([
    { from: hostAddresses.lb01, to: hostAddresses.lb02, direction: 'failover' },
  ]);
  // RFC 5798 section 6.1: 3 * 0.1 s + (256 - 100) / 256 * 0.1 s.
  expect(run?.takeovers[0]?.expectedMs).toBeCloseTo(360.9375, 4);
  expect(run?.takeovers[0]?.gapMs).toBeGreaterThan(300);
  expect(run?.traffic[0]?.failed).toBeGreaterThan(0);
  expect(run?.traffic[0]?.failoverOutageMs).toBeGreaterThan(100);
}, 30_000);

test('a limit that the watch sees broken makes exit status 1', async () => {
  await pair.network.setCable('lb01', 'up');
  await untilHeldBy(pair.lb01, pair.lb02);
  const live = drill(
    ...['--watch', '--for', '4s', '--probe', url, '--interface', 'eth0', '--slo', 'takeover<=10ms'],
  );
  await live.untilSaid(`${hostAddresses.lb01} is Master`);
  await pair.network.setCable('lb01', 'down');
  expect(await live.ended, live.said()).toBe(1);
  expect(live.report().reason).toContain('takeover');
}, 30_000);
