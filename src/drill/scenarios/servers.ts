/** Scenarios in which real servers are out of order, and what checks can notice of it. */

import type { CheckerConfig } from '../../config-parser/config.ts';
import type { Action } from '../actions.ts';
import { type ServerUse, serverUses } from '../topology/derive-servers.ts';
import { type Failure, noticing } from './check-times.ts';
import { unnoticed } from './expectations.ts';
import type { Expectation, Plan, Scenario, ScenarioContext, ServerExpectation, Skipped } from './scenario.ts';

function failing(name: string, failure: Failure, title: string, description: string): Scenario {
  return { name, title, description, plan: (context) => serverPlan(context, failure) };
}

export const servers: readonly Scenario[] = [
  failing('rs-killed', 'killed', 'A real server loses its power', 'Nothing answers at its address any more.'),
  failing(
    'rs-refusing',
    'refusing',
    'The service of a real server ends',
    'The machine lives and refuses connections.',
  ),
  failing(
    'rs-hung',
    'hung',
    'A real server hangs',
    'It takes connections, since its kernel does, and answers nothing.',
  ),
  failing('rs-500', 'failing', 'A real server answers with status 500', 'Every page of it is an error.'),
  {
    name: 'rs-all-down',
    title: 'All real servers of a service fail',
    description:
      'They refuse connections; the sorry server takes over where there is one, and leaves when they return.',
    plan: (context) => allDownPlan(context),
  },
];

function needsServers({ nodes, hasIpvs }: ScenarioContext): Skipped | undefined {
  if (nodes.every(({ config }) => config.virtualServers.length === 0))
    return { skip: 'the files have no virtual server' };
  return hasIpvs ? undefined : { skip: 'this kernel has no IPVS' };
}

/** All uses of the machines that the first virtual server has, by name of the machine. */
function usesByServer({ nodes, topology }: ScenarioContext): ReadonlyMap<string, readonly ServerUse[]> {
  const [first] = nodes.flatMap(({ config }) => config.virtualServers);
  const uses = serverUses(nodes.flatMap(({ config }) => config.virtualServers));
  const wanted = serverUses(first === undefined ? [] : [first]).filter(({ isSorry }) => !isSorry);
  return new Map(
    wanted.flatMap(({ address }) => {
      const server = topology.realServers.find((one) => one.address === address);
      if (server === undefined) return [];
      return [[server.name, uses.filter((use) => use.address === address && !use.isSorry)] as const];
    }),
  );
}

function serverPlan(context: ScenarioContext, failure: Failure): Plan | Skipped {
  const skipped = needsServers(context);
  if (skipped !== undefined) return skipped;
  const servers = usesByServer(context);
  // Who breaks a server that nobody uses learns little.
  const busy = context.answering.find((name) => servers.has(name));
  const entry = [...servers].find(([name]) => busy === undefined || name === busy);
  if (entry === undefined) return { skip: 'the first virtual server has no real server' };
  const [server, uses] = entry;
  const played = context.topology.realServers.find(({ name }) => name === server)?.services ?? [];
  if (failure === 'failing' && !played.some(({ kind }) => kind === 'http' || kind === 'https'))
    return { skip: 'the real servers serve no pages, which alone have a status' };
  return planFor(context, failure, new Map([[server, uses]]), servers.size === 1);
}

function allDownPlan(context: ScenarioContext): Plan | Skipped {
  return needsServers(context) ?? planFor(context, 'refusing', usesByServer(context), true);
}

function planFor(
  context: ScenarioContext,
  failure: Failure,
  servers: ReadonlyMap<string, readonly ServerUse[]>,
  isAll: boolean,
): Plan {
  const scripts = [...servers.values()].flat().flatMap(({ checkers }) => scriptsOf(checkers));
  const answer = (status: number): readonly Action[] =>
    context.nodes.flatMap(({ name: node }) =>
      context
        .scriptsOf(node)
        .filter((one) => scripts.includes(one))
        .map((script) => ({ do: 'script', node, script, status }) as const),
    );
  const change = (becomes: Failure | 'well'): readonly Action[] =>
    [...servers.keys()].map((server) => ({ do: 'server', server, becomes }) as const);
  const server = noticing(context, failure, servers);
  return {
    inject: [...change(failure), ...answer(1)],
    restore: [...change('well'), ...answer(0)],
    holdMs: 3000,
    expect: expectationFor(context, server, isAll),
  };
}

function expectationFor(context: ScenarioContext, server: ServerExpectation, isAll: boolean): Expectation {
  const hasSorry = context.topology.services.some(({ sorryServers }) => sorryServers.length > 0);
  const broken =
    isAll && !hasSorry ? 'no server is left' : server.outLimitMs === undefined ? server.why : undefined;
  const { outageLimitMs: _none, failbackOutageLimitMs: _noneEither, ...base } = unnoticed(context);
  return {
    ...base,
    disturbance: broken === undefined ? { kind: 'server-out' } : { kind: 'while-broken', why: broken },
    restoreDisturbance: isAll ? 'until-settled' : 'none',
    server,
    settleLimitMs: base.settleLimitMs + server.backLimitMs,
  };
}

/** As the lab's copies name them. */
function scriptsOf(checkers: readonly CheckerConfig[]): readonly string[] {
  return checkers.flatMap((checker) =>
    checker.kind === 'MISC_CHECK'
      ? [
          checker.command.argv
            .join(' ')
            .replaceAll(/[^\w.-]/g, '_')
            .slice(0, 100),
        ]
      : [],
  );
}
