/** Configurations and a clock for the tests of health checking. */
import type {
  BfdCheckConfig,
  CheckerTiming,
  FileCheckConfig,
  HttpCheckConfig,
  MiscCheckConfig,
  RealServerConfig,
  SorryServerConfig,
  TcpCheckConfig,
  VirtualServerConfig,
  VirtualService,
} from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';

/** The tutorial's: delay_loop 6, connect_timeout 8, retry 3, delay_before_retry 3, warmup as delay_loop. */
export const tutorialTiming: CheckerTiming = {
  delayLoopMs: 6000,
  connectTimeoutMs: 8000,
  attemptTimeoutMs: 30_000,
  retry: 3,
  delayBeforeRetryMs: 3000,
  warmupMs: 6000,
};

const common = { timing: tutorialTiming, alpha: false, logAllFailures: false };

export function tcpCheck(host: string, port: number, change: Partial<TcpCheckConfig> = {}): TcpCheckConfig {
  return { kind: 'TCP_CHECK', ...common, connectAddress: address(host), connectPort: port, ...change };
}

export function httpCheck(host: string, change: Partial<HttpCheckConfig> = {}): HttpCheckConfig {
  return {
    kind: 'HTTP_GET',
    ...common,
    connectAddress: address(host),
    connectPort: 80,
    httpProtocol: '1.0',
    fastRecovery: false,
    urls: [{ path: '/', hostHeader: host, statusCodes: [{ first: 200, last: 299 }], tlsCompliant: false }],
    ...change,
  };
}

/** As keepalived's default, without retries. */
export function miscCheck(program: string, change: Partial<MiscCheckConfig> = {}): MiscCheckConfig {
  return {
    kind: 'MISC_CHECK',
    ...common,
    timing: { ...tutorialTiming, retry: 0 },
    command: { argv: [program] },
    timeoutMs: 6000,
    isDynamic: true,
    ...change,
  };
}

export function fileCheck(file: string, change: Partial<FileCheckConfig> = {}): FileCheckConfig {
  return { kind: 'FILE_CHECK', ...common, file, reverse: false, ...change };
}

export function bfdCheck(name: string, change: Partial<BfdCheckConfig> = {}): BfdCheckConfig {
  return { kind: 'BFD_CHECK', ...common, name, ...change };
}

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
    checkers: [tcpCheck(host, 80)],
    ...change,
  };
}

export function tcpService(host: string, port = 80): VirtualService {
  return { kind: 'address', protocol: 'TCP', address: address(host), port };
}

/** Named as a file would name it: `[10.0.0.3]:tcp:80`. */
export function virtualServer(host: string, change: Partial<VirtualServerConfig> = {}): VirtualServerConfig {
  return {
    name: `[${host}]:tcp:80`,
    services: [tcpService(host)],
    scheduler: 'wrr',
    schedulerFlags: [],
    onePacket: false,
    method: { forwarding: 'DR' },
    persistence: { timeoutSeconds: 50, prefixLength: 32 },
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    haSuspend: false,
    mail: false,
    localAddresses: [],
    realServers: [realServer('10.0.0.7'), realServer('10.0.0.8')],
    ...change,
  };
}

export function sorryServer(host: string, change: Partial<SorryServerConfig> = {}): SorryServerConfig {
  return { address: address(host), port: 80, method: { forwarding: 'DR' }, inhibit: false, ...change };
}
