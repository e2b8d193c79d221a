/**
 * An IPVS table in memory that refuses what the kernel refuses (net/netfilter/ipvs/ip_vs_ctl.c), with the same error
 * names, but does what IpvsClient promises: creating what exists updates it, removing what is absent succeeds.
 */
import type { IpvsTimeouts, VirtualService } from '../../src/config-parser/config.ts';
import type {
  Destination,
  IpvsClient,
  IpvsInfo,
  ObservedDestination,
  ObservedService,
  ObservedServiceHead,
  Operation,
  Service,
  Statistics,
  SyncDaemon,
} from '../../src/ipvs-sync/model.ts';
import { type ServerKey, type ServiceKey, serverKey, serviceKey } from '../../src/ipvs-sync/service-key.ts';

interface Entry {
  service: Service;
  readonly destinations: Map<ServerKey, Destination>;
}

const noStatistics: Statistics = {
  connections: 0n,
  inPackets: 0n,
  outPackets: 0n,
  inBytes: 0n,
  outBytes: 0n,
};

export class FakeKernel implements IpvsClient {
  /** Every operation asked for, also the refused ones. */
  readonly operations: Operation[] = [];
  /** An error name refuses the operation. */
  refuse: (operation: Operation) => string | undefined = () => undefined;
  /** Called after each operation: to look at the table in between. */
  afterEach: () => void = () => undefined;
  readonly #entries = new Map<ServiceKey, Entry>();
  readonly #daemons = new Map<SyncDaemon['state'], SyncDaemon>();
  #timeouts = { tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300 };

  async info(): Promise<IpvsInfo> {
    return { version: '1.2.1', connectionTableSize: 4096 };
  }

  async perform(operation: Operation): Promise<void> {
    this.operations.push(operation);
    const refusal = this.refuse(operation) ?? this.#perform(operation);
    if (refusal !== undefined)
      throw Object.assign(new Error(`${operation.kind}: ${refusal}`), { code: refusal });
    this.afterEach();
  }

  async performAll(operations: readonly Operation[]): Promise<readonly (Error | undefined)[]> {
    const errors: (Error | undefined)[] = [];
    for (const operation of operations) {
      try {
        await this.perform(operation);
        errors.push(undefined);
      } catch (error) {
        errors.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return errors;
  }

  async observe(): Promise<readonly ObservedService[]> {
    return this.table();
  }

  async observeServices(): Promise<readonly ObservedServiceHead[]> {
    return this.table().map(({ service, statistics }) => ({ service, statistics }));
  }

  async observeDestinations(
    services: readonly VirtualService[],
  ): Promise<readonly (readonly ObservedDestination[])[]> {
    const found = new Map(this.table().map((one) => [serviceKey(one.service.service), one.destinations]));
    return services.map((service) => found.get(serviceKey(service)) ?? []);
  }

  async syncDaemons(): Promise<readonly SyncDaemon[]> {
    return [...this.#daemons.values()];
  }

  async startSyncDaemon(daemon: SyncDaemon): Promise<void> {
    if (this.#daemons.has(daemon.state)) throw new Error('IPVS_CMD_NEW_DAEMON: EEXIST');
    this.#daemons.set(daemon.state, { maxLengthBytes: 1464, port: 8848, ttl: 1, ...daemon });
  }

  async stopSyncDaemon(state: SyncDaemon['state']): Promise<void> {
    this.#daemons.delete(state);
  }

  async timeouts(): Promise<Required<IpvsTimeouts>> {
    return this.#timeouts;
  }

  async setTimeouts(timeouts: IpvsTimeouts): Promise<void> {
    this.#timeouts = { ...this.#timeouts, ...timeouts };
  }

  async flush(): Promise<void> {
    this.#entries.clear();
  }

  close(): void {}

  table(): readonly ObservedService[] {
    return [...this.#entries.values()].map(({ service, destinations }) => ({
      service,
      statistics: noStatistics,
      destinations: [...destinations.values()].map((destination) => ({
        ...destination,
        activeConnections: 0,
        inactiveConnections: 0,
        persistentConnections: 0,
        statistics: noStatistics,
      })),
    }));
  }

  #perform(operation: Operation): string | undefined {
    switch (operation.kind) {
      case 'createService':
      case 'updateService': {
        const entry = this.#entries.get(serviceKey(operation.service.service));
        if (entry === undefined && operation.kind === 'updateService') return 'ESRCH';
        if (entry !== undefined) entry.service = operation.service;
        else
          this.#entries.set(serviceKey(operation.service.service), {
            service: operation.service,
            destinations: new Map(),
          });
        return undefined;
      }
      case 'removeService':
        this.#entries.delete(serviceKey(operation.service));
        return undefined;
      case 'createDestination':
      case 'updateDestination': {
        const entry = this.#entries.get(serviceKey(operation.service));
        const key = serverKey(operation.destination);
        if (entry === undefined) return 'ESRCH';
        if (operation.kind === 'updateDestination' && !entry.destinations.has(key)) return 'ENOENT';
        if (operation.destination.weight < 0) return 'ERANGE';
        if (operation.destination.lowerThreshold > operation.destination.upperThreshold) return 'ERANGE';
        entry.destinations.set(key, operation.destination);
        return undefined;
      }
      case 'removeDestination':
        this.#entries.get(serviceKey(operation.service))?.destinations.delete(serverKey(operation));
        return undefined;
    }
  }
}
