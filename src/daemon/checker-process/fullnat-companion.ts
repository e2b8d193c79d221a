/** The firewall's part of FULLNAT, kept in the rhythm of the table. */

import type { VirtualServerConfig } from '../../config-parser/config.ts';
import { desiredRules, type FullNatRules, noRules } from '../../fullnat/index.ts';
import type { LogRecord } from '../ipc.ts';
import type { TableCompanion } from './table-surroundings.ts';

/** As in kernel/fullnat-keeper.ts. */
export interface FullNatPort {
  apply(rules: FullNatRules): Promise<readonly LogRecord[]>;
  check(): Promise<readonly LogRecord[]>;
  release(): Promise<readonly LogRecord[]>;
}

export class FullNatCompanion implements TableCompanion {
  readonly #port: FullNatPort;
  readonly #log: (record: LogRecord) => void;
  #rules: FullNatRules = noRules;
  #isApplied = false;
  #isUsed = false;

  constructor(port: FullNatPort, log: (record: LogRecord) => void) {
    this.#port = port;
    this.#log = log;
  }

  configure(virtualServers: readonly VirtualServerConfig[]): void {
    this.#rules = desiredRules({ virtualServers });
    this.#isUsed ||= this.#rules[4].length > 0 || this.#rules[6].length > 0;
    this.#isApplied = false;
  }

  /** Health does not change the rules: most goals have nothing to apply. */
  async apply(): Promise<readonly LogRecord[]> {
    if (this.#isApplied) return [];
    this.#isApplied = true;
    const applied = this.#port.apply(this.#rules);
    if (this.#isUsed) return applied;
    // What a run that crashed may have left is looked for, but no table waits for that.
    void applied.then((records) => {
      for (const record of records) this.#log(record);
    });
    return [];
  }

  async check(): Promise<readonly LogRecord[]> {
    return this.#isUsed ? this.#port.check() : [];
  }

  release(): Promise<readonly LogRecord[]> {
    return this.#port.release();
  }
}
