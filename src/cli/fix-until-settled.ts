/**
 * Makes the fixes of findings again and again until nothing changes: one fix may uncover a finding, or may have to wait
 * for another that touches the same place. It reads and writes no file: a look at the files is asked for.
 */
import { applyFixes } from '../lint/apply-fixes.ts';
import type { Examined } from '../lint/examine.ts';
import type { Finding } from '../lint/finding.ts';

/** What was found in the files at one time. */
export interface Look extends Examined {
  /** By name of file, as in `sources`: braces and quotes that do not fit, and the like. */
  readonly syntaxErrors: ReadonlyMap<string, number>;
}

export interface Fixing {
  /** Looks at the files, where these texts count in place of what is on disk. */
  readonly look: (texts: ReadonlyMap<string, string>) => Look;
  /** What all names of one file have in common; the key of texts. */
  readonly identify: (name: string) => string;
  readonly unsafe: boolean;
}

export interface Settled {
  readonly first: Look;
  readonly last: Look;
  /** The new texts, of those files that changed. */
  readonly texts: ReadonlyMap<string, string>;
  /** Findings whose fixes were made. Their edits name files as `identify` does. */
  readonly applied: readonly Finding[];
  /** Files that were left as they are, because the fixes would have broken them. */
  readonly kept: ReadonlySet<string>;
}

/** Fixes that undo each other would go on for ever. */
const mostRounds = 10;

/** A file in which fixes would leave more syntax errors than there were gets none of them. */
export function fixUntilSettled(fixing: Fixing): Settled {
  const kept = new Set<string>();
  for (;;) {
    const settled = settle(fixing, kept);
    const broken = brokenBy(settled, fixing);
    if (broken.length === 0) return settled;
    for (const file of broken) kept.add(file);
  }
}

function settle({ look, identify, unsafe }: Fixing, kept: ReadonlySet<string>): Settled {
  let texts: ReadonlyMap<string, string> = new Map();
  const applied: Finding[] = [];
  const first = look(texts);
  let last = first;
  for (let round = 0; round < mostRounds; round += 1) {
    const findings = last.findings.map((finding) => identified(finding, identify));
    const fixed = applyFixes(findings, textsOf(last, identify, kept), { unsafe });
    if (fixed.texts.size === 0) break;
    texts = new Map([...texts, ...fixed.texts]);
    applied.push(...fixed.applied);
    last = look(texts);
  }
  return { first, last, texts, applied, kept: new Set(kept) };
}

function identified(finding: Finding, identify: Fixing['identify']): Finding {
  const { fix } = finding;
  if (fix === undefined) return finding;
  const edits = fix.edits.map((edit) => ({
    ...edit,
    span: { ...edit.span, file: identify(edit.span.file) },
  }));
  return { ...finding, fix: { ...fix, edits } };
}

function textsOf(
  { sources }: Look,
  identify: Fixing['identify'],
  kept: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const texts = new Map([...sources].map(([name, { text }]) => [identify(name), text]));
  for (const file of kept) texts.delete(file);
  return texts;
}

/** The brace that an included file lacks may be missed in the one that includes it: then none of the changes is trusted. */
function brokenBy({ first, last, texts }: Settled, { identify }: Fixing): readonly string[] {
  const worse = [...last.syntaxErrors]
    .filter(([name, count]) => count > (first.syntaxErrors.get(name) ?? 0))
    .map(([name]) => identify(name));
  const guilty = worse.filter((file) => texts.has(file));
  return guilty.length === worse.length ? guilty : [...texts.keys()];
}
