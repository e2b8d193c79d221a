/**
 * The linter as a whole, after reading and before writing: runs the rules that are wanted, keeps of several findings about
 * one cause the best, and takes away what comments suppress.
 */
import type { Source } from '../config-parser/index.ts';
import { dropDuplicates } from './duplicates.ts';
import type { Finding } from './finding.ts';
import type { Host } from './host.ts';
import { lint, sortFindings } from './lint.ts';
import type { FileModel } from './model/index.ts';
import type { Selection } from './profiles.ts';
import type { Rule } from './rule.ts';
import { applySuppressions } from './suppressions.ts';

export interface ExamineOptions {
  readonly selection: Selection;
  /** The files are those of directors that stand in for each other. */
  readonly isPair: boolean;
  /** Given with --host. */
  readonly host?: Host | undefined;
}

export interface Examined {
  /** By file and place. */
  readonly findings: readonly Finding[];
  readonly suppressedCount: number;
  /** Every text that was read, by name. */
  readonly sources: ReadonlyMap<string, Source>;
}

export function examine(files: readonly FileModel[], options: ExamineOptions): Examined {
  const { selection, isPair, host } = options;
  const { rules, shown, adjust } = selection;
  const sources = new Map(files.flatMap(({ resolved }) => [...resolved.sources]));
  const found = lint(files, { rules, isPair, ...(host && { host }) });
  const looked = rules.filter((rule) => shown.has(rule.name) && hasLooked(rule, options));
  const { findings, suppressedCount } = applySuppressions(
    dropDuplicates(found.flatMap((finding) => adjust(finding) ?? [])),
    sources,
    {
      known: selection.known,
      active: new Set(looked.map(({ name }) => name)),
      rules: rules.filter((rule) => rule.kind === 'suppression'),
    },
  );
  const adjusted = findings.flatMap((finding) => adjust(finding) ?? []);
  return { findings: sortFindings(adjusted, files), suppressedCount, sources };
}

function hasLooked({ kind }: Rule, { isPair, host }: ExamineOptions): boolean {
  switch (kind) {
    case 'pair':
      return isPair;
    case 'host':
      return host !== undefined;
    case 'suppression':
      return false;
    case 'file':
    case 'diagnostic':
      return true;
  }
}
