/** All that is tracked by programs, files and processes: applies configurations as differences, and tells readings. */
import type { Config, TrackFileConfig, TrackScriptConfig } from '../../config-parser/config.ts';
import { firstScriptRunAtMs, usedTrackers } from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { CommandRunner } from '../commands/index.ts';
import type { LogRecord } from '../ipc.ts';
import { TrackFile } from './track-file.ts';
import { TrackProcesses } from './track-processes.ts';
import { TrackScript } from './track-script.ts';
import { TrackerSet } from './tracker-set.ts';

export interface TrackersPorts {
  readonly runner: Pick<CommandRunner, 'run'>;
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  /** Each time what is known changes, and everything that is known after each `configure`. */
  readonly tell: (readings: readonly TrackerReading[]) => void;
  readonly keepsOutput: () => boolean;
}

export class Trackers {
  readonly #ports: TrackersPorts;
  readonly #scripts: TrackerSet<TrackScriptConfig, TrackScript>;
  readonly #files: TrackerSet<TrackFileConfig, TrackFile>;
  readonly #processes: TrackProcesses;
  /** Stopped, and a program of theirs may still run. */
  readonly #ending = new Set<TrackScript>();
  /** While configurations are applied, and after the end: what is known is told as a whole, or not at all. */
  #isQuiet = false;

  constructor(ports: TrackersPorts) {
    this.#ports = ports;
    const tell = (reading: TrackerReading) => {
      if (!this.#isQuiet) ports.tell([reading]);
    };
    this.#scripts = new TrackerSet((config, index, predecessor) => {
      const firstRunAtMs = firstScriptRunAtMs(config, index, ports.nowMs());
      return new TrackScript(config, { firstRunAtMs, after: predecessor?.whenEnded() }, { ...ports, tell });
    });
    this.#files = new TrackerSet((config) => new TrackFile(config, { ...ports, tell }));
    this.#processes = new TrackProcesses({ ...ports, tell });
  }

  /** Those that nobody names do not run. */
  configure(config: Pick<Config, 'vrrpInstances' | 'syncGroups' | 'trackers' | 'virtualServers'>): void {
    const { scripts, files, processes } = usedTrackers(config);
    this.#isQuiet = true;
    this.#applyScripts(scripts);
    this.#files.apply(files);
    this.#processes.apply(processes);
    this.#isQuiet = false;
    const known = this.readings();
    if (known.length > 0) this.#ports.tell(known);
  }

  readings(): readonly TrackerReading[] {
    const each = [...this.#scripts.trackers(), ...this.#files.trackers()];
    return [...each.flatMap((tracker) => tracker.reading() ?? []), ...this.#processes.readings()];
  }

  /** Resolves when every script that ran has ended; `kill` hastens that. Nothing is told any more. */
  async stop(): Promise<void> {
    this.#isQuiet = true;
    this.#applyScripts([]);
    this.#files.apply([]);
    this.#processes.stop();
    await Promise.all([...this.#ending].map((script) => script.whenEnded()));
  }

  /** Ends what `stop` waits for. */
  kill(): void {
    for (const script of this.#ending) script.kill();
  }

  #applyScripts(scripts: readonly TrackScriptConfig[]): void {
    for (const script of this.#scripts.apply(scripts)) {
      this.#ending.add(script);
      void script.whenEnded().then(() => this.#ending.delete(script));
    }
  }
}
