/** Virtual and real servers as Prometheus metrics. */
import type { Registry } from 'prom-client';
import type { CheckerStatus, RealServerStatus } from '../ipc.ts';
import { counter, gauge, snake } from './series.ts';

export function addServers(registry: Registry, checker: CheckerStatus): void {
  addTable(registry, checker);
  addVirtualServers(registry, checker);
  addRealServers(registry, checker);
  addChecks(registry, checker);
}

function addTable(registry: Registry, { tableTrouble, counters }: CheckerStatus): void {
  gauge(
    registry,
    'holdfast_ipvs_table_in_step',
    "1 while the kernel's IPVS table is as the configuration and the checks want it",
  ).set(tableTrouble === undefined ? 1 : 0);
  const events = counter(
    registry,
    'holdfast_checker_events_total',
    'What the checker process as a whole has counted: repairs of the table, checks made and failed',
    ['event'],
  );
  for (const [event, count] of Object.entries(counters)) events.inc({ event: snake(event) }, count);
}

function addVirtualServers(registry: Registry, { virtualServers }: CheckerStatus): void {
  const labels = ['virtual_server'] as const;
  const quorum = gauge(registry, 'holdfast_virtual_server_has_quorum', '1 while it has its quorum', labels);
  const weight = gauge(
    registry,
    'holdfast_virtual_server_live_weight',
    'The weight of its real servers that are up',
    labels,
  );
  const sorry = gauge(
    registry,
    'holdfast_virtual_server_sorry_in_use',
    '1 while its sorry server serves',
    labels,
  );
  for (const { name, hasQuorum, liveWeight, sorryServer } of virtualServers) {
    const label = { virtual_server: name };
    quorum.set(label, hasQuorum ? 1 : 0);
    weight.set(label, liveWeight);
    sorry.set(label, sorryServer?.isInUse === true ? 1 : 0);
  }
}

const serverLabels = ['virtual_server', 'real_server'] as const;

function addRealServers(registry: Registry, { virtualServers }: CheckerStatus): void {
  const up = gauge(
    registry,
    'holdfast_real_server_up',
    '1 while all its checks say that it is up',
    serverLabels,
  );
  const weight = gauge(
    registry,
    'holdfast_real_server_weight',
    'The weight that it has in the table',
    serverLabels,
  );
  const drained = gauge(
    registry,
    'holdfast_real_server_drained',
    '1 while an operator keeps new connections from it',
    serverLabels,
  );
  const connections = gauge(
    registry,
    'holdfast_real_server_connections',
    'Its connections, as the kernel last counted them',
    [...serverLabels, 'state'],
  );
  for (const { name, realServers } of virtualServers) {
    for (const real of realServers) {
      const label = { virtual_server: name, real_server: real.name };
      up.set(label, real.isUp ? 1 : 0);
      weight.set(label, real.effectiveWeight);
      drained.set(label, real.hold === undefined ? 0 : 1);
      if (real.connections === undefined) continue;
      connections.set({ ...label, state: 'active' }, real.connections.active);
      connections.set({ ...label, state: 'inactive' }, real.connections.inactive);
    }
  }
}

function addChecks(registry: Registry, { virtualServers }: CheckerStatus): void {
  const duration = gauge(
    registry,
    'holdfast_check_duration_seconds',
    'How long the last check took, whatever came of it',
    [...serverLabels, 'check'],
  );
  for (const { name, realServers } of virtualServers) {
    for (const real of realServers) {
      for (const [check, seconds] of lastDurations(real)) {
        duration.set({ virtual_server: name, real_server: real.name, check }, seconds);
      }
    }
  }
}

/** By kind; the second of a kind gets a number. */
function lastDurations({
  checkers,
}: RealServerStatus): readonly (readonly [check: string, seconds: number])[] {
  const seen = new Map<string, number>();
  return checkers.flatMap(({ kind, results: [last] }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    if (last === undefined) return [];
    return [[count === 1 ? kind : `${kind} ${count}`, last.outcome.elapsedMs / 1000] as const];
  });
}
