/** What makes the server of a check fail and work again: the server itself, a packet filter before it, or the program that is run. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../../src/drill/until.ts';
import { nowMs, patienceMs } from './checks-daemon-fixture.ts';
import type { PolledKind, ServerMode } from './checks-daemon-kinds.ts';
import { inNamespace, type Program } from './namespace-fixture.ts';

/** Each resolves with a moment before which nothing had changed for the check. */
export interface FaultSwitch {
  wrong(): Promise<number>;
  hang(): Promise<number>;
  mend(): Promise<number>;
  /** The next attempt alone. */
  wrongOnce(): Promise<number>;
  /** How many attempts it has answered well since then; undefined where nobody counts. */
  answeredSince(atMs: number): number | undefined;
}

export class ServerSwitch implements FaultSwitch {
  readonly #servers: Program;
  readonly #kind: PolledKind;
  readonly #wrongMode: 'wrong' | 'reset';
  #serial = 0;

  constructor(servers: Program, kind: PolledKind, wrongMode: 'wrong' | 'reset' = 'wrong') {
    this.#servers = servers;
    this.#kind = kind;
    this.#wrongMode = wrongMode;
  }

  wrong = () => this.turn(this.#wrongMode);
  hang = () => this.turn('hang');
  mend = () => this.turn('answer');
  wrongOnce = () => this.turn(`${this.#wrongMode}Once`);

  answeredSince(atMs: number): number {
    const mine = this.#servers.lines('answered').filter(({ server }) => server === this.#kind);
    return mine.filter((line) => (line['atMs'] as number) >= atMs).length;
  }

  async turn(mode: ServerMode): Promise<number> {
    this.#serial += 1;
    const id = `${this.#kind} ${this.#serial}`;
    const askedAtMs = nowMs();
    this.#servers.send({ kind: 'turn', server: this.#kind, mode, id });
    const done = () => this.#servers.lines('switched').find((line) => line['id'] === id);
    await until(`the server of ${this.#kind} is switched to ${mode}`, patienceMs, () => done() !== undefined);
    // What ends a fault lets the next attempt through before this is told.
    return mode === 'answer' ? askedAtMs : (done()?.['atMs'] as number);
  }
}

/** Rules for the packets of one check, in a chain of its own. */
export class PacketSwitch implements FaultSwitch {
  readonly #namespace: string;
  readonly #table: string;
  readonly #match: string;
  readonly #refusal: string;
  readonly #answeredSince: FaultSwitch['answeredSince'];

  constructor(
    namespace: string,
    packets: { readonly name: string; readonly match: string; readonly refusal: string },
    answeredSince: FaultSwitch['answeredSince'] = () => undefined,
  ) {
    this.#namespace = namespace;
    this.#table = packets.name;
    this.#match = packets.match;
    this.#refusal = packets.refusal;
    this.#answeredSince = answeredSince;
  }

  wrong = () => this.#filter(this.#refusal);
  hang = () => this.#filter('drop');
  mend = () => this.#filter();
  /** A TCP SYN has 60 bytes here and an echo request 84: the second one is over the quota. */
  wrongOnce = () => this.#filter(`quota until 100 bytes ${this.#refusal}`);

  answeredSince(atMs: number): number | undefined {
    return this.#answeredSince(atMs);
  }

  async #filter(action?: string): Promise<number> {
    const atMs = nowMs();
    const rule = action === undefined ? '' : `${this.#match} ${action};`;
    const table = `table ip ${this.#table}`;
    const chain = `chain input { type filter hook input priority 0; ${rule} }`;
    inNamespace(this.#namespace, 'nft', `add ${table}; delete ${table}; ${table} { ${chain}; };`);
    return atMs;
  }
}

/** The program of a MISC_CHECK, which reads from a file how it is to end, and says in another that it has run. */
export class ProgramSwitch implements FaultSwitch {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'misc-check');
    writeFileSync(
      this.#file,
      `#!/bin/sh
read -r mode < $0.mode
case $mode in
  hang) exec sleep 30 ;;
  once) echo 0 > $0.mode; mode=1 ;;
esac
[ "$mode" = 0 ] || echo the service is not well
echo "$mode" >> $0.runs
exit "$mode"
`,
      { mode: 0o755 },
    );
    this.#write('0');
    appendFileSync(`${this.#file}.runs`, '');
  }

  wrong = () => this.#turn('1');
  hang = () => this.#turn('hang');
  mend = () => this.#turn('0');
  wrongOnce = () => this.#turn('once');

  answeredSince(): undefined {
    return undefined;
  }

  /** While it works, right after a run: else the time of one that is under way would be counted in. */
  async #turn(mode: string): Promise<number> {
    const runs = this.#runs();
    if (mode !== '0') await until('the program is run', patienceMs, () => this.#runs() > runs);
    const atMs = nowMs();
    this.#write(mode);
    return atMs;
  }

  #runs(): number {
    const file = `${this.#file}.runs`;
    return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  }

  #write(mode: string): void {
    writeFileSync(`${this.#file}.next`, `${mode}\n`);
    renameSync(`${this.#file}.next`, `${this.#file}.mode`);
  }
}
