/**
 * For people, what is said again and again about one file is said a few times and then counted: 20,000 services with one
 * mistake each are one mistake of the template that wrote them. Documents for machines are never folded.
 */
import type { Source } from '../config-parser/index.ts';
import type { Finding } from './finding.ts';

/** A file that includes itself has no main file, and must not be looked for longer than this. */
const deepestInclude = 32;

export interface Folded {
  readonly shown: readonly Finding[];
  /** In the order in which they first occur. */
  readonly hidden: readonly HiddenFindings[];
}

/** Findings of one rule that are only counted. */
export interface HiddenFindings {
  readonly rule: string;
  readonly level: Finding['level'];
  readonly count: number;
}

/** Shows, of each file with what it includes, the first `maxFindings` of those that are alike; 0 shows all. */
export function foldFindings(
  findings: readonly Finding[],
  maxFindings: number,
  sources: ReadonlyMap<string, Source>,
): Folded {
  if (maxFindings === 0) return { shown: findings, hidden: [] };
  const counts = new Map<string, number>();
  const shown: Finding[] = [];
  const hidden = new Map<string, HiddenFindings>();
  const templates = new Map<string, string>();
  for (const finding of findings) {
    const template = templates.get(finding.message) ?? templateOf(finding.message);
    templates.set(finding.message, template);
    const key = `${finding.rule} ${finding.level} ${mainFile(finding, sources)} ${template}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= maxFindings) shown.push(finding);
    else hide(finding, hidden);
  }
  return { shown, hidden: [...hidden.values()] };
}

/** `and 19,997 more of vrrp/vip-default-prefix: --max-findings 0 shows all`. */
export function describeHidden({ rule, count }: HiddenFindings): string {
  return `and ${withThousands(count)} more of ${rule}: --max-findings 0 shows all`;
}

/** `19,997`. */
export function withThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The file that was named on the command line, of which the finding's file is a part. */
export function mainFile({ span }: Finding, sources: ReadonlyMap<string, Source>): string {
  let file = span?.file ?? '';
  for (let depth = 0; depth < deepestInclude; depth += 1) {
    const from = sources.get(file)?.includedFrom;
    if (from === undefined) break;
    file = from.file;
  }
  return file;
}

/** One line a rule, however many sentences the rule has; the level is the worst. */
function hide({ rule, level }: Finding, hidden: Map<string, HiddenFindings>): void {
  const known = hidden.get(rule);
  if (known === undefined) hidden.set(rule, { rule, level, count: 1 });
  else hidden.set(rule, { rule, level: worse(level, known.level), count: known.count + 1 });
}

function worse(a: Finding['level'], b: Finding['level']): Finding['level'] {
  if (a === 'error' || b === 'error') return 'error';
  return a === 'warn' || b === 'warn' ? 'warn' : 'info';
}

/** The sentence without what differs from place to place: quoted words, and words with a digit, `_` or `/` in them. */
function templateOf(message: string): string {
  return message.replace(/"[^"]*"|[^\s"]*[\d_/][^\s"]*/g, '*');
}
