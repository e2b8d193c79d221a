/** One run of a scenario: calm, break, wait for what is expected, mend, wait for the steady state, calm. */
import type { Action } from './actions.ts';
import { describeAction, targetsOf } from './actions.ts';
import type { JudgeInput, RunTimes } from './judge/judge-input.ts';
import { mastersNow } from './judge/steady.ts';
import { isServerIn } from './judge/tables.ts';
import { nowMs } from './lab/recorder.ts';
import type { Plan, ReturningProcess, Scenario } from './scenarios/scenario.ts';
import { pauseFor, type Stage, step, viewOf, waitForSteady, waitUntil } from './stage.ts';
import { longestIntervalMs } from './virtual-routers.ts';

/** How long before the injection and after the end is looked at, to show what is normal. */
const calmMs = 1000;

/** Breaks it once, mends it, and tells the judge what was seen. Throws what the lab throws, mended. */
export async function playRun(
  stage: Stage,
  scenario: Scenario,
  plan: Plan,
  run: number,
  random: () => number,
): Promise<JudgeInput> {
  const { lab } = stage;
  const beganAtMs = nowMs();
  // At any moment between two advertisements: failures do not keep time with them.
  await pauseFor(stage, calmMs + random() * Math.min(longestIntervalMs(stage.routers), 2000));
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
