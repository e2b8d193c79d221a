/**
 * The named pipes of the configuration, and the programs that read them. A reload keeps a pipe that is still what is wanted, with
 * what is in it, and its reader; keepalived closes and opens them all, and a line in between is lost.
 */
import { setTimeout } from 'node:timers/promises';
import type { NotifyFifoConfig, ScriptSecurityConfig } from '../../../config-parser/config.ts';
import { type Accounts, type CommandRunner, readAccounts } from '../../commands/index.ts';
import type { LogRecord } from '../../ipc.ts';
import { NamedPipe } from './named-pipe.ts';
import { pipeOwner } from './pipe-owner.ts';
import { PipeReader } from './pipe-reader.ts';

export interface NamedPipesPorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly log: (record: LogRecord) => void;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Of this host, unless a test brings its own. */
  readonly accounts?: () => Accounts;
}

interface Entry {
  readonly fifo: NotifyFifoConfig;
  readonly pipe: NamedPipe;
  readonly reader: PipeReader | undefined;
}

/** What a reader has at the end to read the rest and to end by itself, before it gets SIGTERM. */
const lastReadingMs = 200;

export class NamedPipes {
  readonly #ports: NamedPipesPorts;
  /** By path. */
  #entries: ReadonlyMap<string, Entry> = new Map();

  constructor(ports: NamedPipesPorts) {
    this.#ports = ports;
  }

  async configure(fifos: readonly NotifyFifoConfig[], security: ScriptSecurityConfig): Promise<void> {
    const before = this.#entries;
    const wanted = new Map(fifos.map((fifo) => [fifo.path, fifo]));
    for (const [path, entry] of before) if (!wanted.has(path)) void end(entry);
    const entries = new Map<string, Entry>();
    for (const [path, fifo] of wanted) entries.set(path, await this.#entry(fifo, before.get(path), security));
    this.#entries = entries;
  }

  /** To a path that is not configured nothing is written. */
  write(path: string, line: string): void {
    this.#entries.get(path)?.pipe.write(line);
  }

  /** Lines that nobody will ever read, of the pipes there are now. */
  get lostLines(): number {
    return [...this.#entries.values()].reduce((sum, { pipe }) => sum + pipe.lostLines, 0);
  }

  /** Closes the pipes, removes those that we made, and ends the readers. */
  async stop(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries = new Map();
    await Promise.all(entries.map(end));
  }

  async #entry(
    fifo: NotifyFifoConfig,
    before: Entry | undefined,
    security: ScriptSecurityConfig,
  ): Promise<Entry> {
    if (before !== undefined && sameOwner(before.fifo, fifo) && before.pipe.isInPlace()) {
      return sameReader(before.fifo, fifo) ? before : this.#withNewReader(before, fifo);
    }
    // Whoever has the old one open reads from what nobody will write to any more.
    if (before !== undefined) void end(before);
    const pipe = this.#newPipe(fifo, security);
    await pipe.open();
    return { fifo, pipe, reader: this.#startReader(fifo, pipe) };
  }

  #withNewReader({ pipe, reader }: Entry, fifo: NotifyFifoConfig): Entry {
    void reader?.stop();
    return { fifo, pipe, reader: this.#startReader(fifo, pipe) };
  }

  #newPipe(fifo: NotifyFifoConfig, security: ScriptSecurityConfig): NamedPipe {
    const accounts = this.#ports.accounts ?? readAccounts;
    const owner = () => pipeOwner(fifo, security, accounts());
    return new NamedPipe(fifo.path, { log: this.#ports.log, owner });
  }

  #startReader({ script }: NotifyFifoConfig, pipe: NamedPipe): PipeReader | undefined {
    if (script === undefined || !pipe.isOpen) return undefined;
    return new PipeReader(script, pipe.path, this.#ports);
  }
}

function sameOwner(a: NotifyFifoConfig, b: NotifyFifoConfig): boolean {
  return a.user === b.user && a.group === b.group;
}

function sameReader({ script: a }: NotifyFifoConfig, { script: b }: NotifyFifoConfig): boolean {
  return JSON.stringify([a?.argv, a?.user, a?.group]) === JSON.stringify([b?.argv, b?.user, b?.group]);
}

/** Closed first: a reader that reads to the end has everything, and most end then. */
async function end({ pipe, reader }: Entry): Promise<void> {
  pipe.removeIfOurs();
  pipe.close();
  if (reader === undefined) return;
  const pause = new AbortController();
  const tooLong = setTimeout(lastReadingMs, undefined, { signal: pause.signal }).catch(() => {});
  await Promise.race([reader.whenEnded(), tooLong]);
  pause.abort();
  await reader.stop();
}
