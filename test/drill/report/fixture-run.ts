/** One run of a fixture's scenario: SIGKILL of the Master, with everything that a judge makes of it. */
import type {
  Figure,
  FigureName,
  FigureUnit,
  ReportFinding,
  ReportVerdict,
  ScenarioRun,
} from '../../../src/drill/report/report.ts';
import {
  beganBeforeMs,
  endedAfterMs,
  orphanedAtMs,
  restoredAfterMs,
  timelineOf,
  waitOf,
  zeroAtMs,
} from './fixture-timeline.ts';

export const titles: Readonly<Record<FigureName, readonly [string, FigureUnit]>> = {
  detection: ['detection', 'ms'],
  takeover: ['takeover', 'ms'],
  'takeover-after-last-advert': ['takeover after the last advertisement', 'ms'],
  announcement: ['announcement after the first advertisement', 'ms'],
  outage: ['outage', 'ms'],
  'failback-outage': ['outage at the return', 'ms'],
  'failed-requests': ['failed requests', 'count'],
  'failed-requests-percent': ['failed requests', 'percent'],
  'latency-p50': ['latency, median', 'ms'],
  'latency-p99': ['latency, 99th percentile', 'ms'],
  'double-master': ['two Masters', 'ms'],
  'no-master': ['no Master', 'ms'],
  'neighbour-convergence': ["clients' neighbour entries", 'ms'],
  'connections-lost': ['long connections lost', 'count'],
  'server-out': ['server out of the tables', 'ms'],
  'server-back': ['server back in the tables', 'ms'],
  settling: ['settling', 'ms'],
};

export function figure(name: FigureName, value: number, expected?: number): Figure {
  const [title, unit] = titles[name];
  return { name, title, value, unit, ...(expected === undefined ? {} : { expected }) };
}

export function finding(parts: Partial<ReportFinding> = {}): ReportFinding {
  return {
    id: 'takeover',
    kind: 'expectation',
    what: 'lb02 takes VI_1 over from lb01',
    measured: '3.42 s',
    limit: 'at most 4.11 s',
    holds: true,
    margin: '690 ms',
    ...parts,
  };
}

export interface RunParts {
  readonly run?: number;
  /** From the injection to the new Master's first advertisement. */
  readonly takeoverMs?: number;
  readonly advertisementIntervalMs?: number;
  readonly doubleMasterMs?: number;
  readonly verdict?: ReportVerdict;
}

/** SIGKILL of the Master, takeover, restart, preemption. Of the fixture's figures, those of the parts are as asked for. */
export function sigkillRun(parts: RunParts = {}): ScenarioRun {
  const { run = 1, takeoverMs = 3420, doubleMasterMs = 0, verdict = 'pass' } = parts;
  const beganAtMs = zeroAtMs - beganBeforeMs;
  const { gapMs, expectedMs } = waitOf(takeoverMs);
  const outageMs = takeoverMs + 12;
  const failed = Math.round(outageMs / 50);
  const requests = Math.round((beganBeforeMs + endedAfterMs) / 50);
  return {
    run,
    verdict,
    beganAtMs,
    endedAtMs: zeroAtMs + endedAfterMs,
    injectedAtMs: zeroAtMs,
    restoredAtMs: zeroAtMs + restoredAfterMs,
    settledAtMs: zeroAtMs + 11_240,
    findings: findingsOf(takeoverMs, doubleMasterMs),
    figures: [
      figure('detection', takeoverMs - 1.2),
      figure('takeover', takeoverMs),
      figure('takeover-after-last-advert', gapMs, expectedMs),
      figure('announcement', 0.42),
      figure('outage', outageMs),
      figure('failback-outage', 0),
      figure('failed-requests', failed),
      figure('failed-requests-percent', (100 * failed) / requests),
      figure('latency-p50', 1.13),
      figure('latency-p99', 6.4),
      figure('double-master', doubleMasterMs),
      figure('no-master', takeoverMs),
      figure('neighbour-convergence', 0.61),
      figure('connections-lost', 0),
      figure('settling', 4240),
    ],
    takeovers: takeoversOf(takeoverMs),
    traffic: [
      {
        service: '10.0.0.3:80/tcp',
        requests,
        failed,
        failures: [
          { outcome: 'timeout', count: Math.max(0, failed - 2) },
          { outcome: 'reset', count: 2 },
        ],
        failoverOutageMs: outageMs,
        failbackOutageMs: 0,
        latency: [
          { phase: 'before', requests: 40, p50Ms: 1.02, p99Ms: 3.1, maxMs: 3.1 },
          { phase: 'during', requests: 140, p50Ms: 1.19, p99Ms: 9.7, maxMs: 11.5 },
          { phase: 'after', requests: 140, p50Ms: 1.11, p99Ms: 5.2, maxMs: 5.9 },
        ],
        servers: [
          { server: 'web01', answers: 120 },
          { server: 'web02', answers: 124 },
        ],
      },
    ],
    connections: [{ client: 'client1', service: '10.0.0.3:80/tcp', kept: true, longestStallMs: 3900 }],
    masterWindows: [
      {
        kind: 'none',
        evidence: 'advertisements',
        instance: 'VI_1',
        vrid: 51,
        nodes: [],
        fromMs: zeroAtMs + orphanedAtMs(takeoverMs),
        toMs: zeroAtMs + takeoverMs,
        ms: takeoverMs - orphanedAtMs(takeoverMs),
      },
      ...(doubleMasterMs === 0
        ? []
        : [
            {
              kind: 'double',
              evidence: 'addresses',
              instance: 'VI_1',
              vrid: 51,
              address: '10.0.0.3',
              nodes: ['lb01', 'lb02'],
              fromMs: zeroAtMs + restoredAfterMs,
              toMs: zeroAtMs + restoredAfterMs + doubleMasterMs,
              ms: doubleMasterMs,
            } as const,
          ]),
    ],
    neighbours: [
      {
        client: 'client1',
        address: '10.0.0.3',
        changes: [
          { atMs: zeroAtMs + takeoverMs + 1, mac: '02:00:00:00:00:06', node: 'lb02' },
          { atMs: zeroAtMs + 10_800, mac: '02:00:00:00:00:05', node: 'lb01' },
        ],
        convergedAfterMs: 0.61,
        announcementsNeeded: 1,
        isStaleAtEnd: false,
      },
    ],
    tables: {
      areEqual: true,
      asConfigured: true,
      differences: [],
      nodes: ['lb01', 'lb02'].map((node) => ({
        node,
        services: [
          {
            protocol: 'TCP',
            address: '10.0.0.3:80',
            scheduler: 'rr',
            destinations: [
              { address: '10.0.0.1:80', forwarding: 'Route', weight: 1 },
              { address: '10.0.0.2:80', forwarding: 'Route', weight: 1 },
            ],
          },
        ],
      })),
    },
    notifications: [
      {
        atMs: zeroAtMs + takeoverMs + 4,
        node: 'lb02',
        keyword: 'notify',
        words: ['/etc/keepalived/notify.sh', 'INSTANCE', 'VI_1', 'MASTER', '100'],
        occurrence: 1,
      },
    ],
    states: [
      { node: 'lb02', instance: 'VI_1', atMs: zeroAtMs + takeoverMs, state: 'MASTER' },
      { node: 'lb02', instance: 'VI_1', atMs: zeroAtMs + 10_790, state: 'BACKUP' },
    ],
    timeline: timelineOf(takeoverMs, doubleMasterMs, parts.advertisementIntervalMs ?? 1000),
  };
}

function findingsOf(takeoverMs: number, doubleMasterMs: number): readonly ReportFinding[] {
  return [
    finding({ measured: `${(takeoverMs / 1000).toFixed(2)} s`, holds: takeoverMs <= 4110 }),
    finding({
      id: 'takeover-wait',
      what: 'lb02 waits as long as its file says',
      measured: '3.61 s',
      limit: '3.53 s to 3.91 s',
      margin: '80 ms',
    }),
    finding({
      id: 'double-master',
      kind: 'invariant',
      what: 'no two directors are Master together, or have the address, for longer than a hand-over',
      measured: doubleMasterMs === 0 ? 'never' : `${(doubleMasterMs / 1000).toFixed(2)} s`,
      limit: 'at most 300 ms',
      holds: doubleMasterMs <= 300,
      ...(doubleMasterMs <= 300
        ? {}
        : { explanation: 'lb02 has advert_int 2, lb01 has 1: in VRRP version 2 they discard each other.' }),
    }),
    finding({
      id: 'outage',
      what: 'clients are without service after the failure',
      measured: `${((takeoverMs + 12) / 1000).toFixed(2)} s`,
      limit: 'at most 4.66 s',
      margin: '1.23 s',
    }),
    finding({
      id: 'calm-requests',
      kind: 'invariant',
      what: 'no request fails outside of what the fault explains',
      measured: '0 of 249',
      limit: 'none',
    }),
    finding({
      id: 'settled',
      kind: 'invariant',
      what: 'everything is as before: one Master, the right one, its addresses, tables and answers',
      measured: 'after 4.24 s',
      limit: 'within 15.0 s',
      margin: '10.8 s',
    }),
    finding({
      id: 'tables',
      kind: 'invariant',
      what: 'the IPVS tables are as the files say, and the same on all directors',
      measured: 'they are',
      limit: 'equal',
    }),
    finding({
      id: 'slo-takeover',
      kind: 'limit',
      what: 'takeover, as --slo has it',
      measured: `${(takeoverMs / 1000).toFixed(2)} s`,
      limit: 'takeover<=4s',
      holds: takeoverMs <= 4000,
    }),
  ];
}

function takeoversOf(takeoverMs: number): ScenarioRun['takeovers'] {
  const { gapMs, expectedMs } = waitOf(takeoverMs);
  const common = { instance: 'VI_1', vrid: 51, family: 4, network: 'eth0' } as const;
  return [
    {
      ...common,
      direction: 'failover',
      from: 'lb01',
      to: 'lb02',
      causeAtMs: zeroAtMs,
      lastOfOldAtMs: zeroAtMs + takeoverMs - gapMs,
      firstOfNewAtMs: zeroAtMs + takeoverMs,
      addressAtMs: zeroAtMs + takeoverMs + 0.2,
      announcedAtMs: zeroAtMs + takeoverMs + 0.42,
      firstServedAtMs: zeroAtMs + takeoverMs + 12,
      takeoverMs,
      gapMs,
      expectedMs,
      expectedWhy: "Master_Down_Interval of lb02, from lb01's last advertisement",
    },
    {
      ...common,
      direction: 'failback',
      from: 'lb02',
      to: 'lb01',
      causeAtMs: zeroAtMs + restoredAfterMs,
      lastOfOldAtMs: zeroAtMs + 10_786,
      firstOfNewAtMs: zeroAtMs + 10_788,
      addressAtMs: zeroAtMs + 10_788.4,
      announcedAtMs: zeroAtMs + 10_788.9,
      firstServedAtMs: zeroAtMs + 10_800,
      takeoverMs: 3788,
      gapMs: 2,
    },
  ];
}
