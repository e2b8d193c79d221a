/** `holdfast config dump FILE`: what a configuration comes to after includes, variables, conditions and defaults. */
import { hostname } from 'node:os';
import { parseConfig, type SourceReader } from '../config-parser/index.ts';
import { effective, printEffective } from '../lint/reference/effective.ts';
import { environmentOf } from './environment.ts';
import { formatDiagnostics } from './format-diagnostic.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';
import { textReader } from './text-reader.ts';

export interface DumpOptions {
  /** `-` is standard input. */
  readonly file: string;
  readonly configId?: string | undefined;
  readonly format: 'conf' | 'json';
}

/** The shape of the JSON; it changes when that does. */
const jsonVersion = 1;

const standardInput = '<stdin>';

/**
 * Exit status: 0 dumped; 1 dumped what could be understood, and there are errors; 2 not readable. What is wrong goes to
 * standard error.
 */
export async function runConfigDump(options: DumpOptions, streams: Streams): Promise<number> {
  const { file, reader } = await sourceOf(options.file, streams);
  const { diagnostics, sources, values, config } = parseConfig(reader, file, {
    configId: options.configId ?? hostname().split('.')[0] ?? '',
    environment: environmentOf(streams.environment),
  });
  const serious = diagnostics.filter(({ severity }) => severity === 'fatal' || severity === 'error');
  streams.error(formatDiagnostics(serious, sources));
  if (diagnostics.some(({ code }) => code === 'file-unreadable')) return 2;
  const statements = effective(values);
  streams.out(
    options.format === 'json'
      ? `${JSON.stringify({ version: jsonVersion, file, statements, config }, undefined, 2)}\n`
      : printEffective(statements),
  );
  return serious.length > 0 ? 1 : 0;
}

async function sourceOf(file: string, streams: Streams): Promise<{ file: string; reader: SourceReader }> {
  if (file !== '-') return { file, reader: sourceFiles(file, { readsPipes: true }) };
  return { file: standardInput, reader: textReader(standardInput, await streams.input()) };
}
