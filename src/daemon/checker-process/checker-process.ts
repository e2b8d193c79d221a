/**
 * The checker process without its process: applies configurations, turns verdicts into health, and health into the goal
 * of the IPVS table. What it is made of is given to it, so that tests run it on a virtual clock and a table of their own.
 */
import type { Config, LvsGlobals } from '../../config-parser/config.ts';
import {
  type CheckerState,
  type DynamicWeight,
  Health,
  type HealthChange,
  type HealthEvent,
  type Knowledge,
  noKnowledge,
  type ProbeOutcome,
} from '../../healthcheck/index.ts';
import { isFollowing } from '../../healthcheck/probes/index.ts';
import {
  adviseSysctls,
  type ObservedService,
  requiredSysctls,
  type ServiceKey,
  serviceKey,
} from '../../ipvs-sync/index.ts';
import type { NotifyEvent } from '../../notify/messages.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type {
  ChangedSysctl,
  CheckerAnswer,
  CheckerCommand,
  CheckerMemory,
  ChildOptions,
  ServerHold,
} from '../ipc.ts';
import { CheckerLoops, type CheckerLoopsPorts, type LocatedChecker } from './checker-loops.ts';
import { CommandDesk } from './command-desk.ts';
import { DesiredEntries } from './desired-entries.ts';
import { FullNatCompanion, type FullNatPort } from './fullnat-companion.ts';
import { HoldBook } from './hold-book.ts';
import { Memory, type MemoryPorts } from './memory.ts';
import { lastNotifyEvents, notifyEventsFor } from './notify-events.ts';
import { heldKeys, orphans } from './operator-commands.ts';
import { Readings } from './readings.ts';
import { outlivedIds, quorumId } from './recall.ts';
import { Results } from './results.ts';
import { startKnowledge, withReadings } from './start-knowledge.ts';
import { type SuspensionPorts, Suspensions } from './suspensions.ts';
import { SyncRole } from './sync-role.ts';
import { TableKeeper, type TableKeeperPorts } from './table-keeper.ts';
import type { Surroundings } from './table-surroundings.ts';
import {
  describeActivations,
  describeHealthEvents,
  describeInconclusive,
  describeOrphans,
  describeProbe,
  describeShutdown,
  describeSuspension,
  describeVerdict,
} from './wording.ts';

export interface CheckerProcessPorts
  extends CheckerLoopsPorts,
    Omit<TableKeeperPorts, 'reportOwned' | 'reportSysctl'>,
    MemoryPorts,
    SuspensionPorts {
  /** To those who are told: scripts, named pipes, mail. */
  readonly notify: (events: readonly NotifyEvent[]) => void;
  /** Without it the firewall is left alone. */
  readonly fullNat?: FullNatPort;
}

export interface Configuration {
  readonly config: Config;
  readonly options: Pick<ChildOptions, 'keepIpvsOnExit'>;
  /** Of an earlier process of this supervisor; counts at the first configuration alone. */
  readonly memory: CheckerMemory;
}

/** What is kept of a configuration. Its virtual servers are in the health, which keeps the objects of those that do not change. */
interface Settings {
  readonly lvs: LvsGlobals;
  readonly options: Configuration['options'];
}

export class CheckerProcess {
  readonly #ports: CheckerProcessPorts;
  readonly #health = new Health();
  readonly #entries = new DesiredEntries();
  readonly #readings = new Readings();
  readonly #results = new Results();
  readonly #loops: CheckerLoops;
  readonly #memory: Memory;
  readonly #holds: HoldBook;
  readonly #suspensions: Suspensions;
  readonly #syncRole = new SyncRole();
  readonly #desk: CommandDesk;
  /** Checkers whose last probe this host could not make: told once. */
  readonly #inconclusive = new Set<string>();
  /** Since this was told last. */
  #started: LocatedChecker[] = [];
  #knowledge: Knowledge = noKnowledge;
  /** Of the configuration that came last; undefined before the first. */
  #settings: Settings | undefined;
  #prepared: Promise<void> = Promise.resolve();
  #keeper: TableKeeper | undefined;
  #owned: ReadonlySet<ServiceKey> = new Set();
  readonly #fullNat: FullNatCompanion | undefined;
  #surroundings: Surroundings = {};
  #forgetGoal: (() => void) | undefined;
  #nextGoalAtMs = 0;
  #isStopping = false;

  constructor(ports: CheckerProcessPorts) {
    this.#ports = ports;
    this.#fullNat = ports.fullNat && new FullNatCompanion(ports.fullNat, ports.log);
    this.#memory = new Memory(ports);
    this.#holds = new HoldBook(ports, (holds, concerned) => this.#noteHolds(holds, concerned));
    this.#suspensions = new Suspensions(ports, () => this.#followAddresses());
    this.#loops = new CheckerLoops(ports, this.#readings, {
      onStart: (checker) => this.#started.push(checker),
      onProbe: (checker, outcome, state) => this.#noteProbe(checker, outcome, state),
      onVerdict: (checker, next, before, outcome) => this.#noteVerdict(checker, { next, before, outcome }),
    });
    this.#desk = new CommandDesk({
      health: this.#health,
      holds: this.#holds,
      results: this.#results,
      nowMs: ports.nowMs,
      log: ports.log,
      isSuspended: (name) => this.#suspensions.has(name),
      observe: () => this.#observe(),
      owned: () => this.#owned,
      connections: (service, server) => this.#keeper?.connections(service, server),
      tableTrouble: () => this.#keeper?.troubles[0],
      knowledge: () => this.#present(noKnowledge),
    });
  }

  /** The first starts the work, later ones are reloads. Resolves when the kernel's table has been tried with it. */
  async configure(configuration: Configuration): Promise<void> {
    const isFirst = this.#settings === undefined;
    this.#settings = { lvs: configuration.config.globalDefs.lvs, options: configuration.options };
    if (isFirst) this.#begin(configuration);
    // In their order, also where the first takes its time to learn.
    this.#prepared = this.#prepared.then(() => this.#prepare(configuration, isFirst));
    await this.#prepared;
    if (!this.#isStopping) await this.#apply(configuration, isFirst);
  }

  /** From the script and the bfd process. */
  noteReadings(readings: readonly TrackerReading[]): void {
    this.#readings.note(readings);
  }

  /** From the vrrp process: the synchronization of connections follows an instance. */
  noteInstances(events: readonly NotifyEvent[]): void {
    if (this.#syncRole.note(events)) this.#scheduleGoal();
  }

  /** Never rejects. */
  command(command: CheckerCommand): Promise<CheckerAnswer> {
    return this.#desk.answer(command);
  }

  /** Ends the checks and releases the table. False when that took longer than `limitMs` and was left at that. */
  async stop(limitMs: number): Promise<boolean> {
    this.#isStopping = true;
    this.#loops.stop();
    this.#holds.close();
    this.#suspensions.close();
    this.#forgetGoal?.();
    const release = this.#settings === undefined ? 'keep' : releaseOf(this.#settings);
    if (release !== 'keep') this.#tellEnd();
    const released = this.#keeper?.stop(release).then(() => true) ?? Promise.resolve(true);
    const inTime = new AbortController();
    const expired = this.#ports.waitUntil(this.#ports.nowMs() + limitMs, inTime.signal).then(
      () => false,
      () => true,
    );
    const isReleased = await Promise.race([released, expired]);
    inTime.abort();
    this.#memory.flush();
    return isReleased;
  }

  #begin({ config, memory }: Configuration): void {
    this.#holds.restore(memory.holds);
    this.#owned = new Set(memory.ownedServices.map(serviceKey));
    // With services of ours in the kernel this is a restart after a crash: flushing then would cut live connections.
    const flushFirst = config.globalDefs.lvs.flush && memory.ownedServices.length === 0;
    const ports = {
      ...this.#ports,
      reportOwned: (services: CheckerMemory['ownedServices']) => {
        this.#owned = new Set(services.map(serviceKey));
        this.#memory.note({ ownedServices: services });
      },
      reportSysctl: (path: string, changed: ChangedSysctl | undefined) =>
        this.#memory.noteSysctl(path, changed),
    };
    const { ownedServices: owned, sysctls: changedSysctls } = memory;
    this.#keeper = new TableKeeper(ports, { owned, changedSysctls, flushFirst });
  }

  async #prepare(configuration: Configuration, isFirst: boolean): Promise<void> {
    if (this.#isStopping) return;
    await this.#suspensions.prepare(configuration.config.virtualServers);
    if (!isFirst) return;
    const observe = async () => (await this.#keeper?.observe()) ?? [];
    const ports = { ...this.#ports, observe };
    this.#knowledge = await startKnowledge(configuration, this.#readings, ports);
  }

  #apply({ config, memory }: Configuration, isFirst: boolean): Promise<void> {
    const change = this.#health.configure(config.virtualServers, this.#present(this.#knowledge));
    this.#knowledge = noKnowledge;
    if (isFirst) this.#forgetOutlived(memory);
    this.#remember(change);
    this.#entries.configure(this.#health, change.changed);
    this.#surround(config);
    this.#tell(change.events);
    // The table first: servers that are assumed up are to carry traffic before any checker is even set up.
    const tried = this.#setGoal();
    const moved = this.#suspensions.update(config.virtualServers);
    this.#runLoops(new Set([...change.changed, ...moved]), moved);
    return tried;
  }

  #surround({ globalDefs: { lvs }, virtualServers }: Config): void {
    this.#syncRole.configure(lvs.syncDaemon);
    this.#fullNat?.configure(virtualServers);
    this.#surroundings = {
      timeouts: lvs.timeouts,
      sysctls: requiredSysctls(virtualServers),
      advice: adviseSysctls(virtualServers),
      ...(this.#fullNat !== undefined && { extra: this.#fullNat }),
    };
  }

  /** What is known whenever a server is new: the readings that there are, and who is drained. */
  #present(knowledge: Knowledge): Knowledge {
    return { ...withReadings(knowledge, this.#readings), isHeld: heldKeys(this.#holds.holds) };
  }

  /** What a predecessor told of, and a reload has removed before this process came. */
  #forgetOutlived(memory: CheckerMemory): void {
    for (const id of outlivedIds(memory, this.#health.virtualServers)) this.#memory.forget(id);
  }

  /** What a configuration has brought, and no more of what it has removed. */
  #remember({ changed, goneCheckers = [] }: HealthChange): void {
    for (const id of goneCheckers) {
      this.#results.forget(id);
      this.#inconclusive.delete(id);
      this.#memory.forget(id);
    }
    for (const name of changed) {
      const server = this.#health.get(name);
      if (server === undefined) this.#memory.forget(quorumId(name));
      else this.#memory.noteServer(server);
    }
    const orphaned = orphans(this.#health, this.#holds.holds);
    describeOrphans(orphaned).forEach(this.#ports.log);
    this.#holds.remove(orphaned);
  }

  #followAddresses(): void {
    const configs = [...this.#health.virtualServers].map(({ config }) => config);
    const moved = this.#suspensions.update(configs);
    this.#runLoops(moved, moved);
  }

  /** `moved` are those that were suspended, or are now. */
  #runLoops(names: Iterable<string>, moved: readonly string[]): void {
    for (const name of names) {
      const server = this.#health.get(name);
      if (server === undefined) this.#loops.end(name);
      else if (this.#suspensions.has(name)) {
        this.#loops.end(name);
        if (moved.includes(name)) describeSuspension(server).forEach(this.#ports.log);
      } else this.#loops.apply(server, { isResumed: moved.includes(name) });
    }
    describeActivations(this.#started).forEach(this.#ports.log);
    this.#started = [];
  }

  #noteProbe(checker: LocatedChecker, outcome: ProbeOutcome, state: CheckerState): void {
    this.#results.note(checker.id, { atMs: this.#ports.nowMs(), outcome });
    describeProbe(checker, outcome, state).forEach(this.#ports.log);
    if (outcome.kind === 'ok' && outcome.weight !== undefined) this.#noteWeight(checker, outcome.weight);
    if (outcome.kind !== 'inconclusive') this.#inconclusive.delete(checker.id);
    else if (!this.#inconclusive.has(checker.id) && !isFollowing(checker.config)) {
      this.#inconclusive.add(checker.id);
      this.#ports.log(describeInconclusive(checker, outcome.detail));
    }
  }

  #noteVerdict(checker: LocatedChecker, change: Parameters<typeof describeVerdict>[1]): void {
    this.#ports.log(describeVerdict(checker, change));
    this.#memory.noteVerdict(checker.id, change.next);
    this.#settle(this.#health.recordVerdict(checker.id, change.next));
  }

  #noteWeight({ id }: LocatedChecker, weight: DynamicWeight): void {
    const change = this.#health.recordWeight(id, weight);
    if (change.changed.length > 0) this.#memory.noteWeight(id, weight);
    this.#settle(change);
  }

  #noteHolds(holds: readonly ServerHold[], concerned: readonly ServerHold[]): void {
    this.#memory.note({ holds });
    const names = concerned.map(({ virtualServer }) => virtualServer);
    const { events, changed } = this.#health.recordHolds(heldKeys(this.#holds.holds), names);
    // Also without an event: a drained server of weight 0 that is down stays in the table.
    this.#entries.update(this.#health, changed);
    this.#tell(events);
    this.#scheduleGoal();
  }

  /** Without an event nothing is up or down that was not before, and the table has no new goal. */
  #settle({ events, changed }: HealthChange): void {
    if (events.length === 0) return;
    this.#entries.update(this.#health, changed);
    this.#tell(events);
    this.#scheduleGoal();
  }

  #tell(events: readonly HealthEvent[]): void {
    const rules = { notifiesInitialState: this.#settings?.lvs.notifiesInitialState ?? false };
    const told: NotifyEvent[] = [];
    describeHealthEvents(events).forEach(this.#ports.log);
    for (const event of events) {
      told.push(...notifyEventsFor(event, rules));
      if (event.kind === 'quorumGained' || event.kind === 'quorumLost') {
        const state = event.kind === 'quorumGained' ? 'up' : 'down';
        this.#memory.noteVerdict(quorumId(event.virtualServer.name), state);
      }
    }
    if (told.length > 0) this.#ports.notify(told);
  }

  #tellEnd(): void {
    const servers = [...this.#health.virtualServers];
    for (const server of servers) describeShutdown(server).forEach(this.#ports.log);
    const told = servers.flatMap(lastNotifyEvents);
    if (told.length > 0) this.#ports.notify(told);
  }

  /** Changes that come together are one goal. Putting the goal together never takes more than a tenth of the time. */
  #scheduleGoal(): void {
    if (this.#isStopping) return;
    const atMs = Math.max(this.#ports.nowMs(), this.#nextGoalAtMs);
    this.#forgetGoal ??= this.#ports.callAt(atMs, () => void this.#setGoal());
  }

  #setGoal(): Promise<void> {
    this.#forgetGoal?.();
    this.#forgetGoal = undefined;
    const startedAtMs = this.#ports.nowMs();
    const desired = this.#entries.table(this.#health);
    const syncDaemons = this.#syncRole.desired();
    const daemons = syncDaemons !== undefined && { syncDaemons };
    const tried = this.#keeper?.setGoal({ ...this.#surroundings, ...daemons, desired });
    const nowMs = this.#ports.nowMs();
    this.#nextGoalAtMs = nowMs + 9 * (nowMs - startedAtMs);
    return tried ?? Promise.resolve();
  }

  async #observe(): Promise<readonly ObservedService[]> {
    const client = await this.#ports.openClient();
    try {
      return await client.observe();
    } finally {
      client.close();
    }
  }
}

/** keepalived(8): --dont-release-ipvs; keepalived.conf(5): lvs_flush_on_stop. */
function releaseOf({ lvs, options }: Settings) {
  if (options.keepIpvsOnExit) return 'keep';
  return lvs.flushOnStop === 'all' ? 'flush' : 'remove';
}
