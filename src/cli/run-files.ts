/** The daemon's own files: their names, and the pid file that keeps a second daemon away. */
import { basename, dirname, extname, join } from 'node:path';
import process from 'node:process';
import type { DaemonConfig } from '../config-parser/config.ts';
import { errorCode } from '../daemon/logger/index.ts';
import { AlreadyRunningError, claimPidFile, removePidFile } from '../daemon/pid-file.ts';
import type { ConfigurationReading, DaemonFiles } from '../daemon/supervisor/index.ts';
import type { RunOptions } from './run-options.ts';

type FileOptions = Pick<RunOptions, 'pidFiles' | 'controlSocket' | 'givenFiles'>;

/**
 * keepalived.conf(5): instance. Several daemons on one host: names that the command line does not give have the instance in
 * them.
 */
export function nameFiles(options: FileOptions, daemon: DaemonConfig | undefined): DaemonFiles {
  const { vrrp, checker, bfd } = namesOf(options, daemon);
  return {
    pidFiles: { vrrp, checker, bfd },
    controlSocket: named(options.controlSocket, options, 'controlSocket', daemon),
  };
}

function namesOf(options: FileOptions, daemon: DaemonConfig | undefined): RunOptions['pidFiles'] {
  const { main, vrrp, checker, bfd } = options.pidFiles;
  return {
    main: named(main, options, 'main', daemon),
    vrrp: named(vrrp, options, 'vrrp', daemon),
    checker: named(checker, options, 'checker', daemon),
    bfd: named(bfd, options, 'bfd', daemon),
  };
}

function named(
  path: string,
  { givenFiles }: FileOptions,
  which: string,
  daemon: DaemonConfig | undefined,
): string {
  const instance = daemon?.instance;
  if (instance === undefined || givenFiles.includes(which)) return path;
  return withInstance(path, instance);
}

/** `/run/holdfast/vrrp.pid` becomes `/run/holdfast/vrrp_blue.pid`. */
export function withInstance(path: string, instance: string): string {
  const ending = extname(path);
  // A name with a slash would lead elsewhere.
  const name = instance.replaceAll('/', '_');
  return join(dirname(path), `${basename(path, ending)}_${name}${ending}`);
}

/** The daemon's pid file. Only the configuration knows its name, and until it is read nothing is done that could disturb. */
export class PidClaim {
  private readonly options: FileOptions;
  private path: string | undefined;

  constructor(options: FileOptions) {
    this.options = options;
  }

  /** `reading`, or its failure when another daemon has the file or it cannot be written. */
  require(reading: Extract<ConfigurationReading, { ok: true }>): ConfigurationReading {
    const { main } = namesOf(this.options, reading.config.daemon);
    try {
      claimPidFile(main);
      this.path = main;
      return reading;
    } catch (error) {
      if (!(error instanceof AlreadyRunningError) && errorCode(error) === undefined) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { ok: false, exitCode: 1, records: reading.records, reason };
    }
  }

  release(): void {
    if (this.path !== undefined) removePidFile(this.path, process.pid);
  }
}
