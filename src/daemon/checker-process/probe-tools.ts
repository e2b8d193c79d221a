/** What the probes need of the machine, for real: sockets, pings, and programs that run under script security. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { CheckConnection, CommandConfig, ScriptSecurityConfig } from '../../config-parser/config.ts';
import type { ConnectResult, PendingStream } from '../../healthcheck/probes/stream-tools.ts';
import type {
  CommandEnd,
  CommandOptions,
  DatagramEvents,
  Ping,
  PingEvents,
  PingPlace,
  ProbeCommand,
  ProbeSocket,
  ProbeTools,
} from '../../healthcheck/probes/tools.ts';
import { Pinger } from '../../kernel/ping.ts';
import { StreamConnector } from '../../kernel/stream-connector.ts';
import { openUdpProbe } from '../../kernel/udp-probe.ts';
import { type CommandResult, CommandRunner, type CommandRunnerPorts } from '../commands/index.ts';

/** What a check's program writes is kept up to here, for the sentence that says why it failed. */
const mostOutputBytes = 16_384;

/** Longer than SIGTERM and SIGKILL take to end a program, unless the kernel itself does not let it go. */
const longestEndingMs = 4000;

/** As keepalived is without global_defs about scripts; `configure` brings those of the configuration. */
const initialSecurity: ScriptSecurityConfig = {
  refusesWritable: false,
  useSymlinkPaths: false,
  setSupplementaryGroups: false,
};

export interface CheckerToolsPorts extends CommandRunnerPorts {
  /** Calls `start`, which starts a program, so that the program has what it should have of this process. */
  readonly starting?: <Result>(start: () => Result) => Result;
}

export class CheckerTools implements ProbeTools {
  readonly #runner: CommandRunner;
  readonly #starting: NonNullable<CheckerToolsPorts['starting']>;
  readonly #pinger = new Pinger();
  readonly #connector = new StreamConnector();
  readonly #running = new Set<RunningProgram>();
  /** By command: a program that was ended before its time, beside which the same one must not run. */
  readonly #ending = new Map<string, Promise<unknown>>();

  constructor(ports: CheckerToolsPorts) {
    this.#runner = new CommandRunner(initialSecurity, ports);
    this.#starting = ports.starting ?? ((start) => start());
  }

  /** At every configuration: accounts are read anew, and what is still wrong with a command is said again. */
  configure(security: ScriptSecurityConfig): void {
    this.#runner.configure(security);
  }

  /** Ends what runs; resolves when all of it is gone, which takes up to 2 s. */
  async stop(): Promise<void> {
    const all = [...this.#running];
    for (const program of all) program.end();
    await Promise.all(all.map((program) => program.finished));
    this.#connector.close();
  }

  /** SIGKILL to what still runs: for the last moment before our own end. */
  kill(): void {
    for (const program of this.#running) program.kill();
  }

  openDatagramSocket(place: CheckConnection, events: DatagramEvents): ProbeSocket {
    return openUdpProbe(place, events);
  }

  sendPing(place: PingPlace, events: PingEvents): Ping {
    return this.#pinger.send(place, events);
  }

  connectStream(connection: CheckConnection, onDone: (result: ConnectResult) => void): PendingStream {
    return this.#connector.connect(connection, onDone);
  }

  readFile(path: string): Uint8Array {
    return readFileSync(path);
  }

  runCommand(command: CommandConfig, options: CommandOptions): ProbeCommand {
    const key = JSON.stringify(command);
    const start = () =>
      this.#runner.run(command, `${options.purpose} ${command.argv[0]}`, {
        timeoutMs: options.timeoutMs,
        onTimeout: options.onTimeout,
        captureBytes: mostOutputBytes,
      });
    const program = new RunningProgram(this.#ending.get(key), () => this.#starting(start));
    this.#running.add(program);
    void program.finished.then(() => {
      this.#running.delete(program);
      if (this.#ending.get(key) === program.finished) this.#ending.delete(key);
    });
    const end = () => {
      if (!this.#running.has(program)) return;
      this.#ending.set(key, program.finished);
      program.end();
    };
    return { finished: program.finished, end };
  }
}

type Start = () => ReturnType<CommandRunner['run']>;

/** A program that runs, or that is about to when another has ended. */
class RunningProgram implements ProbeCommand {
  readonly finished: Promise<CommandEnd>;
  #command: ReturnType<Start> | undefined;
  #hasEnded = false;

  constructor(before: Promise<unknown> | undefined, start: Start) {
    this.finished = before === undefined ? this.#run(start) : this.#runAfter(before, start);
  }

  end(): void {
    this.#hasEnded = true;
    this.#command?.end();
  }

  kill(): void {
    this.#hasEnded = true;
    this.#command?.kill();
  }

  async #run(start: Start): Promise<CommandEnd> {
    this.#command = start();
    return endOf(await this.#command.finished);
  }

  async #runAfter(before: Promise<unknown>, start: Start): Promise<CommandEnd> {
    const patience = new AbortController();
    const isOver = before.then(() => true);
    const isTooLong = setTimeout(longestEndingMs, false, { signal: patience.signal }).catch(() => false);
    const isFree = await Promise.race([isOver, isTooLong]);
    patience.abort();
    if (this.#hasEnded) return { kind: 'ended', output: '' };
    if (isFree) return this.#run(start);
    return { kind: 'not-started', message: 'the program of an earlier run cannot be ended, even by SIGKILL' };
  }
}

function endOf(result: CommandResult): CommandEnd {
  switch (result.kind) {
    case 'timed-out':
      return { kind: 'ended', output: result.output };
    case 'not-started':
      return { kind: 'not-started', message: result.problem.message };
    default:
      return result;
  }
}
