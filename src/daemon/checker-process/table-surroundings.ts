/**
 * What the table needs beside its services: timeouts, the connection synchronization, the kernel's settings, and whatever
 * else a goal brings (the firewall's part of FULLNAT). Kept in the rhythm of the table.
 */
import type { IpvsTimeouts } from '../../config-parser/config.ts';
import {
  type AdvisedSysctl,
  diffSyncDaemons,
  type IpvsClient,
  type RequiredSysctl,
  type SyncDaemon,
} from '../../ipvs-sync/index.ts';
import type { LogRecord } from '../ipc.ts';
import type { TableSysctls } from './table-sysctls.ts';

/** Kept with the table, by its own means. Nothing of it rejects. */
export interface TableCompanion {
  /** Makes it as the goal wants it; called with every new goal, before services are written. */
  apply(): Promise<readonly LogRecord[]>;
  /** Finds and repairs what others have changed; called with every comparison. */
  check(): Promise<readonly LogRecord[]>;
  /** Called when the table has been released. */
  release(): Promise<readonly LogRecord[]>;
}

export interface Surroundings {
  /** keepalived.conf(5): lvs_timeouts. */
  readonly timeouts?: IpvsTimeouts | undefined;
  readonly syncDaemons?: readonly SyncDaemon[];
  readonly sysctls?: readonly RequiredSysctl[];
  readonly advice?: readonly AdvisedSysctl[];
  readonly extra?: TableCompanion;
}

export interface SurroundingsReport {
  readonly records: readonly LogRecord[];
  /** Sentences without an end. */
  readonly troubles: readonly string[];
}

export class TableSurroundings {
  readonly #sysctls: TableSysctls | undefined;
  #extra: TableCompanion | undefined;
  /** Halves of the connection synchronization that we have started. */
  readonly #started = new Set<SyncDaemon['state']>();
  #hasSetTimeouts = false;

  /** Without sysctls the kernel's settings are left alone. */
  constructor(sysctls: TableSysctls | undefined) {
    this.#sysctls = sysctls;
  }

  /** `isNew`: for the first time with this goal, so that what differs is nobody's doing. Never rejects. */
  async keep(client: IpvsClient, goal: Surroundings, isNew: boolean): Promise<SurroundingsReport> {
    const report = this.#sysctls?.keep(goal.sysctls ?? []) ?? { records: [], troubles: [] };
    const records = [...report.records, ...(this.#sysctls?.advise(goal.advice ?? []) ?? [])];
    const troubles = [...report.troubles];
    const attempt = async (doing: string, work: Promise<readonly LogRecord[]>) => {
      try {
        records.push(...(await work));
      } catch (error) {
        troubles.push(`Cannot ${doing}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    await attempt('set the IPVS timeouts', this.#keepTimeouts(client, goal.timeouts, isNew));
    await attempt(
      'run the connection synchronization',
      this.#keepDaemons(client, goal.syncDaemons ?? [], isNew),
    );
    this.#extra = goal.extra ?? this.#extra;
    if (goal.extra !== undefined) {
      await attempt('keep what the table needs', isNew ? goal.extra.apply() : goal.extra.check());
    }
    return { records, troubles };
  }

  /** After the services are gone. Never rejects. */
  async release(client: IpvsClient | undefined): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    for (const state of this.#started) {
      try {
        await client?.stopSyncDaemon(state);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        records.push({ level: 'error', message: `The connection synchronization goes on: ${reason}` });
      }
    }
    records.push(...((await this.#extra?.release()) ?? []));
    return [...records, ...(this.#sysctls?.release() ?? [])];
  }

  /** The kernel takes 0 for "leave it". */
  async #keepTimeouts(
    client: IpvsClient,
    wanted: IpvsTimeouts | undefined,
    isNew: boolean,
  ): Promise<readonly LogRecord[]> {
    const given = Object.entries(wanted ?? {}).filter(([, seconds]) => seconds > 0);
    if (wanted === undefined || given.length === 0) return [];
    const found: Readonly<Record<string, number>> = { ...(await client.timeouts()) };
    if (given.every(([key, seconds]) => found[key] === seconds)) return [];
    await client.setTimeouts(wanted);
    const isDrift = this.#hasSetTimeouts && !isNew;
    this.#hasSetTimeouts = true;
    if (!isDrift) return [];
    return [{ level: 'warning', message: 'The IPVS timeouts were changed by somebody else; set again' }];
  }

  async #keepDaemons(
    client: IpvsClient,
    wanted: readonly SyncDaemon[],
    isNew: boolean,
  ): Promise<readonly LogRecord[]> {
    // With none configured only those that we have started are ours to stop.
    if (wanted.length === 0 && this.#started.size === 0) return [];
    const observed = await client.syncDaemons();
    const { stop, start } = diffSyncDaemons(wanted, observed);
    const records: LogRecord[] = [];
    for (const state of stop) {
      if (wanted.length === 0 && !this.#started.has(state)) continue;
      await client.stopSyncDaemon(state);
      this.#started.delete(state);
      if (!start.some((one) => one.state === state)) records.push(stopped(state));
    }
    for (const daemon of start) {
      const isDrift = this.#started.has(daemon.state) && !isNew;
      await client.startSyncDaemon(daemon);
      this.#started.add(daemon.state);
      records.push(startedRecord(daemon, isDrift));
    }
    for (const { state } of wanted) this.#started.add(state);
    return records;
  }
}

const roles = { master: 'sends', backup: 'listens' } as const;

function startedRecord(daemon: SyncDaemon, isDrift: boolean): LogRecord {
  const what = `on ${daemon.interface}, id ${daemon.syncId}`;
  return isDrift
    ? {
        level: 'warning',
        message: `The connection synchronization was stopped by somebody else; it ${roles[daemon.state]} again ${what}`,
      }
    : { level: 'info', message: `The connection synchronization ${roles[daemon.state]} ${what}` };
}

function stopped(state: SyncDaemon['state']): LogRecord {
  return { level: 'info', message: `The connection synchronization ${roles[state]} no longer` };
}
