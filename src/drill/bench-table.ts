/** Large IPVS tables: how soon after the start they stand in the kernel, and what a reload that changes one entry costs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { IPVS_GENL_VERSION, ipvsCommands } from '../ipvs-sync/constants.ts';
import { type DaemonKind, Director } from './director.ts';
import { loadEmbeddedModules } from './kernels/load-embedded-modules.ts';
import { buildNetwork, type Network } from './network.ts';
import { PcapStream } from './pcap.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { until } from './until.ts';

export interface TableSize {
  readonly services: number;
  readonly serversEach: number;
}

export interface TableReloadMeasurement {
  /** From the signal to the server being gone from the kernel's table. */
  readonly appliedAfterMs: number;
  /** Requests of that reload that were to change the table. */
  readonly writes: number;
}

/** From the daemon's start to the whole table in the kernel, in milliseconds. Needs a kernel with IPVS. */
export async function measureTableStart(
  daemon: DaemonKind,
  size: TableSize,
  rounds: number,
): Promise<readonly number[]> {
  const bench = await buildTableBench(daemon, size);
  try {
    const measured: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      measured.push(await startAndFill(bench, size, 20));
      await delay(1000);
      await bench.lb01.stop();
    }
    return measured;
  } finally {
    bench.close();
  }
}

/** `rounds` reloads, each without one more server. */
export async function measureTableReload(
  daemon: DaemonKind,
  size: TableSize,
  rounds: number,
): Promise<readonly TableReloadMeasurement[]> {
  const bench = await buildTableBench(daemon, size);
  try {
    await startAndFill(bench, size, 500);
    await delay(3000);
    const measured: TableReloadMeasurement[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const without = Math.ceil((size.services * round) / (rounds + 1));
      const capture = await captureNetlink(bench, round);
      const appliedAfterMs = await reloadWithout(bench, size, without);
      // What follows the one change, if anything does.
      await delay(3000);
      measured.push({ appliedAfterMs, writes: await capture.countWrites() });
    }
    return measured;
  } finally {
    bench.close();
  }
}

interface TableBench {
  readonly network: Network;
  readonly lb01: Director;
  readonly folder: string;
  readonly configFile: string;
  /** Services that have one server less by now. */
  readonly reduced: Set<number>;
  readonly close: () => void;
}

async function buildTableBench(daemon: DaemonKind, size: TableSize): Promise<TableBench> {
  const scratch = makeScratchFolder();
  const network = await buildNetwork();
  const configFile = join(scratch.path, 'table.conf');
  const lb01 = new Director({ network, name: 'lb01', daemon, scratch: scratch.path, configFile });
  const reduced = new Set<number>();
  writeFileSync(configFile, configurationText(size, reduced));
  const close = (): void => {
    network.close();
    scratch.remove();
  };
  return { network, lb01, folder: scratch.path, configFile, reduced, close };
}

async function startAndFill(
  { lb01 }: TableBench,
  { services, serversEach }: TableSize,
  pollMs: number,
): Promise<number> {
  const wanted = services * serversEach;
  const startedAt = performance.now();
  lb01.start();
  while (destinationsIn(lb01.pid) < wanted) {
    if (performance.now() - startedAt > 180_000) {
      throw new Error(
        `${destinationsIn(lb01.pid)} of ${wanted} servers after 180 s:\n${lb01.log().slice(-2000)}`,
      );
    }
    await delay(pollMs);
  }
  return performance.now() - startedAt;
}

/** Counted in the kernel's own listing as the daemon sees it, without reading what they are; the heading has an arrow, too. */
function destinationsIn(pid: number): number {
  try {
    return readFileSync(`/proc/${pid}/net/ip_vs`, 'latin1').split('->').length - 2;
  } catch (error) {
    // Before the process is in its namespace, and before the module is there.
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}

async function reloadWithout(bench: TableBench, size: TableSize, service: number): Promise<number> {
  bench.reduced.add(service);
  writeFileSync(bench.configFile, configurationText(size, bench.reduced));
  const signalledAt = performance.now();
  process.kill(bench.lb01.pid, 'SIGHUP');
  const name = `${serviceAddress(service)}:80`;
  while ((await serversOf(bench.network, name)) !== size.serversEach - 1) {
    if (performance.now() - signalledAt > 120_000) {
      throw new Error(`the reload never came:\n${bench.lb01.log().slice(-2000)}`);
    }
  }
  return performance.now() - signalledAt;
}

async function serversOf(network: Network, service: string): Promise<number> {
  const { stdout } = await network.run('lb01', 'ipvsadm', ['-Ln', '-t', service]);
  return stdout.split('\n').filter((line) => /^\s+->\s+\d/.test(line)).length;
}

/** LINKTYPE_NETLINK: 16 bytes that say which family it was, then the messages. */
const netlinkLinkType = 253;
const cookedHeaderBytes = 16;
const netlinkHeaderBytes = 16;
const genlControlType = 16;
const NLM_F_REQUEST = 0x1;
const NLM_F_DUMP = 0x300;
const writingCommands: ReadonlySet<number> = new Set([
  ipvsCommands.IPVS_CMD_NEW_SERVICE,
  ipvsCommands.IPVS_CMD_SET_SERVICE,
  ipvsCommands.IPVS_CMD_DEL_SERVICE,
  ipvsCommands.IPVS_CMD_NEW_DEST,
  ipvsCommands.IPVS_CMD_SET_DEST,
  ipvsCommands.IPVS_CMD_DEL_DEST,
]);

async function captureNetlink({ network, folder }: TableBench, round: number) {
  loadEmbeddedModules('nlmon');
  if (round === 1) {
    await network.run('lb01', 'ip', ['link', 'add', 'nlmon0', 'type', 'nlmon']);
    await network.run('lb01', 'ip', ['link', 'set', 'nlmon0', 'up']);
  }
  const file = join(folder, `netlink-${round}`);
  const options = [
    '-n',
    '-p',
    '-s',
    '256',
    '-B',
    '32768',
    '-Z',
    'root',
    '-i',
    'nlmon0',
    '-w',
    `${file}.pcap`,
  ];
  const child = network.start('lb01', 'tcpdump', options, `${file}.log`);
  await until('tcpdump listens', 10_000, () => readFileSync(`${file}.log`, 'utf8').includes('listening on'));
  return {
    countWrites: async (): Promise<number> => {
      child.kill('SIGINT');
      await until('tcpdump has ended', 10_000, () => child.exitCode !== null);
      const packets = new PcapStream(netlinkLinkType).take(readFileSync(`${file}.pcap`));
      return packets.reduce((sum, { bytes }) => sum + writesIn(bytes), 0);
    },
  };
}

/** Of a datagram longer than was captured only the messages that were. In this machine's byte order, which is little-endian. */
function writesIn(packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let writes = 0;
  for (let at = cookedHeaderBytes; at + netlinkHeaderBytes + 2 <= packet.length; ) {
    const [length, type, flags] = [
      view.getUint32(at, true),
      view.getUint16(at + 4, true),
      view.getUint16(at + 6, true),
    ];
    const [command, version] = [packet[at + netlinkHeaderBytes] ?? 0, packet[at + netlinkHeaderBytes + 1]];
    const isRequest = (flags & NLM_F_REQUEST) !== 0 && (flags & NLM_F_DUMP) !== NLM_F_DUMP;
    const isIpvs = type > genlControlType && version === IPVS_GENL_VERSION;
    if (isRequest && isIpvs && writingCommands.has(command)) writes += 1;
    if (length < netlinkHeaderBytes) break;
    at += (length + 3) & ~3;
  }
  return writes;
}

function configurationText({ services, serversEach }: TableSize, reduced: ReadonlySet<number>): string {
  const lines = ['global_defs {', '    router_id lb01', '}'];
  for (let service = 0; service < services; service += 1) {
    lines.push(
      `virtual_server ${serviceAddress(service)} 80 {`,
      '    delay_loop 10',
      '    lb_algo wrr',
      '    lb_kind DR',
      '    protocol TCP',
    );
    const servers = serversEach - (reduced.has(service) ? 1 : 0);
    for (let server = 0; server < servers; server += 1) {
      lines.push(`    real_server 10.9.0.${server + 1} 80 {`, '        weight 1', '    }');
    }
    lines.push('}');
  }
  return `${lines.join('\n')}\n`;
}

function serviceAddress(service: number): string {
  return `10.${100 + (service >> 16)}.${(service >> 8) & 255}.${service & 255}`;
}
