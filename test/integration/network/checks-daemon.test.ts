/**
 * Each check that polls, in the whole daemon against a server that works, fails, falls silent, flaps and comes back: what the log
 * says, and how long it took. All checks live through it side by side. Nothing may come early; how late it may come is generous,
 * since the lines in between show already that nothing was asked once too often.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckDaemon } from './checks-daemon-fixture.ts';
import { bootstrapMs, type KindOfCheck, polledChecks, timing } from './checks-daemon-kinds.ts';
import { type LonePhase, type Phase, Story } from './checks-daemon-stories.ts';
import { type FaultSwitch, PacketSwitch, ProgramSwitch, ServerSwitch } from './checks-daemon-switches.ts';
import { createVethPair, inNamespace, Program, type VethPair } from './namespace-fixture.ts';

/** What a machine that has much else to do may take. */
const slackMs = 4000;
const { delayLoopMs, connectTimeoutMs, retry, delayBeforeRetryMs } = timing;

/** From a fault to the verdict, where each attempt takes that long to fail. */
const soonestDownMs = (attemptMs: number) => (retry + 1) * attemptMs + retry * delayBeforeRetryMs;
const latestDownMs = (attemptMs: number) => delayLoopMs + soonestDownMs(attemptMs) + slackMs;

interface Phases {
  readonly passes: Promise<Phase>;
  readonly fails: Promise<Phase>;
  readonly recovers: Promise<Phase>;
  readonly flaps: Promise<Phase>;
  readonly timesOut: Promise<Phase>;
  readonly recoversAgain: Promise<Phase>;
  /** In the order of the check's other faults; the last one stays. */
  readonly failsOtherwise: readonly Promise<Phase>[];
}

const folder = mkdtempSync(join(tmpdir(), 'holdfast-checks-daemon-'));
const checks = polledChecks(folder);
const stories = new Map<string, Phases>();
let pair: VethPair;
let servers: Program;
let daemon: CheckDaemon;
let answersOnce: Promise<LonePhase>;

function switchOf(kind: KindOfCheck['kind']): FaultSwitch {
  const server = new ServerSwitch(servers, kind, kind === 'SSL_GET' ? 'reset' : 'wrong');
  switch (kind) {
    case 'TCP_CHECK': {
      const match = 'ip daddr 192.0.2.11 tcp dport 80 tcp flags & (syn | ack) == syn';
      const packets = { name: 'tcp_check', match, refusal: 'reject with tcp reset' };
      return new PacketSwitch(pair.right, packets, (atMs) => server.answeredSince(atMs));
    }
    case 'PING_CHECK': {
      const match = 'ip daddr 192.0.2.17 icmp type echo-request';
      const refusal = 'reject with icmp type host-unreachable';
      return new PacketSwitch(pair.right, { name: 'ping_check', match, refusal });
    }
    case 'MISC_CHECK':
      return new ProgramSwitch(folder);
    default:
      return server;
  }
}

/** A rejection is the tests' to tell, each of which waits for its own phase. */
function inOrder<T>(before: Promise<unknown>, next: () => Promise<T>): Promise<T> {
  const promise = before.then(next);
  promise.catch(() => {});
  return promise;
}

function tell(check: KindOfCheck): Phases {
  const faults = switchOf(check.kind);
  const story = new Story(daemon, check, faults);
  const passes = inOrder(Promise.resolve(), () => story.passes());
  const fails = inOrder(passes, () => story.fails());
  const recovers = inOrder(fails, () => story.recovers());
  const flaps = inOrder(recovers, () => story.flaps());
  const timesOut = inOrder(flaps, () => story.timesOut());
  const recoversAgain = inOrder(timesOut, () => story.recovers());
  let before: Promise<unknown> = recoversAgain;
  const failsOtherwise = check.otherFaults.map(({ mode }) => {
    const fault = async () => (faults instanceof ServerSwitch ? faults.turn(mode) : faults.wrong());
    const down = inOrder(before, () => story.failsOtherwise(fault));
    before = inOrder(down, () => (mode === check.otherFaults.at(-1)?.mode ? down : story.recovers()));
    return down;
  });
  if (check.kind === 'SSL_GET' && faults instanceof ServerSwitch) {
    answersOnce = inOrder(before, () => story.answersOnce(() => faults.turn('answerOnce')));
  }
  return { passes, fails, recovers, flaps, timesOut, recoversAgain, failsOtherwise };
}

beforeAll(async () => {
  pair = createVethPair();
  for (const { address } of checks)
    inNamespace(pair.right, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'veth0');
  servers = new Program(pair.right, 'checks-daemon-servers.ts', {
    args: { places: checks.map(({ kind, address, port }) => ({ kind, address, port })) },
  });
  await servers.line('ready');
  const configurationFile = join(folder, 'director.conf');
  const globals = 'global_defs {\n  script_user root\n}\n';
  writeFileSync(configurationFile, globals + checks.map(({ configuration }) => configuration).join(''));
  daemon = new CheckDaemon({ namespace: pair.left, folder, configurationFile });
  for (const check of checks) stories.set(check.kind, tell(check));
});

afterAll(async () => {
  await daemon.stop();
  await servers.stop();
  pair.remove();
  rmSync(folder, { recursive: true });
});

const phaseOf = (check: KindOfCheck, name: Exclude<keyof Phases, 'failsOtherwise'>): Promise<Phase> => {
  const phase = stories.get(check.kind)?.[name];
  if (phase === undefined) throw new Error(`${check.kind} has no story`);
  return phase;
};

test('a kernel without IPVS is told of once, and health checks go on', async () => {
  const line = await daemon.line('Cannot open IPVS');
  expect(line.text).toContain('Health checks go on without it');
});

describe.each(checks)('$kind', (check) => {
  const { realServer, virtualServer, wording, attemptsToRecover } = check;
  const down = [
    `Removing service ${realServer} from VS ${virtualServer}`,
    `Lost quorum 1-0=1 > 0 for VS ${virtualServer}`,
  ];
  const recovered = [
    wording.good,
    `Adding service ${realServer} to VS ${virtualServer}`,
    `Gained quorum 1+0=1 <= 1 for VS ${virtualServer}`,
  ];

  /** Shown by `--reporter verbose`. */
  const took = ({ elapsedMs }: Phase) => `${Math.round(elapsedMs)} ms`;

  test('that passes says so after its first attempt, which is not in the first second', async ({
    annotate,
  }) => {
    const phase = await phaseOf(check, 'passes');
    await annotate(took(phase));
    expect(phase.lines).toEqual([
      `Gained quorum 1+0=1 <= 1 for VS ${virtualServer}`,
      `Activating healthchecker for service ${realServer} for VS ${virtualServer}`,
      wording.good,
    ]);
    expect(phase.elapsedMs).toBeGreaterThan(bootstrapMs);
    expect(phase.results.at(-1)?.outcome).toMatchObject({
      kind: 'ok',
      phases: check.phases.map((name) => ({ name })),
    });
  });

  test('that fails is down after its retries, not earlier and not later', async ({ annotate }) => {
    const phase = await phaseOf(check, 'fails');
    await annotate(took(phase));
    expect(phase.lines).toEqual([wording.wrong, wording.wrong, wording.down, ...down]);
    expectInTime(phase, 0);
  });

  test('that works again gets traffic after enough good attempts', async ({ annotate }) => {
    const phase = await phaseOf(check, 'recovers');
    await annotate(took(phase));
    expectRecovery(phase);
  });

  test('that fails once stays up', async ({ annotate }) => {
    const phase = await phaseOf(check, 'flaps');
    await annotate(took(phase));
    expect(phase.lines).toEqual([wording.wrong]);
    expect(phase.results[0]?.outcome).toMatchObject({ kind: 'ok' });
  });

  test('whose server falls silent is down after connect_timeout and the retries', async ({ annotate }) => {
    const phase = await phaseOf(check, 'timesOut');
    await annotate(took(phase));
    const { timeout, downByTimeout = wording.down } = wording;
    expect(phase.lines).toEqual([timeout, timeout, downByTimeout, ...down]);
    expectInTime(phase, connectTimeoutMs);
    for (const { outcome } of phase.results.slice(0, 2)) {
      expect(outcome).toMatchObject({ kind: 'failed', reason: 'timeout' });
      // A program is ended by a plain timer, which may be up to a millisecond early.
      const earlyMs = check.kind === 'MISC_CHECK' ? 1 : 0;
      expect(outcome.elapsedMs).toBeGreaterThanOrEqual(connectTimeoutMs - earlyMs);
    }
  });

  test('whose server speaks again gets traffic after enough good attempts', async ({ annotate }) => {
    const phase = await phaseOf(check, 'recoversAgain');
    await annotate(took(phase));
    expectRecovery(phase);
  });

  test.for(check.otherFaults.map((fault, index) => ({ ...fault, index })))(
    'whose server $what is down after the retries',
    async ({ line, attemptMs, index }, { annotate }) => {
      const phase = await stories.get(check.kind)?.failsOtherwise[index];
      if (phase === undefined) throw new Error(`${check.kind} has no such story`);
      await annotate(took(phase));
      expect(phase.lines).toEqual([line, line, wording.down, ...down]);
      expectInTime(phase, attemptMs);
    },
  );

  function expectInTime({ elapsedMs, results }: Phase, attemptMs: number): void {
    expect(elapsedMs).toBeGreaterThanOrEqual(soonestDownMs(attemptMs));
    expect(elapsedMs).toBeLessThan(latestDownMs(attemptMs));
    expectPace(results);
  }

  /** By the daemon's own clock: from the last good attempt to the first failing one, and from that to its retry. */
  function expectPace(results: Phase['results']): void {
    const good = results.findIndex(({ outcome }) => outcome.kind === 'ok');
    const [again, failed, before] = results.slice(good - 2, good + 1);
    // The daemon keeps five, and asks on while this machine is too busy to look: then another fault has to show it.
    if (again === undefined || failed === undefined || before === undefined) return;
    expect([again, failed].map(({ outcome }) => outcome.kind)).toEqual(['failed', 'failed']);
    const startAgo = (result: typeof failed) => result.secondsAgo * 1000 + result.outcome.elapsedMs;
    // setTimeout may be up to a millisecond early.
    expect(failed.secondsAgo * 1000 - startAgo(again)).toBeGreaterThanOrEqual(delayBeforeRetryMs - 1);
    // An attempt that began late itself does not delay the next one.
    expect(startAgo(before) - startAgo(failed)).toBeGreaterThan(delayLoopMs / 2);
  }

  function expectRecovery({ elapsedMs, lines, answered = attemptsToRecover }: Phase): void {
    expect(lines).toEqual(recovered);
    expect(answered).toBeGreaterThanOrEqual(attemptsToRecover);
    // An attempt that began before the end of the fault may first have to time out.
    expect(elapsedMs).toBeLessThan(connectTimeoutMs + attemptsToRecover * delayLoopMs + slackMs);
  }
});

test('SSL_GET that is good once while it is down stays down, without a word', async () => {
  expect(await answersOnce).toEqual({ lines: [], isUp: false });
});

test('ctl servers shows why a server is down, and with its name every attempt with its phases', async () => {
  await stories.get('HTTP_GET')?.failsOtherwise.at(-1);
  const http = checks.find(({ kind }) => kind === 'HTTP_GET');
  const all = daemon.ctl('servers');
  expect(all).toMatchObject({ status: 0, stderr: '' });
  expect(all.stdout).toContain('192.0.2.12:80');
  expect(all.stdout).toMatch(/! HTTP_GET, [\d.]+ m?s ago: failed: The attempt as a whole was not over/);
  const one = daemon.ctl('servers', http?.virtualServer ?? '');
  expect(one.stdout).toMatch(/HTTP_GET down\n/);
  expect(one.stdout).toMatch(/connect [\d.]+ ms, firstByte [\d.]+ ms, body [\d.]+ ms/);
});
