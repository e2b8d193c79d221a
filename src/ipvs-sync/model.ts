/**
 * The kernel's IPVS table as values: what identifies and configures (Service, Destination) apart from what is only
 * observed (counters), so that equality of configuration is the comparison reconciliation needs.
 */
import type { Forwarding, IpvsTimeouts, Scheduler, VirtualService } from '../config-parser/config.ts';
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
}

export interface Destination {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: Forwarding | 'LOCALNODE' | 'BYPASS';
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

export interface ObservedService {
  readonly service: Service;
  readonly destinations: readonly ObservedDestination[];
  readonly statistics: Statistics;
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

export interface IpvsInfo {
  /** As `ipvsadm` prints it: 1.2.1. */
  readonly version: string;
  readonly connectionTableSize: number;
}

/** The kernel's IPVS, typed. Every failure is an IpvsError: `IPVS_CMD_NEW_SERVICE 10.0.0.1:80/tcp: EPERM`. */
export interface IpvsClient {
  info(): Promise<IpvsInfo>;
  perform(operation: Operation): Promise<void>;
  observe(): Promise<readonly ObservedService[]>;
  timeouts(): Promise<Required<IpvsTimeouts>>;
  setTimeouts(timeouts: IpvsTimeouts): Promise<void>;
  /** Empties the whole table, also of what is not ours. */
  flush(): Promise<void>;
  close(): void;
}
