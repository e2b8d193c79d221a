/** `holdfast config dump FILE`: what a configuration comes to after includes, variables, conditions and defaults. */
import { hostname } from 'node:os';
import { hasFatal, parseConfig } from '../config-parser/index.ts';
import { effective, printEffective } from '../lint/reference/effective.ts';
import { formatDiagnostics } from './format-diagnostic.ts';
import { sourceFiles } from './source-files.ts';
import type { Streams } from './streams.ts';

export interface DumpOptions {
  readonly file: string;
  readonly configId?: string | undefined;
  readonly format: 'conf' | 'json';
}

/** The shape of the JSON; it changes when that does. */
const jsonVersion = 1;

/** Exit status: 0 dumped, 1 dumped what could be understood, 2 not readable. What is wrong goes to standard error. */
export function runConfigDump({ file, configId, format }: DumpOptions, streams: Streams): number {
  const resolved = parseConfig(sourceFiles(file), file, {
    configId: configId ?? hostname().split('.')[0] ?? '',
  });
  const { diagnostics, sources, values, config } = resolved;
  const isUnreadable = diagnostics.some(({ code }) => code === 'file-unreadable');
  const serious = diagnostics.filter(({ severity }) => severity === 'fatal' || severity === 'error');
  streams.error(formatDiagnostics(serious, sources));
  if (isUnreadable) return 2;
  const statements = effective(values);
  streams.out(
    format === 'json'
      ? `${JSON.stringify({ version: jsonVersion, file, statements, config }, undefined, 2)}\n`
      : printEffective(statements),
  );
  return hasFatal(diagnostics) || serious.length > 0 ? 1 : 0;
}
