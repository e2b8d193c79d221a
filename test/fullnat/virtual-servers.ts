/** Virtual servers whose real servers are reached by FULLNAT, for tests. */
import type {
  Forwarding,
  LocalAddressRange,
  Protocol,
  RealServerConfig,
  VirtualServerConfig,
  VirtualService,
} from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';

export function service(host: string, port: number, protocol: Protocol = 'TCP'): VirtualService {
  return { kind: 'address', protocol, address: address(host), port };
}

export function range(first: string, last = first): LocalAddressRange {
  return { first: address(first), last: address(last) };
}

export function realServer(host: string, port = 80, forwarding: Forwarding = 'FULLNAT'): RealServerConfig {
  return {
    address: address(host),
    port,
    weight: 1,
    method: { forwarding },
    inhibitOnFailure: false,
    alpha: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    mail: false,
    checkers: [],
  };
}

export function virtualServer(
  services: readonly VirtualService[],
  realServers: readonly RealServerConfig[],
  changes: Partial<VirtualServerConfig> = {},
): VirtualServerConfig {
  return {
    name: 'web',
    services,
    scheduler: 'rr',
    schedulerFlags: [],
    onePacket: false,
    method: { forwarding: 'FULLNAT' },
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    haSuspend: false,
    mail: false,
    localAddresses: [],
    realServers,
    ...changes,
  };
}
