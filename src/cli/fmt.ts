/** `holdfast fmt`: files in canonical layout, in place, or only what would change. */
import { formatFile, parseSource } from '../config-parser/index.ts';
import { readText, reasonOf, textOfStandardInput } from './read-text.ts';
import { type Rewriting, rewriteFile } from './rewrite-file.ts';
import type { Streams } from './streams.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface FmtOptions {
  /** `-` is standard input; the result goes to standard output. */
  readonly files: readonly string[];
  /** Change nothing; exit 1 when something would change. */
  readonly check: boolean;
  /** Change nothing; print what would change. */
  readonly diff: boolean;
  /** Also files whose braces or quotes do not fit. */
  readonly force: boolean;
  readonly stdinFilename: string;
}

type Outcome = 'same' | 'changed' | 'failed';

/** Exit status: 0 done, 1 something would change (with --check or --diff), 2 a file could not be formatted. */
export async function runFmt(options: FmtOptions, streams: Streams): Promise<number> {
  const standardInput = options.files.includes('-') ? await streams.input() : '';
  const outcomes = options.files.map((file) => formatOne(file, standardInput, options, streams));
  if (outcomes.includes('failed')) return 2;
  return (options.check || options.diff) && outcomes.includes('changed') ? 1 : 0;
}

function formatOne(file: string, standardInput: string, options: FmtOptions, streams: Streams): Outcome {
  const name = file === '-' ? options.stdinFilename : file;
  const read = file === '-' ? textOfStandardInput(standardInput) : readText(file);
  if ('error' in read) return fail(streams, `${name}: ${read.error}`);
  const { file: cst } = parseSource({ name, text: read.text });
  const broken = options.force ? undefined : misfit(cst);
  if (broken !== undefined) return fail(streams, `${name}: not formatted: ${broken}; --force formats it`);
  const after = formatFile(cst);
  const isChanged = after !== read.text;
  if (options.diff) {
    if (isChanged) streams.out(unifiedDiff(name, read.text, after));
  } else if (options.check) {
    if (isChanged) streams.out(`${name}: would be reformatted\n`);
  } else if (file === '-') streams.out(after);
  else if (isChanged) return rewrite(file, { before: read.text, after }, streams);
  return isChanged ? 'changed' : 'same';
}

function rewrite(file: string, rewriting: Rewriting, streams: Streams): Outcome {
  try {
    rewriteFile(file, rewriting);
  } catch (error) {
    return fail(streams, `${file}: cannot be written: ${reasonOf(error)}`);
  }
  streams.error(`${file}: reformatted\n`);
  return 'changed';
}

function fail(streams: Streams, message: string): Outcome {
  streams.error(`holdfast fmt: ${message}\n`);
  return 'failed';
}

/** Indentation tells where a missing brace belongs: it must not be taken away before the brace is there. */
function misfit(file: ReturnType<typeof parseSource>['file']): string | undefined {
  let depth = 0;
  for (const { tokens } of file.shapes) {
    for (const { kind } of tokens) {
      if (kind === 'unterminated') return 'a double quote is not closed';
      if (kind === 'open') depth += 1;
      if (kind === 'close') depth -= 1;
      if (depth < 0) return 'there is a "}" too many';
    }
  }
  return depth > 0 ? 'a "}" is missing' : undefined;
}
