/** A drill in progress: what it knows of its lab now, how it waits for something, and how it brings everything back. */
import { setTimeout as delay } from 'node:timers/promises';
import { slowestFirstVerdictMs } from '../healthcheck/index.ts';
import type { DrillOptions } from './drill.ts';
import { mastersNow, type SteadyQuestion, type SteadyView, steadyProblems } from './judge/steady.ts';
import type { Lab } from './lab/lab.ts';
import { nowMs } from './lab/recorder.ts';
import { mayStepClock } from './lab/step-clock.ts';
import type { RequestSeen, StepName } from './observation.ts';
import type { ReportFinding } from './report/report.ts';
import { urlPaceOf } from './scenarios/check-times.ts';
import { masterAfter, returnLimitMs } from './scenarios/expectations.ts';
import type { ScenarioContext } from './scenarios/scenario.ts';

export interface Stage extends DrillOptions {
  readonly lab: Lab;
  readonly slackMs: number;
  readonly startLimitMs: number;
  readonly suspicions: readonly string[];
  readonly fileFindings: readonly ReportFinding[];
}

/** The drill was told to end. */
export class Aborted extends Error {}

export function step(
  { lab }: Stage,
  name: StepName,
  text: string,
  targets: readonly string[],
  about: { scenario?: string; run?: number } = {},
): void {
  lab.recorder.add({ kind: 'step', atMs: nowMs(), step: name, text, targets, ...about });
}

/** Servers that begin as down come with their first check. */
export function longestCheckMs({ nodes, daemonOf }: Stage): number {
  const loops = nodes.flatMap(({ name, config }) =>
    config.virtualServers.flatMap(({ realServers }) =>
      realServers.flatMap(({ checkers }) =>
        checkers.map((checker) => slowestFirstVerdictMs(checker, urlPaceOf(daemonOf(name) === 'keepalived'))),
      ),
    ),
  );
  return Math.max(0, ...loops);
}

/** Sentences about what is not as it should be when the time is over; none as soon as everything is. */
export async function waitForSteady(
  stage: Stage,
  wanted: ReadonlyMap<string, string | undefined>,
  limitMs: number,
  endsWithDaemon: boolean,
): Promise<readonly string[]> {
  const question: SteadyQuestion = { ...stage, services: stage.topology.services, wanted };
  let problems: readonly string[] = [];
  await waitUntil(stage, limitMs, () => {
    problems = steadyProblems(question, viewOf(stage));
    const hasEnded =
      endsWithDaemon &&
      [...stage.lab.daemons.values()].some(({ unexpectedEnd }) => unexpectedEnd !== undefined);
    return problems.length === 0 || hasEnded;
  });
  return problems;
}

export function viewOf({ lab }: Stage): SteadyView {
  const { recorder } = lab;
  const now = nowMs();
  return {
    nowMs: now,
    lastAdvertisements: (vrid, family) => recorder.lastAdvertisements(vrid, family),
    holdersOf: (address) => recorder.holdersOf(address),
    tableOf: (node) => recorder.tableOf(node),
    neighboursFor: (address) => recorder.neighboursFor(address),
    requests: recorder.requestsSince(now - 5000),
  };
}

export function currentMasters(stage: Stage): ReadonlyMap<string, string> {
  const view = viewOf(stage);
  return new Map(stage.routers.map((router) => [router.name, mastersNow(router, view)[0] ?? '']));
}

export function contextOf(stage: Stage, masters: ReadonlyMap<string, string>): ScenarioContext {
  return {
    ...stage,
    masters,
    answering: busiest(stage.lab.recorder.requestsSince(nowMs() - 3000)),
    wire: stage.lab.wire.method,
    mayStepClock: mayStepClock(),
    scriptsOf: (node) => stage.lab.copies.get(node)?.scripts ?? [],
  };
}

function busiest(requests: readonly RequestSeen[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { server } of requests)
    if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([server]) => server);
}

/** Everything is mended, and the daemons start anew. */
export async function recover(stage: Stage): Promise<boolean> {
  const { lab, topology, nodes, routers, progress } = stage;
  progress.say('   not as before: everything is mended and started anew');
  await lab.perform({ do: 'heal' });
  await lab.perform({ do: 'expel' });
  for (const { name } of nodes) {
    await lab.perform({ do: 'resume', node: name });
    await lab.perform({ do: 'kill', node: name });
    await lab.perform({ do: 'forget', node: name });
    await lab.perform({ do: 'plug', machine: name });
    for (const script of lab.copies.get(name)?.scripts ?? [])
      await lab.perform({ do: 'script', node: name, script, status: 0 });
  }
  for (const { name } of topology.realServers)
    await lab.perform({ do: 'server', server: name, becomes: 'well' });
  for (const { name } of nodes) await lab.perform({ do: 'start', node: name });
  const context = contextOf(stage, new Map());
  const wanted = new Map(routers.map((router) => [router.name, masterAfter(context, router, [])]));
  return (
    (await waitForSteady(stage, wanted, returnLimitMs(context) + longestCheckMs(stage), true)).length === 0
  );
}

const askEveryMs = 50;

export async function waitUntil(stage: Stage, limitMs: number, isTrue: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  for (;;) {
    if (stage.signal.aborted) throw new Aborted();
    stage.lab.poll();
    if (isTrue() || performance.now() > giveUpAt) return;
    await delay(askEveryMs);
  }
}

export async function pauseFor(stage: Stage, ms: number): Promise<void> {
  await waitUntil(stage, ms, () => false);
}
