/**
 * Keeps the kernel's IPVS table equal to the goal it was given last: writes what has changed when the goal changes, reads
 * the table again and again against changes by others, and tries again with back-off after failures. One loop, so that
 * there is never more than one pass at a time; goals that arrive during a pass are one goal to the next.
 */
import type { VirtualService } from '../../config-parser/config.ts';
import {
  applyOperations,
  type IpvsClient,
  type ObservedService,
  type Operation,
  type OperationFailure,
  operationKey,
  type ServiceKey,
  type Table,
  TableState,
} from '../../ipvs-sync/index.ts';
import type { IpAddress } from '../../net/address.ts';
import type { LogRecord } from '../ipc.ts';
import { type ConnectionCounts, TableComparison } from './table-comparison.ts';
import { codeOf, keysOf, leaveNoDoubt, overtakenOf, serviceOf } from './table-failures.ts';
import { describeDrift, judgePass, noPasses, type PassKind, type PassResult } from './table-pass.ts';
import { type Surroundings, TableSurroundings } from './table-surroundings.ts';
import { type SysctlHistory, type SysctlPort, TableSysctls } from './table-sysctls.ts';

export interface TableGoal extends Surroundings {
  /** Entries that are the same objects as in the last goal cost nothing. */
  readonly desired: Table;
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
  readonly reportSysctl: SysctlHistory['report'];
  /** Without it the kernel's settings are left alone. */
  readonly sysctls?: SysctlPort;
}

export interface TableKeeperOptions {
  /** Services that an earlier run of ours has put into the kernel. */
  readonly owned: readonly VirtualService[];
  readonly changedSysctls: SysctlHistory['changed'];
  /** keepalived.conf(5): lvs_flush. */
  readonly flushFirst: boolean;
}

/** Sysctls and firewall rules are looked at so often, however large the table is. */
const surroundingsPeriodMs = 1000;

/** `keep` leaves all as it is, `remove` takes our services out, `flush` empties the table. */
export type Release = 'keep' | 'remove' | 'flush';

interface Written {
  readonly failures: readonly OperationFailure[];
  /** What was found where something has been done, in words. */
  readonly drift: () => readonly string[];
}

export class TableKeeper {
  readonly #ports: TableKeeperPorts;
  readonly #state: TableState;
  readonly #comparison: TableComparison;
  readonly #surroundings: TableSurroundings;
  #flushFirst: boolean;
  #client: IpvsClient | undefined;
  #history = noPasses;
  #retryAtMs: number | undefined;
  /** What was refused is left to the retries. */
  #failing: ReadonlySet<ServiceKey> = new Set();
  #surroundingsDueAtMs = 0;
  #reportedChanges = 0;
  #goal: TableGoal | undefined;
  #lastGoal: TableGoal | undefined;
  /** That the surroundings have had. */
  #surroundedGoal: TableGoal | undefined;
  #waiting: (() => void)[] = [];
  #rest = new AbortController();
  #isStopping = false;
  #loop: Promise<void> | undefined;

  constructor(ports: TableKeeperPorts, options: TableKeeperOptions) {
    this.#ports = ports;
    this.#state = new TableState(options.owned);
    this.#reportedChanges = this.#state.ownedChanges;
    this.#comparison = new TableComparison(ports.nowMs);
    const history = { changed: options.changedSysctls, report: ports.reportSysctl };
    this.#surroundings = new TableSurroundings(ports.sysctls && new TableSysctls(ports.sysctls, history));
    this.#flushFirst = options.flushFirst;
  }

  /**
   * What stands in the kernel, before the first goal: servers that are missing in a service of ours were found dead by
   * whoever left them out. Empty where it cannot be read, which the first goal will report, or is to be flushed.
   */
  async observe(): Promise<readonly ObservedService[]> {
    if (this.#flushFirst || this.#loop !== undefined) return [];
    try {
      return await this.#comparison.readAll(await this.#open(), this.#state);
    } catch (error) {
      const message = `The IPVS table is not known: ${asError(error).message}`;
      this.#ports.log({ level: 'debug', message, detail: true });
      this.#lose();
      return [];
    }
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

  /** As the kernel last told them; undefined where it was not asked or has no such entry. */
  connections(
    service: VirtualService,
    server: { readonly address: IpAddress; readonly port: number },
  ): ConnectionCounts | undefined {
    return this.#comparison.connections(service, server);
  }

  /** The troubles that last, in the words of the log. */
  get troubles(): readonly string[] {
    return [...this.#history.told];
  }

  /** Ends the loop after the pass under way, and releases the table. Never rejects. */
  async stop(release: Release): Promise<void> {
    this.#isStopping = true;
    this.#rest.abort();
    await this.#loop;
    if (release !== 'keep') await this.#releaseAll(release);
    this.#client?.close();
    this.#client = undefined;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping && this.#goal !== undefined) {
      const goal = this.#goal;
      this.#rest = new AbortController();
      const isNew = goal !== this.#lastGoal;
      this.#lastGoal = goal;
      const waiting = this.#waiting.splice(0);
      if (isNew || this.#ports.nowMs() >= (this.#retryAtMs ?? Number.POSITIVE_INFINITY)) {
        const adopted = isNew ? this.#state.setDesired(goal.desired) : [];
        this.#reportOwned();
        this.#conclude('change', await this.#pass((client) => this.#change(client, goal, adopted)));
      }
      for (const resolve of waiting) resolve();
      if (this.#ports.nowMs() >= this.#lookAtMs() && !this.#isStopping) {
        this.#conclude('comparison', await this.#pass((client) => this.#compare(client, goal)));
      }
      await this.#waitUntil(this.#nextPassAtMs());
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #nextPassAtMs(): number {
    return Math.min(this.#lookAtMs(), this.#retryAtMs ?? Number.POSITIVE_INFINITY);
  }

  /** When to look again for what others have done; where nothing is known, that is a retry's affair. */
  #lookAtMs(): number {
    if (!this.#state.isKnown) return Number.POSITIVE_INFINITY;
    return Math.min(this.#comparison.dueAtMs, this.#surroundingsDueAtMs);
  }

  /** Never rejects: a new goal and the end are reasons to rest no longer. */
  #waitUntil(atMs: number): Promise<void> {
    return this.#ports.waitUntil(atMs, this.#rest.signal).catch(() => {});
  }

  #conclude(kind: PassKind, pass: PassResult): void {
    const { history, records, retryInMs } = judgePass(this.#history, kind, pass);
    this.#history = history;
    for (const record of records) this.#ports.log(record);
    if (retryInMs !== undefined) this.#retryAtMs = this.#ports.nowMs() + retryInMs;
    else if (kind === 'change') this.#retryAtMs = undefined;
  }

  async #pass(work: (client: IpvsClient) => Promise<PassResult>): Promise<PassResult> {
    let client: IpvsClient;
    try {
      client = await this.#open();
    } catch (error) {
      return { kind: 'unavailable', error: asError(error) };
    }
    try {
      return await work(client);
    } catch (error) {
      this.#lose();
      return { kind: 'unreadable', error: asError(error) };
    }
  }

  async #open(): Promise<IpvsClient> {
    this.#client ??= await this.#ports.openClient();
    return this.#client;
  }

  /** Nothing of what we know can be relied on: another socket, and all is read again. */
  #lose(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#state.forget();
  }

  /** Towards the goal, from what is known of the table, which is read only where nothing is. */
  async #change(
    client: IpvsClient,
    goal: TableGoal,
    adopted: readonly VirtualService[],
  ): Promise<PassResult> {
    if (this.#flushFirst) await client.flush();
    this.#flushFirst = false;
    if (!this.#state.isKnown) await this.#comparison.readAll(client, this.#state);
    const unread = adopted.filter((service) => !this.#comparison.hasJustRead(service));
    await this.#comparison.readDestinations(client, this.#state, unread);
    const troubles = await this.#keepSurroundings(client, goal);
    const { failures } = await this.#write(client, new Set());
    this.#failing = keysOf(failures);
    return { kind: 'done', failures, troubles, repairs: [] };
  }

  async #compare(client: IpvsClient, goal: TableGoal): Promise<PassResult> {
    await this.#comparison.read(client, this.#state);
    const troubles =
      this.#ports.nowMs() >= this.#surroundingsDueAtMs ? await this.#keepSurroundings(client, goal) : [];
    const { failures, drift } = await this.#write(client, this.#failing);
    this.#failing = new Set([...this.#failing, ...keysOf(failures)]);
    return { kind: 'done', failures, troubles, repairs: drift() };
  }

  async #keepSurroundings(client: IpvsClient, goal: TableGoal): Promise<readonly string[]> {
    const isNew = goal !== this.#surroundedGoal;
    this.#surroundedGoal = goal;
    const { records, troubles } = await this.#surroundings.keep(client, goal, isNew);
    for (const record of records) this.#ports.log(record);
    // What fails is left to the retries, which have a back-off.
    const restMs = troubles.length > 0 ? Number.POSITIVE_INFINITY : surroundingsPeriodMs;
    this.#surroundingsDueAtMs = this.#ports.nowMs() + restMs;
    return troubles;
  }

  /** What is refused because somebody changed the table since it was read, is read again and done as it is now. */
  async #write(client: IpvsClient, except: ReadonlySet<ServiceKey>): Promise<Written> {
    const first = await this.#perform(client, this.#state.operations(except));
    const overtaken = overtakenOf(first.failures);
    if (overtaken.length === 0) return this.#trust(first);
    this.#state.observeServices(await client.observeServices());
    const services = new Map(
      overtaken.map(({ operation }) => [operationKey(operation), serviceOf(operation)]),
    );
    await this.#comparison.readDestinations(client, this.#state, [...services.values()]);
    const refused = first.failures.filter((failure) => !overtaken.includes(failure));
    const left = new Set([...except, ...keysOf(refused)]);
    const second = await this.#perform(client, this.#state.operations(left));
    return this.#trust({
      drift: () => [...first.drift(), ...second.drift()],
      failures: [...refused, ...second.failures],
    });
  }

  async #perform(client: IpvsClient, operations: readonly Operation[]): Promise<Written> {
    const found = operations.map((one) => this.#state.believed(operationKey(one)));
    const result = await applyOperations(client, operations);
    this.#state.settle(result);
    this.#reportOwned();
    const failed = new Set(result.failures.map(({ operation }) => operation));
    const drift = () =>
      operations.flatMap((one, index) => (failed.has(one) ? [] : [describeDrift(one, found[index])]));
    return { failures: result.failures, drift };
  }

  /** After some failures the table may be any. */
  async #trust(written: Written): Promise<Written> {
    // About a scheduler that is not there, or about all of IPVS: then this rejects, too.
    if (written.failures.some(({ error }) => codeOf(error) === 'ENOENT')) await this.#client?.info();
    if (!leaveNoDoubt(written.failures)) this.#state.forget();
    return written;
  }

  async #releaseAll(release: 'remove' | 'flush'): Promise<void> {
    const isAnythingOurs = this.#client !== undefined || this.#state.ownedServices.length > 0;
    try {
      if (isAnythingOurs) await this.#clear(await this.#open(), release);
    } catch (error) {
      this.#logUncleared(asError(error));
    }
    for (const record of await this.#surroundings.release(this.#client)) this.#ports.log(record);
  }

  /** A service goes with its destinations: their connections are not ended one server after the other. */
  async #clear(client: IpvsClient, release: 'remove' | 'flush'): Promise<void> {
    const ours = this.#state.ownedServices;
    this.#state.setDesired([]);
    if (release === 'flush') await client.flush();
    const performed = ours.map((service) => ({ kind: 'removeService', service }) as const);
    const result =
      release === 'flush' ? { performed, failures: [] } : await applyOperations(client, performed);
    this.#state.settle(result);
    this.#reportOwned();
    for (const { error } of result.failures) this.#logUncleared(error);
  }

  #logUncleared(error: Error): void {
    this.#ports.log({ level: 'error', message: `Cannot clear the IPVS table: ${error.message}` });
  }

  #reportOwned(): void {
    if (this.#state.ownedChanges === this.#reportedChanges) return;
    this.#reportedChanges = this.#state.ownedChanges;
    this.#ports.reportOwned(this.#state.ownedServices);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
