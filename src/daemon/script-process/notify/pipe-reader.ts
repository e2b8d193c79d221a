/** The program that reads a named pipe: kept running, started again when it ends, with longer and longer pauses. */
import type { CommandConfig } from '../../../config-parser/config.ts';
import type { CommandRunner, RunningCommand } from '../../commands/index.ts';
import type { LogRecord } from '../../ipc.ts';
import { initialRespawn, respawnAfterDeath } from '../../supervisor/respawn.ts';

export interface PipeReaderPorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly log: (record: LogRecord) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
}

export class PipeReader {
  readonly #ports: PipeReaderPorts;
  readonly #command: CommandConfig;
  readonly #path: string;
  #respawn = initialRespawn;
  #running: RunningCommand | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  /** Started at once, with `path` after its own arguments. */
  constructor(command: CommandConfig, path: string, ports: PipeReaderPorts) {
    this.#ports = ports;
    this.#command = command;
    this.#path = path;
    this.#start();
  }

  /** SIGTERM where it still runs; resolves when it is gone. It is not started again. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#running?.end();
    await this.#running?.finished;
  }

  /** Resolves when it ends by itself, as at the end of its input; never starts again. */
  async whenEnded(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running?.finished;
  }

  #start(): void {
    const startedAtMs = this.#ports.nowMs();
    const purpose = `reader of named pipe ${this.#path}`;
    const running = this.#ports.runner.run(this.#command, purpose, { extraArguments: [this.#path] });
    this.#running = running;
    void running.finished.then((result) => {
      this.#running = undefined;
      if (this.#isStopped) return;
      const { next, delayMs } = respawnAfterDeath(this.#respawn, startedAtMs, this.#ports.nowMs());
      this.#respawn = next;
      // What cannot be started at all has been said by the runner, once.
      if (result.kind !== 'not-started') this.#logEnd(howItEnded(result), delayMs);
      this.#timer = setTimeout(() => this.#start(), delayMs);
    });
  }

  #logEnd(how: string, delayMs: number): void {
    const when = delayMs === 0 ? 'at once' : `in ${delayMs / 1000} s`;
    const message = `Reader "${this.#command.argv.join(' ')}" of named pipe ${this.#path} ${how}; started again ${when}`;
    this.#ports.log({ level: 'warning', message });
  }
}

type Ended = Exclude<Awaited<RunningCommand['finished']>, { kind: 'not-started' }>;

/** `ended with status 3`; nothing of it is an error by itself. */
export function howItEnded(result: Ended): string {
  switch (result.kind) {
    case 'exited':
      return `ended with status ${result.status}`;
    case 'killed':
      return `was ended by ${result.signal}`;
    case 'timed-out':
      return 'was ended, since it took too long';
    case 'ended':
      return 'was ended';
  }
}
