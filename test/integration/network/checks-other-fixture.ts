/** Probes made by a program in a namespace, with the checker process's own tools. */
import { until } from '../../../src/drill/until.ts';
import type { ProbeOutcome } from '../../../src/healthcheck/probe.ts';
import type { PolledCheckConfig } from '../../../src/healthcheck/probes/index.ts';
import { type Line, Program } from './namespace-fixture.ts';

export interface BegunProbe {
  readonly outcome: Promise<ProbeOutcome>;
  /** As when a reload takes the check away. */
  abort(): void;
}

export class Prober {
  readonly #program: Program;
  #serial = 0;

  constructor(namespace: string) {
    this.#program = new Program(namespace, 'checks-other-prober.ts');
  }

  async ready(): Promise<void> {
    await this.#program.line('ready');
  }

  begin(checker: PolledCheckConfig): BegunProbe {
    this.#serial += 1;
    const id = this.#serial;
    this.#program.send({ kind: 'probe', id, checker });
    const find = () => this.#program.lines('outcome').find((line) => line['id'] === id);
    const outcome = until(`probe ${id} ends`, 15_000, () => find() !== undefined).then(
      () => find()?.['outcome'] as ProbeOutcome,
    );
    return { outcome, abort: () => this.send({ kind: 'abort', id }) };
  }

  probe(checker: PolledCheckConfig): Promise<ProbeOutcome> {
    return this.begin(checker).outcome;
  }

  send(command: Line): void {
    this.#program.send(command);
  }

  line(kind: string): Promise<Line> {
    return this.#program.line(kind);
  }

  /** Datagram and raw sockets of the namespace. */
  async countSockets(): Promise<number> {
    const before = this.#program.lines('sockets').length;
    this.#program.send({ kind: 'sockets' });
    return (await this.#program.line('sockets', before + 1))['count'] as number;
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
