/** A capture of everything that VRRP and ARP say on the switch, with the kernel's own time stamps. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureRoom } from './capture-room.ts';
import type { Sighting } from './frames.ts';
import { sightingIn } from './frames.ts';
import type { Network } from './network.ts';
import { bridgeName } from './network.ts';
import { readPcap } from './pcap.ts';
import type { Takeover } from './timeline.ts';
import { findTakeover } from './timeline.ts';
import { hostAddresses } from './tutorial-network.ts';
import { until } from './until.ts';

export interface Capture {
  /** Everything seen so far, oldest first. */
  readonly sightings: () => readonly Sighting[];
}

/** Resolves once the capture is running; it ends with the network. */
export async function startCapture(network: Network, scratch: string): Promise<Capture> {
  const file = join(scratch, 'switch.pcap');
  const log = join(scratch, 'tcpdump.log');
  const options = [
    ...captureRoom,
    '-n',
    '-p',
    '-U',
    '--immediate-mode',
    '--time-stamp-precision=nano',
    '-Z',
    'root',
  ];
  network.start('switch', 'tcpdump', [...options, '-i', bridgeName, '-w', file, 'ip proto 112 or arp'], log);
  await until('tcpdump listens on the switch', 10_000, () =>
    readFileSync(log, 'utf8').includes('listening on'),
  );
  const sightings = (): readonly Sighting[] =>
    existsSync(file) ? readPcap(readFileSync(file)).flatMap((packet) => sightingIn(packet) ?? []) : [];
  return { sightings };
}

/** The tutorial's VI_1. */
const vrid = 51;

/** lb01 to lb02, the first after `sinceMs`, once lb02 has also announced the address. Throws when it does not come. */
export async function awaitTakeover(capture: Capture, sinceMs: number, limitMs: number): Promise<Takeover> {
  const question = { vrid, from: hostAddresses.lb01, to: hostAddresses.lb02, sinceMs };
  let found: Takeover | undefined;
  await until('lb02 takes over and announces the address', limitMs, () => {
    found = findTakeover(capture.sightings(), question);
    return found !== undefined;
  });
  if (found === undefined) throw new Error('the capture lost a takeover that it had');
  return found;
}

export function isAdvertising(capture: Capture, source: string, sinceMs: number): boolean {
  return capture
    .sightings()
    .some((seen) => seen.kind === 'advertisement' && seen.source === source && seen.atMs >= sinceMs);
}
