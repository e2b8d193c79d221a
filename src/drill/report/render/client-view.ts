/** What a client would have felt, over all scenarios: the few numbers that come first in every format. Pure. */
import type { DrillReport, FigureName, ScenarioReport, ScenarioRun } from '../report.ts';
import { formatCount, formatDuration } from './numbers.ts';

export interface Highlight {
  readonly title: string;
  readonly value: string;
  /** Where and in comparison with what: `sigkill, run 2; 3.61 s expected`. */
  readonly detail: string;
  /** Name of the scenario that it is from. */
  readonly scenario?: string;
}

export function highlights(report: DrillReport): readonly Highlight[] {
  const played = report.scenarios.filter(({ runs }) => runs.length > 0);
  const withTakeover = played.filter(({ runs }) => runs.some(hasFailover));
  const atTakeover = worst(withTakeover, ['outage', 'failback-outage']);
  const anywhere = worst(played, ['outage', 'failback-outage']);
  return [
    ...timed('Longest outage at a takeover', atTakeover),
    ...(anywhere !== undefined && anywhere.scenario.name !== atTakeover?.scenario.name
      ? timed('Longest outage of all', anywhere)
      : []),
    ...timed('Slowest takeover', worst(withTakeover, ['takeover']), waitOf),
    ...requests(played),
    ...timed('Two Masters at once, longest', worst(played, ['double-master'])),
    ...connections(played),
  ];
}

function hasFailover({ takeovers }: ScenarioRun): boolean {
  return takeovers.some(({ direction }) => direction === 'failover');
}

interface Worst {
  readonly scenario: ScenarioReport;
  readonly run: ScenarioRun;
  readonly value: number;
}

function worst(scenarios: readonly ScenarioReport[], names: readonly FigureName[]): Worst | undefined {
  let found: Worst | undefined;
  for (const scenario of scenarios)
    for (const run of scenario.runs)
      for (const { name, value } of run.figures)
        if (names.includes(name) && (found === undefined || value > found.value))
          found = { scenario, run, value };
  return found;
}

function timed(
  title: string,
  found: Worst | undefined,
  more: (found: Worst) => string = () => '',
): readonly Highlight[] {
  if (found === undefined) return [];
  const { scenario, run, value } = found;
  if (value === 0) return [{ title, value: 'none', detail: 'in any scenario' }];
  const where = scenario.runs.length > 1 ? `${scenario.name}, run ${run.run}` : scenario.name;
  return [{ title, value: formatDuration(value), detail: `${where}${more(found)}`, scenario: scenario.name }];
}

/** The slowest takeover of a run beside the wait of its file, which counts from the last advertisement. */
function waitOf({ run }: Worst): string {
  const own = run.takeovers
    .filter(({ direction }) => direction === 'failover')
    .toSorted((a, b) => b.takeoverMs - a.takeoverMs)[0];
  if (own?.expectedMs === undefined) return '';
  const expected = formatDuration(own.expectedMs);
  if (own.gapMs === undefined) return `; ${expected} expected`;
  return `; ${formatDuration(own.gapMs)} after the last advertisement, ${expected} expected`;
}

function requests(scenarios: readonly ScenarioReport[]): readonly Highlight[] {
  const traffic = scenarios.flatMap(({ runs }) => runs.flatMap((run) => run.traffic));
  const all = traffic.reduce((sum, one) => sum + one.requests, 0);
  if (all === 0) return [];
  const failed = traffic.reduce((sum, one) => sum + one.failed, 0);
  const kinds = new Map<string, number>();
  for (const { outcome, count } of traffic.flatMap(({ failures }) => failures))
    kinds.set(outcome, (kinds.get(outcome) ?? 0) + count);
  const words = [...kinds]
    .toSorted((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${formatCount(count)} ${kind}`);
  const share = `${((100 * failed) / all).toFixed(2)} % of ${formatCount(all)}`;
  return [
    {
      title: 'Failed requests',
      value: formatCount(failed),
      detail: [share, ...words.slice(0, 3)].join('; '),
    },
  ];
}

function connections(scenarios: readonly ScenarioReport[]): readonly Highlight[] {
  const all = scenarios.flatMap(({ runs }) => runs.flatMap((run) => run.connections));
  if (all.length === 0) return [];
  const lost = all.filter(({ kept }) => !kept).length;
  return [
    {
      title: 'Long connections lost',
      value: formatCount(lost),
      detail: `of ${formatCount(all.length)} that were open`,
    },
  ];
}
