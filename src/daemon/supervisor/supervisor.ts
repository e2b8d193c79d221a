/** The supervisor's shell: performs what `superviseStep` decides and feeds it what happens. Decides nothing itself. */
import { performance } from 'node:perf_hooks';
import type { ChildOptions, ChildRole, LogRecord } from '../ipc.ts';
import { type Log, type LogSource, supervisorName } from '../logger/index.ts';
import { removePidFile, writePidFile } from '../pid-file.ts';
import { ForkedChild } from './child-process.ts';
import { childNames } from './child-state.ts';
import type { ConfigurationReading, ServiceState, SupervisorEffect, SupervisorEvent } from './messages.ts';
import { superviseStep } from './supervise.ts';
import { initialSupervisorState, nextTimeout, type SupervisorOptions } from './supervisor-state.ts';

export interface SupervisorSettings {
  readonly options: SupervisorOptions;
  readonly childOptions: ChildOptions;
  /** keepalived(8): --ignore-sigint. */
  readonly ignoreSigint: boolean;
  /** The program that each child runs. */
  readonly scripts: Readonly<Record<ChildRole, URL>>;
  /** Where the children's pids are written; undefined means nowhere. */
  readonly pidFiles: Readonly<Partial<Record<ChildRole, string>>>;
  readonly log: Log;
  /** Reads the files anew each time; a rejection counts as a mistake of ours, not of the operator's. */
  readConfiguration(isReload: boolean): Promise<ConfigurationReading>;
  /** Tells whoever waits for it (systemd, the process that put us into the background). */
  notify(state: ServiceState): void;
}

/** Where signals come from: `process`, or a test. */
export interface SignalSource {
  on(name: string, listener: (value: unknown) => void): unknown;
  off(name: string, listener: (value: unknown) => void): unknown;
}

/** The programs beside this one. */
export const childScripts: Readonly<Record<ChildRole, URL>> = {
  vrrp: new URL('../vrrp-process/main.js', import.meta.url),
  checker: new URL('../checker-process/main.js', import.meta.url),
};

/**
 * Runs until a signal, a permanent error or a mistake of ours ends it, and resolves with the exit status. Children are
 * gone by then, save those that not even SIGKILL ended in time.
 */
export function runSupervisor(
  settings: SupervisorSettings,
  signals: SignalSource = process,
): Promise<number> {
  return new Promise((resolve) => {
    const supervisor = new Supervisor(settings, (exitCode) => {
      unlisten();
      resolve(exitCode);
    });
    const unlisten = listen(supervisor, signals, settings.ignoreSigint);
    supervisor.handle({ kind: 'start' });
  });
}

function listen(supervisor: Supervisor, signals: SignalSource, ignoreSigint: boolean): () => void {
  const handlers: Readonly<Record<string, (value: unknown) => void>> = {
    SIGTERM: () => supervisor.handle({ kind: 'stopRequested' }),
    SIGINT: ignoreSigint ? () => {} : () => supervisor.handle({ kind: 'stopRequested' }),
    SIGHUP: () => supervisor.handle({ kind: 'reloadRequested' }),
    SIGUSR1: () => supervisor.handle({ kind: 'userSignal', signal: 'SIGUSR1' }),
    SIGUSR2: () => supervisor.handle({ kind: 'userSignal', signal: 'SIGUSR2' }),
    uncaughtException: (error) => supervisor.handle({ kind: 'internalError', error: describe(error) }),
    unhandledRejection: (error) => supervisor.handle({ kind: 'internalError', error: describe(error) }),
  };
  for (const [name, handler] of Object.entries(handlers)) signals.on(name, handler);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) signals.off(name, handler);
  };
}

class Supervisor {
  private readonly settings: SupervisorSettings;
  private readonly onExit: (exitCode: number) => void;
  private readonly children: Partial<Record<ChildRole, ForkedChild>> = {};
  private readonly pids: Partial<Record<ChildRole, number>> = {};
  private readonly waiting: SupervisorEvent[] = [];
  private state = initialSupervisorState;
  private isHandling = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(settings: SupervisorSettings, onExit: (exitCode: number) => void) {
    this.settings = settings;
    this.onExit = onExit;
  }

  /** Effects may cause events: those wait until the effects of this one are all performed. */
  handle(event: SupervisorEvent): void {
    this.waiting.push(event);
    if (this.isHandling) return;
    this.isHandling = true;
    try {
      for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.step(next);
    } finally {
      this.isHandling = false;
    }
    this.armTimer();
  }

  private step(event: SupervisorEvent): void {
    const { next, effects } = superviseStep(this.settings.options, this.state, event, performance.now());
    this.state = next;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SupervisorEffect): void {
    switch (effect.kind) {
      case 'startChild':
        this.startChild(effect.role);
        break;
      case 'configureChild': {
        const { config, ownedServices } = effect;
        const options = this.settings.childOptions;
        this.children[effect.role]?.send({ kind: 'configure', config, options, ownedServices });
        break;
      }
      case 'stopChild':
        this.children[effect.role]?.send({ kind: 'stop' });
        break;
      case 'killChild':
        this.children[effect.role]?.kill();
        break;
      case 'readConfiguration':
        this.readConfiguration(effect.isReload);
        break;
      case 'log':
        this.log(effect.record);
        break;
      case 'notify':
        this.settings.notify(effect.state);
        break;
      case 'writePidFile':
        this.writePidFile(effect.role, effect.pid);
        break;
      case 'removePidFile':
        this.removePidFile(effect.role);
        break;
      case 'exit':
        this.exit(effect.exitCode);
        break;
      default:
        effect satisfies never;
    }
  }

  private startChild(role: ChildRole): void {
    const name = childNames[role].process;
    const source: LogSource = { name, pid: undefined };
    const child = new ForkedChild(role, this.settings.scripts[role], {
      onEvent: (event) => this.handle(event),
      onLog: (records, dropped) => this.logOfChild({ ...source, pid: child.pid }, records, dropped),
    });
    this.children[role] = child;
    if (child.pid !== undefined) this.handle({ kind: 'childStarted', role, pid: child.pid });
  }

  private logOfChild(source: LogSource, records: readonly LogRecord[], dropped: number): void {
    const { log } = this.settings;
    for (const record of records) log.write(source, record);
    if (dropped > 0) {
      const message = `${dropped} log lines of ${source.name} were dropped while the supervisor was busy`;
      this.log({ level: 'warning', message });
    }
  }

  private readConfiguration(isReload: boolean): void {
    // A reload is also when log files are rotated.
    if (isReload) this.settings.log.reopen();
    this.settings.readConfiguration(isReload).then(
      (reading) => {
        this.handle({ kind: 'configurationRead', reading });
        // Loading it any earlier would keep the children waiting for their configuration.
        void this.settings.log.start();
      },
      (error) => this.handle({ kind: 'internalError', error: describe(error) }),
    );
  }

  private writePidFile(role: ChildRole, pid: number): void {
    const path = this.settings.pidFiles[role];
    if (path === undefined) return;
    this.pids[role] = pid;
    this.attempt(`write ${path}`, () => writePidFile(path, pid));
  }

  private removePidFile(role: ChildRole): void {
    const path = this.settings.pidFiles[role];
    const pid = this.pids[role];
    if (path !== undefined && pid !== undefined) {
      this.attempt(`remove ${path}`, () => removePidFile(path, pid));
    }
  }

  /** A pid file that cannot be written is worth a line, not the daemon. */
  private attempt(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.log({ level: 'error', message: `cannot ${what}: ${describe(error, 'short')}` });
    }
  }

  private log(record: LogRecord): void {
    this.settings.log.write({ name: supervisorName, pid: process.pid }, record);
  }

  private armTimer(): void {
    clearTimeout(this.timer);
    const deadlineMs = nextTimeout(this.state);
    if (deadlineMs === undefined || this.state.phase === 'ended') return;
    this.timer = setTimeout(
      () => this.handle({ kind: 'timeout' }),
      Math.max(0, deadlineMs - performance.now()),
    );
  }

  private exit(exitCode: number): void {
    clearTimeout(this.timer);
    for (const role of Object.keys(this.pids) as ChildRole[]) this.removePidFile(role);
    this.onExit(exitCode);
  }
}

function describe(error: unknown, form: 'short' | 'stack' = 'stack'): string {
  if (!(error instanceof Error)) return String(error);
  return form === 'stack' ? (error.stack ?? error.message) : error.message;
}
