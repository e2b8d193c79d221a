/**
 * Reads the kernel's table again and again, since IPVS tells nobody of changes. The kernel tells all services at once, and
 * destinations of one service at a time. A small table is read whole once a second; of a large one the services as often
 * as they may, and the destinations a part at a time, so that each takes a hundredth of a processor at most.
 */
import type { VirtualService } from '../../config-parser/config.ts';
import {
  type IpvsClient,
  type ObservedDestination,
  type ObservedService,
  type ServiceKey,
  serverKey,
  serviceKey,
  type TableState,
} from '../../ipvs-sync/index.ts';
import type { IpAddress } from '../../net/address.ts';

/** What the kernel said of a destination. */
export interface ConnectionCounts {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
  /** How long ago that was. */
  readonly ageMs: number;
}

const periodMs = 1000;
/** So long a rest follows each millisecond of reading. */
const restPerReading = 99;
/** Of so many services the destinations are read in one piece. */
const servicesPerPart = 100;

interface Reading {
  readonly atMs: number;
  readonly destinations: readonly ObservedDestination[];
}

export class TableComparison {
  readonly #nowMs: () => number;
  #servicesDueAtMs = 0;
  /** Of the round through all destinations that is under way. */
  #left: readonly VirtualService[] = [];
  #roundStartedAtMs = 0;
  #partDueAtMs = 0;
  #readings = new Map<ServiceKey, Reading>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get dueAtMs(): number {
    return Math.min(this.#servicesDueAtMs, this.#partDueAtMs);
  }

  /** All at once, when nothing is known. Rejects when the kernel cannot be read, as do the others. */
  async readAll(client: IpvsClient, state: TableState): Promise<readonly ObservedService[]> {
    const startedAtMs = this.#nowMs();
    const observed = await client.observe();
    state.observeAll(observed);
    this.#readings.clear();
    for (const { service, destinations } of observed) this.#note(service.service, destinations);
    this.#left = [];
    const restedAtMs = Math.max(this.#restedAtMs(startedAtMs), startedAtMs + periodMs);
    this.#servicesDueAtMs = restedAtMs;
    this.#partDueAtMs = restedAtMs;
    return observed;
  }

  /** What is due. What is read goes into `state`. */
  async read(client: IpvsClient, state: TableState): Promise<void> {
    const startedAtMs = this.#nowMs();
    if (startedAtMs >= this.#servicesDueAtMs) {
      state.observeServices(await client.observeServices());
      this.#servicesDueAtMs = Math.max(this.#restedAtMs(startedAtMs), startedAtMs + periodMs);
    }
    if (startedAtMs >= this.#partDueAtMs) await this.#readPart(client, state);
  }

  async #readPart(client: IpvsClient, state: TableState): Promise<void> {
    const startedAtMs = this.#nowMs();
    if (this.#left.length === 0) {
      this.#roundStartedAtMs = startedAtMs;
      this.#left = state.desiredServices;
      this.#forgetOthers(this.#left);
    }
    const part = this.#left.slice(0, servicesPerPart);
    this.#left = this.#left.slice(servicesPerPart);
    await this.readDestinations(client, state, part);
    const isRoundOver = this.#left.length === 0;
    const earliestAtMs = isRoundOver ? this.#roundStartedAtMs + periodMs : 0;
    this.#partDueAtMs = Math.max(this.#restedAtMs(startedAtMs), earliestAtMs);
  }

  async readDestinations(
    client: IpvsClient,
    state: TableState,
    services: readonly VirtualService[],
  ): Promise<void> {
    if (services.length === 0) return;
    const found = await client.observeDestinations(services);
    services.forEach((service, index) => {
      const destinations = found[index] ?? [];
      state.observeDestinations(service, destinations);
      this.#note(service, destinations);
    });
  }

  /** Undefined where the kernel was not asked yet, or has no such entry. */
  connections(
    service: VirtualService,
    server: { readonly address: IpAddress; readonly port: number },
  ): ConnectionCounts | undefined {
    const reading = this.#readings.get(serviceKey(service));
    const key = serverKey(server);
    const found = reading?.destinations.find((destination) => serverKey(destination) === key);
    if (reading === undefined || found === undefined) return undefined;
    return {
      active: found.activeConnections,
      inactive: found.inactiveConnections,
      persistent: found.persistentConnections,
      ageMs: this.#nowMs() - reading.atMs,
    };
  }

  hasJustRead(service: VirtualService): boolean {
    const reading = this.#readings.get(serviceKey(service));
    return reading !== undefined && this.#nowMs() - reading.atMs < periodMs;
  }

  #note(service: VirtualService, destinations: readonly ObservedDestination[]): void {
    this.#readings.set(serviceKey(service), { atMs: this.#nowMs(), destinations });
  }

  #forgetOthers(services: readonly VirtualService[]): void {
    if (this.#readings.size <= services.length) return;
    const wanted = new Set(services.map(serviceKey));
    for (const key of this.#readings.keys()) if (!wanted.has(key)) this.#readings.delete(key);
  }

  #restedAtMs(startedAtMs: number): number {
    const now = this.#nowMs();
    return now + (now - startedAtMs) * restPerReading;
  }
}
