/**
 * Keeps the kernel's IPVS table equal to the goal it was given last: at once when the goal changes, every few seconds
 * against changes by others, and with back-off after failures. One loop, so that there is never more than one pass at a
 * time; goals that arrive during a pass are one goal to the next.
 */
import type { IpvsTimeouts, VirtualService } from '../../config-parser/config.ts';
import {
  type IpvsClient,
  reconcile,
  type ServiceKey,
  serviceKey,
  type Table,
} from '../../ipvs-sync/index.ts';
import type { LogRecord } from '../ipc.ts';
import { judgePass, noPasses, type PassResult } from './table-pass.ts';

export interface TableGoal {
  readonly desired: Table;
  /** keepalived.conf(5): lvs_timeouts. */
  readonly timeouts?: IpvsTimeouts | undefined;
}

export interface TableKeeperPorts {
  /** The kernel's IPVS, its module loaded where that is needed and possible. Rejects with the reason. */
  readonly openClient: () => Promise<IpvsClient>;
  readonly nowMs: () => number;
  /** Resolves at `atMs`; rejects when `signal` is aborted. */
  readonly waitUntil: (atMs: number, signal: AbortSignal) => Promise<void>;
  readonly log: (record: LogRecord) => void;
  /** Told before a service of ours goes into the kernel and after one has left it. */
  readonly reportOwned: (services: readonly VirtualService[]) => void;
}

export interface TableKeeperOptions {
  /** Services that an earlier run of ours has put into the kernel. */
  readonly owned: readonly VirtualService[];
  /** keepalived.conf(5): lvs_flush. */
  readonly flushFirst: boolean;
}

/** `keep` leaves the table as it is, `remove` takes our services out, `flush` empties it. */
export type Release = 'keep' | 'remove' | 'flush';

export class TableKeeper {
  readonly #ports: TableKeeperPorts;
  /** Every service that was ever ours or wanted, by its key. */
  readonly #services = new Map<ServiceKey, VirtualService>();
  #owned: ReadonlySet<ServiceKey>;
  #flushFirst: boolean;
  #client: IpvsClient | undefined;
  #timeouts: IpvsTimeouts | undefined;
  #history = noPasses;
  #goal: TableGoal | undefined;
  #waiting: (() => void)[] = [];
  #rest = new AbortController();
  #isStopping = false;
  #loop: Promise<void> | undefined;

  constructor(ports: TableKeeperPorts, options: TableKeeperOptions) {
    this.#ports = ports;
    this.#owned = new Set(options.owned.map(serviceKey));
    this.#flushFirst = options.flushFirst;
    this.#remember(options.owned);
  }

  /** Resolves after the first pass that has had this goal, whether it succeeded or not. */
  setGoal(goal: TableGoal): Promise<void> {
    if (this.#isStopping) return Promise.resolve();
    this.#goal = goal;
    this.#rest.abort();
    const tried = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#loop ??= this.#run();
    return tried;
  }

  /** Ends the loop after the pass under way, and releases the table. Never rejects. */
  async stop(release: Release): Promise<void> {
    this.#isStopping = true;
    this.#rest.abort();
    await this.#loop;
    if (release !== 'keep' && (this.#client !== undefined || this.#owned.size > 0)) {
      try {
        await this.#release(await this.#open(), release);
      } catch (error) {
        this.#ports.log({ level: 'error', message: `Cannot clear the IPVS table: ${messageOf(error)}` });
      }
    }
    this.#client?.close();
    this.#client = undefined;
  }

  async #run(): Promise<void> {
    let lastGoal: TableGoal | undefined;
    while (!this.#isStopping && this.#goal !== undefined) {
      const goal = this.#goal;
      const waiting = this.#waiting.splice(0);
      this.#rest = new AbortController();
      const verdict = judgePass(this.#history, await this.#pass(goal), goal !== lastGoal);
      this.#history = verdict.history;
      verdict.records.forEach(this.#ports.log);
      lastGoal = goal;
      for (const resolve of waiting) resolve();
      await this.#waitUntil(this.#ports.nowMs() + verdict.nextPassInMs);
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Never rejects: a new goal and the end are reasons to rest no longer. */
  #waitUntil(atMs: number): Promise<void> {
    return this.#ports.waitUntil(atMs, this.#rest.signal).catch(() => {});
  }

  async #pass(goal: TableGoal): Promise<PassResult> {
    let client: IpvsClient;
    try {
      client = await this.#open();
    } catch (error) {
      return { kind: 'unavailable', error: asError(error) };
    }
    try {
      await this.#setTimeouts(client, goal.timeouts);
      return { kind: 'reconciled', result: await this.#reconcile(client, goal.desired) };
    } catch (error) {
      client.close();
      this.#client = undefined;
      return { kind: 'unreadable', error: asError(error) };
    }
  }

  async #open(): Promise<IpvsClient> {
    if (this.#client !== undefined) return this.#client;
    this.#client = await this.#ports.openClient();
    this.#timeouts = undefined;
    return this.#client;
  }

  async #reconcile(client: IpvsClient, desired: Table) {
    if (this.#flushFirst) await client.flush();
    this.#flushFirst = false;
    this.#remember(desired.map((entry) => entry.service.service));
    const wanted = desired.map((entry) => serviceKey(entry.service.service));
    this.#setOwned(new Set([...this.#owned, ...wanted]));
    const result = await reconcile({ client, desired, owned: this.#owned });
    this.#setOwned(result.owned);
    return result;
  }

  async #setTimeouts(client: IpvsClient, timeouts: IpvsTimeouts | undefined): Promise<void> {
    if (timeouts === undefined || timeouts === this.#timeouts) return;
    this.#timeouts = timeouts;
    try {
      await client.setTimeouts(timeouts);
    } catch (error) {
      this.#ports.log({ level: 'error', message: `Cannot set the IPVS timeouts: ${messageOf(error)}` });
    }
  }

  async #release(client: IpvsClient, release: 'remove' | 'flush'): Promise<void> {
    if (release === 'flush') {
      await client.flush();
      this.#setOwned(new Set());
      return;
    }
    const { failures, owned } = await reconcile({ client, desired: [], owned: this.#owned });
    this.#setOwned(owned);
    for (const { error } of failures) {
      this.#ports.log({ level: 'error', message: `Cannot clear the IPVS table: ${error.message}` });
    }
  }

  #remember(services: readonly VirtualService[]): void {
    for (const service of services) this.#services.set(serviceKey(service), service);
  }

  #setOwned(owned: ReadonlySet<ServiceKey>): void {
    const changed = owned.size !== this.#owned.size || [...owned].some((key) => !this.#owned.has(key));
    this.#owned = owned;
    if (changed) this.#ports.reportOwned([...owned].flatMap((key) => this.#services.get(key) ?? []));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function messageOf(error: unknown): string {
  return asError(error).message;
}
