/** The checker loops that run: a reload starts and ends only those whose definition changed. */
import type { CheckerConfig } from '../../config-parser/config.ts';
import {
  type CheckerState,
  definitionText,
  type LocatedChecker,
  type LoopPorts,
  type Probe,
  type ProbeOutcome,
  runChecker,
} from '../../healthcheck/index.ts';

export interface CheckerLoopsPorts extends Omit<LoopPorts, 'probe'> {
  readonly probeOf: (checker: CheckerConfig) => Probe;
}

export interface CheckerReports {
  readonly onStart: (checker: LocatedChecker) => void;
  readonly onProbe: (checker: LocatedChecker, outcome: ProbeOutcome, state: CheckerState) => void;
  readonly onVerdict: (checker: LocatedChecker, next: CheckerState, before: CheckerState) => void;
}

interface Running {
  readonly definition: string;
  readonly controller: AbortController;
}

export class CheckerLoops {
  readonly #ports: CheckerLoopsPorts;
  readonly #reports: CheckerReports;
  #running: ReadonlyMap<string, Running> = new Map();

  constructor(ports: CheckerLoopsPorts, reports: CheckerReports) {
    this.#ports = ports;
    this.#reports = reports;
  }

  /** Makes the running loops those of `checkers`. One that runs already and is unchanged goes on undisturbed. */
  apply(checkers: readonly LocatedChecker[]): void {
    const before = this.#running;
    const after = new Map<string, Running>();
    for (const checker of checkers) {
      const definition = definitionText(checker.config);
      const existing = before.get(checker.id);
      after.set(
        checker.id,
        existing?.definition === definition ? existing : this.#start(checker, definition),
      );
    }
    this.#running = after;
    for (const [id, { controller }] of before) {
      if (after.get(id)?.controller !== controller) controller.abort();
    }
  }

  stop(): void {
    this.apply([]);
  }

  #start(checker: LocatedChecker, definition: string): Running {
    const controller = new AbortController();
    this.#reports.onStart(checker);
    // A rejection is a mistake of ours: it is left unhandled so that it ends the process, which is then restarted.
    void runChecker(
      {
        timing: checker.config.timing,
        state: checker.state,
        signal: controller.signal,
        onProbe: (outcome, state) => this.#reports.onProbe(checker, outcome, state),
        onVerdict: (next, before) => this.#reports.onVerdict(checker, next, before),
      },
      { ...this.#ports, probe: this.#ports.probeOf(checker.config) },
    );
    return { definition, controller };
  }
}
