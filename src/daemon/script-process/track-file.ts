/** Watches one track file as its tracker says, and tells the number that it holds. */
import type { TrackFileConfig } from '../../config-parser/config.ts';
import {
  type FileEffect,
  type FileEvent,
  type FileState,
  initialFile,
  stepFile,
} from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { LogRecord } from '../ipc.ts';
import { Alarm } from './alarm.ts';
import { FolderWatch } from './folder-watch.ts';
import { readTrackFile, writeFirstContent } from './read-track-file.ts';
import type { Tracker } from './tracker-set.ts';
import { describeFile, describeInitFailure, describeUnwatched } from './wording.ts';

export interface TrackFilePorts {
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  readonly tell: (reading: TrackerReading) => void;
}

export class TrackFile implements Tracker {
  readonly #config: TrackFileConfig;
  readonly #ports: TrackFilePorts;
  readonly #alarm = new Alarm(() => this.#step({ kind: 'timeout' }));
  readonly #watch: FolderWatch;
  #state: FileState;
  #isReading = false;
  #readsAgain = false;
  #isStopped = false;

  constructor(config: TrackFileConfig, ports: TrackFilePorts) {
    this.#config = config;
    this.#ports = ports;
    const failure = writeFirstContent(config);
    if (failure !== undefined) ports.log(describeInitFailure(config, failure));
    this.#state = initialFile(ports.nowMs());
    this.#watch = new FolderWatch(config.path, {
      onChange: () => this.#step({ kind: 'noticed' }),
      onRefused: (error) => ports.log(describeUnwatched(config, error)),
    });
    this.#alarm.set(this.#state.readAtMs);
  }

  reading(): TrackerReading | undefined {
    const { value } = this.#state;
    return value === undefined ? undefined : { kind: 'file', name: this.#config.name, value };
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.clear();
    this.#watch.close();
  }

  #step(event: FileEvent): void {
    if (this.#isStopped) return;
    const { next, effects } = stepFile(this.#state, event, this.#ports.nowMs());
    this.#state = next;
    for (const effect of effects) this.#perform(effect);
    this.#alarm.set(this.#state.readAtMs);
  }

  #perform(effect: FileEffect): void {
    switch (effect.kind) {
      case 'read':
        void this.#read();
        break;
      case 'report':
        this.#ports.log(describeFile(this.#config, effect.report));
        break;
      case 'reading':
        this.#ports.tell({ kind: 'file', name: this.#config.name, value: effect.value });
    }
  }

  /** One at a time, or an old content could come after a new one. */
  async #read(): Promise<void> {
    this.#readsAgain = this.#isReading;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#watch.renew();
    const content = await readTrackFile(this.#config.path);
    this.#isReading = false;
    this.#step({ kind: 'read', content });
    if (this.#readsAgain && !this.#isStopped) void this.#read();
  }
}
