/**
 * A capture of what VRRP, ARP and Neighbour Discovery say, where it comes in at the switch, with the kernel's time stamps:
 * so that what a fault drops later was seen, and whose cable it came by is known even if two machines have one address.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { captureRoom } from '../capture-room.ts';
import { type CookedSight, sightIn } from '../cooked-frames.ts';
import type { Observation } from '../observation.ts';
import { cookedLinkType, PcapStream } from '../pcap.ts';
import { until } from '../until.ts';
import type { LabNetworkHandle, Port } from './lab-network.ts';
import { switchName } from './lab-network.ts';
import { onLines } from './lines.ts';

export interface CaptureReader {
  /** What has come since the last call. */
  readonly poll: () => void;
  /** Packets that the kernel had no room for so far; undefined where tcpdump does not say. */
  readonly lostPackets: () => Promise<number | undefined>;
}

/** Of tagged frames too: the kernel takes the tag off before it asks. */
const wanted =
  'ip proto 112 or ip proto 51 or arp or (ip6 and (ip6[6] = 112 or (ip6[6] = 58 and ip6[40] = 136)))';

/** Resolves once it is running; it ends with the network. */
export async function startCapture(
  network: LabNetworkHandle,
  file: string,
  nodes: readonly string[],
  add: (observation: Observation) => void,
): Promise<CaptureReader> {
  const options = [...captureRoom, '-n', '-p', '-U', '-Q', 'in', '-y', 'LINUX_SLL2', '--immediate-mode'];
  const child = network.start(switchName, 'tcpdump', [
    ...options,
    ...['--time-stamp-precision=nano', '-Z', 'root', '-i', 'any', '-w', file, wanted],
  ]);
  let said = '';
  onLines(child.stderr, (line) => {
    said += `${line}\n`;
  });
  await until('tcpdump listens on the switch', 15_000, () => {
    if (child.exitCode !== null) throw new Error(`tcpdump ended: ${said.trim()}`);
    return said.includes('listening on');
  });
  const ports = await portsByIndex(network);
  return {
    poll: pollOf(file, ports, new Set(nodes), add),
    lostPackets: async () => {
      said = '';
      // tcpdump(8): it reports its counts, and goes on.
      child.kill('SIGUSR1');
      const count = (): string | undefined => /(\d+) packets? dropped by kernel/.exec(said)?.[1];
      await until('tcpdump reports', 2000, () => count() !== undefined).catch(() => undefined);
      return count() === undefined ? undefined : Number(count());
    },
  };
}

async function portsByIndex(network: LabNetworkHandle): Promise<ReadonlyMap<number, Port>> {
  const { stdout } = await network.run(switchName, 'ip', ['-j', 'link', 'show']);
  const links = JSON.parse(stdout) as readonly { ifindex: number; ifname: string }[];
  return new Map(
    links.flatMap(({ ifindex, ifname }) => {
      const port = network.ports.find(({ name }) => name === ifname);
      return port === undefined ? [] : [[ifindex, port] as const];
    }),
  );
}

function pollOf(
  file: string,
  ports: ReadonlyMap<number, Port>,
  nodes: ReadonlySet<string>,
  add: (observation: Observation) => void,
): () => void {
  const stream = new PcapStream(cookedLinkType);
  let at = 0;
  const buffer = Buffer.alloc(1 << 18);
  return () => {
    if (!existsSync(file)) return;
    const descriptor = openSync(file, 'r');
    try {
      for (let length = 1; length > 0; at += length) {
        length = readSync(descriptor, buffer, 0, buffer.length, at);
        for (const packet of stream.take(Uint8Array.from(buffer.subarray(0, length)))) {
          const sight = sightIn(packet);
          const port = sight && ports.get(sight.interfaceIndex);
          if (sight !== undefined && port !== undefined) add(toObservation(sight, port, nodes));
        }
      }
    } finally {
      closeSync(descriptor);
    }
  };
}

function toObservation(sight: CookedSight, port: Port, nodes: ReadonlySet<string>): Observation {
  const { atMs } = sight;
  const by = { atMs, network: port.network, ...(nodes.has(port.machine) ? { node: port.machine } : {}) };
  switch (sight.kind) {
    case 'advertisement': {
      const { source, sourceMac, version, family, vrid, priority, intervalMs } = sight;
      return { kind: 'advertisement', ...by, source, sourceMac, version, family, vrid, priority, intervalMs };
    }
    case 'announcement':
      return { kind: 'announcement', ...by, address: sight.address, mac: sight.mac };
    case 'answer':
      return { kind: 'arpReply', ...by, address: sight.address, mac: sight.mac, toMac: sight.toMac };
  }
}
