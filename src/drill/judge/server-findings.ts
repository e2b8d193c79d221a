/** When real servers that failed left the tables, and when they came back. Pure. */
import type { TableSeen } from '../observation.ts';
import type { ReportFinding } from '../report/report.ts';
import { atMost, finding, ms } from './finding.ts';
import type { JudgeInput } from './judge-input.ts';
import { isServerIn } from './tables.ts';

export interface ServerTimes {
  /** When the last of them was out of the last node's table; undefined when that never was. */
  readonly outAtMs?: number;
  /** When the last of them was in the last node's table again; never before all are well, which takes the lab a while. */
  readonly backAtMs?: number;
}

export function serverTimes({ observations, plan, run, topology, nodes }: JudgeInput): ServerTimes {
  const { server } = plan.expect;
  if (server === undefined) return {};
  const addresses = topology.realServers
    .filter(({ name }) => server.servers.includes(name))
    .map(({ address }) => address);
  const tables = observations.filter((seen): seen is TableSeen => seen.kind === 'table');
  const isIn = (seen: TableSeen): boolean => addresses.some((address) => isServerIn(seen.services, address));
  const isAllIn = (seen: TableSeen): boolean =>
    addresses.every((address) => isServerIn(seen.services, address));
  const first = (
    node: string,
    fromMs: number,
    toMs: number,
    is: (seen: TableSeen) => boolean,
  ): number | undefined =>
    tables.find((seen) => seen.node === node && seen.atMs >= fromMs && seen.atMs < toMs && is(seen))?.atMs;
  const outs = nodes.map(({ name }) =>
    first(name, run.injectedAtMs, run.restoredAtMs, (seen) => !isIn(seen)),
  );
  const backs = nodes.map(({ name }) => first(name, run.restoredAtMs, run.endedAtMs, isAllIn));
  return { ...latest('outAtMs', outs), ...latest('backAtMs', backs, run.mendedAtMs) };
}

function latest<Name extends keyof ServerTimes>(
  name: Name,
  times: readonly (number | undefined)[],
  notBeforeMs = 0,
): ServerTimes {
  const known = times.filter((one) => one !== undefined);
  return known.length < times.length || known.length === 0 ? {} : { [name]: Math.max(notBeforeMs, ...known) };
}

export function serverFindings(input: JudgeInput): readonly ReportFinding[] {
  const { server } = input.plan.expect;
  if (server === undefined) return [];
  const { injectedAtMs, mendedAtMs } = input.run;
  const { outAtMs, backAtMs } = serverTimes(input);
  const names = server.servers.join(', ');
  if (server.outLimitMs === undefined) {
    return [
      finding({
        id: 'server-unnoticed',
        kind: 'expectation',
        what: `${names} stays in the tables, for ${server.why}`,
        measured: outAtMs === undefined ? 'it does' : `out after ${ms(outAtMs - injectedAtMs)}`,
        limit: 'it stays',
        holds: outAtMs === undefined,
      }),
    ];
  }
  return [
    timed('server-out', `${names} leaves all tables`, outAtMs, injectedAtMs, server.outLimitMs),
    timed('server-back', `${names} is in all tables again`, backAtMs, mendedAtMs, server.backLimitMs),
  ];
}

function timed(
  id: string,
  what: string,
  atMs: number | undefined,
  fromMs: number,
  limitMs: number,
): ReportFinding {
  const tookMs = atMs === undefined ? undefined : atMs - fromMs;
  return finding({
    id,
    kind: 'expectation',
    what,
    measured: tookMs === undefined ? 'it did not' : ms(tookMs),
    limit: atMost(limitMs),
    holds: tookMs !== undefined && tookMs <= limitMs,
    ...(tookMs === undefined ? {} : { margin: ms(limitMs - tookMs) }),
  });
}
