/** lb01 and lb02 for a figure: as many instances as wanted, and a capture that costs little while it runs. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DaemonKind } from './director.ts';
import { Director } from './director.ts';
import type { Network } from './network.ts';
import { buildNetwork } from './network.ts';
import { type CapturedPacket, readPcap } from './pcap.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import type { DirectorName } from './tutorial-network.ts';
import { networkInterface } from './tutorial-network.ts';
import { until } from './until.ts';

export interface BenchConfiguration {
  readonly version: 2 | 3;
  readonly intervalMs: number;
  /** VRIDs 1 to this many, at most 250, with an address each. */
  readonly instances: number;
}

export interface BenchPair {
  readonly network: Network;
  readonly lb01: Director;
  readonly lb02: Director;
  readonly folder: string;
  /** At the client's port of the switch, where everything passes that is for all or for the client. Resolves once it is running. */
  readonly capture: (filter: string) => Promise<BenchCapture>;
  readonly close: () => void;
}

export interface BenchCapture {
  /** Ends it; everything seen, oldest first. */
  readonly stop: () => Promise<readonly CapturedPacket[]>;
}

/** lb02's is the tutorial's; with it the Skew_Time is 156/256 of the unit. */
export const benchPriorities = { lb01: 150, lb02: 100 } as const;

/** Neither daemon started. */
export async function buildBenchPair(
  daemon: DaemonKind,
  configuration: BenchConfiguration,
): Promise<BenchPair> {
  const scratch = makeScratchFolder();
  const network = await buildNetwork();
  const close = (): void => {
    network.close();
    scratch.remove();
  };
  try {
    const director = (name: DirectorName): Director => {
      const configFile = configurationFile(name, scratch.path);
      writeFileSync(configFile, configurationText(name, configuration));
      return new Director({ network, name, daemon, scratch: scratch.path, configFile });
    };
    let captures = 0;
    const capture = (filter: string): Promise<BenchCapture> => {
      captures += 1;
      return startCapture(network, join(scratch.path, `capture-${captures}`), filter);
    };
    return { network, lb01: director('lb01'), lb02: director('lb02'), folder: scratch.path, capture, close };
  } catch (error) {
    close();
    throw error;
  }
}

export function configurationFile(name: DirectorName, folder: string): string {
  return join(folder, `${name}-bench.conf`);
}

/** As a restart of the machine does: a number in one may be another process's by now, and keepalived would not start. */
export function forgetPidFiles({ folder }: Pick<BenchPair, 'folder'>, name: DirectorName): void {
  for (const role of ['daemon', 'vrrp', 'checkers'])
    rmSync(join(folder, `${name}-${role}.pid`), { force: true });
}

/** `changed` gives single instances another priority, for a reload. */
export function configurationText(
  name: DirectorName,
  { version, intervalMs, instances }: BenchConfiguration,
  changed: ReadonlyMap<number, number> = new Map(),
): string {
  const lines = ['global_defs {', `    router_id ${name}`, `    vrrp_version ${version}`, '}'];
  for (let vrid = 1; vrid <= instances; vrid += 1) {
    lines.push(
      `vrrp_instance VI_${vrid} {`,
      '    state BACKUP',
      `    interface ${networkInterface}`,
      `    virtual_router_id ${vrid}`,
      `    priority ${changed.get(vrid) ?? benchPriorities[name]}`,
      `    advert_int ${intervalMs / 1000}`,
      '    virtual_ipaddress {',
      `        ${benchAddress(vrid)}/32`,
      '    }',
      '}',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The address of VRID 1 is the tutorial's, which the client can reach. */
export function benchAddress(vrid: number): string {
  return vrid === 1 ? '10.0.0.3' : `10.0.1.${vrid}`;
}

async function startCapture(network: Network, file: string, filter: string): Promise<BenchCapture> {
  const log = `${file}.log`;
  // Read in blocks, so that it does not wake for each packet: the time stamps are the kernel's all the same.
  const options = ['-n', '-p', '-s', '128', '-B', '32768', '--time-stamp-precision=nano', '-Z', 'root'];
  const child = network.start(
    'switch',
    'tcpdump',
    [...options, '-i', 'client', '-w', `${file}.pcap`, filter],
    log,
  );
  await until('tcpdump listens on the switch', 10_000, () =>
    readFileSync(log, 'utf8').includes('listening on'),
  );
  return {
    stop: async () => {
      child.kill('SIGINT');
      await until('tcpdump has ended', 10_000, () => child.exitCode !== null);
      const lost = /(\d+) packets? dropped by kernel/.exec(readFileSync(log, 'utf8'))?.[1];
      if (lost !== '0') throw new Error(`the capture lost ${lost ?? 'an unknown number of'} packets`);
      return readPcap(readFileSync(`${file}.pcap`));
    },
  };
}
