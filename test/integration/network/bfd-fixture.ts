/** The two ends of a BFD session in network namespaces: our own process, as the supervisor runs it, and Debian's keepalived. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BfdInstanceConfig, ProcessTuning } from '../../../src/config-parser/config.ts';
import type { ChildMessage } from '../../../src/daemon/ipc.ts';
import { killTree } from '../../../src/drill/processes.ts';
import type { TrackerReading } from '../../../src/vrrp/tracking.ts';

export interface TimedReading {
  readonly atMs: number;
  readonly reading: TrackerReading;
}

/**
 * As it is installed: what runs TypeScript keeps so much in memory that collecting its garbage takes longer than a session of
 * 10 ms waits.
 */
const main = fileURLToPath(new URL('../../../dist/daemon/bfd-process/main.js', import.meta.url));

/** The bfd process of holdfast with this test as its supervisor. */
export class BfdChild {
  readonly readings: TimedReading[] = [];
  readonly log: string[] = [];
  exitCode: number | undefined;
  configured = 0;
  readonly #child: ChildProcess;
  readonly #tuning: Partial<ProcessTuning>;
  #errorOutput = '';

  constructor(namespace: string, tuning: Partial<ProcessTuning> = {}) {
    this.#tuning = tuning;
    // `ip` becomes node by exec, so that the channel's descriptor is handed on.
    this.#child = spawn('ip', ['netns', 'exec', namespace, process.execPath, main], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.stderr?.on('data', (text) => {
      this.#errorOutput += text;
    });
    this.#child.on('message', (message) => this.#receive(message as ChildMessage));
    this.#child.once('exit', (code) => {
      this.exitCode = code ?? -1;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** As its supervisor tells it what an earlier process had said last. */
  inherit(name: string, isUp: boolean): void {
    this.#child.send({ kind: 'trackers', readings: [{ kind: 'bfd', name, isUp }] });
  }

  configure(bfds: readonly BfdInstanceConfig[]): void {
    const globalDefs = { processes: { bfd: { lockMemory: false, ...this.#tuning } } };
    // What else is in a Config is not this process's business.
    this.#child.send({ kind: 'configure', config: { trackers: { bfds }, globalDefs } });
  }

  isUp(name = 'B1'): boolean | undefined {
    const last = this.readings.findLast(({ reading }) => reading.name === name)?.reading;
    return last === undefined || last.kind === 'file' ? undefined : last.isUp;
  }

  /** A log line comes in a message of its own, behind the reading that it explains. */
  async says(text: RegExp, timeoutMs = 5000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!this.log.some((line) => text.test(line))) {
      if (performance.now() > deadline) throw new Error(`it did not say ${text}: ${this.log.join('; ')}`);
      await setTimeout(5);
    }
  }

  /** When the wanted reading came; rejects with what was said instead. */
  async until(isUp: boolean, timeoutMs = 15_000, name = 'B1'): Promise<number> {
    await this.#waitFor(() => this.isUp(name) === isUp, `${name} to be ${isUp ? 'up' : 'down'}`, timeoutMs);
    return this.readings.findLast(({ reading }) => reading.name === name)?.atMs ?? 0;
  }

  async untilConfigured(count: number): Promise<void> {
    await this.#waitFor(() => this.configured >= count, `configuration ${count}`, 15_000);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async stop(): Promise<void> {
    if (this.exitCode !== undefined) return;
    const exit = once(this.#child, 'exit');
    this.#child.send({ kind: 'stop' });
    await exit;
  }

  async #waitFor(isSo: () => boolean, what: string, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!isSo()) {
      if (performance.now() > deadline || this.exitCode !== undefined) {
        const story = JSON.stringify({ readings: this.readings, log: this.log, exitCode: this.exitCode });
        throw new Error(`waited for ${what}; ${story} ${this.#errorOutput}`);
      }
      await setTimeout(2);
    }
  }

  #receive(message: ChildMessage): void {
    const atMs = performance.now();
    if (message.kind === 'trackers')
      for (const reading of message.readings) this.readings.push({ atMs, reading });
    if (message.kind === 'log') this.log.push(...message.records.map((record) => record.message));
    if (message.kind === 'configured') this.configured += 1;
  }
}

/** Debian's keepalived with one bfd_instance that a vrrp_instance tracks; nothing of it is outside its folder. */
export class Keepalived {
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-bfd-'));
  readonly #child: ChildProcess;
  #output = '';

  constructor(namespace: string, bfdLines: readonly string[], interfaceName = 'veth0') {
    const file = join(this.#folder, 'keepalived.conf');
    writeFileSync(file, configurationText(bfdLines, interfaceName));
    const at = (name: string) => join(this.#folder, name);
    const pidFiles = ['-p', at('pid'), '-r', at('vrrp.pid'), '-c', at('checkers.pid'), '-b', at('bfd.pid')];
    const command = ['keepalived', '-n', '-l', '-D', '-f', file, ...pidFiles];
    this.#child = spawn('ip', ['netns', 'exec', namespace, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (text) => {
        this.#output += text;
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  async untilSays(text: string | RegExp, timeoutMs = 15_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    const isSaid = () => (typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output));
    while (!isSaid()) {
      if (performance.now() > deadline) throw new Error(`keepalived did not say ${text}: ${this.#output}`);
      await setTimeout(5);
    }
  }

  /** As when the machine dies. */
  killAll(): void {
    killTree(this.#child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exit;
    }
    if (existsSync(this.#folder)) rmSync(this.#folder, { recursive: true });
  }
}

function configurationText(bfdLines: readonly string[], interfaceName: string): string {
  return [
    'global_defs {',
    '  router_id bfd-test',
    '  bfd_rt_priority 20',
    '  bfd_rlimit_rttime 1000000',
    '}',
    'bfd_instance B1 {',
    ...bfdLines.map((line) => `  ${line}`),
    '}',
    'vrrp_instance VI_1 {',
    '  state BACKUP',
    `  interface ${interfaceName}`,
    '  virtual_router_id 51',
    '  priority 100',
    '  track_bfd {',
    '    B1 weight 10',
    '  }',
    '  virtual_ipaddress {',
    '    192.0.2.100/32',
    '  }',
    '}',
    '',
  ].join('\n');
}
