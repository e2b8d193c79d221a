/** The configuration that `holdfast run` names, read from disk and told in lines for a log. */
import { hostname } from 'node:os';
import {
  type Diagnostic,
  hasFatal,
  hasSyntaxError,
  loadHmacKeys,
  parseConfig,
  type Resolved,
  type Severity,
} from '../config-parser/index.ts';
import type { LogLevel, LogRecord } from '../daemon/ipc.ts';
import type { ConfigurationReading } from '../daemon/supervisor/index.ts';
import { dumpConfiguration } from './dump-configuration.ts';
import { environmentOf } from './environment.ts';
import { startFailureStatus } from './exit-status.ts';
import { formatDiagnostic } from './format-diagnostic.ts';
import { readKeyFile } from './run-key-file.ts';
import type { RunOptions } from './run-options.ts';
import { sourceFiles } from './source-files.ts';

export type ReadingOptions = Pick<RunOptions, 'file' | 'configId' | 'allConfig' | 'dumpConfiguration'>;

const levels: Readonly<Record<Severity, LogLevel>> = {
  fatal: 'error',
  error: 'error',
  warning: 'warning',
  deprecated: 'warning',
  info: 'info',
};

/**
 * For the daemon. A start goes on as keepalived's does, with what could be understood; a reload has a configuration to
 * lose, so that a text which is broken in itself (an unclosed brace) is refused as a whole.
 */
export function readConfiguration(options: ReadingOptions, isReload: boolean): ConfigurationReading {
  const resolved = withKeyFiles(parseFiles(options));
  const records: LogRecord[] = [{ level: 'info', message: `Opening file '${options.file}'.` }];
  for (const diagnostic of resolved.diagnostics) records.push(toRecord(diagnostic, resolved));
  const { config, diagnostics } = resolved;
  const isBroken = hasFatal(diagnostics) || (isReload && hasSyntaxError(diagnostics));
  if (isBroken) return { ok: false, exitCode: startFailureStatus(diagnostics) ?? 2, records };
  if (options.dumpConfiguration) records.push({ level: 'info', message: dumpConfiguration(config) });
  return { ok: true, config, records };
}

/** keepalived.conf(5): auth_hmac. Keys in files are part of what is read, now and at each reload. */
export function withKeyFiles(resolved: Resolved): Resolved {
  const { config, diagnostics } = loadHmacKeys(resolved.config, readKeyFile, resolved.spanOf);
  return { ...resolved, config, diagnostics: [...resolved.diagnostics, ...diagnostics] };
}

/** Parses the files with the command line's wishes applied. */
export function parseFiles(options: Omit<ReadingOptions, 'dumpConfiguration'>): Resolved {
  const configId = options.configId ?? hostname().split('.')[0] ?? '';
  return parseConfig(sourceFiles(options.file), options.file, {
    configId,
    environment: environmentOf(process.env),
    includeAll: options.allConfig,
  });
}

/** One line: the excerpt of the file is for terminals. */
function toRecord(diagnostic: Diagnostic, { sources }: Resolved): LogRecord {
  const [line = ''] = formatDiagnostic({ ...diagnostic, notes: [] }, sources).split('\n');
  const help = diagnostic.help === undefined ? '' : `; ${diagnostic.help}`;
  return { level: levels[diagnostic.severity], message: line + help };
}
