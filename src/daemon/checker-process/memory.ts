/** What the supervisor is told to remember for a successor of this process: gathered, and told a few times a second at most. */
import type { CheckerState, DynamicWeight, VirtualServerHealth } from '../../healthcheck/index.ts';
import type { MemoryNews } from '../checker-memory.ts';
import type { ChangedSysctl } from '../ipc.ts';
import { quorumId } from './recall.ts';

export interface MemoryPorts {
  readonly nowMs: () => number;
  readonly callAt: (atMs: number, run: () => void) => () => void;
  readonly remember: (news: MemoryNews) => void;
}

/** A crash loses no more than this. */
const gatherMs = 100;

export class Memory {
  readonly #ports: MemoryPorts;
  readonly #verdicts = new Gathered<CheckerState>();
  readonly #weights = new Gathered<DynamicWeight>();
  readonly #sysctls = new Gathered<ChangedSysctl>();
  #rest: Pick<MemoryNews, 'ownedServices' | 'holds'> = {};
  #forget: (() => void) | undefined;

  constructor(ports: MemoryPorts) {
    this.#ports = ports;
  }

  noteVerdict(id: string, state: CheckerState): void {
    this.#verdicts.note(id, state);
    this.#arm();
  }

  noteWeight(id: string, weight: DynamicWeight): void {
    this.#weights.note(id, weight);
    this.#arm();
  }

  noteSysctl(path: string, changed: ChangedSysctl | undefined): void {
    this.#sysctls.note(path, changed);
    this.#arm();
  }

  /** After a configuration. Weights that are known from elsewhere will not be news when a check says them. */
  noteServer({ config, hasQuorum, realServers }: VirtualServerHealth): void {
    this.noteVerdict(quorumId(config.name), hasQuorum ? 'up' : 'down');
    for (const { id, weight } of realServers.flatMap(({ checkers }) => checkers)) {
      if (weight !== undefined) this.noteWeight(id, weight);
    }
  }

  note(news: Pick<MemoryNews, 'ownedServices' | 'holds'>): void {
    this.#rest = { ...this.#rest, ...news };
    this.#arm();
  }

  /** A checker, or a virtual server's quorum. */
  forget(id: string): void {
    this.#verdicts.note(id, undefined);
    this.#weights.note(id, undefined);
    this.#arm();
  }

  /** Tells what is gathered now. */
  flush(): void {
    this.#forget?.();
    this.#forget = undefined;
    const [verdicts, weights, sysctls] = [this.#verdicts.take(), this.#weights.take(), this.#sysctls.take()];
    const news: MemoryNews = {
      ...this.#rest,
      ...(verdicts.length > 0 && { verdicts }),
      ...(weights.length > 0 && { weights }),
      ...(sysctls.length > 0 && { sysctls }),
    };
    this.#rest = {};
    if (Object.keys(news).length > 0) this.#ports.remember(news);
  }

  #arm(): void {
    this.#forget ??= this.#ports.callAt(this.#ports.nowMs() + gatherMs, () => this.flush());
  }
}

/** The last news of each key; undefined is to be forgotten. */
class Gathered<Value> {
  #news = new Map<string, Value | undefined>();

  note(key: string, value: Value | undefined): void {
    this.#news.set(key, value);
  }

  take(): [key: string, value: Value | undefined][] {
    const taken = [...this.#news];
    this.#news = new Map();
    return taken;
  }
}
