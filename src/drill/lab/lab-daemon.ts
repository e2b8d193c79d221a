/** A director's daemon, holdfast or keepalived: started, stopped, killed and reloaded on its machine, its log in a file. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DaemonKind } from '../director.ts';
import { killTree, processTree } from '../processes.ts';
import { until } from '../until.ts';
import type { LabNetworkHandle } from './lab-network.ts';
import { onLines } from './lines.ts';

/** The parts of a daemon that can be killed alone. */
export type ProcessRole = 'supervisor' | 'vrrp' | 'checker' | 'script' | 'bfd';

export interface LabDaemonOptions {
  readonly network: LabNetworkHandle;
  readonly node: string;
  readonly daemon: DaemonKind;
  readonly configFile: string;
  readonly configId: string;
  /** A keepalived that was built without BFD does not know of its pid file. */
  readonly usesBfd: boolean;
  /** For its pid files. */
  readonly scratch: string;
  /** Every line that it writes goes here too. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

const launcher = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));
const stopLimitMs = 20_000;

export class LabDaemon {
  readonly node: string;
  readonly kind: DaemonKind;
  readonly #options: LabDaemonOptions;
  #running: ChildProcess | undefined;
  /** It was told to be stopped, or was killed: that it does not run is no news then. */
  #isMeantToRun = false;
  readonly #killed = new Map<ProcessRole, number>();

  constructor(options: LabDaemonOptions) {
    this.#options = options;
    this.node = options.node;
    this.kind = options.daemon;
  }

  get isRunning(): boolean {
    const running = this.#running;
    return running !== undefined && running.exitCode === null && running.signalCode === null;
  }

  /** It ended although nobody ended it; the status or signal is in the sentence. */
  get unexpectedEnd(): string | undefined {
    if (!this.#isMeantToRun || this.#running === undefined || this.isRunning) return undefined;
    const { exitCode, signalCode } = this.#running;
    return `${this.kind} on ${this.node} ended by itself with ${signalCode ?? `exit status ${exitCode}`}`;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#running?.pid : undefined;
  }

  start(): void {
    if (this.isRunning) return;
    const [file = '', ...args] = this.#command();
    const child = this.#options.network.start(this.node, file, args);
    for (const stream of [child.stdout, child.stderr]) onLines(stream, (line) => this.#take(line));
    this.#running = child;
    this.#isMeantToRun = true;
  }

  /** SIGTERM, and the end awaited. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#isMeantToRun = false;
    if (running === undefined || !this.isRunning) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(timer);
  }

  /** SIGKILL to all its processes at once: nothing is said and nothing released. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#isMeantToRun = false;
    if (running?.pid === undefined || !this.isRunning) return;
    const tree = processTree(running.pid);
    const ended = once(running, 'exit');
    killTree(running.pid);
    await ended;
    await until(`all processes of ${this.node} are gone`, 5000, () =>
      tree.every((pid) => processTree(pid).length === 0),
    );
  }

  /** SIGKILL to one of its processes; false where it has none of that kind. */
  killProcess(role: ProcessRole): boolean {
    const pid = this.pidOf(role);
    if (pid === undefined) return false;
    if (role === 'supervisor') this.#isMeantToRun = false;
    this.#killed.set(role, pid);
    process.kill(pid, 'SIGKILL');
    return true;
  }

  /** The process that was killed has a successor. */
  hasAgain(role: ProcessRole): boolean {
    const pid = this.pidOf(role);
    return pid !== undefined && pid !== this.#killed.get(role);
  }

  pidOf(role: ProcessRole): number | undefined {
    const { pid } = this;
    if (pid === undefined || role === 'supervisor') return pid;
    const { title, pidFile } = roleWords[role];
    const written = pidFile === undefined ? undefined : this.#pidFrom(pidFile);
    const children = processTree(pid).slice(1);
    return children.find((one) => (written === undefined ? titleOf(one).includes(title) : one === written));
  }

  /** Everything of it stands still, or goes on. */
  pause(isPaused: boolean): void {
    if (this.pid === undefined) return;
    for (const pid of processTree(this.pid)) {
      try {
        process.kill(pid, isPaused ? 'SIGSTOP' : 'SIGCONT');
      } catch (error) {
        // ESRCH: it ended meanwhile.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
  }

  reload(): void {
    this.#running?.kill('SIGHUP');
  }

  #pidFrom(name: string): number | undefined {
    const file = join(this.#options.scratch, `${this.node}-${name}.pid`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  }

  #take(line: string): void {
    appendFileSync(this.#options.logFile, `${line}\n`, { mode: 0o600 });
    this.#options.onLine(line);
  }

  #command(): readonly string[] {
    const { daemon, scratch, configFile, configId, usesBfd } = this.#options;
    const file = (name: string): string => join(scratch, `${this.node}-${name}`);
    const flags = ['-n', '-l', '-D', '-f', configFile, '-i', configId];
    const pidFiles = [
      ...['-p', file('daemon.pid'), '-r', file('vrrp.pid'), '-c', file('checkers.pid')],
      ...(usesBfd ? ['-b', file('bfd.pid')] : []),
    ];
    if (daemon === 'holdfast') {
      return [process.execPath, launcher, 'run', ...flags, ...pidFiles, '--control-socket', file('control')];
    }
    // -G: without a syslog daemon its messages would go to the console as well.
    return ['keepalived', ...flags, '-G', ...pidFiles];
  }
}

interface RoleWords {
  /** In the name that the process has given itself. */
  readonly title: string;
  readonly pidFile?: string;
}

const roleWords: Readonly<Record<Exclude<ProcessRole, 'supervisor'>, RoleWords>> = {
  vrrp: { title: 'vrrp', pidFile: 'vrrp.pid' },
  checker: { title: 'checker', pidFile: 'checkers.pid' },
  script: { title: 'script' },
  bfd: { title: 'bfd', pidFile: 'bfd.pid' },
};

function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended while we looked.
    return '';
  }
}
