/** What happens to one check from the start of the daemon on, a phase after the other: how long each took and what the log said. */
import type { CheckerLineStatus } from '../../../src/daemon/ipc.ts';
import { until } from '../../../src/drill/until.ts';
import { type CheckDaemon, type LogLine, patienceMs } from './checks-daemon-fixture.ts';
import type { KindOfCheck } from './checks-daemon-kinds.ts';
import type { FaultSwitch } from './checks-daemon-switches.ts';

export interface Phase {
  /** From the switch, or the start of the daemon, to the line that tells what came of it. */
  readonly elapsedMs: number;
  /** All that the log said of this check meanwhile. */
  readonly lines: readonly string[];
  /** Of attempts that the server answered well until that line; undefined where nobody counts. */
  readonly answered?: number | undefined;
  /** As the daemon keeps them at the end of the phase, the last first. */
  readonly results: CheckerLineStatus['results'];
}

export interface LonePhase {
  readonly lines: readonly string[];
  readonly isUp: boolean;
}

export class Story {
  readonly #daemon: CheckDaemon;
  readonly #check: KindOfCheck;
  readonly #switch: FaultSwitch;
  #mark = 0;

  constructor(daemon: CheckDaemon, check: KindOfCheck, faults: FaultSwitch) {
    this.#daemon = daemon;
    this.#check = check;
    this.#switch = faults;
  }

  async passes(): Promise<Phase> {
    const good = await this.#daemon.line(this.#check.wording.good);
    return this.#phase(this.#daemon.startedAtMs, good);
  }

  async fails(): Promise<Phase> {
    return this.#untilDown(await this.#switch.wrong());
  }

  async timesOut(): Promise<Phase> {
    return this.#untilDown(await this.#switch.hang());
  }

  /** By a fault that is not one of all checks. */
  async failsOtherwise(switched: () => Promise<number>): Promise<Phase> {
    return this.#untilDown(await switched());
  }

  async recovers(): Promise<Phase> {
    const sinceMs = await this.#switch.mend();
    const gained = `Gained quorum 1+0=1 <= 1 for VS ${this.#check.virtualServer}`;
    const up = await this.#daemon.line(gained, this.#mark);
    const answered = this.#switch.answeredSince(sinceMs);
    return { ...(await this.#phase(sinceMs, up)), answered };
  }

  /** One attempt fails, and the two after it do not. */
  async flaps(): Promise<Phase> {
    const sinceMs = await this.#switch.wrongOnce();
    const failed = await this.#daemon.line(this.#check.wording.wrong, this.#mark);
    await until(`two good attempts follow a failed one of ${this.#check.kind}`, patienceMs, async () => {
      const kinds = (await this.#results()).map(({ outcome }) => outcome.kind);
      return kinds.join(' ').startsWith('ok ok') && kinds.includes('failed');
    });
    return this.#phase(sinceMs, failed);
  }

  /** While it is down, an attempt between failing ones is good. */
  async answersOnce(switched: () => Promise<number>): Promise<LonePhase> {
    await switched();
    await until(`a failing attempt follows a good one of ${this.#check.kind}`, patienceMs, async () => {
      const kinds = (await this.#results()).map(({ outcome }) => outcome.kind);
      return kinds.join(' ').includes('failed ok failed');
    });
    const { realServers } = await this.#daemon.virtualServer(this.#check.virtualServer);
    return { lines: this.#linesSinceMark(), isUp: realServers.some(({ isUp }) => isUp) };
  }

  async #untilDown(sinceMs: number): Promise<Phase> {
    const { realServer, virtualServer } = this.#check;
    const removed = `Removing service ${realServer} from VS ${virtualServer}`;
    const line = await this.#daemon.line(removed, this.#mark);
    await this.#daemon.line(`Lost quorum 1-0=1 > 0 for VS ${virtualServer}`, this.#mark);
    return this.#phase(sinceMs, line);
  }

  async #phase(sinceMs: number, line: LogLine): Promise<Phase> {
    const results = await this.#results();
    const lines = this.#linesSinceMark();
    this.#mark = this.#daemon.mark;
    return { elapsedMs: line.atMs - sinceMs, lines, results };
  }

  #linesSinceMark(): readonly string[] {
    const { realServer, virtualServer } = this.#check;
    return this.#daemon
      .textFrom(this.#mark)
      .filter((text) => text.includes(realServer) || text.includes(virtualServer));
  }

  async #results(): Promise<CheckerLineStatus['results']> {
    return (await this.#daemon.check(this.#check.virtualServer)).results;
  }
}
