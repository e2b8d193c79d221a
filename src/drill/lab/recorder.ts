/**
 * Everything that the drill sees, in the order it came: kept for the judge, written to a file as JSON lines at once, and
 * summed up as it stands now for whoever waits for something. Judges nothing.
 */
import { appendFileSync } from 'node:fs';
import type {
  Advertisement,
  HoldsSeen,
  InstanceState,
  NeighbourSeen,
  Observation,
  RequestSeen,
  TableSeen,
} from '../observation.ts';

/** Milliseconds since the epoch with fractions, on the clock that the kernel stamps packets with. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export class Recorder {
  readonly observations: Observation[] = [];
  readonly #file: string | undefined;
  #unwritten: string[] = [];
  readonly #lastAdvertisement = new Map<string, Advertisement>();
  readonly #held = new Map<string, HoldsSeen>();
  readonly #states = new Map<string, InstanceState>();
  readonly #tables = new Map<string, TableSeen>();
  readonly #neighbours = new Map<string, NeighbourSeen>();
  readonly #requests: RequestSeen[] = [];
  /** By how much the wall clock was stepped: what is stamped so far away is counted back. */
  clockOffsetMs = 0;

  constructor(file?: string) {
    this.#file = file;
  }

  add(seen: Observation): void {
    const observation = this.#onOneClock(seen);
    this.observations.push(observation);
    if (this.#file !== undefined) this.#unwritten.push(JSON.stringify(observation));
    this.#remember(observation);
  }

  /** Writes what has come since the last call. */
  flush(): void {
    if (this.#file === undefined || this.#unwritten.length === 0) return;
    appendFileSync(this.#file, `${this.#unwritten.join('\n')}\n`, { mode: 0o600 });
    this.#unwritten = [];
  }

  /** The last advertisement of each node, of that virtual router. */
  lastAdvertisements(vrid: number, family: 4 | 6): readonly Advertisement[] {
    return [...this.#lastAdvertisement.values()].filter((one) => one.vrid === vrid && one.family === family);
  }

  /** Nodes that have the address now. */
  holdersOf(address: string): readonly string[] {
    const holding = [...this.#held.values()].filter((one) => one.address === address && one.holds);
    return [...new Set(holding.map(({ node }) => node))].sort();
  }

  stateOf(node: string, instance: string): InstanceState | undefined {
    return this.#states.get(`${node} ${instance}`);
  }

  tableOf(node: string): TableSeen['services'] {
    return this.#tables.get(node)?.services ?? [];
  }

  /** The last of each client. */
  neighboursFor(address: string): readonly NeighbourSeen[] {
    return [...this.#neighbours.values()].filter((one) => one.address === address);
  }

  requestsSince(sinceMs: number): readonly RequestSeen[] {
    const first = this.#requests.findLastIndex(({ atMs }) => atMs < sinceMs - 5000);
    return this.#requests.slice(first + 1).filter(({ atMs }) => atMs >= sinceMs);
  }

  #onOneClock(seen: Observation): Observation {
    if (this.clockOffsetMs === 0 || Math.abs(seen.atMs - nowMs()) < Math.abs(this.clockOffsetMs) / 2)
      return seen;
    const atMs = seen.atMs - this.clockOffsetMs;
    return seen.kind === 'request'
      ? { ...seen, atMs, endedAtMs: seen.endedAtMs - this.clockOffsetMs }
      : { ...seen, atMs };
  }

  #remember(observation: Observation): void {
    switch (observation.kind) {
      case 'advertisement':
        this.#lastAdvertisement.set(
          `${observation.node ?? observation.source} ${observation.family} ${observation.vrid}`,
          observation,
        );
        return;
      case 'holds':
        this.#held.set(`${observation.node} ${observation.interface} ${observation.address}`, observation);
        return;
      case 'state':
        this.#states.set(`${observation.node} ${observation.instance}`, observation.state);
        return;
      case 'table':
        this.#tables.set(observation.node, observation);
        return;
      case 'neighbour':
        this.#neighbours.set(`${observation.client} ${observation.address}`, observation);
        return;
      case 'request':
        this.#requests.push(observation);
        return;
      default:
        return;
    }
  }
}
