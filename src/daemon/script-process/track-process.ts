/** One process tracker: its processes as they are found elsewhere, its deadline, what it tells. */
import type { TrackProcessConfig } from '../../config-parser/config.ts';
import { initialProcesses, type ProcessEvent, stepProcesses } from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { LogRecord } from '../ipc.ts';
import { Alarm } from './alarm.ts';
import type { Tracker } from './tracker-set.ts';
import { describeProcesses } from './wording.ts';

export interface TrackProcessPorts {
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  readonly tell: (reading: TrackerReading) => void;
}

export class TrackProcess implements Tracker {
  readonly config: TrackProcessConfig;
  readonly #ports: TrackProcessPorts;
  readonly #alarm = new Alarm(() => this.#step({ kind: 'timeout' }));
  #state = initialProcesses;

  constructor(config: TrackProcessConfig, ports: TrackProcessPorts) {
    this.config = config;
    this.#ports = ports;
  }

  has(pid: number): boolean {
    return this.#state.pids.has(pid);
  }

  note(kind: 'started' | 'ended', pid: number): void {
    if (this.has(pid) === (kind === 'started')) return;
    this.#step({ kind, pid });
  }

  replace(pids: ReadonlySet<number>): void {
    this.#step({ kind: 'scanned', pids });
  }

  reading(): TrackerReading | undefined {
    const { isUp } = this.#state;
    return isUp === undefined ? undefined : { kind: 'process', name: this.config.name, isUp };
  }

  stop(): void {
    this.#alarm.clear();
  }

  #step(event: ProcessEvent): void {
    const isFirst = this.#state.isUp === undefined;
    const { next, effects } = stepProcesses(this.config, this.#state, event, this.#ports.nowMs());
    this.#state = next;
    for (const { isUp, count } of effects) {
      this.#ports.log(describeProcesses(this.config, { isUp, count, isFirst }));
      this.#ports.tell({ kind: 'process', name: this.config.name, isUp });
    }
    this.#alarm.set(next.changesAtMs);
  }
}
