/** `holdfast lint --fix` and `--diff`: makes the fixes, in the files or on paper, and says how many. */
import type { Finding } from '../lint/finding.ts';
import { type Fixing, fixUntilSettled, type Look, type Settled } from './fix-until-settled.ts';
import { identify } from './lint-nodes.ts';
import type { LintOptions } from './lint-options.ts';
import { reasonOf, textOfStandardInput } from './read-text.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { Streams } from './streams.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface Fixed {
  /** What is left, in the files as they are now. */
  readonly left: Look;
  /** False when something that could be fixed was not. */
  readonly isComplete: boolean;
}

type FixOptions = Pick<LintOptions, 'files' | 'stdinFilename' | 'fixes' | 'isQuiet'>;

/** Fixes the files on disk; the text of standard input goes to standard output, fixed or not. */
export function fixFiles(look: Fixing['look'], options: FixOptions, streams: Streams): Fixed {
  const settled = fixUntilSettled(fixingOf(look, options));
  const failures = [...keptFailures(settled), ...writeAll(settled, options, streams)];
  for (const { name, reason } of failures) streams.error(`holdfast lint: ${name}: not fixed: ${reason}\n`);
  const failed = new Set(failures.map(({ file }) => file));
  if (!options.isQuiet) streams.error(describeFixes('fixed', settled, failed));
  const unwritten = [...failed].some((file) => settled.texts.has(file));
  const texts = new Map([...settled.texts].filter(([file]) => !failed.has(file)));
  return { left: unwritten ? look(texts) : settled.last, isComplete: failures.length === 0 };
}

export interface DiffOfFixes {
  /** Empty where there is nothing to fix. */
  readonly diff: string;
  readonly isComplete: boolean;
}

/** What the fixes would change, as one patch for all files. */
export function diffFixes(look: Fixing['look'], options: FixOptions, streams: Streams): DiffOfFixes {
  const settled = fixUntilSettled(fixingOf(look, options));
  const failures = keptFailures(settled);
  for (const { name, reason } of failures) streams.error(`holdfast lint: ${name}: not fixed: ${reason}\n`);
  if (!options.isQuiet) streams.error(describeFixes('would fix', settled, settled.kept));
  const diffs = changesOf(settled).map(({ name, before, after }) => unifiedDiff(name, before, after));
  return { diff: diffs.join(''), isComplete: failures.length === 0 };
}

function fixingOf(look: Fixing['look'], { fixes }: FixOptions): Fixing {
  return { look, identify, unsafe: fixes === 'all' };
}

interface Change {
  /** As `texts` has it; asked before anything is written, when the file is still there. */
  readonly file: string;
  /** As the file was named when it was read first. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

interface Failure {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

/** In the order in which the files were read. */
function changesOf({ first, texts }: Settled): readonly Change[] {
  const left = new Map(texts);
  return [...first.sources].flatMap(([name, { text }]) => {
    const file = identify(name);
    const after = left.get(file);
    left.delete(file);
    return after === undefined ? [] : [{ file, name, before: text, after }];
  });
}

function keptFailures({ kept }: Settled): readonly Failure[] {
  const reason =
    'its braces or quotes would not fit afterwards, which is a mistake of holdfast; it stays as it is';
  return [...kept].map((file) => ({ file, name: file, reason }));
}

function writeAll(settled: Settled, options: FixOptions, streams: Streams): readonly Failure[] {
  const standardInput = options.files.includes('-') ? options.stdinFilename : undefined;
  const failures: Failure[] = [];
  for (const change of changesOf(settled)) {
    if (change.name === standardInput) continue;
    const reason = write(change);
    if (reason !== undefined) failures.push({ file: change.file, name: change.name, reason });
  }
  if (standardInput !== undefined) failures.push(...writeStandardInput(standardInput, settled, streams));
  return failures;
}

/** Undefined when it is done. */
function write({ name, before, after }: Change): string | undefined {
  try {
    rewriteFile(name, { before, after });
    return undefined;
  } catch (error) {
    return `it cannot be written: ${reasonOf(error)}`;
  }
}

function writeStandardInput(name: string, { first, texts }: Settled, { out }: Streams): readonly Failure[] {
  const read = textOfStandardInput(first.sources.get(name)?.text ?? '');
  if ('error' in read) return [{ file: identify(name), name, reason: read.error }];
  out(texts.get(identify(name)) ?? read.text);
  return [];
}

function describeFixes(verb: string, { texts, applied }: Settled, failed: ReadonlySet<string>): string {
  const isDone = ({ fix }: Finding) => fix?.edits.every(({ span }) => !failed.has(span.file)) === true;
  const files = [...texts.keys()].filter((file) => !failed.has(file)).length;
  return `holdfast lint: ${verb} ${counted(applied.filter(isDone).length, 'finding')} in ${counted(files, 'file')}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
