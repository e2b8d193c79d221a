/** What is served at the virtual address in a bench, and the clients that ask for it; each a process of its own. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchPair } from './bench-pair.ts';
import { benchAddress } from './bench-pair.ts';
import { parseRequests } from './client-requests.ts';
import type { CapturedPacket } from './pcap.ts';
import type { Request } from './timeline.ts';
import type { DirectorName, HostName } from './tutorial-network.ts';
import { until } from './until.ts';

export const benchPort = 7777;

const servedAddress = benchAddress(1);

/** Resolves once it listens. Needs net.ipv4.ip_nonlocal_bind, which it sets. */
export async function startResponder(pair: BenchPair, name: DirectorName): Promise<ChildProcess> {
  await pair.network.run(name, 'sysctl', ['-qw', 'net.ipv4.ip_nonlocal_bind=1']);
  const log = join(pair.folder, `${name}-responder.log`);
  const readyBefore = count(log, 'ready');
  const child = start(pair, name, 'bench-responder', [name, servedAddress, String(benchPort)], log);
  await until(`the responder of ${name} listens`, 10_000, () => count(log, 'ready') > readyBefore);
  return child;
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** One datagram a millisecond. */
export function startDatagrams(pair: BenchPair): ChildProcess {
  const log = join(pair.folder, 'datagrams.log');
  return start(pair, 'client', 'bench-datagrams', [servedAddress, String(benchPort)], log);
}

export interface TimedRequest extends Request {
  readonly tookMs: number;
}

/** A request without an answer after this has failed: before the second try of a lost SYN, which would hide it. */
export const connectionTimeoutMs = 950;

export interface Connections {
  /** All that are over, in the order they began. */
  readonly requests: () => readonly TimedRequest[];
}

export function startConnections(pair: BenchPair, perSecond: number): Connections {
  const file = join(pair.folder, 'connections.jsonl');
  const args = [servedAddress, benchPort, perSecond, connectionTimeoutMs].map(String);
  start(pair, 'client', 'bench-connections', args, file);
  return { requests: () => parseRequests(readFileSync(file, 'utf8')) as readonly TimedRequest[] };
}

export interface Answer {
  readonly atMs: number;
  readonly server: string;
}

export const answersFilter = `udp src port ${benchPort}`;

/** Of the datagrams: when it passed the switch, and who gave it. */
export function answersIn(packets: readonly CapturedPacket[]): readonly Answer[] {
  return packets.flatMap(({ atMs, bytes }) => {
    const [protocol, high = 0, low = 0] = [bytes[23], bytes[34], bytes[35]];
    if (protocol !== udpProtocol || high * 256 + low !== benchPort) return [];
    return [
      { atMs, server: Buffer.from(bytes.subarray(payloadOffset, payloadOffset + 4)).toString('latin1') },
    ];
  });
}

const udpProtocol = 17;
/** Ethernet, IPv4 without options, UDP. */
const payloadOffset = 14 + 20 + 8;

function start(
  { network }: BenchPair,
  host: HostName,
  program: string,
  args: readonly string[],
  log: string,
): ChildProcess {
  const file = fileURLToPath(new URL(`../../dist/drill/${program}.js`, import.meta.url));
  return network.start(host, process.execPath, [file, ...args], log);
}

function count(file: string, word: string): number {
  try {
    return readFileSync(file, 'utf8').split(word).length - 1;
  } catch {
    // Not started yet.
    return 0;
  }
}
