/** Runs rules over models and collects what they report. Profiles, suppressions and formats come after this. */
import type { Diagnostic, Severity } from '../config-parser/index.ts';
import type { Finding, Level } from './finding.ts';
import type { Host } from './host.ts';
import type { FileModel } from './model/index.ts';
import type { DiagnosticRule, Report, Reported, Rule } from './rule.ts';

export interface LintOptions {
  readonly rules: readonly Rule[];
  /** The files are those of directors that stand in for each other. */
  readonly isPair: boolean;
  /** Given with --host: what is known of this machine. */
  readonly host?: Host;
}

/** In the order of the files, then by position; what has no place comes last. */
export function lint(files: readonly FileModel[], options: LintOptions): readonly Finding[] {
  const findings: Finding[] = [];
  const claimants = options.rules.filter((rule) => rule.kind === 'diagnostic');
  const namesakes = namesakesOf(options.rules);
  const left: Left[] = [];
  for (const file of files) {
    for (const diagnostic of file.resolved.diagnostics) {
      const rule = namesakes.get(diagnostic.code);
      if (rule === undefined) findings.push(fromDiagnostic(diagnostic, claimants, file));
      else left.push({ rule, diagnostic, file });
    }
  }
  for (const rule of options.rules) runRule(rule, files, options, reporterOf(rule, findings));
  return sortFindings([...findings, ...unsaid(left, findings)], files);
}

/**
 * By code of the parser, the rule that is called so: it looks for the same by itself, and says it with the places that
 * belong together. The parser's words are used where it finds nothing in the file.
 */
export function namesakesOf(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  const fileRules = rules.filter(({ kind }) => kind === 'file');
  return new Map(fileRules.map((rule) => [rule.name.slice(rule.name.indexOf('/') + 1), rule]));
}

interface Left {
  readonly rule: Rule;
  readonly diagnostic: Diagnostic;
  readonly file: FileModel;
}

function unsaid(left: readonly Left[], findings: readonly Finding[]): readonly Finding[] {
  const said = new Map<string, Set<string>>();
  for (const { rule, span } of findings) {
    if (span === undefined) continue;
    const sources = said.get(rule) ?? new Set();
    said.set(rule, sources.add(span.file));
  }
  return left.flatMap(({ rule, diagnostic, file }) => {
    const sources = said.get(rule.name) ?? [];
    const hasSaid = [...sources].some((source) => file.resolved.sources.has(source));
    return hasSaid ? [] : [ofNamesake(rule, diagnostic)];
  });
}

function ofNamesake(rule: Rule, { message, span, help, notes, severity }: Diagnostic): Finding {
  const reported = { at: span, message, help, ...(notes && { notes }) };
  return findingOf(rule, reported, levelOf(severity));
}

function runRule(rule: Rule, files: readonly FileModel[], options: LintOptions, report: Report): void {
  switch (rule.kind) {
    case 'file':
      for (const file of files) rule.check(file, report);
      return;
    case 'pair':
      if (options.isPair && files.length > 1) rule.check(files, report);
      return;
    case 'host':
      if (options.host !== undefined) for (const file of files) rule.check(file, options.host, report);
      return;
    // The first were asked already; the others look at what is found here (suppressions.ts).
    case 'diagnostic':
    case 'suppression':
      return;
  }
}

function reporterOf(rule: Rule, findings: Finding[]): Report {
  return (reported) => findings.push(findingOf(rule, reported, rule.level));
}

export function findingOf({ name }: Rule, reported: Reported, level: Level): Finding {
  const { at, message, help, notes = [], fix } = reported;
  const all = [...notes, ...(at?.via ?? [])];
  return {
    rule: name,
    level: reported.level ?? level,
    message,
    ...(at && { span: at }),
    ...(help !== undefined && { help }),
    ...(all.length > 0 && { notes: all }),
    ...(fix && { fix }),
  };
}

function fromDiagnostic(diagnostic: Diagnostic, rules: readonly DiagnosticRule[], file: FileModel): Finding {
  const { message, span, help, notes } = diagnostic;
  const reported: Reported = { at: span, message, help, ...(notes && { notes }) };
  const rule = rules.find((candidate) => candidate.claims(diagnostic, file));
  // Every code is claimed by some rule when all rules are there; a test holds that.
  if (rule === undefined) {
    const name = `conf/${diagnostic.code}`;
    return { ...plainFinding(name, reported), level: levelOf(diagnostic.severity) };
  }
  const better = { ...reported, ...rule.improve?.(diagnostic, file) };
  return findingOf(rule, better, rule.levelOf?.(diagnostic) ?? levelOf(diagnostic.severity));
}

function plainFinding(rule: string, { at, message, help, notes }: Reported): Omit<Finding, 'level'> {
  return {
    rule,
    message,
    ...(at && { span: at }),
    ...(help !== undefined && { help }),
    ...(notes && { notes }),
  };
}

const levelsOfSeverities: Readonly<Record<Severity, Level>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warn',
  deprecated: 'warn',
  info: 'info',
};

export function levelOf(severity: Severity): Level {
  return levelsOfSeverities[severity];
}

/** By file, in the order in which they were read, then by place, then by rule; what has no place comes last. */
export function sortFindings(findings: readonly Finding[], files: readonly FileModel[]): readonly Finding[] {
  const names = files.flatMap(({ resolved }) => [...resolved.sources.keys()]);
  const ranks = new Map(names.map((name, index) => [name, index]));
  const rank = ({ span }: Finding): number =>
    span === undefined ? names.length : (ranks.get(span.file) ?? names.length);
  return findings.toSorted(
    (a, b) => rank(a) - rank(b) || (a.span?.start ?? 0) - (b.span?.start ?? 0) || compare(a.rule, b.rule),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
