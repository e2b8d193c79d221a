/** Runs one track script as its tracker says, and tells what comes of it. */
import type { TrackScriptConfig } from '../../config-parser/config.ts';
import {
  initialScript,
  type ScriptEffect,
  type ScriptEvent,
  type ScriptOutcome,
  type ScriptState,
  scriptReading,
  stepScript,
} from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { CommandResult, CommandRunner, RunningCommand } from '../commands/index.ts';
import type { LogRecord } from '../ipc.ts';
import { Alarm } from './alarm.ts';
import type { Tracker } from './tracker-set.ts';
import { describeOutput, describeScript } from './wording.ts';

export interface TrackScriptPorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  readonly tell: (reading: TrackerReading) => void;
  /** What a script writes is kept for the log. */
  readonly keepsOutput: () => boolean;
}

export interface TrackScriptStart {
  readonly firstRunAtMs: number;
  /** A program that is ending, beside which this one must not run. */
  readonly after?: Promise<void> | undefined;
}

const mostOutputBytes = 1024;

export class TrackScript implements Tracker {
  readonly #config: TrackScriptConfig;
  readonly #ports: TrackScriptPorts;
  readonly #alarm = new Alarm(() => this.#step({ kind: 'timeout' }));
  #state: ScriptState;
  #running: RunningCommand | undefined;
  #isStopped = false;

  constructor(config: TrackScriptConfig, start: TrackScriptStart, ports: TrackScriptPorts) {
    this.#config = config;
    this.#ports = ports;
    this.#state = initialScript(config, start.firstRunAtMs);
    if (start.after === undefined) this.#alarm.set(this.#state.nextRunAtMs);
    else void start.after.then(() => this.#step({ kind: 'timeout' }));
  }

  reading(): TrackerReading | undefined {
    const isUp = scriptReading(this.#state);
    return isUp === undefined ? undefined : { kind: 'script', name: this.#config.name, isUp };
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.clear();
    this.#running?.end();
  }

  /** After `stop`: when the program that still ran is gone. */
  async whenEnded(): Promise<void> {
    await this.#running?.finished;
  }

  /** After `stop`: it is not waited for any longer. */
  kill(): void {
    this.#running?.kill();
  }

  #step(event: ScriptEvent): void {
    if (this.#isStopped) return;
    const { next, effects } = stepScript(this.#config, this.#state, event, this.#ports.nowMs());
    this.#state = next;
    for (const effect of effects) this.#perform(effect);
    this.#alarm.set(this.#state.nextRunAtMs);
  }

  #perform(effect: ScriptEffect): void {
    switch (effect.kind) {
      case 'run':
        this.#run();
        break;
      case 'report':
        this.#ports.log(describeScript(this.#config.name, effect.report));
        break;
      case 'reading':
        this.#ports.tell({ kind: 'script', name: this.#config.name, isUp: effect.isUp });
    }
  }

  #run(): void {
    const { name, command, timeoutMs } = this.#config;
    const running = this.#ports.runner.run(command, `VRRP_Script(${name})`, {
      timeoutMs,
      onTimeout: () => this.#step({ kind: 'timedOut' }),
      captureBytes: this.#ports.keepsOutput() ? mostOutputBytes : 0,
    });
    this.#running = running;
    void running.finished.then((result) => {
      this.#running = undefined;
      this.#noteEnd(result);
    });
  }

  #noteEnd(result: CommandResult): void {
    if (this.#isStopped) return;
    if (result.kind !== 'not-started' && result.output !== '') {
      this.#ports.log(describeOutput(this.#config.name, result.output));
    }
    const outcome = outcomeOf(result);
    this.#step(outcome === undefined ? { kind: 'ended' } : { kind: 'finished', outcome });
  }
}

/** Undefined for what was ended by us and has been counted. */
function outcomeOf(result: CommandResult): ScriptOutcome | undefined {
  switch (result.kind) {
    case 'exited':
      return { kind: 'exited', status: result.status };
    case 'killed':
      return { kind: 'killed', signal: result.signal };
    case 'not-started':
      return { kind: 'not-started' };
    case 'timed-out':
    case 'ended':
      return undefined;
  }
}
