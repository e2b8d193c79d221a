/** Reports as a drill makes them, for tests: a passed and a failed scenario with all figures, skipped and aborted ones, hostile names. */
import {
  type DrillReport,
  type FigureSummary,
  figureNames,
  reportSchemaVersion,
  type ScenarioReport,
  type ScenarioRun,
} from '../../../src/drill/report/report.ts';
import { median } from '../../../src/drill/timeline.ts';
import { sigkillRun, titles } from './fixture-run.ts';
import { zeroAtMs } from './fixture-timeline.ts';
import { topology } from './fixture-topology.ts';

export const hostileName = `<script>alert("x")</script>'&]]>\u0007\u202E\uD800`;

export function summarize(runs: readonly ScenarioRun[]): readonly FigureSummary[] {
  const names = [...new Set(runs.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  return names.map((name) => {
    const own = runs.flatMap(({ figures }) => figures.filter((one) => one.name === name));
    const values = own.map(({ value }) => value);
    const expected = own[0]?.expected;
    const [title, unit] = titles[name];
    return {
      name,
      title,
      unit,
      median: median(values),
      max: Math.max(...values),
      runs: own.length,
      ...(expected === undefined ? {} : { expected }),
    };
  });
}

export function scenario(parts: Partial<ScenarioReport> = {}): ScenarioReport {
  const runs = parts.runs ?? [sigkillRun()];
  return {
    name: 'sigkill',
    title: "The Master's daemon is killed",
    description:
      'SIGKILL to all its processes at once: nothing is said and nothing released, the machine lives on with its addresses.',
    verdict: 'pass',
    runs,
    summary: summarize(runs),
    ...parts,
  };
}

export const skippedScenario = scenario({
  name: 'clock-step',
  title: 'The clock steps',
  description: 'An hour forward, then back.',
  verdict: 'skipped',
  reason: 'The clock of this kernel is shared with its host, so it is not stepped.',
  runs: [],
});

export const abortedScenario = scenario({
  name: 'delay-200ms',
  title: 'All advertisements are 200 ms late',
  description: 'Each frame of protocol 112 waits for 200 ms.',
  verdict: 'aborted',
  reason: 'Interrupted by Ctrl-C; what was broken has been mended.',
  runs: [],
});

export const unplayableScenario = scenario({
  name: 'loss-60',
  title: '60 % of the advertisements are lost',
  description: 'nft drops them by chance.',
  verdict: 'could-not-run',
  reason: 'The steady state was not reached within 20 s: lb01 and lb02 are both Master.',
  runs: [],
});

export const doubleMasterScenario = scenario({
  name: 'pause',
  title: 'The Master is paused for longer than a Backup waits',
  description:
    'SIGSTOP to all its processes, as a virtual machine that is moved; then SIGCONT: it must notice that it is late.',
  verdict: 'fail',
  reason: 'no two directors are Master together, or have the address, for longer than a hand-over: 1.84 s',
  runs: [sigkillRun({ doubleMasterMs: 1840, verdict: 'fail' })],
});

/** 20 runs that lie apart as a fault at any time between two advertisements makes them. */
export function manyRuns(count = 20, slowerByMs = 0): readonly ScenarioRun[] {
  return Array.from({ length: count }, (_, index) =>
    sigkillRun({ run: index + 1, takeoverMs: 2640 + slowerByMs + ((index * 397) % 960) }),
  );
}

const node = (name: string, priority: number): DrillReport['environment']['nodes'][number] => ({
  name,
  daemon: 'holdfast',
  daemonVersion: '0.1.0',
  configFile: `/etc/keepalived/${name}.conf`,
  configHash: (name === 'lb01' ? 'a1' : 'b2').repeat(32),
  instances: [
    {
      instance: 'VI_1',
      vrid: 51,
      family: 4,
      version: 2,
      priority,
      preempts: true,
      preemptDelayMs: 0,
      advertisementIntervalMs: 1000,
      skewTimeMs: ((256 - priority) / 256) * 1000,
      masterDownIntervalMs: 3000 + ((256 - priority) / 256) * 1000,
    },
  ],
});

/** One scenario that passed, unless the parts say otherwise. */
export function report(parts: Partial<DrillReport> = {}): DrillReport {
  return {
    schemaVersion: reportSchemaVersion,
    verdict: 'pass',
    exitStatus: 0,
    startedAt: '2026-11-23T07:59:40.000Z',
    endedAt: '2026-11-23T08:01:12.400Z',
    command: ['holdfast', 'drill', 'lb01.conf', 'lb02.conf', '--slo', 'takeover<=4s', '--seed', '7'],
    seed: 7,
    runsWanted: 1,
    environment: {
      holdfast: '0.1.0',
      node: 'v20.20.2',
      mode: 'lab',
      kernel: {
        which: 'embedded',
        release: '6.1.158',
        reason: 'this host has no IPVS, and the files need it.',
        processors: 1,
      },
      nodes: [node('lb01', 150), node('lb02', 100)],
    },
    notes: ['notify_master of VI_1 is played by a recorder: nothing outside of the lab is told.'],
    topology,
    steadyState: {
      reachedAtMs: zeroAtMs - 3000,
      tookMs: 5210,
      masters: [{ instance: 'VI_1', vrid: 51, node: 'lb01' }],
      requests: 60,
      failedRequests: 0,
    },
    limits: [{ figure: 'takeover', comparison: '<=', value: 4000, unit: 'ms', text: 'takeover<=4s' }],
    scenarios: [scenario()],
    evidence: [
      { name: 'report.json', what: 'this report' },
      { name: 'sigkill-1/events.jsonl', what: 'everything that was seen, one observation a line' },
      { name: 'sigkill-1/capture.pcap', what: 'VRRP, ARP and NDP on all networks' },
    ],
    cleanUp: {
      isClean: true,
      checks: [
        { what: 'network namespaces are gone', holds: true, found: '7 removed, 0 left' },
        { what: 'no process of the lab runs', holds: true, found: '0 left' },
      ],
    },
    ...parts,
  };
}

/** Nothing was played: the lab was never built. */
export function emptyReport(): DrillReport {
  const { topology: _none, steadyState: _never, cleanUp: _neither, ...rest } = report();
  return {
    ...rest,
    verdict: 'could-not-run',
    exitStatus: 2,
    reason: 'lb02.conf, line 12: there is no such keyword as "virtual_router".',
    scenarios: [],
    evidence: [],
    notes: [],
    limits: [],
  };
}

/** Every verdict, as a drill of the tutorial's pair may end. */
export function mixedReport(): DrillReport {
  return report({
    verdict: 'fail',
    exitStatus: 1,
    reason: 'pause: two directors were Master together for 1.84 s.',
    scenarios: [
      scenario({
        name: 'stop',
        title: 'The Master is stopped',
        description:
          'SIGTERM, as systemctl stop: the Master says priority 0 and hands over; then it is started again.',
        runs: [sigkillRun({ takeoverMs: 612 })],
      }),
      scenario(),
      doubleMasterScenario,
      abortedScenario,
      unplayableScenario,
      skippedScenario,
    ],
  });
}

/** Every name and text that a file can choose is an attack. */
export function hostileReport(): DrillReport {
  const base = report();
  const spoil = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return keptKeys.has(key) || isFigureName(value) ? value : `${value}${hostileName}`;
    if (Array.isArray(value)) return value.map((one) => spoil(one, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spoil(inner, name)]));
  };
  return spoil(base, '') as DrillReport;
}

/** Closed sets and times, which are ours. */
const keptKeys = new Set([
  'verdict',
  'kind',
  'unit',
  'figure',
  'comparison',
  'direction',
  'evidence',
  'phase',
  'outcome',
  'state',
  'which',
  'mode',
  'daemon',
  'startedAt',
  'endedAt',
]);

function isFigureName(value: string): boolean {
  return figureNames.some((name) => name === value);
}
