/** Answers what operators ask over the control socket. */
import type { Config } from '../../config-parser/config.ts';
import type { Health, Knowledge } from '../../healthcheck/index.ts';
import { diff, type ObservedService, type ServiceKey } from '../../ipvs-sync/index.ts';
import type { CheckerAnswer, CheckerCommand, LogRecord } from '../ipc.ts';
import { previewTable } from './desired-entries.ts';
import type { HoldBook } from './hold-book.ts';
import { type Ruling, ruleOnDrain, ruleOnResume } from './operator-commands.ts';
import { plannedChecks, plannedOperations } from './plan-table.ts';
import type { Results } from './results.ts';
import { checkerStatus, type StatusFacts } from './status.ts';

export interface DeskPorts {
  readonly health: Health;
  readonly holds: HoldBook;
  readonly results: Results;
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  readonly isSuspended: (virtualServer: string) => boolean;
  /** The kernel's table; rejects where it cannot be read. */
  readonly observe: () => Promise<readonly ObservedService[]>;
  readonly owned: () => ReadonlySet<ServiceKey>;
  readonly connections: StatusFacts['connections'];
  readonly tableTrouble: () => string | undefined;
  /** Of servers that a configuration would add. */
  readonly knowledge: () => Knowledge;
}

export class CommandDesk {
  readonly #ports: DeskPorts;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
  }

  /** Never rejects. */
  async answer(command: CheckerCommand): Promise<CheckerAnswer> {
    const { health, holds, nowMs } = this.#ports;
    switch (command.kind) {
      case 'checkerStatus':
        return this.#status();
      case 'planTable':
        return this.#plan(command.config);
      case 'drainServer': {
        const ruling = ruleOnDrain(health, holds.holds, command, nowMs());
        if (ruling.ok) holds.add(ruling.holds);
        return this.#told(ruling, command.reason);
      }
      case 'resumeServer': {
        const ruling = ruleOnResume(health, holds.holds, command);
        if (ruling.ok) holds.remove(ruling.holds);
        return this.#told(ruling);
      }
    }
  }

  #told(ruling: Ruling, reason?: string): CheckerAnswer {
    if (!ruling.ok) return ruling;
    const why = reason === undefined ? '' : ` (${reason})`;
    if (ruling.holds.length > 0) {
      for (const line of ruling.lines) {
        this.#ports.log({ level: 'notice', message: `As an operator asked${why}: ${line}` });
      }
    }
    return { ok: true, lines: ruling.lines };
  }

  #status(): CheckerAnswer {
    const { health, holds, results, isSuspended, connections, tableTrouble, nowMs } = this.#ports;
    const status = checkerStatus({
      health,
      holds: holds.holds,
      results,
      isSuspended,
      connections,
      tableTrouble: tableTrouble(),
      counters: { ...results.counts },
      nowMs: nowMs(),
    });
    return { ok: true, lines: [], status };
  }

  /** Nothing is written, and the health that is in force is not touched. */
  async #plan(config: Config): Promise<CheckerAnswer> {
    const { health, owned } = this.#ports;
    let observed: readonly ObservedService[];
    try {
      observed = await this.#ports.observe();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, lines: [`The kernel's IPVS table cannot be read: ${message}`] };
    }
    const { servers } = health.preview(config.virtualServers, this.#ports.knowledge());
    const operations = diff(previewTable(servers.values()), observed, owned());
    const checks = plannedChecks((name) => health.get(name), servers.values());
    return { ok: true, lines: [], changes: [...plannedOperations(operations, observed), ...checks] };
  }
}
