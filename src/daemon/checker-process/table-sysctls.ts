/**
 * The kernel's settings that the table needs: sets those that are otherwise, sets them again when somebody changes them,
 * and puts back what was there once they are no longer needed. What was there outlives this process: its successor, which finds
 * only what we have written, is given it.
 */
import type { AdvisedSysctl, RequiredSysctl } from '../../ipvs-sync/index.ts';
import type { SysctlChange, SysctlResult } from '../../kernel/sysctl.ts';
import type { ChangedSysctl, LogRecord } from '../ipc.ts';

/** As in kernel/sysctl.ts. */
export interface SysctlPort {
  read(path: string): SysctlResult;
  change(path: string, value: string): SysctlChange;
}

interface Held {
  readonly value: string;
  /** What was there before us; undefined where it was as we need it, and so is nothing to put back. */
  readonly previous: string | undefined;
}

export interface SysctlReport {
  readonly records: readonly LogRecord[];
  /** What could not be set: sentences without an end. */
  readonly troubles: readonly string[];
}

export interface SysctlHistory {
  /** What an earlier run of ours has changed and not put back, by its path. */
  readonly changed: ReadonlyMap<string, ChangedSysctl>;
  /** Told when one is changed; undefined when it is ours no longer. */
  readonly report: (path: string, changed: ChangedSysctl | undefined) => void;
}

export class TableSysctls {
  readonly #port: SysctlPort;
  readonly #report: SysctlHistory['report'];
  readonly #held: Map<string, Held>;
  readonly #advised = new Set<string>();

  constructor(port: SysctlPort, { changed, report }: SysctlHistory) {
    this.#port = port;
    this.#report = report;
    this.#held = new Map(changed);
  }

  keep(required: readonly RequiredSysctl[]): SysctlReport {
    const records: LogRecord[] = [];
    const troubles: string[] = [];
    const needed = new Set(required.map(({ path }) => path));
    for (const path of [...this.#held.keys()]) {
      if (!needed.has(path)) records.push(...this.#putBack(path));
    }
    for (const one of required) {
      const change = this.#port.change(one.path, one.value);
      if (!change.ok) troubles.push(`${change.problem}, but ${one.reason} only with it`);
      else records.push(...this.#noteChange(one, change));
    }
    return { records, troubles };
  }

  /** Each is told once, also when it was right in between. */
  advise(advice: readonly AdvisedSysctl[]): readonly LogRecord[] {
    return advice.flatMap(({ path, value, consequence }): readonly LogRecord[] => {
      if (this.#advised.has(path)) return [];
      const found = this.#port.read(path);
      if (!found.ok || found.value === value) return [];
      this.#advised.add(path);
      return [{ level: 'info', message: `${nameOf(path)} is ${found.value}. ${consequence}` }];
    });
  }

  /** Puts back all that was changed. */
  release(): readonly LogRecord[] {
    return [...this.#held.keys()].flatMap((path) => this.#putBack(path));
  }

  #noteChange(
    { path, value, reason }: RequiredSysctl,
    change: Extract<SysctlChange, { ok: true }>,
  ): readonly LogRecord[] {
    const held = this.#held.get(path);
    if (held === undefined) this.#hold(path, value, change.changed ? change.previous : undefined);
    if (!change.changed) return [];
    return held === undefined
      ? [{ level: 'notice', message: `${nameOf(path)} set from ${change.previous} to ${value}: ${reason}` }]
      : [
          {
            level: 'warning',
            message: `${nameOf(path)} was set to ${change.previous} by somebody else; set to ${value} again: ${reason}`,
          },
        ];
  }

  #hold(path: string, value: string, previous: string | undefined): void {
    this.#held.set(path, { value, previous });
    if (previous !== undefined) this.#report(path, { value, previous });
  }

  /** Only where nobody else has set it since. */
  #putBack(path: string): readonly LogRecord[] {
    const held = this.#held.get(path);
    this.#held.delete(path);
    if (held?.previous === undefined) return [];
    this.#report(path, undefined);
    const found = this.#port.read(path);
    if (found.ok && found.value !== held.value) return [];
    const back = found.ok ? this.#port.change(path, held.previous) : found;
    return back.ok
      ? [{ level: 'notice', message: `${nameOf(path)} set back to ${held.previous}` }]
      : [{ level: 'error', message: `${nameOf(path)} stays ${held.value}: ${back.problem}` }];
  }
}

/** As sysctl(8) has it: `net.ipv4.vs.conntrack`. */
function nameOf(path: string): string {
  return `net.${path.replaceAll('/', '.')}`;
}
