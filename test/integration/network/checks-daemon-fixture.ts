/** The whole daemon with health checks alone, in a namespace: its log lines as they arrive, and its control socket. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { askDaemon, type ControlRequest } from '../../../src/daemon/control-socket/index.ts';
import type { CheckerLineStatus, VirtualServerStatus } from '../../../src/daemon/ipc.ts';
import { until } from '../../../src/drill/until.ts';

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));

/** For what must come some time: these tests share their machine with others. */
export const patienceMs = 30_000;

/** CLOCK_MONOTONIC in milliseconds, which all processes of a host share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export interface LogLine {
  /** When it arrived here. */
  readonly atMs: number;
  /** Without date and process. */
  readonly text: string;
}

export interface DaemonPlace {
  readonly namespace: string;
  /** For its pid files and its socket. */
  readonly folder: string;
  readonly configurationFile: string;
  /** In the names of those files. */
  readonly name?: string;
}

const prefix = /^\w{3} [ \d]\d [\d:]{8} (\S+): /;

export class CheckDaemon {
  readonly startedAtMs = nowMs();
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #socket: string;
  /** By the name that it has in the log. */
  readonly #pids = new Map<string, number>();

  constructor({ namespace, folder, configurationFile, name = 'director' }: DaemonPlace) {
    const at = (suffix: string) => join(folder, `${name}.${suffix}`);
    this.#socket = at('sock');
    const files = ['-p', at('pid'), '-r', at('vrrp'), '-c', at('checkers'), '-b', at('bfd')];
    const flags = ['run', '-n', '-l', '-D', '-C', '-f', configurationFile, '--control-socket', this.#socket];
    const command = ['netns', 'exec', namespace, process.execPath, holdfast, ...flags, ...files];
    this.#child = spawn('ip', command, { stdio: ['ignore', 'ignore', 'pipe'] });
    if (this.#child.stderr === null) throw new Error('the daemon has no standard error');
    createInterface(this.#child.stderr).on('line', (line) => this.#note(line));
  }

  /** What `lines` will have next. */
  get mark(): number {
    return this.lines.length;
  }

  /** The first from `mark` on that begins with `text`. Rejects with all that came instead. */
  async line(text: string, mark = 0): Promise<LogLine> {
    const find = () => this.lines.slice(mark).find((line) => line.text.startsWith(text));
    try {
      await until(text, patienceMs, () => find() !== undefined);
    } catch (error) {
      throw new Error(`${error}\n${this.textFrom(mark).join('\n')}`);
    }
    return find() as LogLine;
  }

  textFrom(mark: number): readonly string[] {
    return this.lines.slice(mark).map(({ text }) => text);
  }

  /** The process that calls itself so in the log. */
  pidOf(process: string): number {
    return this.#pids.get(process) ?? 0;
  }

  async virtualServer(name: string): Promise<VirtualServerStatus> {
    const answer = await this.ask({ kind: 'status' });
    const known = answer.ok ? (answer.daemon?.checker?.virtualServers ?? []) : [];
    const found = known.find((server) => server.name === name);
    if (found === undefined) throw new Error(`${name} is not among the virtual servers`);
    return found;
  }

  /** Of the only check of the only real server. */
  async check(virtualServer: string): Promise<CheckerLineStatus> {
    const [realServer] = (await this.virtualServer(virtualServer)).realServers;
    const [check] = realServer?.checkers ?? [];
    if (check === undefined) throw new Error(`${virtualServer} has no check`);
    return check;
  }

  ask(request: ControlRequest) {
    return askDaemon(this.#socket, request, patienceMs);
  }

  /** The command that operators type. */
  ctl(...words: readonly string[]) {
    const args = [holdfast, 'ctl', ...words, '--control-socket', this.#socket];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: patienceMs,
    });
    return { status, stdout, stderr };
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  #note(line: string): void {
    const [, source = ''] = prefix.exec(line) ?? [];
    const [, name = '', pid] = /^(.*)\[(\d+)\]$/.exec(source) ?? [];
    if (pid !== undefined) this.#pids.set(name, Number(pid));
    this.lines.push({ atMs: nowMs(), text: line.replace(prefix, '') });
  }
}
