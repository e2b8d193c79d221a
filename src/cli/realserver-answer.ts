/** What `holdfast realserver` works with, and what comes of it. */
import type { RealServerHost } from '../kernel/realserver-host.ts';

export interface RealServerPorts {
  readonly host: RealServerHost;
  readonly isRoot: boolean;
  /** The file of the unit that --persist writes. */
  readonly unit: string;
}

export interface Answer {
  /** 0 done, 1 failed or not as it has to be, 2 wrong command line. */
  readonly exitCode: 0 | 1 | 2;
  /** For standard output when it went well, else for standard error. */
  readonly lines: readonly string[];
  /** For --json, beside `ok` and `lines`. */
  readonly json?: object;
}

export function failed(...lines: readonly string[]): Answer {
  return { exitCode: 1, lines };
}
