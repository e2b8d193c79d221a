/** The daemon on the director of lvs-network.ts, with virtual servers alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { namespaceOf, run } from './lvs-network.ts';

const launcher = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));

export interface TableEntry {
  readonly destination: string;
  /** As ipvsadm says it: Route, Masq, Tunnel. */
  readonly method: string;
  readonly weight: number;
}

export class LvsDirector {
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-lvs-'));
  #daemon: ChildProcess | undefined;

  get configFile(): string {
    return join(this.#folder, 'keepalived.conf');
  }

  get controlSocket(): string {
    return join(this.#folder, 'control.sock');
  }

  configure(text: string): void {
    writeFileSync(this.configFile, `${text}\n`);
  }

  start(): void {
    const file = (name: string) => join(this.#folder, name);
    const log = openSync(file('log'), 'a', 0o600);
    const pids = ['-p', file('daemon.pid'), '-r', file('vrrp.pid'), '-c', file('checkers.pid')];
    const flags = [
      'run',
      '-n',
      '-l',
      '-D',
      '-C',
      '-f',
      this.configFile,
      '--control-socket',
      this.controlSocket,
    ];
    const command = [process.execPath, launcher, ...flags, ...pids];
    this.#daemon = spawn('ip', ['netns', 'exec', namespaceOf('director'), ...command], {
      stdio: ['ignore', log, log],
      detached: true,
    });
  }

  ctl(...words: readonly string[]): string {
    return run('director', process.execPath, launcher, ...words, '--control-socket', this.controlSocket);
  }

  reload(): void {
    this.#daemon?.kill('SIGHUP');
  }

  /** SIGKILL for the checker process alone. */
  killChecker(): void {
    process.kill(Number(readFileSync(join(this.#folder, 'checkers.pid'), 'utf8')), 'SIGKILL');
  }

  checkerPid(): number {
    try {
      return Number(readFileSync(join(this.#folder, 'checkers.pid'), 'utf8'));
    } catch {
      return 0;
    }
  }

  /** SIGKILL for all of it in one moment: nothing is said and nothing released. */
  async killAll(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon?.pid === undefined) return;
    const ended = once(daemon, 'exit');
    const pids = [daemon.pid, this.checkerPid()];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await ended;
  }

  async stop(): Promise<number | null> {
    const daemon = this.#daemon;
    if (daemon === undefined || daemon.exitCode !== null) return daemon?.exitCode ?? null;
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
    return daemon.exitCode;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  log(): string {
    return readFileSync(join(this.#folder, 'log'), 'utf8');
  }

  /** By service, `10.9.0.11:8001`, as ipvsadm lists it. */
  table(): ReadonlyMap<string, readonly TableEntry[]> {
    const table = new Map<string, TableEntry[]>();
    let entries: TableEntry[] = [];
    for (const line of run('director', 'ipvsadm', '-ln').split('\n')) {
      const service = /^(?:TCP|UDP|FWM)\s+(\S+)/.exec(line);
      if (service !== null) {
        entries = [];
        table.set(service[1] ?? '', entries);
      }
      const found = /^\s+->\s+(\S+:\d+)\s+(\S+)\s+(\d+)/.exec(line);
      if (found !== null) {
        const [, destination = '', method = '', weight = ''] = found;
        entries.push({ destination, method, weight: Number(weight) });
      }
    }
    return table;
  }

  /** Connections that the kernel has scheduled, by service and destination, as `ipvsadm --stats` counts them. */
  scheduled(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    const services = new Map<string, Map<string, number>>();
    let counted = new Map<string, number>();
    for (const line of run('director', 'ipvsadm', '-ln', '--stats', '--exact').split('\n')) {
      const head = /^(?:TCP|UDP|FWM)\s+(\S+)/.exec(line);
      if (head !== null) {
        counted = new Map();
        services.set(head[1] ?? '', counted);
      }
      const found = /^\s+->\s+(\S+:\d+)\s+(\d+)/.exec(line);
      if (found !== null) counted.set(found[1] ?? '', Number(found[2]));
    }
    return services;
  }
}

export async function until(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs} ms`);
    await sleep(100);
  }
}
