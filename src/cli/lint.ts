/**
 * `holdfast lint`: reads the files, has the linter look at them, writes what it found or mends it, and says it in
 * the exit status.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { hasSyntaxError } from '../config-parser/index.ts';
import { errorCode } from '../daemon/logger/index.ts';
import { holdfastPackage } from '../kernel/package-root.ts';
import { type Examined, examine } from '../lint/examine.ts';
import { type Finding, levels } from '../lint/finding.ts';
import { formats, type LintReport } from '../lint/formats/index.ts';
import type { Host } from '../lint/host.ts';
import { matchesRule, type RuleSetting, type Selection, selectRules, suggestRule } from '../lint/profiles.ts';
import { allRules } from '../lint/rules/index.ts';
import type { Look } from './fix-until-settled.ts';
import { listRules } from './lint-list-rules.ts';
import { type LintNode, nodeReader } from './lint-nodes.ts';
import type { LintOptions } from './lint-options.ts';
import type { Streams } from './streams.ts';
import { UsageError } from './usage-error.ts';

export const lintStatus = { clean: 0, findings: 1, failure: 2 } as const;

/** Performs `options` and resolves with the exit status. Throws a UsageError for what cannot be meant. */
export async function lintFiles(options: LintOptions, streams: Streams): Promise<number> {
  checkSettings(options.ruleSettings);
  const selection = selectRules(allRules, options.profile, options.ruleSettings);
  if (options.listsRules) {
    return write(listRules(allRules, selection, options.format), options, streams)
      ? lintStatus.clean
      : lintStatus.failure;
  }
  const looking = await lookWith(selection, options, streams);
  if (options.showsDiff) return showDiff(looking, options, streams);
  if (options.fixes !== 'none') return fixAndReport(looking, selection, options, streams);
  const found = looking.look();
  const isWritten = write(formatFindings(found, selection, options, streams), options, streams);
  return statusOf(found.findings, options, looking.isReadable && isWritten);
}

interface Looking {
  readonly look: (texts?: ReadonlyMap<string, string>) => Look;
  readonly isReadable: boolean;
}

/** Reads everything once to know whether it can be read, and says what was read; the first look uses it. */
async function lookWith(selection: Selection, options: LintOptions, streams: Streams): Promise<Looking> {
  const read = await nodeReader(options, streams);
  const host = await hostFacts(options);
  const nodes = read();
  const isReadable = nodes.every(({ isUnreadable }) => !isUnreadable);
  // With a node missing everything would differ.
  const isPair = options.isPair && isReadable;
  const lookAt = (some: readonly LintNode[]): Look => ({
    ...examine(
      some.map(({ model }) => model),
      { selection, isPair, host },
    ),
    syntaxErrors: syntaxErrors(some),
  });
  const first = lookAt(nodes);
  if (options.isVerbose) streams.error(describeRun(nodes, selection, first));
  return {
    look: (texts) => (texts === undefined || texts.size === 0 ? first : lookAt(read(texts))),
    isReadable,
  };
}

async function showDiff(
  { look, isReadable }: Looking,
  options: LintOptions,
  streams: Streams,
): Promise<number> {
  const { diffFixes } = await import('./lint-fix.ts');
  const { diff, isComplete } = diffFixes(look, options, streams);
  const isWritten = write(diff, options, streams);
  if (!isComplete || !isReadable || !isWritten) return lintStatus.failure;
  return diff === '' ? lintStatus.clean : lintStatus.findings;
}

async function fixAndReport(
  { look, isReadable }: Looking,
  selection: Selection,
  options: LintOptions,
  streams: Streams,
): Promise<number> {
  const { fixFiles } = await import('./lint-fix.ts');
  const { left, isComplete } = fixFiles(look, options, streams);
  // Standard output is the text's then.
  const isTextOut = options.files.includes('-');
  const reporting = isTextOut ? { ...streams, out: streams.error, isTerminal: false } : streams;
  const isWritten = write(formatFindings(left, selection, options, reporting), options, reporting);
  return statusOf(left.findings, options, isReadable && isComplete && isWritten);
}

function syntaxErrors(nodes: readonly LintNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { model } of nodes) {
    for (const diagnostic of model.resolved.diagnostics) {
      if (!hasSyntaxError([diagnostic])) continue;
      const file = diagnostic.span?.file ?? model.name;
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
  }
  return counts;
}

function checkSettings(settings: readonly RuleSetting[]): void {
  const names = allRules.map(({ name }) => name);
  for (const { pattern } of settings) {
    if (names.some((name) => matchesRule(pattern, name))) continue;
    const meant = suggestRule(pattern, names);
    const hint =
      meant === undefined ? '"holdfast lint --list-rules" prints every name' : `did you mean "${meant}"?`;
    throw new UsageError(`there is no rule "${pattern}": ${hint}`);
  }
}

async function hostFacts({ usesHost }: LintOptions): Promise<Host | undefined> {
  if (!usesHost) return undefined;
  const { gatherHost } = await import('./lint-host.ts');
  return gatherHost();
}

function formatFindings(
  { findings, suppressedCount, sources }: Examined,
  { profile, rules, shown }: Selection,
  options: LintOptions,
  streams: Streams,
): string {
  const report: LintReport = {
    findings: options.isQuiet ? findings.filter((finding) => isFailure(finding, options)) : findings,
    sources,
    rules: rules.filter(({ name }) => shown.has(name)),
    fileNames: [...new Set(options.files.map((file) => (file === '-' ? options.stdinFilename : file)))],
    profile,
    suppressedCount,
    toolVersion: holdfastPackage().version,
  };
  return formats[options.format](report, {
    isColoured: isColoured(options, streams),
    maxFindings: options.maxFindings,
    hasSummary: !options.isQuiet,
    baseFolder: process.cwd(),
  });
}

/** https://no-color.org: the variable counts when it is not empty, and a wish on the command line counts more. */
export function isColoured(
  { colour, output }: Pick<LintOptions, 'colour' | 'output'>,
  { environment, isTerminal }: Pick<Streams, 'environment' | 'isTerminal'>,
): boolean {
  if (colour !== 'auto') return colour === 'always';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return output === undefined && isTerminal && environment['TERM'] !== 'dumb';
}

/** False when the file that was asked for cannot be written. */
function write(text: string, { output }: LintOptions, streams: Streams): boolean {
  if (output === undefined) {
    streams.out(text);
    return true;
  }
  try {
    writeFileSync(output, text);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    streams.error(`holdfast lint: cannot write ${output}: ${(error as Error).message}\n`);
    return false;
  }
}

function statusOf(findings: readonly Finding[], options: LintOptions, isComplete: boolean): number {
  if (!isComplete) return lintStatus.failure;
  return findings.some((finding) => isFailure(finding, options)) ? lintStatus.findings : lintStatus.clean;
}

function isFailure({ level }: Finding, { failOn }: LintOptions): boolean {
  return levels.indexOf(level) <= levels.indexOf(failOn);
}

function describeRun(
  nodes: readonly LintNode[],
  selection: Selection,
  { suppressedCount }: Examined,
): string {
  const lines = [
    ...nodes.map(({ model, configId }) => {
      const included = model.resolved.sources.size - 1;
      return `read ${model.name} with --config-id "${configId}"${included > 0 ? ` and what it includes: ${included}` : ''}`;
    }),
    `profile ${selection.profile}: ${selection.shown.size} of ${selection.known.length} rules`,
    `suppressed by comments: ${suppressedCount}`,
  ];
  return lines.map((line) => `holdfast lint: ${line}\n`).join('');
}
