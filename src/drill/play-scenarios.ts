/** Plays scenarios on a lab that stands, one after the other; and what to do when it does not come back. */
import { judgeRun, reasonOf, scenarioReport } from './judge/judge-run.ts';
import { mastersNow } from './judge/steady.ts';
import { playRun } from './play-run.ts';
import { seededRandom } from './random.ts';
import { reachSteadyState } from './reach-steady-state.ts';
import type { ReportVerdict, ScenarioReport, ScenarioRun, SteadyState } from './report/report.ts';
import { watchMs } from './scenarios/expectations.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { Aborted, contextOf, currentMasters, recover, type Stage, viewOf, waitUntil } from './stage.ts';

export interface Played {
  readonly scenarios: readonly ScenarioReport[];
  readonly steadyState?: SteadyState;
  readonly verdict?: ReportVerdict;
  readonly reason?: string;
}

export async function playAll(stage: Stage): Promise<Played> {
  const steady = await reachSteadyState(stage);
  if (!('state' in steady)) {
    const why = 'there was no steady state to begin from';
    return { ...steady, scenarios: stage.scenarios.map((one) => unplayed(one, 'could-not-run', why)) };
  }
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

/** What the scenario before has led to may show only now: nothing can be foretold while a virtual router has no Master, or two. */
async function settledMasters(stage: Stage): Promise<ReadonlyMap<string, string>> {
  await waitUntil(stage, watchMs(contextOf(stage, new Map())), () => {
    const view = viewOf(stage);
    return stage.routers.every((router) => mastersNow(router, view).length === 1);
  });
  return currentMasters(stage);
}

async function playScenario(
  stage: Stage,
  scenario: Scenario,
  random: () => number,
): Promise<{ report: ScenarioReport; isSteady: boolean }> {
  const runs: ScenarioRun[] = [];
  let isSteady = true;
  for (let run = 1; run <= stage.runs && isSteady; run += 1) {
    const plan = scenario.plan(contextOf(stage, await settledMasters(stage)));
    if ('skip' in plan) return { report: unplayed(scenario, 'skipped', plan.skip), isSteady };
    const input = await playRun(stage, scenario, plan, run, random);
    isSteady = input.unsettled.length === 0;
    runs.push(judgeRun(input));
  }
  return { report: scenarioReport(scenario, runs), isSteady };
}
