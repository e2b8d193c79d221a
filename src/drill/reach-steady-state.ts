/** From a lab that stands to one in which all daemons run and everything answers. */
import { mastersNow } from './judge/steady.ts';
import { nowMs } from './lab/recorder.ts';
import type { SteadyState } from './report/report.ts';
import { returnLimitMs, watchMs } from './scenarios/expectations.ts';
import { contextOf, longestCheckMs, pauseFor, type Stage, step, viewOf, waitForSteady } from './stage.ts';
import { preferredMaster, type RouterMember } from './virtual-routers.ts';

export interface NotSteady {
  readonly verdict: 'could-not-run' | 'fail';
  readonly reason: string;
}

export async function reachSteadyState(stage: Stage): Promise<{ readonly state: SteadyState } | NotSteady> {
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
function notSteady(stage: Stage, problems: readonly string[], limitMs: number): NotSteady {
  const ends = [...stage.lab.daemons.values()].flatMap(({ unexpectedEnd }) => unexpectedEnd ?? []);
  const why = [...ends, ...problems.slice(0, 3)].join('; ');
  const because = stage.suspicions.length > 0 && ends.length === 0 ? `; ${stage.suspicions.join('; ')}` : '';
  return {
    verdict: ends.length > 0 ? 'could-not-run' : 'fail',
    reason: `no steady state within ${Math.round(limitMs / 1000)} s: ${why}${because}`,
  };
}
