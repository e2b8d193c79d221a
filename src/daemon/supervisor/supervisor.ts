/** The supervisor's shell: performs what `superviseStep` decides and feeds it what happens. Decides nothing itself. */
import { performance } from 'node:perf_hooks';
import type { Config, DaemonConfig } from '../../config-parser/config.ts';
import { holdfastPackage } from '../../kernel/package-root.ts';
import { nameProcess } from '../../kernel/process-name.ts';
import type { ChildOptions, ChildRole, LogRecord } from '../ipc.ts';
import { type Log, type LogSource, supervisorName } from '../logger/index.ts';
import type { MetricsAddress } from '../metrics/index.ts';
import { removePidFile, writePidFile } from '../pid-file.ts';
import { ForkedChild } from './child-process.ts';
import { childNames } from './child-state.ts';
import { describeError } from './describe-error.ts';
import { Desk } from './desk.ts';
import type { LifecycleRun } from './lifecycle-scripts.ts';
import type { ConfigurationReading, ServiceState, SupervisorEffect, SupervisorEvent } from './messages.ts';
import { Services } from './services.ts';
import { superviseStep } from './supervise.ts';
import { initialSupervisorState, nextTimeout, type SupervisorOptions } from './supervisor-state.ts';

export interface SupervisorSettings {
  readonly options: SupervisorOptions;
  readonly childOptions: ChildOptions;
  /** keepalived(8): --ignore-sigint. */
  readonly ignoreSigint: boolean;
  /** The program that each child runs. */
  readonly scripts: Readonly<Record<ChildRole, URL>>;
  readonly log: Log;
  readonly version: string;
  /** As the operator named it. */
  readonly configurationFile: string;
  /** Undefined serves none. */
  readonly metrics?: MetricsAddress;
  /** Names of the daemon's own files, which hold the name of the instance where the configuration has one. */
  files(daemon: DaemonConfig | undefined): DaemonFiles;
  /** Reads the files anew each time; a rejection counts as a mistake of ours, not of the operator's. */
  readConfiguration(isReload: boolean): Promise<ConfigurationReading>;
  /** Reads a configuration that is not to be loaded, as strictly as for a reload. */
  readPlanned(file: string): Promise<ConfigurationReading>;
  /** Tells whoever waits for it (systemd, the process that put us into the background). */
  notify(state: ServiceState): void;
}

/** What is undefined is not made. */
export interface DaemonFiles {
  readonly pidFiles: Readonly<Partial<Record<ChildRole, string>>>;
  readonly controlSocket: string | undefined;
}

/** Where signals come from: `process`, or a test. */
export interface SignalSource {
  on(name: string, listener: (value: unknown) => void): unknown;
  off(name: string, listener: (value: unknown) => void): unknown;
}

/** The program of each child. */
export const childScripts: Readonly<Record<ChildRole, URL>> = {
  vrrp: childScript('vrrp'),
  checker: childScript('checker'),
  script: childScript('script'),
  bfd: childScript('bfd'),
};

function childScript(role: ChildRole): URL {
  return new URL(`dist/daemon/${role}-process/main.js`, holdfastPackage().root);
}

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
    uncaughtException: (error) => supervisor.handle({ kind: 'internalError', error: describeError(error) }),
    unhandledRejection: (error) => supervisor.handle({ kind: 'internalError', error: describeError(error) }),
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
  private readonly desk: Desk;
  private readonly services: Services;
  private state = initialSupervisorState;
  private files: DaemonFiles = { pidFiles: {}, controlSocket: undefined };
  private lifecycle: LifecycleRun | undefined;
  private isHandling = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(settings: SupervisorSettings, onExit: (exitCode: number) => void) {
    this.settings = settings;
    this.onExit = onExit;
    const { version, configurationFile, readPlanned } = settings;
    const { roles } = settings.options;
    const handle = (event: SupervisorEvent) => this.handle(event);
    const state = () => this.state;
    this.desk = new Desk({ version, configurationFile, roles, handle, state, readPlanned });
    this.services = new Services(this.desk, (record) => this.log(record));
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
        const { config, memory } = effect;
        const options = this.settings.childOptions;
        this.children[effect.role]?.send({ kind: 'configure', config, options, memory });
        break;
      }
      case 'stopChild':
        this.children[effect.role]?.send({ kind: 'stop', ...(effect.atOnce && { atOnce: true }) });
        break;
      case 'passOn':
        this.children[effect.role]?.send(effect.message);
        break;
      case 'answer':
        this.desk.answer(effect.request, effect.answer);
        break;
      case 'serve':
        this.serve(effect.config);
        break;
      case 'runLifecycleScript':
        void this.runLifecycleScript(effect);
        break;
      case 'nameProcess':
        this.attempt(`take the name ${effect.name ?? supervisorName}`, () => nameProcess(effect.name));
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
      (error) => this.handle({ kind: 'internalError', error: describeError(error) }),
    );
  }

  private serve({ daemon }: Config): void {
    this.files = this.settings.files(daemon);
    this.services.open(this.files.controlSocket, this.settings.metrics);
  }

  private async runLifecycleScript({
    which,
    script,
    config,
  }: Extract<SupervisorEffect, { kind: 'runLifecycleScript' }>): Promise<void> {
    try {
      // Most configurations have none.
      const { startLifecycleScript } = await import('./lifecycle-scripts.ts');
      this.lifecycle = startLifecycleScript(which, script, config, (record) => this.log(record));
      await this.lifecycle.ended;
      this.lifecycle = undefined;
      this.handle({ kind: 'lifecycleScriptEnded', which });
    } catch (error) {
      this.handle({ kind: 'internalError', error: describeError(error) });
    }
  }

  private writePidFile(role: ChildRole, pid: number): void {
    const path = this.files.pidFiles[role];
    if (path === undefined) return;
    this.pids[role] = pid;
    this.attempt(`write ${path}`, () => writePidFile(path, pid));
  }

  private removePidFile(role: ChildRole): void {
    const path = this.files.pidFiles[role];
    const pid = this.pids[role];
    if (path !== undefined && pid !== undefined) {
      this.attempt(`remove ${path}`, () => removePidFile(path, pid));
    }
  }

  /** A file that cannot be written is worth a line, not the daemon. */
  private attempt(what: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.log({ level: 'error', message: `cannot ${what}: ${describeError(error, 'short')}` });
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
    this.lifecycle?.stop();
    this.services.close();
    for (const role of Object.keys(this.pids) as ChildRole[]) this.removePidFile(role);
    this.onExit(exitCode);
  }
}
