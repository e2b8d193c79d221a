/** Whether the instances that are to change over may: what stands in the way, as sentences. Pure. */
import type { LiveInstance, LivePlan } from './live-messages.ts';

/** Empty when all is well. */
export function statusProblems(plan: LivePlan, instances: readonly LiveInstance[]): readonly string[] {
  return plan.instances.flatMap((name) => {
    const found = instances.find((one) => one.name === name);
    if (found !== undefined) return instanceProblems(plan, found);
    const known = instances.map((one) => one.name).join(', ');
    return [`there is no instance ${name}${known === '' ? '' : `; there is ${known}`}`];
  });
}

function instanceProblems(
  { peerHeardWithinMs, evenIfAlone }: LivePlan,
  { name, state, faults, hold, rival, peers }: LiveInstance,
): readonly string[] {
  const problems: string[] = [];
  if (state !== 'Master') problems.push(`${name} is ${state} there, not Master`);
  if (faults.length > 0) problems.push(`${name} has faults: ${faults.join(', ')}`);
  if (hold !== undefined) problems.push(`${name} is held already (${hold.kind})`);
  if (rival !== undefined) problems.push(`${rival.address} advertises as Master of ${name} too`);
  const heardSecondsAgo = Math.min(...peers.map((peer) => peer.heardSecondsAgo));
  if (peers.length === 0 && !evenIfAlone)
    problems.push(
      `${name} has heard no other router since its daemon started: a Backup that was never Master is silent, or nobody is there. With --even-if-alone it is tried`,
    );
  if (peers.length > 0 && peerHeardWithinMs !== undefined && heardSecondsAgo * 1000 > peerHeardWithinMs)
    problems.push(
      `${name} heard another router last ${Math.round(heardSecondsAgo)} s ago, and --peer-heard-within allows ${peerHeardWithinMs / 1000} s`,
    );
  return problems;
}
