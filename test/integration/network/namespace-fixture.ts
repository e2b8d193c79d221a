/**
 * Two network namespaces joined by a veth pair, and programs that run inside them. A program is a TypeScript file of
 * `programs/`; it and the test exchange lines of JSON over its standard input and output.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface VethPair {
  /** Namespaces; the interface in each is called `veth0`. */
  readonly left: string;
  readonly right: string;
  remove(): void;
}

export const leftAddress = '192.0.2.1';
export const rightAddress = '192.0.2.2';

let serial = 0;

/** 192.0.2.1 and 192.0.2.2 on `veth0` of the two, with IPv6 link-local addresses usable at once. */
export function createVethPair(): VethPair {
  const name = `hf-a-${process.pid}-${serial++}`;
  const left = `${name}-l`;
  const right = `${name}-r`;
  for (const namespace of [left, right]) {
    execFileSync('ip', ['netns', 'add', namespace]);
    inNamespace(namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0');
    inNamespace(namespace, 'ip', 'link', 'set', 'lo', 'up');
  }
  addVeth(left, right, 'veth0');
  inNamespace(left, 'ip', 'addr', 'add', `${leftAddress}/24`, 'dev', 'veth0');
  inNamespace(right, 'ip', 'addr', 'add', `${rightAddress}/24`, 'dev', 'veth0');
  const remove = () => {
    for (const namespace of [left, right]) execFileSync('ip', ['netns', 'del', namespace]);
  };
  return { left, right, remove };
}

/** A further veth pair of the same name at both ends, up. */
export function addVeth(left: string, right: string, name: string): void {
  const peer = ['type', 'veth', 'peer', 'name', name, 'netns', right];
  inNamespace(left, 'ip', 'link', 'add', 'name', name, ...peer);
  for (const namespace of [left, right]) inNamespace(namespace, 'ip', 'link', 'set', name, 'up');
}

/** Runs a command in a namespace and returns what it printed; throws when it fails. */
export function inNamespace(namespace: string, ...command: readonly string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Line {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A program of `programs/` that runs in a namespace until `stop`. */
export class Program {
  readonly #child: ChildProcess;
  readonly #lines: Line[] = [];
  readonly #waiting = new Set<() => void>();
  #errorOutput = '';
  #exited = false;

  /** `prefix` comes before node: `setpriv …`. */
  constructor(namespace: string, file: string, options: { args?: object; prefix?: readonly string[] } = {}) {
    const runner = fileURLToPath(new URL('./run-typescript.mjs', import.meta.url));
    const path = fileURLToPath(new URL(`./programs/${file}`, import.meta.url));
    const program = ['node', runner, path, JSON.stringify(options.args ?? {})];
    const command = ['netns', 'exec', namespace, ...(options.prefix ?? []), ...program];
    this.#child = spawn('ip', command, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (text) => {
      this.#errorOutput += text;
    });
    this.#child.once('exit', () => {
      this.#exited = true;
      this.#wake();
    });
    if (this.#child.stdout === null) throw new Error('the program has no standard output');
    createInterface(this.#child.stdout).on('line', (text) => {
      this.#lines.push(JSON.parse(text) as Line);
      this.#wake();
    });
  }

  /** Every line of that kind so far. */
  lines(kind: string): readonly Line[] {
    return this.#lines.filter((line) => line.kind === kind);
  }

  send(command: Line): void {
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** The `count`th line of that kind; rejects when it does not come within `timeoutMs`. */
  async line(kind: string, count = 1, timeoutMs = 15_000): Promise<Line> {
    const deadline = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.lines(kind)[count - 1];
      if (found !== undefined) return found;
      if (this.#exited || deadline.aborted) throw new Error(this.#story(kind, count));
      await this.#change(deadline);
    }
  }

  async stop(): Promise<void> {
    if (this.#exited) return;
    const exit = once(this.#child, 'exit');
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await exit;
  }

  #story(kind: string, count: number): string {
    const state = this.#exited ? 'has ended' : 'still runs';
    return `no line ${count} of kind "${kind}"; the program ${state}; it printed ${JSON.stringify(this.#lines)} ${this.#errorOutput}`;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
  }

  #change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        deadline.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      deadline.addEventListener('abort', done);
    });
  }
}
