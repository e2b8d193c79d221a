/** Starts whoever looks at a lab: addresses and tables of directors, neighbours and requests of clients, recorded notes. */
import { existsSync, readFileSync } from 'node:fs';
import type { IpAddress } from '../../net/address.ts';
import { familyOf } from '../../net/address.ts';
import { type ListedService, parseIpvsTable } from '../ipvs-table.ts';
import type { LongConnectionSeen, RequestSeen } from '../observation.ts';
import type { LabClient, ProbedService, Topology } from '../topology/topology.ts';
import type { LabNetworkHandle } from './lab-network.ts';
import { labProgram, onLines } from './lines.ts';
import { parseMonitorLine, parsePingLine, parseRecordedLine } from './monitor-lines.ts';
import type { ProbeOptions } from './programs/probe-lines.ts';
import { nowMs, type Recorder } from './recorder.ts';

export interface ObserverOptions {
  readonly network: LabNetworkHandle;
  readonly topology: Topology;
  readonly recorder: Recorder;
  readonly virtualAddresses: ReadonlySet<string>;
  /** Between two requests of one client for one service. */
  readonly paceMs: number;
  readonly requestTimeoutMs: number;
}

/** Addresses come and go on directors; only virtual ones count. */
export function watchAddresses(options: ObserverOptions): void {
  const { network, topology, recorder, virtualAddresses } = options;
  for (const { name } of topology.nodes) {
    const child = network.start(name, 'ip', ['-o', '-ts', 'monitor', 'address']);
    onLines(child.stdout, (line) => {
      const seen = parseMonitorLine(line);
      if (seen?.kind !== 'address' || !virtualAddresses.has(seen.address)) return;
      recorder.add({ ...seen, kind: 'holds', node: name });
    });
  }
}

/** What clients, and routers on their behalf, believe about virtual addresses. */
export function watchNeighbours(
  options: ObserverOptions,
  nodeOfMac: (mac: string) => string | undefined,
): void {
  const { network, topology, recorder, virtualAddresses } = options;
  for (const { name } of [...topology.clients, ...topology.routers]) {
    const child = network.start(name, 'ip', ['-o', '-ts', 'monitor', 'neigh']);
    const last = new Map<string, string>();
    onLines(child.stdout, (line) => {
      const seen = parseMonitorLine(line);
      if (seen?.kind !== 'neighbour' || !virtualAddresses.has(seen.address)) return;
      const text = `${seen.mac ?? ''} ${seen.state}`;
      if (last.get(seen.address) === text) return;
      last.set(seen.address, text);
      const node = seen.mac === undefined ? undefined : nodeOfMac(seen.mac);
      recorder.add({ ...seen, kind: 'neighbour', client: name, ...(node === undefined ? {} : { node }) });
    });
  }
}

/** `pid` is any process on the machine: it sees the machine's table. */
export function readTable(pid: number | undefined): readonly ListedService[] | undefined {
  if (pid === undefined) return undefined;
  try {
    return parseIpvsTable(readFileSync(`/proc/${pid}/net/ip_vs`, 'utf8'));
  } catch (error) {
    // The process has ended, or the kernel has no IPVS.
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'EINVAL', 'ESRCH'].includes(String(error.code))
    )
      return undefined;
    throw error;
  }
}

export class TableWatch {
  readonly #recorder: Recorder;
  readonly #last = new Map<string, string>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  poll(node: string, pid: number | undefined): void {
    const services = readTable(pid);
    if (services === undefined) return;
    const sorted = services
      .map((service) => ({ ...service, destinations: service.destinations.toSorted(byAddress) }))
      .toSorted(byAddress);
    const text = JSON.stringify(sorted);
    if (this.#last.get(node) === text) return;
    this.#last.set(node, text);
    this.#recorder.add({ kind: 'table', atMs: nowMs(), node, services: sorted });
  }
}

function byAddress(a: { readonly address: string }, b: { readonly address: string }): number {
  return a.address.localeCompare(b.address);
}

/** Requests of all clients, which go on until the network closes. */
export function startProbes(options: ObserverOptions): void {
  for (const client of options.topology.clients) {
    const services = options.topology.services.filter(({ clients }) => clients.includes(client.name));
    startProgram(
      options,
      client,
      services.filter(({ kind }) => kind !== 'ping'),
    );
    for (const service of services.filter(({ kind }) => kind === 'ping')) startPing(options, client, service);
  }
}

/** Connections kept open: one for each of the first few services by TCP. */
const longConnections = 3;

function startProgram(options: ObserverOptions, client: LabClient, services: readonly ProbedService[]): void {
  if (services.length === 0) return;
  const { network, recorder, paceMs, requestTimeoutMs } = options;
  const streams = services.filter(({ kind }) => kind === 'http' || kind === 'tcp' || kind === 'smtp');
  const kept = new Set(streams.slice(0, longConnections));
  const asked = services.flatMap((service) => {
    const { kind, address, port, path, name } = service;
    if (kind === 'ping') return [];
    const sources = sourcesFor(client, address);
    const place = { name, kind, address, port, sources, keepsConnection: kept.has(service) };
    return [{ ...place, ...(path === undefined ? {} : { path }) }];
  });
  const told: ProbeOptions = { client: client.name, paceMs, timeoutMs: requestTimeoutMs, services: asked };
  const child = network.start(client.name, process.execPath, [labProgram('probe'), JSON.stringify(told)]);
  onLines(child.stdout, (line) => {
    if (line.startsWith('{')) recorder.add(JSON.parse(line) as RequestSeen | LongConnectionSeen);
  });
  onLines(child.stderr, (line) => {
    recorder.add({ kind: 'log', atMs: nowMs(), node: client.name, text: line });
  });
}

function sourcesFor(client: LabClient, target: IpAddress): readonly IpAddress[] {
  return client.sources.filter((source) => familyOf(source) === familyOf(target));
}

function startPing(options: ObserverOptions, client: LabClient, service: ProbedService): void {
  const { network, recorder, paceMs, requestTimeoutMs } = options;
  const [source = ''] = sourcesFor(client, service.address);
  const args = ['-D', '-O', '-n', '-i', String(paceMs / 1000), '-W', String(requestTimeoutMs / 1000)];
  const child = network.start(client.name, 'ping', [...args, '-I', source, service.address]);
  const common = { kind: 'request', client: client.name, service: service.name, source } as const;
  onLines(child.stdout, (line) => {
    const seen = parsePingLine(line);
    if (seen === undefined) return;
    const { atMs } = seen;
    if (seen.kind === 'answered')
      recorder.add({ ...common, atMs: atMs - seen.roundTripMs, endedAtMs: atMs, outcome: 'ok' });
    else {
      const outcome = seen.kind === 'unanswered' ? 'timeout' : 'unreachable';
      recorder.add({ ...common, atMs: atMs - paceMs, endedAtMs: atMs, outcome });
    }
  });
}

/** What the recorder has written: whole lines, each once. */
export class NotificationWatch {
  readonly #file: string;
  readonly #recorder: Recorder;
  #at = 0;

  constructor(file: string, recorder: Recorder) {
    this.#file = file;
    this.#recorder = recorder;
  }

  poll(): void {
    if (!existsSync(this.#file)) return;
    const text = readFileSync(this.#file, 'utf8').slice(this.#at);
    const end = text.lastIndexOf('\n') + 1;
    this.#at += end;
    for (const line of text.slice(0, end).split('\n')) {
      const seen = parseRecordedLine(line);
      if (seen !== undefined) this.#recorder.add({ kind: 'notification', ...seen });
    }
  }
}
