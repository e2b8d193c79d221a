/** What a successor makes of what a checker process has told to be remembered. Pure. */
import { type Knowledge, noKnowledge, type VirtualServerHealth } from '../../healthcheck/index.ts';
import type { CheckerMemory } from '../ipc.ts';

/** What a predecessor of this process has proven, and what its checks have said of weights; the rest is as at a start. */
export function recall({ verdicts, weights }: CheckerMemory): Knowledge {
  const verdict = (id: string) => {
    const state = verdicts.get(id);
    return state === 'up' || state === 'down' ? state : undefined;
  };
  return {
    ...noKnowledge,
    stateOf: ({ id }) => verdict(id),
    weightOf: ({ id }) => weights.get(id),
    hadQuorum: (virtualServer) => {
      const state = verdict(quorumId(virtualServer));
      return state === undefined ? undefined : state === 'up';
    },
  };
}

/** What a predecessor has told of checkers and virtual servers that there are no more: a reload came before its successor. */
export function outlivedIds(
  { verdicts, weights }: CheckerMemory,
  virtualServers: Iterable<VirtualServerHealth>,
): readonly string[] {
  const left = new Set([...verdicts.keys(), ...weights.keys()]);
  for (const { config, realServers } of virtualServers) {
    left.delete(quorumId(config.name));
    for (const { id } of realServers.flatMap(({ checkers }) => checkers)) left.delete(id);
  }
  return [...left];
}

/** Under which a virtual server's quorum is remembered among the verdicts of checkers. */
export function quorumId(virtualServer: string): string {
  return `quorum of ${virtualServer}`;
}
