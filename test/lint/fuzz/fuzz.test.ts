import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatFile, parseConfig, parseSource, type Span } from '../../../src/config-parser/index.ts';
import { applyFixes } from '../../../src/lint/apply-fixes.ts';
import type { Finding } from '../../../src/lint/finding.ts';
import { lint } from '../../../src/lint/lint.ts';
import { buildFileModel, type FileModel } from '../../../src/lint/model/index.ts';
import { allRules } from '../../../src/lint/rules/index.ts';
import { repository } from '../../config-parser/parse-helpers.ts';
import { ordinaryHost } from '../rule-harness.ts';
import { Chance, generateConfiguration, mutate } from './generate.ts';

/** `npm run fuzz` sets many; a run of all tests has time for some. */
const runs = Number(process.env['HOLDFAST_FUZZ_RUNS'] ?? 2000);
const seed = Number(process.env['HOLDFAST_FUZZ_SEED'] ?? 1);
const slowestMs = 1000;
const batch = 500;

function modelOf(name: string, text: string): FileModel {
  const other = 'vrrp_instance OTHER {\n interface eth0\n';
  const files: Readonly<Record<string, string>> = { [name]: text, 'other.conf': other };
  const read = (path: string) => {
    const content = files[path];
    return content === undefined ? { error: 'no such file' } : { text: content };
  };
  return buildFileModel(name, parseConfig({ read, glob: () => [] }, name, { configId: 'lb01', fold: false }));
}

function lintBoth(text: string): {
  readonly findings: readonly Finding[];
  readonly models: readonly FileModel[];
} {
  const models = [modelOf('lb01.conf', text), modelOf('lb02.conf', text.replace('MASTER', 'BACKUP'))];
  return { findings: lint(models, { rules: allRules, isPair: true, host: ordinaryHost }), models };
}

/** Why a place is not one; undefined when it is. */
function badPlace(span: Span | undefined, models: readonly FileModel[]): string | undefined {
  if (span === undefined) return 'no place';
  const source = models
    .map(({ resolved }) => resolved.sources.get(span.file))
    .find((found) => found !== undefined);
  if (source === undefined) return `no source ${span.file}`;
  const isInside = span.start >= 0 && span.start <= span.end && span.end <= source.text.length;
  return isInside ? undefined : `${span.start} to ${span.end} of ${source.text.length}`;
}

/** Sequences make many lines of a few: what they make has the time that a file would have that holds it all. */
const charactersEach = 25;

function statementsIn(statements: FileModel['root']['statements']): number {
  return statements.reduce((sum, { block }) => sum + 1 + statementsIn(block?.statements ?? []), 0);
}

function complaint(text: string): string | undefined {
  const begin = process.cpuUsage();
  const { findings, models } = lintBoth(text);
  // Processor time: a machine that does other things too is no reason to fail.
  const tookMs = process.cpuUsage(begin).user / 1000;
  // Two files of that size, with some room for a machine that does other things too.
  const size = Math.max(
    text.length,
    ...models.map(({ root }) => charactersEach * statementsIn(root.statements)),
  );
  const allowedMs = 2 * slowestMs * Math.max(1, size / 100_000);
  if (tookMs > allowedMs) return `took ${tookMs.toFixed(0)} ms for ${text.length} characters (${size})`;
  for (const { rule, message, span, notes = [] } of findings) {
    const bad =
      badPlace(span, models) ?? notes.map((note) => note.span && badPlace(note.span, models)).find(Boolean);
    if (bad !== undefined) return `${rule}: ${bad}: ${message}`;
    // A word of the file may end in a full stop.
    const isStopped = message.endsWith('.') && !text.includes(message.slice(message.lastIndexOf(' ') + 1));
    if (message.includes('\n') || isStopped) return `${rule}: not one sentence: ${message}`;
  }
  const texts = new Map(
    models.flatMap(({ resolved }) => [...resolved.sources].map(([n, s]) => [n, s.text] as const)),
  );
  applyFixes(findings, texts, { unsafe: true });
  const formatted = formatFile(parseSource({ name: 'x', text }).file);
  return formatFile(parseSource({ name: 'x', text: formatted }).file) === formatted
    ? undefined
    : 'fmt of fmt is not fmt';
}

function run(texts: (chance: Chance) => string, from: number, to: number): void {
  for (let number = from; number < to; number += 1) {
    const text = texts(new Chance(seed + number * 7919));
    let bad: string | undefined;
    try {
      bad = complaint(text);
    } catch (error) {
      bad = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    if (bad !== undefined) expect.fail(`seed ${seed}, text ${number}: ${bad}\n----\n${text.slice(0, 4000)}`);
  }
}

const corpus = join(repository, '../shared/corpus');
const folder = existsSync(corpus) ? corpus : join(repository, 'examples');
const inUse = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(folder, name), 'latin1'));

const kinds: Readonly<Record<string, (chance: Chance) => string>> = {
  'made from the tables': generateConfiguration,
  'made from the tables and damaged': (chance) => mutate(generateConfiguration(chance), chance),
  'in use and damaged': (chance) => mutate(chance.pick(inUse) ?? '', chance),
};

describe.each(Object.entries(kinds))(`texts %s (seed ${seed})`, (_, texts) => {
  const share = Math.ceil(runs / Object.keys(kinds).length);
  const batches = Array.from({ length: Math.ceil(share / batch) }, (_unused, index) => index * batch);

  it.each(batches)(
    'from number %i on are read, linted, mended and formatted, every message at a place',
    (from) => {
      run(texts, from, Math.min(from + batch, share));
    },
    600_000,
  );
});
