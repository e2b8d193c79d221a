/** Plays scenarios on a lab that stands: steady state, break, wait, mend, wait, judge; and what to do when it does not come back. */
import type { Action } from './actions.ts';
import { describeAction, targetsOf } from './actions.ts';
import type { JudgeInput, RunTimes } from './judge/judge-input.ts';
import { judgeRun, reasonOf, scenarioReport } from './judge/judge-run.ts';
import { mastersNow } from './judge/steady.ts';
import { isServerIn } from './judge/tables.ts';
import { nowMs } from './lab/recorder.ts';
import { seededRandom } from './random.ts';
import type { ReportVerdict, ScenarioReport, ScenarioRun, SteadyState } from './report/report.ts';
import { returnLimitMs, watchMs } from './scenarios/expectations.ts';
import type { Plan, ReturningProcess, Scenario } from './scenarios/scenario.ts';
import {
  Aborted,
  contextOf,
  currentMasters,
  longestCheckMs,
  pauseFor,
  recover,
  type Stage,
  step,
  viewOf,
  waitForSteady,
  waitUntil,
} from './stage.ts';
import { preferredMaster, type RouterMember } from './virtual-routers.ts';

export interface Played {
  readonly scenarios: readonly ScenarioReport[];
  readonly steadyState?: SteadyState;
  readonly verdict?: ReportVerdict;
  readonly reason?: string;
}

export async function playAll(stage: Stage): Promise<Played> {
  const steady = await reachSteadyState(stage);
  if (!('state' in steady)) return steady;
  const { state: steadyState } = steady;
  const random = seededRandom(stage.seed);
  const scenarios: ScenarioReport[] = [filesReport(stage, steadyState)];
  for (const [index, scenario] of stage.scenarios.entries()) {
    const rest = stage.scenarios.slice(index + 1);
    try {
      stage.progress.say(`${index + 1} of ${stage.scenarios.length}: ${scenario.name}: ${scenario.title}`);
      const { report, isSteady } = await playOrSay(stage, scenario, random);
      scenarios.push(report);
      stage.progress.say(`   ${verdictLine(report)}`);
      if (isSteady || (await recover(stage))) continue;
      const reason = `the lab did not recover from ${scenario.name}`;
      scenarios.push(...rest.map((one) => unplayed(one, 'could-not-run', reason)));
      break;
    } catch (error) {
      if (!(error instanceof Aborted)) throw error;
      stage.progress.say('interrupted: restoring');
      const isPlayed = scenarios.some(({ name }) => name === scenario.name);
      const aborted = isPlayed ? rest : [scenario, ...rest];
      scenarios.push(...aborted.map((one) => unplayed(one, 'aborted', 'the drill was interrupted')));
      const reason = `it was interrupted in ${scenario.name}, and everything was removed`;
      return { scenarios, steadyState, verdict: 'aborted', reason };
    }
  }
  return { scenarios, steadyState };
}

/** What cannot be done to this lab is this scenario's misfortune alone. */
async function playOrSay(
  stage: Stage,
  scenario: Scenario,
  random: () => number,
): Promise<{ report: ScenarioReport; isSteady: boolean }> {
  try {
    return await playScenario(stage, scenario, random);
  } catch (error) {
    if (error instanceof Aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { report: unplayed(scenario, 'could-not-run', reason), isSteady: false };
  }
}

function verdictLine({ verdict, reason, summary }: ScenarioReport): string {
  const figures = summary
    .filter(({ name }) => name === 'takeover' || name === 'outage' || name === 'server-out')
    .map(({ title, max }) => `${title} ${(max / 1000).toFixed(2)} s`);
  return [verdict, ...(reason === undefined ? figures : [reason])].join(': ');
}

function unplayed(scenario: Scenario, verdict: ReportVerdict, reason: string): ScenarioReport {
  const { name, title, description } = scenario;
  return { name, title, description, verdict, reason, runs: [], summary: [] };
}

/** What needs no breaking: the files decide who is Master, and it is that one. */
function filesReport({ fileFindings }: Stage, { reachedAtMs }: SteadyState): ScenarioReport {
  const failed = fileFindings.find(({ holds }) => !holds);
  const verdict = failed === undefined ? 'pass' : 'fail';
  const reason = failed === undefined ? {} : { reason: reasonOf(failed) };
  const run: ScenarioRun = {
    run: 1,
    verdict,
    ...reason,
    beganAtMs: reachedAtMs,
    endedAtMs: reachedAtMs,
    findings: fileFindings,
    figures: [],
    takeovers: [],
    traffic: [],
    connections: [],
    masterWindows: [],
    neighbours: [],
    notifications: [],
    states: [],
    timeline: {
      fromMs: reachedAtMs,
      toMs: reachedAtMs,
      zeroAtMs: reachedAtMs,
      lanes: [],
      spans: [],
      points: [],
    },
  };
  return {
    ...scenarioReport(
      {
        name: 'steady-state',
        title: 'Before anything is broken',
        description: 'All daemons run, one Master, everything answers.',
      },
      [run],
    ),
  };
}

async function reachSteadyState(stage: Stage): Promise<{ readonly state: SteadyState } | Played> {
  const { lab, nodes, routers, progress } = stage;
  const all = nodes.map(({ name }) => name);
  const wanted = new Map(routers.map((router) => [router.name, certainMaster(preferredMaster(router, all))]));
  const startedAtMs = nowMs();
  step(stage, 'start', 'all daemons start', all);
  progress.say(`${all.map((name) => `${stage.daemonOf(name)} on ${name}`).join(', ')}: starting`);
  // In the order of their files, as they are: who is first is only settled by chance.
  for (const name of all) await lab.perform({ do: 'start', node: name });
  lab.startClients();
  const limitMs = returnLimitMs(contextOf(stage, new Map())) + longestCheckMs(stage);
  let problems = await waitForSteady(stage, wanted, limitMs, true);
  // For as long as a Backup waits it may only look so: the other daemon is not there yet, or does not hear.
  if (problems.length === 0) await pauseFor(stage, watchMs(contextOf(stage, new Map())));
  if (problems.length === 0) problems = await waitForSteady(stage, wanted, stage.slackMs, true);
  if (problems.length > 0) return notSteady(stage, problems, limitMs);
  const requests = lab.recorder.requestsSince(nowMs() - 2000);
  const state: SteadyState = {
    reachedAtMs: nowMs(),
    tookMs: nowMs() - startedAtMs,
    masters: routers.map((router) => ({
      instance: router.name,
      vrid: router.vrid,
      node: mastersNow(router, viewOf(stage))[0] ?? '',
    })),
    requests: requests.length,
    failedRequests: requests.filter(({ outcome }) => outcome !== 'ok').length,
  };
  step(stage, 'steady', 'the steady state is reached', []);
  progress.say(
    `steady: ${state.masters.map(({ instance, node }) => `${node} is Master of ${instance}`).join(', ')}`,
  );
  return { state };
}

/** With nopreempt it is whoever was first. */
function certainMaster(preferred: RouterMember | undefined): string | undefined {
  return preferred?.preempts || preferred?.priority === 255 ? preferred.node : undefined;
}

/** A daemon that is not there could not run; one that runs and does the wrong thing is a failure of the pair. */
function notSteady(stage: Stage, problems: readonly string[], limitMs: number): Played {
  const ends = [...stage.lab.daemons.values()].flatMap(({ unexpectedEnd }) => unexpectedEnd ?? []);
  const why = [...ends, ...problems.slice(0, 3)].join('; ');
  const because = stage.suspicions.length > 0 && ends.length === 0 ? `; ${stage.suspicions.join('; ')}` : '';
  return {
    scenarios: stage.scenarios.map((one) =>
      unplayed(one, 'could-not-run', 'there was no steady state to begin from'),
    ),
    verdict: ends.length > 0 ? 'could-not-run' : 'fail',
    reason: `no steady state within ${Math.round(limitMs / 1000)} s: ${why}${because}`,
  };
}

async function playScenario(
  stage: Stage,
  scenario: Scenario,
  random: () => number,
): Promise<{ report: ScenarioReport; isSteady: boolean }> {
  const runs: ScenarioRun[] = [];
  let isSteady = true;
  for (let run = 1; run <= stage.runs && isSteady; run += 1) {
    const plan = scenario.plan(contextOf(stage, currentMasters(stage)));
    if ('skip' in plan) return { report: unplayed(scenario, 'skipped', plan.skip), isSteady };
    const input = await playRun(stage, scenario, plan, run, random);
    isSteady = input.unsettled.length === 0;
    runs.push(judgeRun(input));
  }
  return { report: scenarioReport(scenario, runs), isSteady };
}

/** How long before the injection and after the end is looked at, to show what is normal. */
const calmMs = 1000;

async function playRun(
  stage: Stage,
  scenario: Scenario,
  plan: Plan,
  run: number,
  random: () => number,
): Promise<JudgeInput> {
  const { lab } = stage;
  const beganAtMs = nowMs();
  const longestIntervalMs = Math.max(
    0,
    ...stage.routers.flatMap(({ members }) => members.map((one) => one.advertisementIntervalMs)),
  );
  // At any moment between two advertisements: failures do not keep time with them.
  await pauseFor(stage, calmMs + random() * Math.min(longestIntervalMs, 2000));
  const about = { scenario: scenario.name, run };
  let injectedAtMs = nowMs();
  try {
    await performAll(stage, plan.prepare ?? [], 'inject', about);
    injectedAtMs = nowMs();
    await performAll(stage, plan.inject, 'inject', about);
    step(stage, 'injected', scenario.title, plan.inject.flatMap(targetsOf), about);
    await waitUntil(stage, injectedLimitMs(plan) + stage.slackMs, () => isAsExpected(stage, plan));
    await pauseFor(stage, plan.holdMs);
  } catch (error) {
    // What is broken is mended, whatever went wrong; then the drill ends, or says what it was.
    await performAll(
      stage,
      plan.restore.filter(({ do: what }) => what !== 'wait'),
      'restore',
      about,
    ).catch(() => undefined);
    throw error;
  }
  const restoredAtMs = nowMs();
  await performAll(stage, plan.restore, 'restore', about);
  const mendedAtMs = nowMs();
  step(stage, 'restored', 'mended', [], about);
  const wanted = new Map(plan.expect.routers.map(({ router, afterRestore }) => [router, afterRestore]));
  const unsteady = await waitForSteady(stage, wanted, plan.expect.settleLimitMs, false);
  const unsettled = [...unsteady, ...missingProcess(stage, plan.expect.returns)];
  const settledAtMs = unsettled.length === 0 ? nowMs() : undefined;
  if (settledAtMs !== undefined) step(stage, 'settled', 'as before', [], about);
  await pauseFor(stage, calmMs);
  const times: RunTimes = {
    run,
    beganAtMs,
    injectedAtMs,
    restoredAtMs,
    mendedAtMs,
    ...(settledAtMs === undefined ? {} : { settledAtMs }),
    endedAtMs: nowMs(),
  };
  lab.poll();
  return judgeInputOf(stage, plan, times, unsettled);
}

function judgeInputOf(stage: Stage, plan: Plan, run: RunTimes, unsettled: readonly string[]): JudgeInput {
  const { lab, ratePerSecond } = stage;
  return {
    ...stage,
    observations: lab.recorder.observations.toSorted((a, b) => a.atMs - b.atMs),
    plan,
    run,
    unsettled,
    paceMs: 1000 / ratePerSecond,
    mishaps: [...lab.daemons.values()].flatMap(({ unexpectedEnd }) => unexpectedEnd ?? []),
  };
}

async function performAll(
  stage: Stage,
  actions: readonly Action[],
  name: 'inject' | 'restore',
  about: { scenario: string; run: number },
): Promise<void> {
  for (const action of actions) {
    step(stage, name, describeAction(action), targetsOf(action), about);
    if (action.do === 'wait') await pauseFor(stage, action.ms);
    else await stage.lab.perform(action);
  }
}

/** The longest that anything expected may take. */
function injectedLimitMs({ expect }: Plan): number {
  const routers = expect.routers.map(({ whileBroken }) =>
    'limitMs' in whileBroken ? whileBroken.limitMs : 0,
  );
  return Math.max(0, expect.server?.outLimitMs ?? 0, expect.returns?.limitMs ?? 0, ...routers);
}

function isBack({ lab }: Stage, returns: ReturningProcess | undefined): boolean {
  return returns === undefined || lab.daemons.get(returns.node)?.hasAgain(returns.process) === true;
}

function missingProcess(stage: Stage, returns: ReturningProcess | undefined): readonly string[] {
  if (returns === undefined || isBack(stage, returns)) return [];
  return [`nobody has started the ${returns.process} process of ${returns.node} again`];
}

/** What the plan waits for while it is broken; what must not change is only watched. */
function isAsExpected(stage: Stage, { expect }: Plan): boolean {
  if (!isBack(stage, expect.returns)) return false;
  const view = viewOf(stage);
  const routersAre = expect.routers.every(({ router: name, whileBroken }) => {
    const router = stage.routers.find((one) => one.name === name);
    if (router === undefined) return true;
    const masters = mastersNow(router, view);
    if (whileBroken.kind === 'moves') return masters.includes(whileBroken.to);
    return whileBroken.kind !== 'split' || whileBroken.nodes.every((node) => masters.includes(node));
  });
  const { server } = expect;
  if (!routersAre || server?.outLimitMs === undefined) return routersAre;
  const addresses = stage.topology.realServers
    .filter(({ name }) => server.servers.includes(name))
    .map(({ address }) => address);
  return stage.nodes.every(({ name }) =>
    addresses.every((address) => !isServerIn(view.tableOf(name), address)),
  );
}
