/**
 * The kernel's IPVS table as values: what identifies and configures (Service, Destination) apart from what is only
 * observed (counters), so that equality of configuration is the comparison reconciliation needs.
 */
import type {
  IpvsTimeouts,
  Scheduler,
  SyncDaemonConfig,
  Tunnel,
  VirtualService,
} from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';

export interface Service {
  readonly service: VirtualService;
  /** A name the kernel knows; observed tables may hold one that we do not. */
  readonly scheduler: Scheduler | (string & {});
  /** IP_VS_SVC_F_* bits without HASHED, which the kernel sets itself. */
  readonly flags: number;
  /** 0 means not persistent. */
  readonly persistenceTimeoutSeconds: number;
  readonly persistencePrefixLength: number;
  /** A module of the kernel: `sip`. */
  readonly persistenceEngine?: string;
}

export interface Destination {
  readonly address: IpAddress;
  readonly port: number;
  /** The kernel's methods; FULLNAT is NAT to it. */
  readonly forwarding: 'NAT' | 'DR' | 'TUN' | 'LOCALNODE' | 'BYPASS';
  /** With TUN always, else never. */
  readonly tunnel?: Tunnel;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}

export interface ServiceEntry {
  readonly service: Service;
  readonly destinations: readonly Destination[];
}

export type Table = readonly ServiceEntry[];

export interface Statistics {
  readonly connections: bigint;
  readonly inPackets: bigint;
  readonly outPackets: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
}

export interface ObservedDestination extends Destination {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  readonly statistics: Statistics;
}

/** A service without its destinations, which the kernel tells of only service by service. */
export interface ObservedServiceHead {
  readonly service: Service;
  readonly statistics: Statistics;
}

export interface ObservedService extends ObservedServiceHead {
  readonly destinations: readonly ObservedDestination[];
}

/** One change of the kernel's table. Creating what exists and removing what is absent are successes. */
export type Operation =
  | { readonly kind: 'createService'; readonly service: Service }
  | { readonly kind: 'updateService'; readonly service: Service }
  | { readonly kind: 'removeService'; readonly service: VirtualService }
  | {
      readonly kind: 'createDestination';
      readonly service: VirtualService;
      readonly destination: Destination;
    }
  | {
      readonly kind: 'updateDestination';
      readonly service: VirtualService;
      readonly destination: Destination;
    }
  | {
      readonly kind: 'removeDestination';
      readonly service: VirtualService;
      readonly address: IpAddress;
      readonly port: number;
    };

/** One half of the kernel's connection synchronization. */
export interface SyncDaemon extends Omit<SyncDaemonConfig, 'instance'> {
  readonly state: 'master' | 'backup';
}

export interface IpvsInfo {
  /** As `ipvsadm` prints it: 1.2.1. */
  readonly version: string;
  readonly connectionTableSize: number;
}

/** The kernel's IPVS, typed. Every failure is an IpvsError: `IPVS_CMD_NEW_SERVICE 10.0.0.1:80/tcp: EPERM`. */
export interface IpvsClient {
  info(): Promise<IpvsInfo>;
  perform(operation: Operation): Promise<void>;
  /**
   * In this order, many in one message to the kernel. One entry an operation, undefined for success: a failed one does
   * not stop those after it. Never rejects.
   */
  performAll(operations: readonly Operation[]): Promise<readonly (Error | undefined)[]>;
  /** The whole table, which takes a request for each service. */
  observe(): Promise<readonly ObservedService[]>;
  observeServices(): Promise<readonly ObservedServiceHead[]>;
  /** In the order asked for; none of a service that is not there. */
  observeDestinations(
    services: readonly VirtualService[],
  ): Promise<readonly (readonly ObservedDestination[])[]>;
  timeouts(): Promise<Required<IpvsTimeouts>>;
  setTimeouts(timeouts: IpvsTimeouts): Promise<void>;
  syncDaemons(): Promise<readonly SyncDaemon[]>;
  startSyncDaemon(daemon: SyncDaemon): Promise<void>;
  /** Stopping what does not run is a success. */
  stopSyncDaemon(state: SyncDaemon['state']): Promise<void>;
  /** Empties the whole table, also of what is not ours. */
  flush(): Promise<void>;
  close(): void;
}
