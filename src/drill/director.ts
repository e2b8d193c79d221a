/**
 * A director: one machine with the daemon on it, holdfast or Debian's keepalived. Only the command differs, so that
 * every drill and every figure can be had of both.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ListedService } from './ipvs-table.ts';
import { parseIpvsTable } from './ipvs-table.ts';
import type { Network } from './network.ts';
import { killTree, processTree } from './processes.ts';
import type { DirectorName } from './tutorial-network.ts';
import { networkInterface } from './tutorial-network.ts';
import { until } from './until.ts';

export type DaemonKind = 'holdfast' | 'keepalived';

export interface DirectorOptions {
  readonly network: Network;
  readonly name: DirectorName;
  readonly daemon: DaemonKind;
  readonly configFile: string;
  /** For its pid files and its log. */
  readonly scratch: string;
}

const launcher = fileURLToPath(new URL('../../bin/holdfast', import.meta.url));

export class Director {
  readonly name: DirectorName;
  readonly logFile: string;
  readonly #options: DirectorOptions;
  #running: ChildProcess | undefined;

  constructor(options: DirectorOptions) {
    this.name = options.name;
    this.logFile = join(options.scratch, `${options.name}.log`);
    this.#options = options;
  }

  /** Of holdfast; for `holdfast ctl --control-socket`. */
  get controlSocket(): string {
    return join(this.#options.scratch, `${this.name}.sock`);
  }

  /** The daemon's first process. Throws when it was never started. */
  get pid(): number {
    if (this.#running?.pid === undefined) throw new Error(`the daemon of ${this.name} has not been started`);
    return this.#running.pid;
  }

  get processes(): readonly number[] {
    return processTree(this.pid);
  }

  start(): void {
    const [file = '', ...args] = this.#command();
    this.#running = this.#options.network.start(this.name, file, args, this.logFile);
  }

  /** SIGTERM, and the end of it awaited. */
  async stop(): Promise<number | null> {
    const running = this.#running;
    if (running === undefined || running.exitCode !== null) return running?.exitCode ?? null;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await ended;
    return running.exitCode;
  }

  /** SIGKILL to all its processes at once, as when the machine dies: nothing is said and nothing released. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const tree = this.processes;
    const ended = once(running, 'exit');
    killTree(this.pid);
    await ended;
    await until(`all processes of ${this.name} are gone`, 5000, () =>
      tree.every((pid) => processTree(pid).length === 0),
    );
  }

  /** Whether the machine has the address now. */
  async holds(address: string): Promise<boolean> {
    const { stdout } = await this.#options.network.run(this.name, 'ip', ['-o', 'address', 'show']);
    return stdout
      .split('\n')
      .some((line) => line.includes(` ${networkInterface} `) && line.includes(` ${address}/`));
  }

  /** The machine's IPVS table, through the daemon's own view of /proc: empty before the daemon runs. */
  ipvsTable(): readonly ListedService[] {
    try {
      return parseIpvsTable(readFileSync(`/proc/${this.pid}/net/ip_vs`, 'utf8'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EINVAL'))
        return [];
      throw error;
    }
  }

  /** Where the machine sends what is asked of `service` (`10.0.0.3:80`), sorted. */
  destinationsOf(service: string): readonly string[] {
    const listed = this.ipvsTable().find((one) => one.address === service);
    return (listed?.destinations ?? []).map((destination) => destination.address).sort();
  }

  /** What a machine that was switched off and on again no longer has: the virtual address and the IPVS table. */
  async forget(address: string): Promise<void> {
    const { network } = this.#options;
    await network.run(this.name, 'ip', ['address', 'delete', `${address}/24`, 'dev', networkInterface]);
    await network.run(this.name, 'ipvsadm', ['--clear']);
  }

  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  #command(): readonly string[] {
    const { daemon, scratch, configFile } = this.#options;
    const pidFile = (process: string): string => join(scratch, `${this.name}-${process}.pid`);
    const flags = ['-n', '-l', '-D', '-f', configFile];
    const pidFiles = ['-p', pidFile('daemon'), '-r', pidFile('vrrp'), '-c', pidFile('checkers')];
    if (daemon === 'holdfast') {
      const control = ['--control-socket', this.controlSocket];
      return [process.execPath, launcher, 'run', ...flags, ...pidFiles, ...control];
    }
    // Without a syslog daemon its messages would go to the console as well.
    return ['keepalived', ...flags, '-G', ...pidFiles];
  }
}
