/** Takes away the findings that comments in the files suppress, and tells which of those comments do no work. */
import type { Source, Span } from '../config-parser/index.ts';
import type { Finding } from './finding.ts';
import { findingOf } from './lint.ts';
import { matchesRule, suggestRule } from './profiles.ts';
import type { Report, SuppressionRule } from './rule.ts';
import {
  findSuppressionComments,
  type SuppressedName,
  type Suppression,
  type SuppressionComment,
} from './suppression-comment.ts';

export interface SuppressionOptions {
  /** Names of all rules that there are. */
  readonly known: readonly string[];
  /**
   * Names of those that looked at these files: only of them can be said that there was nothing to suppress. Without the
   * rules about comments, which come after this has been said.
   */
  readonly active: ReadonlySet<string>;
  /** Those of the kind `suppression` that are wanted. */
  readonly rules: readonly SuppressionRule[];
}

export interface Suppressed {
  /** What is left, and what the rules about comments found, at the end. */
  readonly findings: readonly Finding[];
  readonly suppressedCount: number;
}

export function applySuppressions(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, Source>,
  options: SuppressionOptions,
): Suppressed {
  const suppressor = new Suppressor(sources);
  if (suppressor.isEmpty) return { findings, suppressedCount: 0 };
  const left = suppressor.filter(findings);
  // What the rules about comments say can be suppressed as well, but makes no comment useful.
  const said = suppressor.filter(review(suppressor.judge(options), options.rules));
  return { findings: [...left, ...said], suppressedCount: suppressor.count };
}

function review(suppressions: readonly Suppression[], rules: readonly SuppressionRule[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const rule of rules) {
    const report: Report = (reported) => findings.push(findingOf(rule, reported, rule.level));
    for (const suppression of suppressions) rule.check(suppression, report);
  }
  return findings;
}

class Suppressor {
  count = 0;
  private readonly sources: ReadonlyMap<string, Source>;
  private readonly comments: readonly SuppressionComment[];
  /** By file and begin of the line; a template may have one in each of 20,000 services. */
  private readonly ofLines: ReadonlyMap<string, readonly SuppressionComment[]>;
  private readonly ofBlocks: readonly SuppressionComment[];
  private readonly used = new Set<SuppressedName>();

  constructor(sources: ReadonlyMap<string, Source>) {
    this.sources = sources;
    this.comments = [...sources.values()].flatMap(findSuppressionComments);
    const ofLines = this.comments.filter(({ scope }) => scope === 'line');
    this.ofLines = groupBy(ofLines, ({ span, start }) => `${span.file}\0${start}`);
    this.ofBlocks = this.comments.filter(({ scope }) => scope === 'block' || scope === 'file');
  }

  get isEmpty(): boolean {
    return this.comments.length === 0;
  }

  filter(findings: readonly Finding[]): readonly Finding[] {
    const left = findings.filter((finding) => !this.suppresses(finding));
    this.count += findings.length - left.length;
    return left;
  }

  judge({ known, active }: SuppressionOptions): readonly Suppression[] {
    const activeNames = [...active];
    const isKnown = ({ text }: SuppressedName) => known.some((name) => matchesRule(text, name));
    const looked = ({ text }: SuppressedName) => activeNames.some((name) => matchesRule(text, name));
    return this.comments.map((comment) => ({
      ...comment,
      unknown: comment.names.filter((name) => !isKnown(name)),
      unused: comment.names.filter((name) => looked(name) && !this.used.has(name)),
      suggest: (name) => suggestRule(name, known),
    }));
  }

  /** Where several comments fit, each has done its work. */
  private suppresses({ rule, span }: Finding): boolean {
    if (span === undefined) return false;
    const names = this.commentsAt(span).flatMap((comment) => comment.names);
    const fitting = names.filter(({ text }) => matchesRule(text, rule));
    for (const name of fitting) this.used.add(name);
    return fitting.length > 0;
  }

  private commentsAt({ file, start }: Span): readonly SuppressionComment[] {
    const text = this.sources.get(file)?.text ?? '';
    const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
    return [
      ...(this.ofLines.get(`${file}\0${lineStart}`) ?? []),
      ...this.ofBlocks.filter(
        (block) => block.span.file === file && block.start <= start && start < block.end,
      ),
    ];
  }
}

function groupBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
