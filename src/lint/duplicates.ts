/** One cause, one finding: what two files have from one include is told once, and the better of two explanations. */
import { type Finding, levels } from './finding.ts';

/** Rules of the group `conf` that speak of the keyword as such; what else is wrong there is another matter. */
const aboutTheKeyword: ReadonlySet<string> = new Set([
  'conf/defined-but-unused',
  'conf/deprecated-keyword',
  'conf/duplicate-keyword',
  'conf/not-acted-on',
  'conf/version-mismatch',
]);

/** What else is wrong at their place follows from them. */
const causes: ReadonlySet<string> = new Set([
  'conf/undefined-variable',
  'conf/unquoted-script-args',
  'conf/unterminated-quote',
]);

/**
 * Of findings in the order of their places: without those that have the rule and the place of one before, and without
 * those of the group `conf` where a rule that knows more says at the same place what is as bad or worse. Of a place with
 * one of the causes nothing else is told.
 */
export function dropDuplicates(findings: readonly Finding[]): readonly Finding[] {
  const kept: Finding[] = [];
  for (let from = 0; from < findings.length; ) {
    const to = endOfRun(findings, from);
    if (to - from === 1) kept.push(...findings.slice(from, to));
    else kept.push(...withoutDuplicates(findings.slice(from, to)));
    from = to;
  }
  return kept;
}

/** Findings that begin at one place stand together. */
function endOfRun(findings: readonly Finding[], from: number): number {
  const first = findings[from]?.span;
  let to = from + 1;
  while (first !== undefined && to < findings.length) {
    const span = findings[to]?.span;
    if (span?.start !== first.start || span.file !== first.file) break;
    to += 1;
  }
  return to;
}

/** A place that a variable is written at may have as many findings as the variable has uses. */
function withoutDuplicates(run: readonly Finding[]): readonly Finding[] {
  const worst = worstOfSpecific(run);
  const explained = new Set(run.filter(({ rule }) => causes.has(rule)).map(({ span }) => span?.end));
  const seen = new Set<string>();
  return run.filter((finding) => {
    const end = finding.span?.end ?? 0;
    const key = `${finding.rule} ${end}`;
    const isNew = !seen.has(key);
    seen.add(key);
    if (finding.span !== undefined && explained.has(end)) return isNew && causes.has(finding.rule);
    return (
      isNew && !(isGeneral(finding) && (worst.get(end) ?? levels.length) <= levels.indexOf(finding.level))
    );
  });
}

/** By where the place ends, the worst level, as a position in `levels`. */
function worstOfSpecific(run: readonly Finding[]): ReadonlyMap<number, number> {
  const worst = new Map<number, number>();
  for (const { rule, span, level } of run) {
    if (span === undefined || rule.startsWith('conf/')) continue;
    worst.set(span.end, Math.min(worst.get(span.end) ?? levels.length, levels.indexOf(level)));
  }
  return worst;
}

function isGeneral({ rule }: Finding): boolean {
  return rule.startsWith('conf/') && !aboutTheKeyword.has(rule);
}
