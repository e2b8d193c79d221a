/**
 * The checker process without its process: applies configurations, turns verdicts into health, and health into the goal
 * of the IPVS table. What it is made of is given to it, so that tests run it on a virtual clock and a table of their own.
 */
import type { Config, VirtualService } from '../../config-parser/config.ts';
import {
  allCheckers,
  type CheckerState,
  configureHealth,
  type Health,
  type HealthStep,
  type LocatedChecker,
  noHealth,
  type ProbeOutcome,
  recordVerdict,
} from '../../healthcheck/index.ts';
import { desiredTable } from '../../ipvs-sync/index.ts';
import type { ChildOptions } from '../ipc.ts';
import { CheckerLoops, type CheckerLoopsPorts } from './checker-loops.ts';
import { tableHealth } from './table-health.ts';
import { TableKeeper, type TableKeeperPorts } from './table-keeper.ts';
import {
  describeActivation,
  describeHealthEvent,
  describeInconclusive,
  describeProbe,
  describeShutdown,
  describeVerdict,
} from './wording.ts';

export type CheckerProcessPorts = CheckerLoopsPorts & TableKeeperPorts;

export interface Configuration {
  readonly config: Config;
  readonly options: Pick<ChildOptions, 'keepIpvsOnExit'>;
  readonly ownedServices: readonly VirtualService[];
}

export class CheckerProcess {
  readonly #ports: CheckerProcessPorts;
  readonly #loops: CheckerLoops;
  /** Checkers whose last probe this host could not make: told once. */
  readonly #inconclusive = new Set<string>();
  #health: Health = noHealth;
  #configuration: Configuration | undefined;
  #keeper: TableKeeper | undefined;

  constructor(ports: CheckerProcessPorts) {
    this.#ports = ports;
    this.#loops = new CheckerLoops(ports, {
      onStart: (checker) => ports.log(describeActivation(checker)),
      onProbe: (checker, outcome, state) => this.#noteProbe(checker, outcome, state),
      onVerdict: (checker, next, before) => this.#noteVerdict(checker, next, before),
    });
  }

  /** The first starts the work, later ones are reloads. Resolves when the kernel's table has been tried with it. */
  configure(configuration: Configuration): Promise<void> {
    this.#configuration = configuration;
    this.#keeper ??= this.#createKeeper(configuration);
    // The table first: servers that are assumed up are to carry traffic before any checker is even set up.
    const tried = this.#settle(configureHealth(this.#health, configuration.config.virtualServers));
    this.#loops.apply(allCheckers(this.#health));
    return tried;
  }

  /** Ends the checks and releases the table. False when that took longer than `limitMs` and was left at that. */
  async stop(limitMs: number): Promise<boolean> {
    this.#loops.stop();
    const release = this.#configuration === undefined ? 'keep' : releaseOf(this.#configuration);
    if (release !== 'keep') this.#logShutdown();
    const released = this.#keeper?.stop(release).then(() => true) ?? Promise.resolve(true);
    const inTime = new AbortController();
    const expired = this.#ports.waitUntil(this.#ports.nowMs() + limitMs, inTime.signal).then(
      () => false,
      () => true,
    );
    const isReleased = await Promise.race([released, expired]);
    inTime.abort();
    return isReleased;
  }

  #createKeeper({ config, ownedServices }: Configuration): TableKeeper {
    // With services of ours in the kernel this is a restart after a crash: flushing then would cut live connections.
    const flushFirst = config.globalDefs.lvsFlush && ownedServices.length === 0;
    return new TableKeeper(this.#ports, { owned: ownedServices, flushFirst });
  }

  #noteProbe(checker: LocatedChecker, outcome: ProbeOutcome, state: CheckerState): void {
    describeProbe(checker, outcome, state).forEach(this.#ports.log);
    if (outcome.kind !== 'inconclusive') this.#inconclusive.delete(checker.id);
    else if (!this.#inconclusive.has(checker.id)) {
      this.#inconclusive.add(checker.id);
      this.#ports.log(describeInconclusive(checker, outcome.detail));
    }
  }

  #noteVerdict(checker: LocatedChecker, next: CheckerState, before: CheckerState): void {
    this.#ports.log(describeVerdict(checker, next, before));
    const step = recordVerdict(this.#health, checker.id, next);
    // Without an event nothing is up or down that was not before, and the table has no new goal.
    if (step.events.length > 0) void this.#settle(step);
    else this.#health = step.next;
  }

  #settle({ next, events }: HealthStep): Promise<void> {
    this.#health = next;
    events.flatMap(describeHealthEvent).forEach(this.#ports.log);
    const virtualServers = next.virtualServers.map((server) => server.config);
    const desired = desiredTable(virtualServers, tableHealth(next));
    const timeouts = this.#configuration?.config.globalDefs.lvsTimeouts;
    return this.#keeper?.setGoal({ desired, timeouts }) ?? Promise.resolve();
  }

  #logShutdown(): void {
    for (const { config } of this.#health.virtualServers) {
      for (const server of config.realServers) this.#ports.log(describeShutdown(server, config));
    }
  }
}

/** keepalived(8): --dont-release-ipvs; keepalived.conf(5): lvs_flush_on_stop. */
function releaseOf({ config, options }: Configuration) {
  if (options.keepIpvsOnExit) return 'keep';
  return config.globalDefs.lvsFlushOnStop === 'all' ? 'flush' : 'remove';
}
