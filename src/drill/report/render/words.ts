/** What verdicts, spans and points are called, and the sentences that say how a drill ended. Pure. */
import type { DrillReport, PointKind, ReportVerdict, SpanKind } from '../report.ts';
import { countOf, joinWords } from './numbers.ts';

export const verdictWords: Readonly<Record<ReportVerdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  skipped: 'skipped',
  aborted: 'aborted',
  'could-not-run': 'could not run',
};

/** Beside the word, never instead of it. */
export const verdictSigns: Readonly<Record<ReportVerdict, string>> = {
  pass: '✓',
  fail: '✗',
  skipped: '–',
  aborted: '!',
  'could-not-run': '?',
};

export const spanWords: Readonly<Record<SpanKind, string>> = {
  phase: 'phase of the drill',
  master: 'Master',
  backup: 'Backup',
  fault: 'FAULT',
  stopped: 'stopped',
  holds: 'holds the address',
  served: 'clients are served',
  failing: 'requests fail',
  stale: 'stale neighbour entry',
  'double-master': 'two Masters',
  'no-master': 'no Master',
};

export const pointWords: Readonly<Record<PointKind, string>> = {
  inject: 'the fault begins',
  restore: 'it is mended',
  settled: 'steady again',
  advertisement: 'advertisement',
  'priority-zero': 'advertisement with priority 0',
  announcement: 'gratuitous ARP or unsolicited NA',
  'arp-reply': 'answer to ARP or NS',
  'address-added': 'address added',
  'address-removed': 'address removed',
  'request-failed': 'request failed',
  'connection-lost': 'connection lost',
  'neighbour-changed': 'neighbour entry changed',
  'server-out': 'real server out',
  'server-back': 'real server back',
  notification: 'notification',
  log: 'state or log line',
};

/** `lb01 and lb02`; the files' names where there is nothing else. */
export function drilledNodes(report: DrillReport): string {
  return joinWords(report.environment.nodes.map(({ name }) => name)) || 'no nodes';
}

/** `22 scenarios passed, 1 failed, 2 skipped.` */
export function tallySentence({ scenarios }: Pick<DrillReport, 'scenarios'>): string {
  const order: readonly ReportVerdict[] = ['fail', 'could-not-run', 'aborted', 'pass', 'skipped'];
  const counts = order.flatMap((verdict) => {
    const count = scenarios.filter((one) => one.verdict === verdict).length;
    return count === 0 ? [] : [{ verdict, count }];
  });
  const [first, ...rest] = counts;
  if (first === undefined) return 'No scenario was played.';
  if (rest.length === 0 && first.count > 1 && first.verdict === 'pass')
    return `All ${countOf(first.count, 'scenario')} passed.`;
  const words = [
    `${countOf(first.count, 'scenario')} ${verdictPhrase(first.verdict, first.count)}`,
    ...rest.map(({ verdict, count }) => `${count} ${verdictPhrase(verdict, count)}`),
  ];
  return `${words.join(', ')}.`;
}

/** What `count` scenarios did or suffered: `passed`, `was skipped`. */
export function verdictPhrase(verdict: ReportVerdict, count = 1): string {
  if (verdict !== 'skipped' && verdict !== 'aborted') return verdictWords[verdict];
  return `${count === 1 ? 'was' : 'were'} ${verdictWords[verdict]}`;
}

const exitWords = [
  'everything held',
  'a limit or an invariant is broken',
  'the drill could not run',
  'the drill was aborted and everything restored',
] as const;

/** What the exit status stands for. */
export function exitSentence({ exitStatus }: Pick<DrillReport, 'exitStatus'>): string {
  return `${exitStatus}: ${exitWords[exitStatus] ?? 'unknown'}`;
}
