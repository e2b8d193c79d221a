/** Everything that a live drill sees, in the order it came, with who is behind each MAC address as far as advertisements tell. */
import { appendFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Observation, RequestSeen } from '../observation.ts';
import type { WireSight } from './read-wire.ts';
import type { SeenAdvertisement } from './seen-routers.ts';

export class LiveRecorder {
  readonly observations: Observation[] = [];
  readonly adverts: SeenAdvertisement[] = [];
  readonly #onSeen: (seen: Observation) => void;
  readonly #file: string | undefined;
  /** Of a virtual MAC address: who advertised with it last. */
  readonly #nodes = new Map<string, string>();

  constructor(onSeen: (seen: Observation) => void, file?: string) {
    this.#onSeen = onSeen;
    this.#file = file;
  }

  add(seen: Observation): void {
    this.observations.push(seen);
    this.#onSeen(seen);
  }

  request(seen: RequestSeen): void {
    this.add(seen);
  }

  /** `network` is the interface that was listened on. */
  wire(sight: WireSight, network: string): void {
    const { atMs } = sight;
    if (sight.kind === 'advertisement') {
      const { source, sourceMac, version, family, vrid, priority, intervalMs, virtualAddresses } = sight;
      this.#nodes.set(sourceMac, source);
      const about = { source, sourceMac, version, family, vrid, priority, intervalMs } as const;
      const seen: SeenAdvertisement = {
        kind: 'advertisement',
        atMs,
        network,
        node: source,
        ...about,
        virtualAddresses,
      };
      this.adverts.push(seen);
      this.add(seen);
      return;
    }
    const { address, mac } = sight;
    const known = this.#nodes.get(mac);
    const node = known === undefined ? {} : { node: known };
    if (sight.kind === 'announcement')
      this.add({ kind: 'announcement', atMs, network, ...node, address, mac });
    else this.add({ kind: 'arpReply', atMs, network, ...node, address, mac, toMac: sight.toMac });
  }

  neighbour(address: string, mac: string | undefined, atMs: number): void {
    const node = mac === undefined ? undefined : this.#nodes.get(mac);
    this.add({
      kind: 'neighbour',
      atMs,
      client: hostname(),
      address,
      ...(mac === undefined ? {} : { mac }),
      ...(node === undefined ? {} : { node }),
      state: mac === undefined ? 'INCOMPLETE' : 'complete',
    });
  }

  /** As JSON lines, ascending. */
  write(): void {
    if (this.#file === undefined) return;
    const lines = this.sorted().map((seen) => `${JSON.stringify(seen)}\n`);
    appendFileSync(this.#file, lines.join(''), { mode: 0o600 });
  }

  /** A request is seen when it ends, and counts from when it began. */
  sorted(): readonly Observation[] {
    return this.observations.toSorted((a, b) => a.atMs - b.atMs);
  }
}
