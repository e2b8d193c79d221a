/** The checker loops that run: a reload starts and ends only those whose definition changed. */
import type { CheckerConfig, RealServerConfig, VirtualServerConfig } from '../../config-parser/config.ts';
import {
  type CheckerHealth,
  type CheckerState,
  isSameDefinition,
  type LoopPorts,
  type Probe,
  type ProbeOutcome,
  startChecker,
  type VirtualServerHealth,
} from '../../healthcheck/index.ts';
import {
  followedReading,
  isFollowing,
  outcomeOfReading,
  type PolledCheckConfig,
} from '../../healthcheck/probes/index.ts';
import type { Readings } from './readings.ts';

export interface CheckerLoopsPorts extends LoopPorts {
  readonly probeOf: (checker: PolledCheckConfig) => Probe;
}

/** A checker with what it checks. */
export interface LocatedChecker {
  readonly id: string;
  readonly config: CheckerConfig;
  readonly virtualServer: VirtualServerConfig;
  readonly realServer: RealServerConfig;
}

export interface CheckerReports {
  readonly onStart: (checker: LocatedChecker) => void;
  readonly onProbe: (checker: LocatedChecker, outcome: ProbeOutcome, state: CheckerState) => void;
  readonly onVerdict: (
    checker: LocatedChecker,
    next: CheckerState,
    before: CheckerState,
    outcome: ProbeOutcome,
  ) => void;
}

interface Running {
  /** What reports are about: a reload may change it under a loop that goes on. */
  checker: LocatedChecker;
  readonly stop: () => void;
}

export class CheckerLoops {
  readonly #ports: CheckerLoopsPorts;
  readonly #reports: CheckerReports;
  readonly #readings: Readings;
  /** By the virtual server's name, then by the checker's id. */
  readonly #running = new Map<string, ReadonlyMap<string, Running>>();

  constructor(ports: CheckerLoopsPorts, readings: Readings, reports: CheckerReports) {
    this.#ports = ports;
    this.#readings = readings;
    this.#reports = reports;
  }

  /** Makes the running loops of a virtual server its own. One that runs already and is unchanged goes on undisturbed. */
  apply(
    { config: virtualServer, realServers }: VirtualServerHealth,
    options: { isResumed?: boolean } = {},
  ): void {
    const before = this.#running.get(virtualServer.name) ?? new Map<string, Running>();
    const after = new Map<string, Running>();
    for (const { config: realServer, checkers } of realServers) {
      for (const health of checkers) {
        const checker = { id: health.id, config: health.config, virtualServer, realServer };
        after.set(
          health.id,
          this.#goOn(before.get(health.id), checker) ?? this.#start(checker, health, options),
        );
      }
    }
    this.#running.set(virtualServer.name, after);
    for (const [id, running] of before) if (after.get(id) !== running) running.stop();
  }

  /** Ends those of one virtual server. */
  end(virtualServer: string): void {
    for (const running of this.#running.get(virtualServer)?.values() ?? []) running.stop();
    this.#running.delete(virtualServer);
  }

  stop(): void {
    for (const name of [...this.#running.keys()]) this.end(name);
  }

  #goOn(running: Running | undefined, checker: LocatedChecker): Running | undefined {
    if (running === undefined || !isSameDefinition(running.checker.config, checker.config)) return undefined;
    running.checker = checker;
    return running;
  }

  #start(
    checker: LocatedChecker,
    { state }: CheckerHealth,
    { isResumed = false }: { isResumed?: boolean },
  ): Running {
    this.#reports.onStart(checker);
    const running: Running = {
      checker,
      stop: startChecker(
        {
          ...this.#askerOf(checker.config),
          checker: checker.config,
          state,
          isResumed,
          onProbe: (outcome, before) => this.#reports.onProbe(running.checker, outcome, before),
          onVerdict: (next, before, outcome) =>
            this.#reports.onVerdict(running.checker, next, before, outcome),
        },
        this.#ports,
      ),
    };
    return running;
  }

  #askerOf(checker: CheckerConfig) {
    if (!isFollowing(checker)) return { probe: this.#ports.probeOf(checker) };
    const key = followedReading(checker);
    return {
      probe: async () => outcomeOfReading(checker, this.#readings.get(key)),
      follow: (changed: () => void) => this.#readings.follow(key, changed),
    };
  }
}
