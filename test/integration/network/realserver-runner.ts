/** Runs `holdfast realserver` in a namespace, with a record of its own; and what an operator could see of the namespace. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RealServerCommand } from '../../../src/cli/realserver-options.ts';
import { inNamespace, Program } from './namespace-fixture.ts';

export interface Ended {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export type CommandChanges = Partial<Pick<RealServerCommand, 'mode' | 'print'>>;

const holdfast = fileURLToPath(new URL('../../../bin/holdfast', import.meta.url));

export class RealServerRunner {
  readonly #namespace: string;
  readonly #folder: string;
  readonly #limitMs: number;

  constructor(namespace: string, folder: string, limitMs = 20_000) {
    this.#namespace = namespace;
    this.#folder = folder;
    this.#limitMs = limitMs;
  }

  get record(): string {
    return join(this.#folder, 'realserver.json');
  }

  async run(
    kind: RealServerCommand['kind'],
    addresses: readonly string[],
    { mode, print }: CommandChanges = {},
  ): Promise<Ended> {
    const options = [...(mode === undefined ? [] : ['--mode', mode]), ...(print ? ['--print'] : [])];
    const words = ['realserver', kind, '--record', this.record, ...options, ...addresses];
    const inside = ['netns', 'exec', this.#namespace, process.execPath, holdfast, ...words];
    const { status, stdout, stderr } = spawnSync('ip', inside, {
      encoding: 'utf8',
      timeout: this.#limitMs,
    });
    return { exitCode: status ?? -1, out: stdout, error: stderr };
  }

  /** `up`, killed once it has made that many changes. */
  async killedUp(
    addresses: readonly string[],
    stopAfter: number,
    changes: CommandChanges = {},
  ): Promise<void> {
    const command: RealServerCommand = {
      kind: 'up',
      addresses,
      mode: undefined,
      interface: undefined,
      print: false,
      persist: false,
      json: false,
      record: this.record,
      ...changes,
    };
    const unit = join(this.#folder, 'holdfast-realserver.service');
    const program = new Program(this.#namespace, 'realserver.ts', { args: { command, unit, stopAfter } });
    await program.line('standing', 1, this.#limitMs);
    await program.stop();
  }

  /**
   * Interfaces, addresses, routes of all tables, rules and settings. Without what the kernel makes of a tunnel that is up for the
   * first time, and keeps: its queue, and IPv6's settings of tunl0.
   */
  dump(): readonly string[] {
    const show = (...words: readonly string[]) => inNamespace(this.#namespace, ...words).split('\n');
    return [
      ...show('ip', '-d', 'address', 'show'),
      ...show('ip', '-4', 'route', 'show', 'table', 'all'),
      ...show('ip', '-6', 'route', 'show', 'table', 'all'),
      ...show('ip', 'rule', 'show'),
      ...show('sysctl', '-a', '-r', '^net\\.ipv[46]\\.conf\\.'),
    ]
      .filter((line) => !/^net\.ipv6\.conf\.tunl0\./.test(line))
      .map((line) => line.replace(/ qdisc no(?:op|queue) /, ' '));
  }
}
