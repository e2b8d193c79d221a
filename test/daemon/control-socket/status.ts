/** The status of a daemon for tests: one Master, as ordinary as can be. */
import type { DaemonStatus } from '../../../src/daemon/control-socket/index.ts';
import type { CheckerStatus, InstanceStatus, RealServerStatus, VrrpStatus } from '../../../src/daemon/ipc.ts';

export function instanceStatus(change: Partial<InstanceStatus> = {}): InstanceStatus {
  return {
    name: 'VI_1',
    state: 'Master',
    sinceSeconds: 3 * 86_400 + 4 * 3600,
    reason: 'master-down-expired',
    interface: 'eth0',
    family: 4,
    vrid: 51,
    version: 2,
    basePriority: 150,
    effectivePriority: 140,
    sourceAddress: '10.0.0.1',
    peers: [{ address: '10.0.0.2', priority: 100, heardSecondsAgo: 0.4 }],
    addresses: ['10.0.0.100/24'],
    faults: [],
    statistics: {},
    ...change,
  };
}

export function vrrpWith(change: Partial<VrrpStatus> = {}): VrrpStatus {
  const eventLoopDelay = { p50Ms: 1, p99Ms: 2, p999Ms: 3, maxMs: 4, overSeconds: 60 };
  return { instances: [], groups: [], trackers: [], eventLoopDelay, counters: {}, ...change };
}

export function realServerStatus(change: Partial<RealServerStatus> = {}): RealServerStatus {
  return {
    name: '10.0.0.7:80',
    method: 'DR',
    weight: 3,
    effectiveWeight: 3,
    isUp: true,
    connections: { active: 2, inactive: 5 },
    checkers: [
      {
        kind: 'TCP_CHECK',
        state: 'up',
        results: [{ secondsAgo: 4, outcome: { kind: 'ok', elapsedMs: 1.5 } }],
      },
    ],
    ...change,
  };
}

export function checkerWith(
  realServers: readonly RealServerStatus[] = [realServerStatus()],
  change: Partial<CheckerStatus> = {},
): CheckerStatus {
  const virtualServer = {
    name: '[10.0.0.3]:tcp:80',
    services: ['10.0.0.3:80/tcp'],
    scheduler: 'rr',
    hasQuorum: true,
    quorum: 1,
    liveWeight: 3,
    isSuspended: false,
    realServers,
  };
  return { virtualServers: [virtualServer], counters: {}, ...change };
}

export function daemonWith(change: Partial<DaemonStatus>): DaemonStatus {
  return {
    at: '2026-01-02T03:04:05.000Z',
    version: '1.2.3',
    pid: 100,
    upSeconds: 90,
    phase: 'running',
    configuration: { file: '/etc/keepalived/keepalived.conf', staleBecause: [] },
    children: [{ role: 'vrrp', phase: 'running', pid: 101, upSeconds: 89, restarts: 2 }],
    ...change,
  };
}
