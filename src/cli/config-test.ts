/** keepalived(8): -t, --config-test. Says what is wrong and where, and starts nothing. */
import { writeFileSync } from 'node:fs';
import { errorCode } from '../daemon/logger/index.ts';
import { configTestStatus } from './exit-status.ts';
import { formatDiagnostics } from './format-diagnostic.ts';
import { parseFiles } from './read-configuration.ts';
import type { RunOptions } from './run-options.ts';

/** Writes to `logFile`, or to standard error where that is `''`. Returns the exit status, 1 when it cannot write. */
export function testConfiguration(
  options: Pick<RunOptions, 'file' | 'configId' | 'allConfig'>,
  logFile: string,
): number {
  const { diagnostics, sources } = parseFiles(options);
  const report = formatDiagnostics(diagnostics, sources);
  if (logFile === '') {
    process.stderr.write(report);
    return configTestStatus(diagnostics);
  }
  try {
    writeFileSync(logFile, report);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    process.stderr.write(`holdfast: cannot write ${logFile}: ${(error as Error).message}\n`);
    return 1;
  }
  return configTestStatus(diagnostics);
}
