/** Configurations and a clock for the tests of health checking. */
import type {
  CheckerTiming,
  RealServerConfig,
  TcpCheckConfig,
  VirtualServerConfig,
} from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';

/** The tutorial's: delay_loop 6, connect_timeout 8, retry 3, delay_before_retry 3, warmup as delay_loop. */
export const tutorialTiming: CheckerTiming = {
  delayLoopMs: 6000,
  connectTimeoutMs: 8000,
  retry: 3,
  delayBeforeRetryMs: 3000,
  warmupMs: 6000,
};

export function tcpCheck(host: string, port: number, change: Partial<TcpCheckConfig> = {}): TcpCheckConfig {
  return {
    kind: 'TCP_CHECK',
    timing: tutorialTiming,
    alpha: false,
    connectAddress: address(host),
    connectPort: port,
    ...change,
  };
}

export function realServer(host: string, change: Partial<RealServerConfig> = {}): RealServerConfig {
  return {
    address: address(host),
    port: 80,
    weight: 1,
    forwarding: 'DR',
    inhibitOnFailure: false,
    alpha: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    checkers: [tcpCheck(host, 80)],
    ...change,
  };
}

export function virtualServer(host: string, change: Partial<VirtualServerConfig> = {}): VirtualServerConfig {
  return {
    service: { kind: 'address', protocol: 'TCP', address: address(host), port: 80 },
    scheduler: 'wrr',
    forwarding: 'DR',
    persistenceTimeoutSeconds: 50,
    persistencePrefixLength: 32,
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    realServers: [realServer('10.0.0.7'), realServer('10.0.0.8')],
    ...change,
  };
}
