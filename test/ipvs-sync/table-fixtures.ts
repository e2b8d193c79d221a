/** Virtual and real servers as short as a test about the table wants them. */
import type { RealServerConfig, VirtualServerConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';

export function realServer(host: string, change: Partial<RealServerConfig> = {}): RealServerConfig {
  return {
    address: address(host),
    port: 80,
    weight: 1,
    method: { forwarding: 'DR' },
    inhibitOnFailure: false,
    alpha: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    mail: false,
    checkers: [],
    ...change,
  };
}

export function virtualServer(host: string, change: Partial<VirtualServerConfig> = {}): VirtualServerConfig {
  return {
    name: `[${host}]:tcp:80`,
    services: [{ kind: 'address', protocol: 'TCP', address: address(host), port: 80 }],
    scheduler: 'wrr',
    schedulerFlags: [],
    onePacket: false,
    method: { forwarding: 'DR' },
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    haSuspend: false,
    mail: false,
    localAddresses: [],
    realServers: [],
    ...change,
  };
}
