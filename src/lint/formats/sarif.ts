/**
 * SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), for services that collect the findings of many tools.
 * Every finding is a result, its rule described once in the driver; the section numbers are those of the standard.
 */
import type { Note, Source, Span } from '../../config-parser/index.ts';
import type { Finding, Fix, Level } from '../finding.ts';
import type { RuleFacts } from '../rule.ts';
import { safeJson } from './clean-text.ts';
import { addressOf } from './file-address.ts';
import { Fingerprints } from './fingerprints.ts';
import { chainedNotes } from './message.ts';
import { regionOf } from './region.ts';
import type { Format, LintReport } from './report.ts';

/** 3.27.10: result.level. */
const sarifLevels: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'note' };

/** The address of a file as a document should name it. */
type Addresses = (file: string) => string;

interface Context {
  readonly sources: ReadonlyMap<string, Source>;
  readonly address: Addresses;
  readonly fingerprints: Fingerprints;
  /** Position of a rule in the driver's list. */
  readonly ruleIndex: ReadonlyMap<string, number>;
}

export const formatSarif: Format = (report, { baseFolder }) => {
  const rules = [...report.rules, ...unlistedRules(report)];
  const address = (file: string) => addressOf(file, baseFolder);
  const context: Context = {
    sources: report.sources,
    address,
    fingerprints: new Fingerprints(report.sources, address),
    ruleIndex: new Map(rules.map(({ name }, index) => [name, index])),
  };
  return safeJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: driverOf(report.toolVersion, rules) },
        columnKind: 'utf16CodeUnits',
        artifacts: [...report.sources.keys()].map((file) => ({ location: { uri: address(file) } })),
        results: report.findings.map((finding) => resultOf(finding, context)),
        properties: { profile: report.profile, suppressed: report.suppressedCount },
      },
    ],
  });
};

type DescribedRule = Pick<RuleFacts, 'name' | 'level' | 'summary' | 'details'>;

/** What has no rule of its own yet is described by what it says. */
function unlistedRules({ rules, findings }: LintReport): readonly DescribedRule[] {
  const listed = new Set(rules.map(({ name }) => name));
  const unlisted = new Map(
    findings
      .filter(({ rule }) => !listed.has(rule))
      .map(({ rule: name, level, message }) => [name, { name, level, summary: message, details: message }]),
  );
  return [...unlisted.values()];
}

function driverOf(version: string, rules: readonly DescribedRule[]): object {
  return {
    name: 'holdfast',
    version,
    semanticVersion: version,
    rules: rules.map(({ name, level, summary, details }) => ({
      id: name,
      shortDescription: { text: `${summary}.` },
      fullDescription: { text: plainText(details), markdown: details },
      help: {
        text: `${plainText(details)}\n\nholdfast explain ${name}`,
        markdown: `${details}\n\n\`holdfast explain ${name}\` shows examples.`,
      },
      defaultConfiguration: { level: sarifLevels[level] },
      properties: { tags: [groupOf(name)] },
    })),
  };
}

function groupOf(name: string): string {
  return name.split('/')[0] ?? name;
}

/** Markdown's marks and line breaks are for Markdown. */
function plainText(markdown: string): string {
  return markdown
    .replaceAll('`', '')
    .replace(/\n(?!\n)/g, ' ')
    .trim();
}

function resultOf(finding: Finding, context: Context): object {
  const { rule, level, message, help, span, fix } = finding;
  const notes = chainedNotes(finding, context.sources);
  const placeless = notes.filter((note) => note.span === undefined).map((note) => note.message);
  const text = [message, ...(help === undefined ? [] : [`Help: ${help}`]), ...placeless];
  const related = notes.flatMap((note) => relatedLocation(note, context));
  return {
    ruleId: rule,
    ruleIndex: context.ruleIndex.get(rule) ?? -1,
    level: sarifLevels[level],
    message: { text: text.map((sentence) => `${sentence}.`).join('\n') },
    ...(span && {
      locations: [{ physicalLocation: physicalLocation(span, context) }],
      partialFingerprints: { 'holdfastFinding/v1': context.fingerprints.of(rule, span) },
    }),
    ...(related.length > 0 && { relatedLocations: related }),
    // 3.55.3: a fix changes something.
    ...(fix && fix.edits.length > 0 && { fixes: [sarifFix(fix, context)] }),
  };
}

function relatedLocation({ span, message }: Note, context: Context): readonly object[] {
  return span === undefined
    ? []
    : [{ physicalLocation: physicalLocation(span, context), message: { text: message } }];
}

function physicalLocation(span: Span, context: Context): object {
  const region = sarifRegion(span, context);
  return { artifactLocation: { uri: context.address(span.file) }, ...(region && { region }) };
}

function sarifRegion(span: Span, { sources }: Context): object | undefined {
  const region = regionOf(span, sources);
  if (region === undefined) return undefined;
  const { line, column, endLine, endColumn } = region;
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** 3.55: a fix has one change for each file. */
function sarifFix({ title, isSafe, edits }: Fix, context: Context): object {
  const files = [...new Set(edits.map(({ span }) => span.file))];
  const editsOf = (file: string) => edits.filter(({ span }) => span.file === file);
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: { uri: context.address(file) },
      replacements: editsOf(file).map(({ span, text }) => ({
        deletedRegion: sarifRegion(span, context) ?? { startLine: 1 },
        insertedContent: { text },
      })),
    })),
    properties: { safe: isSafe },
  };
}
