/** Where the log goes, decided from the command line and from what standard error is. Pure. */
import type { LineStyle } from './format-line.ts';

export interface LogOptions {
  /** keepalived(8): -l, --log-console. */
  readonly console: boolean;
  /** keepalived(8): -n, --dont-fork. */
  readonly foreground: boolean;
  /** In the background, while the process that waits for the start still reads our standard error. */
  readonly startUp: boolean;
  /** keepalived(8): -G, --no-syslog. Standard error stands in for syslog in the foreground. */
  readonly noSyslog: boolean;
  /** keepalived(8): -g, --log-file. */
  readonly file: string | undefined;
  /** keepalived(8): -D, --log-detail. */
  readonly detail: boolean;
}

/** keepalived writes to /tmp/keepalived.log; a file that everybody can make beforehand is no place for a log of root's. */
export const defaultLogFile = '/var/log/holdfast.log';

/** Whether lines go to standard error: with -l, during the start, and in the foreground unless -G says otherwise. */
export function writesToStandardError(options: LogOptions): boolean {
  return options.console || options.startUp || (options.foreground && !options.noSyslog);
}

/** The file that lines go to: -g's, and in the background the default one, unless -l or -G says otherwise. */
export function logFileOf(options: LogOptions): string | undefined {
  if (options.file !== undefined) return options.file;
  return options.foreground || options.console || options.noSyslog ? undefined : defaultLogFile;
}

/**
 * systemd.exec(5): JOURNAL_STREAM is device:inode of what the journal reads. INVOCATION_ID would not do: every shell
 * started from a desktop session has inherited one.
 */
export function styleOf(
  journalStream: string | undefined,
  standardError: { readonly dev: number; readonly ino: number },
): LineStyle {
  return journalStream === `${standardError.dev}:${standardError.ino}` ? 'journal' : 'dated';
}
