/** Checkers of the kinds that need neither a connection nor HTTP, and servers on the loopback interface for them to ask. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type {
  BfdCheckConfig,
  CheckerTiming,
  DnsCheckConfig,
  FileCheckConfig,
  MiscCheckConfig,
  PingCheckConfig,
  UdpCheckConfig,
} from '../../../src/config-parser/config.ts';
import { address } from '../../../src/net/address.ts';

const timing: CheckerTiming = {
  delayLoopMs: 6000,
  connectTimeoutMs: 5000,
  attemptTimeoutMs: 100_000,
  retry: 1,
  delayBeforeRetryMs: 1000,
  warmupMs: 6000,
};

const common = { timing, alpha: false, logAllFailures: false };

export function timingWith(change: Partial<CheckerTiming>): { readonly timing: CheckerTiming } {
  return { timing: { ...timing, ...change } };
}

function connection(host: string, port: number) {
  return { connectAddress: address(host), connectPort: port };
}

export function dnsCheck(host: string, port: number, change: Partial<DnsCheckConfig> = {}): DnsCheckConfig {
  return { kind: 'DNS_CHECK', ...common, ...connection(host, port), type: 'SOA', name: '.', ...change };
}

export function udpCheck(host: string, port: number, change: Partial<UdpCheckConfig> = {}): UdpCheckConfig {
  const lengths = { minReplyBytes: 0, maxReplyBytes: 255 };
  return { kind: 'UDP_CHECK', ...common, ...connection(host, port), payload: [1, 2], ...lengths, ...change };
}

export function pingCheck(host: string, change: Partial<PingCheckConfig> = {}): PingCheckConfig {
  return { kind: 'PING_CHECK', ...common, ...connection(host, 0), ...change };
}

export function miscCheck(argv: readonly string[], change: Partial<MiscCheckConfig> = {}): MiscCheckConfig {
  return { kind: 'MISC_CHECK', ...common, command: { argv }, timeoutMs: 5000, isDynamic: false, ...change };
}

export function fileCheck(change: Partial<FileCheckConfig> = {}): FileCheckConfig {
  return { kind: 'FILE_CHECK', ...common, file: 'maintenance', reverse: false, ...change };
}

export function bfdCheck(change: Partial<BfdCheckConfig> = {}): BfdCheckConfig {
  return { kind: 'BFD_CHECK', ...common, name: 'web01', ...change };
}

export interface UdpServer {
  readonly port: number;
  readonly socket: Socket;
  readonly received: { readonly payload: Buffer; readonly from: RemoteInfo }[];
  close(): void;
}

/** A UDP server that answers each datagram as told: with any number of others, by its own socket or another way. */
export async function serveUdp(
  host: string,
  answer: (request: Buffer, server: Socket, from: RemoteInfo) => void,
): Promise<UdpServer> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const received: UdpServer['received'] = [];
  socket.on('message', (payload, from) => {
    received.push({ payload, from });
    answer(payload, socket, from);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return { port: socket.address().port, socket, received, close: () => socket.close() };
}

/** A port of that address at which nobody listens. */
export async function closedUdpPort(host: string): Promise<number> {
  const server = await serveUdp(host, () => {});
  server.close();
  return server.port;
}
