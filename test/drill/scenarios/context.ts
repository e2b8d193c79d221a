/** What a scenario is told of a lab, for tests that build none. */
import type { ScenarioContext } from '../../../src/drill/scenarios/scenario.ts';
import { deriveTopology } from '../../../src/drill/topology/derive-topology.ts';
import { noOverrides } from '../../../src/drill/topology/topology-overrides.ts';
import { type NodeConfig, virtualRoutersOf } from '../../../src/drill/virtual-routers.ts';
import { simplePair } from '../parsed-node.ts';

export function contextFor(
  nodes: readonly NodeConfig[] = simplePair(),
  more: Partial<ScenarioContext> = {},
): ScenarioContext {
  const derived = deriveTopology(nodes, noOverrides);
  if (!derived.ok) throw new Error(derived.problems.join('\n'));
  const routers = virtualRoutersOf(nodes);
  return {
    nodes,
    topology: derived.topology,
    routers,
    masters: new Map(routers.map(({ name }) => [name, nodes[0]?.name ?? ''])),
    answering: [],
    daemonOf: () => 'holdfast',
    wire: 'tc',
    hasIpvs: true,
    mayStepClock: false,
    slackMs: 400,
    startLimitMs: 15_000,
    scriptsOf: () => [],
    ...more,
  };
}
