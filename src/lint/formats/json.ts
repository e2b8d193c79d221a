/**
 * For programs. Its shape is a promise: fields may be added under one `version`, and none changes its meaning or goes.
 * Lines and columns are those of `Region`; what has no place has no `file`, and `line` only where the file could be read.
 */
import type { Note, Source, Span } from '../../config-parser/index.ts';
import { type Finding, type Fix, type Level, levels } from '../finding.ts';
import { safeJson } from './clean-text.ts';
import { chainedNotes } from './message.ts';
import { type Region, regionOf } from './region.ts';
import type { Format, LintReport } from './report.ts';
import { countOf } from './summary.ts';

export interface JsonReport {
  readonly version: 1;
  readonly tool: { readonly name: 'holdfast'; readonly version: string };
  readonly profile: LintReport['profile'];
  readonly files: readonly string[];
  readonly findings: readonly JsonFinding[];
  readonly summary: Readonly<Record<Level, number>> & {
    readonly files: number;
    readonly fixable: number;
    readonly suppressed: number;
  };
}

export type JsonPlace = { readonly file?: string } & Partial<Region>;

export interface JsonFinding extends JsonPlace {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly help?: string;
  readonly notes: readonly (JsonPlace & { readonly message: string })[];
  readonly fix?: {
    readonly title: string;
    /** Whether --fix makes it, or only --unsafe-fixes. */
    readonly safe: boolean;
    readonly edits: readonly (JsonPlace & { readonly text: string })[];
  };
}

type Sources = ReadonlyMap<string, Source>;

export const formatJson: Format = (report) => safeJson(jsonReport(report));

function jsonReport({ findings, sources, profile, fileNames, ...rest }: LintReport): JsonReport {
  const [error = 0, warn = 0, info = 0] = levels.map((level) => countOf(findings, level));
  return {
    version: 1,
    tool: { name: 'holdfast', version: rest.toolVersion },
    profile,
    files: fileNames,
    findings: findings.map((finding) => jsonFinding(finding, sources)),
    summary: {
      error,
      warn,
      info,
      files: fileNames.length,
      fixable: findings.filter(({ fix }) => fix?.isSafe).length,
      suppressed: rest.suppressedCount,
    },
  };
}

function jsonFinding(finding: Finding, sources: Sources): JsonFinding {
  const { rule, level, message, span, help, fix } = finding;
  return {
    rule,
    level,
    message,
    ...jsonPlace(span, sources),
    ...(help !== undefined && { help }),
    notes: chainedNotes(finding, sources).map((note) => jsonNote(note, sources)),
    ...(fix && { fix: jsonFix(fix, sources) }),
  };
}

function jsonNote({ message, span }: Note, sources: Sources): JsonPlace & { readonly message: string } {
  return { message, ...jsonPlace(span, sources) };
}

function jsonFix({ title, isSafe, edits }: Fix, sources: Sources): NonNullable<JsonFinding['fix']> {
  return {
    title,
    safe: isSafe,
    edits: edits.map(({ span, text }) => ({ ...jsonPlace(span, sources), text })),
  };
}

function jsonPlace(span: Span | undefined, sources: Sources): JsonPlace {
  return span === undefined ? {} : { file: span.file, ...regionOf(span, sources) };
}
