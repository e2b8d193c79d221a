/**
 * The tutorial as a drill: two directors, two web servers, a client; web01 fails and returns, lb01 dies and returns,
 * and the client keeps asking. Each step has a limit, and what it measured becomes a finding.
 */
import { masterDownIntervalMs } from '../vrrp/timers.ts';
import { awaitTakeover } from './capture.ts';
import type { Client } from './client.ts';
import { requestTimeoutMs, startClient } from './client.ts';
import type { DaemonKind } from './director.ts';
import { buildDirectorPair, type DirectorPair } from './director-pair.ts';
import type { Narrator } from './narration.ts';
import { summarizeService } from './timeline.ts';
import { exampleFile } from './tutorial-files.ts';
import { hostAddresses } from './tutorial-network.ts';
import { until } from './until.ts';
import type { Finding } from './verdict.ts';
import { timeFinding } from './verdict.ts';
import type { WebHost } from './web-host.ts';
import { pagePath, prepareWebHost } from './web-host.ts';

export interface TutorialOptions {
  readonly daemon: DaemonKind;
  readonly narrator: Narrator;
}

export interface TutorialOutcome {
  readonly findings: readonly Finding[];
  /** What ended the drill before its last step. */
  readonly failure?: string;
}

const virtualAddress = '10.0.0.3';
const service = `${virtualAddress}:80`;
const bothServers = [`${hostAddresses.web02}:80`, `${hostAddresses.web01}:80`].sort();
const advertisementIntervalMs = 1000;
const timers = { version: 2, masterAdverIntervalMs: advertisementIntervalMs, downTimerAdverts: 3 } as const;
/** What lb02 (priority 100) waits for before it takes over, and lb01 (150) before it does. */
const lb02DownMs = masterDownIntervalMs({ ...timers, priority: 100 });
const lb01DownMs = masterDownIntervalMs({ ...timers, priority: 150 });
/** In the embedded kernel timers are late and every process start is slow: what is allowed for that. */
const slackMs = 1000;
/** A cold start: several processes on what may be one slow processor. */
const startLimitMs = 20_000;
/** keepalived.conf(5): delay_loop 6, retry 3 with delay_before_retry 3. */
const worstDetectionMs = 6000 + 3 * 3000;
const worstRecoveryMs = 6000;

interface Stage extends TutorialOptions, DirectorPair {
  readonly web01: WebHost;
  readonly web02: WebHost;
  readonly findings: Finding[];
}

export async function playTutorial(options: TutorialOptions): Promise<TutorialOutcome> {
  const findings: Finding[] = [];
  let stage: Stage | undefined;
  try {
    stage = await setTheStage(options, findings);
    await playAll(stage);
    return { findings };
  } catch (error) {
    for (const director of [stage?.lb01, stage?.lb02]) {
      if (director === undefined) continue;
      options.narrator.say(`the last lines of ${director.name}'s log:`);
      options.narrator.quote(director.log().split('\n').slice(-12).join('\n'));
    }
    return { findings, failure: error instanceof Error ? error.message : String(error) };
  } finally {
    stage?.close();
  }
}

async function playAll(stage: Stage): Promise<void> {
  await startDirectors(stage);
  const client = await serveTheClient(stage);
  const web01Failure = await failWeb01(stage, client);
  await returnWeb01(stage, client);
  const lb01Death = await killLb01(stage, client);
  await returnLb01(stage, client);
  judgeWholeService(stage, client, [web01Failure, lb01Death]);
}

async function setTheStage(options: TutorialOptions, findings: Finding[]): Promise<Stage> {
  const { narrator, daemon } = options;
  narrator.step('The network: lb01, lb02, web01, web02 and a client on one switch; nginx on the web hosts');
  const pair = await buildDirectorPair({
    daemons: { lb01: daemon, lb02: daemon },
    configFile: (name) => exampleFile(name),
  });
  try {
    const web01 = prepareWebHost(pair.network, 'web01', pair.folder);
    const web02 = prepareWebHost(pair.network, 'web02', pair.folder);
    await narrator.waitFor('nginx starts', Promise.all([web01.start(), web02.start()]));
    return { ...options, ...pair, web01, web02, findings };
  } catch (error) {
    pair.close();
    throw error;
  }
}

async function startDirectors({ narrator, lb01, lb02, daemon, network, findings }: Stage): Promise<void> {
  narrator.step(`${daemon} starts on lb01 and lb02 with the tutorial's keepalived.conf`);
  const startedAt = performance.now();
  lb01.start();
  lb02.start();
  await narrator.waitFor(
    'the daemons start',
    until('both web servers are in both tables', startLimitMs, () =>
      [lb01, lb02].every((one) => sameList(one.destinationsOf(service), bothServers)),
    ),
  );
  const tableMs = performance.now() - startedAt;
  narrator.say(`both web servers are in both directors' tables after ${seconds(tableMs)}`);
  findings.push(timeFinding('both servers in both tables', tableMs, startLimitMs));
  const masterLimitMs = startLimitMs + lb01DownMs;
  await narrator.waitFor(
    'lb01 becomes Master',
    until('lb01 holds the virtual address', masterLimitMs, () => lb01.holds(virtualAddress)),
  );
  const masterMs = performance.now() - startedAt;
  narrator.say(`lb01 is Master and holds ${virtualAddress} after ${seconds(masterMs)}; lb02 is Backup`);
  findings.push(timeFinding('lb01 Master after a cold start', masterMs, masterLimitMs));
  const table = await network.run('lb01', 'ipvsadm', ['-ln']);
  narrator.say('ipvsadm -ln on lb01:');
  narrator.quote(table.stdout);
}

async function serveTheClient({ narrator, network, folder, findings }: Stage): Promise<Client> {
  const url = `http://${virtualAddress}${pagePath}`;
  narrator.step(`The client asks for ${url}, from four addresses in turn, and goes on to the end`);
  const client = startClient(network, url, folder);
  await until('both web servers have answered', 15_000, () => {
    const seen = summarizeService(client.requests(), 0);
    return seen.servers.length === 2;
  });
  const seen = summarizeService(client.requests(), 0);
  const answers = new Map(client.requests().map((request) => [request.source, request.server ?? 'nobody']));
  narrator.say([...answers].map(([source, server]) => `${source} is served by ${server}`).join(', '));
  findings.push({
    what: 'the client is served by both',
    measured: seen.servers.join(' '),
    limit: 'web01 web02',
    holds: sameList(seen.servers, ['web01', 'web02']),
  });
  return client;
}

/** A stretch of time in which requests may fail: also those that were on their way when it began. */
interface Disturbance {
  readonly fromMs: number;
  readonly toMs: number;
}

async function failWeb01({ narrator, lb01, web01, findings }: Stage, client: Client): Promise<Disturbance> {
  narrator.step('web01 fails: its nginx is gone');
  const fromMs = Date.now();
  await web01.stop();
  const without = bothServers.filter((server) => !server.startsWith(`${hostAddresses.web01}:`));
  const limitMs = worstDetectionMs + slackMs;
  await narrator.waitFor(
    'delay_loop 6, then three retries 3 s apart',
    until('web01 is out of the table', limitMs + slackMs, () =>
      sameList(lb01.destinationsOf(service), without),
    ),
  );
  const toMs = Date.now();
  narrator.say(`web01 is out of lb01's table after ${seconds(toMs - fromMs)}`);
  findings.push(timeFinding('web01 out of the table', toMs - fromMs, limitMs));
  await until('every client address is served by web02', 5000, () => {
    const seen = summarizeService(client.requests(), toMs + 200);
    return seen.requests >= 8;
  });
  const after = summarizeService(client.requests(), toMs + 200);
  narrator.say(
    `the client is served by ${after.servers.join(' ')} alone, ${after.failed} of ${after.requests} requests failed`,
  );
  findings.push({
    what: 'served while web01 is out',
    measured: `${after.requests - after.failed} of ${after.requests}, ${after.servers.join(' ')}`,
    limit: 'all, web02',
    holds: after.failed === 0 && sameList(after.servers, ['web02']),
  });
  return { fromMs: fromMs - requestTimeoutMs, toMs: toMs + 200 };
}

async function returnWeb01({ narrator, lb01, web01, findings }: Stage, client: Client): Promise<void> {
  narrator.step('web01 returns');
  await web01.start();
  const returnedAtMs = Date.now();
  const limitMs = worstRecoveryMs + slackMs;
  await narrator.waitFor(
    'the next check, within delay_loop 6',
    until('web01 is in the table again', limitMs + slackMs, () =>
      sameList(lb01.destinationsOf(service), bothServers),
    ),
  );
  const backMs = Date.now() - returnedAtMs;
  narrator.say(`web01 is in lb01's table again after ${seconds(backMs)}`);
  findings.push(timeFinding('web01 in the table again', backMs, limitMs));
  const seen = summarizeService(client.requests(), returnedAtMs);
  narrator.say(`the client meanwhile: ${seen.requests} requests, ${seen.failed} failed`);
}

async function killLb01(stage: Stage, client: Client): Promise<Disturbance> {
  const { narrator, network, capture, lb01, lb02, findings } = stage;
  narrator.step('lb01 dies: kill -9 for all its processes, and its cable is dead');
  const fromMs = Date.now();
  await Promise.all([network.setCable('lb01', 'down'), lb01.kill()]);
  const takeover = await narrator.waitFor(
    'lb02 waits for Master_Down_Interval',
    awaitTakeover(capture, fromMs, lb02DownMs + 2 * slackMs),
  );
  await until('lb02 holds the virtual address', 2000, () => lb02.holds(virtualAddress));
  narrator.say(
    `lb02 took over ${seconds(takeover.gapMs)} after lb01's last advertisement; ` +
      `Master_Down_Interval is ${seconds(lb02DownMs)}`,
  );
  narrator.say(
    `it announced the address ${takeover.announcedAfterMs.toFixed(1)} ms after its first advertisement`,
  );
  findings.push(
    timeFinding('lb02 takes over after the last advert', takeover.gapMs, lb02DownMs + slackMs / 4),
  );
  const served = (): boolean =>
    client
      .requests()
      .some((request) => request.atMs > takeover.firstOfNewAtMs && request.server !== undefined);
  await until('the client is served again', 5000, served);
  const seen = summarizeService(client.requests(), fromMs);
  narrator.say(`the client was without service for ${seconds(seen.longestOutageMs)}`);
  findings.push(timeFinding('the client without service', seen.longestOutageMs, lb02DownMs + slackMs));
  return { fromMs: fromMs - requestTimeoutMs, toMs: takeover.firstOfNewAtMs + slackMs };
}

async function returnLb01({ narrator, network, lb01, lb02, findings }: Stage, client: Client): Promise<void> {
  narrator.step('lb01 comes back, as after a reboot, and takes its address again');
  await lb01.forget(virtualAddress);
  await network.setCable('lb01', 'up');
  const fromMs = Date.now();
  lb01.start();
  const limitMs = startLimitMs + lb01DownMs;
  await narrator.waitFor(
    'lb01 hears a lower priority than its own and waits',
    until(
      'lb01 holds the virtual address and lb02 does not',
      limitMs,
      async () => (await lb01.holds(virtualAddress)) && !(await lb02.holds(virtualAddress)),
    ),
  );
  const backMs = Date.now() - fromMs;
  narrator.say(`lb01 is Master again after ${seconds(backMs)}, lb02 has given the address up`);
  findings.push(timeFinding('lb01 Master again', backMs, limitMs));
  const settledAtMs = Date.now() + 500;
  await until(
    'the client is served through lb01',
    5000,
    () =>
      client.requests().filter((request) => request.atMs > settledAtMs && request.server !== undefined)
        .length >= 8,
  );
  const seen = summarizeService(client.requests(), fromMs);
  narrator.say(`the client meanwhile: ${seen.requests} requests, ${seen.failed} failed`);
  findings.push(timeFinding('without service while lb01 returns', seen.longestOutageMs, slackMs));
}

/** Outside what had to fail, nothing may have failed; the handover to lb01 has its own finding. */
function judgeWholeService(
  { narrator, findings }: Stage,
  client: Client,
  expected: readonly Disturbance[],
): void {
  narrator.step('The client, all in all');
  const requests = client.requests();
  const all = summarizeService(requests, 0);
  narrator.say(`${all.requests} requests, ${all.failed} failed`);
  const lastEndMs = expected.at(-1)?.toMs ?? 0;
  const calm = requests.filter(
    ({ atMs }) => atMs < lastEndMs && !expected.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
  );
  const failed = calm.filter((request) => request.server === undefined);
  for (const { atMs, source, error } of failed.slice(0, 5)) {
    narrator.say(`failed in calm times: ${source} at ${seconds(atMs - (requests[0]?.atMs ?? 0))}: ${error}`);
  }
  findings.push({
    what: 'requests failed in calm times',
    measured: `${failed.length} of ${calm.length}`,
    limit: 'none',
    holds: failed.length === 0,
  });
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
