/** Observations of an imagined run, in seconds from its begin: what the judge's tests tell it. */
import type { JudgeInput, RunTimes } from '../../../src/drill/judge/judge-input.ts';
import type { Observation, RequestOutcome } from '../../../src/drill/observation.ts';
import type { Plan, RouterExpectation } from '../../../src/drill/scenarios/scenario.ts';
import { deriveTopology } from '../../../src/drill/topology/derive-topology.ts';
import { noOverrides } from '../../../src/drill/topology/topology-overrides.ts';
import { type NodeConfig, virtualRoutersOf } from '../../../src/drill/virtual-routers.ts';
import { simplePair } from '../parsed-node.ts';

export const virtualAddress = '10.0.0.3';
export const service = `${virtualAddress}/ping`;

export class Story {
  readonly observations: Observation[] = [];

  /** Every second from one time to the other, both included. */
  advertises(node: string, fromSeconds: number, toSeconds: number, priority = 100): this {
    for (let at = fromSeconds; at <= toSeconds + 1e-9; at += 1) this.says(node, at, priority);
    return this;
  }

  says(node: string, atSeconds: number, priority: number): this {
    const source = node === 'lb01' ? '10.0.0.11' : '10.0.0.12';
    return this.#add({
      kind: 'advertisement',
      atMs: atSeconds * 1000,
      network: 'eth0',
      node,
      source,
      sourceMac: macOf(node),
      version: 2,
      family: 4,
      vrid: 51,
      priority,
      intervalMs: 1000,
    });
  }

  holds(node: string, atSeconds: number, holds = true): this {
    return this.#add({
      kind: 'holds',
      atMs: atSeconds * 1000,
      node,
      interface: 'eth0',
      address: virtualAddress,
      holds,
    });
  }

  announces(node: string, atSeconds: number): this {
    return this.#add({
      kind: 'announcement',
      atMs: atSeconds * 1000,
      network: 'eth0',
      node,
      address: virtualAddress,
      mac: macOf(node),
    });
  }

  learns(node: string, atSeconds: number): this {
    return this.#add({
      kind: 'neighbour',
      atMs: atSeconds * 1000,
      client: 'client1',
      address: virtualAddress,
      mac: macOf(node),
      node,
      state: 'REACHABLE',
    });
  }

  /** A request every tenth of a second. */
  asks(fromSeconds: number, toSeconds: number, outcome: RequestOutcome = 'ok'): this {
    for (let tenth = Math.round(fromSeconds * 10); tenth < Math.round(toSeconds * 10); tenth += 1) {
      const atMs = tenth * 100;
      const tookMs = outcome === 'timeout' ? 1000 : 2;
      this.#add({
        kind: 'request',
        atMs,
        endedAtMs: atMs + tookMs,
        client: 'client1',
        service,
        source: '10.0.0.101',
        outcome,
      });
    }
    return this;
  }

  table(node: string, atSeconds: number, destinations: readonly string[]): this {
    const listed = destinations.map((address) => ({ address, forwarding: 'Route', weight: 1 }));
    return this.#add({
      kind: 'table',
      atMs: atSeconds * 1000,
      node,
      services: [{ protocol: 'TCP', address: `${virtualAddress}:80`, scheduler: 'rr', destinations: listed }],
    });
  }

  #add(observation: Observation): this {
    this.observations.push(observation);
    return this;
  }
}

function macOf(node: string): string {
  return node === 'lb01' ? '02:00:00:00:00:01' : '02:00:00:00:00:02';
}

/** A run of ten seconds of calm, a failure at 10 s, its end at 20 s, and calm again from 25 s to 30 s. */
export const times: RunTimes = {
  run: 1,
  beganAtMs: 5000,
  injectedAtMs: 10_000,
  restoredAtMs: 20_000,
  mendedAtMs: 20_000,
  settledAtMs: 25_000,
  endedAtMs: 30_000,
};

export const moves: RouterExpectation['whileBroken'] = {
  kind: 'moves',
  from: 'lb01',
  to: 'lb02',
  waitMs: 3609,
  why: 'Master_Down_Interval of lb02',
  limitMs: 4009,
};

export function planFor(
  whileBroken: RouterExpectation['whileBroken'],
  more: Partial<Plan['expect']> = {},
): Plan {
  return {
    inject: [{ do: 'kill', node: 'lb01' }],
    restore: [{ do: 'start', node: 'lb01' }],
    holdMs: 1000,
    expect: {
      routers: [{ router: 'VI_1', whileBroken, afterRestore: 'lb01' }],
      disturbance: { kind: 'takeover' },
      restoreDisturbance: 'takeover',
      outageLimitMs: 4500,
      failbackOutageLimitMs: 800,
      settleLimitMs: 10_000,
      ...more,
    },
  };
}

export function inputFor(
  story: Story,
  plan: Plan,
  more: Partial<JudgeInput> = {},
  nodes: readonly NodeConfig[] = simplePair(),
): JudgeInput {
  const derived = deriveTopology(nodes, noOverrides);
  if (!derived.ok) throw new Error(derived.problems.join('\n'));
  return {
    observations: story.observations.toSorted((a, b) => a.atMs - b.atMs),
    topology: derived.topology,
    nodes,
    routers: virtualRoutersOf(nodes),
    plan,
    run: times,
    limits: [],
    slackMs: 400,
    requestTimeoutMs: 1000,
    paceMs: 100,
    hasIpvs: false,
    unsettled: [],
    mishaps: [],
    suspicions: [],
    ...more,
  };
}

/** lb01 dies at 9.5 s after its last advertisement at 9 s; lb02 takes over as it should, and lb01 comes back at 24 s. */
export function goodFailover(): Story {
  return new Story()
    .holds('lb01', 1)
    .advertises('lb01', 1, 9, 150)
    .asks(5, 10)
    .asks(10, 12.6, 'timeout')
    .says('lb02', 12.609, 100)
    .holds('lb02', 12.61)
    .announces('lb02', 12.612)
    .learns('lb02', 12.613)
    .advertises('lb02', 13.609, 23.609)
    .holds('lb01', 12, false)
    .asks(12.6, 30)
    .advertises('lb01', 24, 30, 150)
    .holds('lb01', 24.001)
    .holds('lb02', 24.01, false)
    .announces('lb01', 24.002)
    .learns('lb01', 24.003);
}
