/**
 * Counts the processes of all process trackers together: one look through /proc at the start, then what the kernel tells. Where it
 * tells nothing, a look every second.
 */
import type { TrackProcessConfig } from '../../config-parser/config.ts';
import { openProcConnector, type ProcConnector, type ProcessEvent } from '../../kernel/proc-connector.ts';
import { matchesProcess, needsCommandLine } from '../../tracking/index.ts';
import type { TrackerReading } from '../../vrrp/tracking.ts';
import type { LogRecord } from '../ipc.ts';
import { listProcesses, ProcFacts } from './process-facts.ts';
import { TrackProcess } from './track-process.ts';
import { TrackerSet } from './tracker-set.ts';
import { describeLostEvents, describeNoConnector } from './wording.ts';

export interface TrackProcessesPorts {
  readonly nowMs: () => number;
  readonly log: (record: LogRecord) => void;
  readonly tell: (reading: TrackerReading) => void;
  /** The kernel's; tests bring one that refuses, or loses. */
  readonly openConnector?: typeof openProcConnector;
}

/** Without the connector. */
const scanMs = 1000;
/**
 * After a loss: soon, and once more when what still waited has surely been read, since until then the kernel drops what is new
 * and does not say so again.
 */
const rescansMs = [20, 500] as const;

export class TrackProcesses {
  readonly #ports: TrackProcessesPorts;
  readonly #set: TrackerSet<TrackProcessConfig, TrackProcess>;
  #connector: ProcConnector | undefined;
  #scanTimer: NodeJS.Timeout | undefined;
  #rescanTimers: readonly NodeJS.Timeout[] = [];
  #saidNoConnector = false;

  constructor(ports: TrackProcessesPorts) {
    this.#ports = ports;
    this.#set = new TrackerSet((config) => new TrackProcess(config, ports));
  }

  apply(configs: readonly TrackProcessConfig[]): void {
    this.#set.apply(configs);
    if (configs.length === 0) this.#unwatch();
    else {
      // First the events, then the look: what happens in between is then heard, and twice does no harm.
      this.#watch();
      this.#scan();
    }
  }

  readings(): readonly TrackerReading[] {
    return this.#set.trackers().flatMap((tracker) => tracker.reading() ?? []);
  }

  stop(): void {
    this.apply([]);
  }

  #watch(): void {
    if (this.#connector !== undefined || this.#scanTimer !== undefined) return;
    try {
      const open = this.#ports.openConnector ?? openProcConnector;
      const connector = open({
        onEvent: (event) => this.#note(event),
        onLost: (error) => this.#recover(error),
      });
      this.#connector = connector;
      connector.ready.catch((error: unknown) => {
        if (this.#connector === connector) this.#giveUp(error);
      });
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    this.#connector?.close();
    this.#connector = undefined;
    this.#scanTimer ??= setInterval(() => this.#scan(), scanMs);
    if (this.#saidNoConnector) return;
    this.#saidNoConnector = true;
    this.#ports.log(describeNoConnector(error));
  }

  #unwatch(): void {
    this.#connector?.close();
    this.#connector = undefined;
    clearInterval(this.#scanTimer);
    this.#scanTimer = undefined;
    this.#clearRescans();
  }

  #recover(error: Error): void {
    if (this.#rescanTimers.length > 0) return;
    this.#ports.log(describeLostEvents(error));
    this.#rescanTimers = rescansMs.map((delayMs, index) =>
      setTimeout(() => {
        if (index === rescansMs.length - 1) this.#clearRescans();
        this.#scan();
      }, delayMs),
    );
  }

  #clearRescans(): void {
    for (const timer of this.#rescanTimers) clearTimeout(timer);
    this.#rescanTimers = [];
  }

  #note(event: ProcessEvent): void {
    const trackers = this.#set.trackers();
    switch (event.kind) {
      case 'forked':
        // A copy of its parent, in name and arguments.
        for (const tracker of trackers) if (tracker.has(event.parent)) tracker.note('started', event.pid);
        break;
      case 'exited':
        for (const tracker of trackers) tracker.note('ended', event.pid);
        break;
      case 'executed': {
        const facts = new ProcFacts(event.pid);
        for (const tracker of trackers) noteMatch(tracker, event.pid, matchesProcess(tracker.config, facts));
        break;
      }
      case 'renamed':
        for (const tracker of trackers) {
          if (needsCommandLine(tracker.config)) continue;
          const facts = { name: event.name, commandLine: [] };
          noteMatch(tracker, event.pid, matchesProcess(tracker.config, facts));
        }
    }
  }

  #scan(): void {
    const trackers = this.#set.trackers();
    const found = new Map(trackers.map((tracker) => [tracker, new Set<number>()]));
    for (const pid of listProcesses()) {
      const facts = new ProcFacts(pid);
      for (const [tracker, pids] of found) if (matchesProcess(tracker.config, facts)) pids.add(pid);
    }
    for (const [tracker, pids] of found) tracker.replace(pids);
  }
}

function noteMatch(tracker: TrackProcess, pid: number, isMatch: boolean): void {
  tracker.note(isMatch ? 'started' : 'ended', pid);
}
