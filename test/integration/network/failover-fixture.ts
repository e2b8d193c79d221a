/** What tests of a pair of directors share: configurations, waiting for whoever holds an address, and looking at the wire. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureRoom } from '../../../src/drill/capture-room.ts';
import type { DaemonKind, Director } from '../../../src/drill/director.ts';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { bridgeName } from '../../../src/drill/network.ts';
import { type DirectorName, hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import { Program } from './namespace-fixture.ts';

export interface InstanceParts {
  readonly name?: string;
  readonly vrid?: number;
  readonly priority: number;
  readonly lines?: readonly string[];
  readonly virtual?: readonly string[];
}

export const virtualAddress = '10.0.0.3';
/** Version 3 at 0.1 s: every wait of a test is a tenth of what it would be. */
export const fast = ['version 3', 'advert_int 0.1'];
export const priorities: Readonly<Record<DirectorName, number>> = { lb01: 150, lb02: 100 };

export function instanceText({
  name = 'VI_1',
  vrid = 51,
  priority,
  lines = fast,
  virtual = [`${virtualAddress}/24`],
}: InstanceParts): string {
  return `vrrp_instance ${name} {
    state BACKUP
    interface eth0
    virtual_router_id ${vrid}
    priority ${priority}
    ${lines.join('\n    ')}
    virtual_ipaddress {
        ${virtual.join('\n        ')}
    }
}
`;
}

export interface PairParts {
  readonly lb01?: DaemonKind;
  readonly lb02?: DaemonKind;
  /** The whole file of one director; `folder` is the pair's own. */
  readonly text: (name: DirectorName, folder: string) => string;
}

/** Both directors with their files, not yet started. */
export function buildPair({ lb01 = 'holdfast', lb02 = 'holdfast', text }: PairParts): Promise<DirectorPair> {
  return buildDirectorPair({
    daemons: { lb01, lb02 },
    configFile: (name, folder) => {
      writeFileSync(join(folder, `${name}.conf`), text(name, folder));
      return join(folder, `${name}.conf`);
    },
  });
}

/** Replaces the file of a director and tells its daemon; what comes of it is awaited elsewhere. */
export function reload(pair: DirectorPair, name: DirectorName, text: string): void {
  writeFileSync(join(pair.folder, `${name}.conf`), text);
  process.kill(pair[name].pid, 'SIGHUP');
}

export async function ip(pair: DirectorPair, name: DirectorName, ...words: string[]): Promise<string> {
  const result = await pair.network.run(name, 'ip', words);
  if (result.status !== 0) throw new Error(`${name}: ip ${words.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

export async function untilHeldBy(
  holder: Director,
  other: Director | undefined,
  addresses: readonly string[] = [virtualAddress],
): Promise<void> {
  await until(`${holder.name} alone holds ${addresses.join(' ')}`, 20_000, async () => {
    const held = await Promise.all(addresses.map((address) => holder.holds(address)));
    const elsewhere = await Promise.all(addresses.map((address) => other?.holds(address)));
    return held.every((holds) => holds) && !elsewhere.some((holds) => holds === true);
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the log of ${holder.name}:\n${holder.log().slice(-3000)}`);
  });
}

export async function untilLogged(director: Director, words: string, times = 1): Promise<void> {
  await until(`${director.name} logs "${words}"`, 15_000, () => timesLogged(director, words) >= times).catch(
    (error: Error) => {
      throw new Error(`${error.message}; its log:\n${director.log().slice(-3000)}`);
    },
  );
}

export function timesLogged(director: Director, words: string): number {
  return director.log().split(words).length - 1;
}

/** What tcpdump prints of every frame of VRRP, ARP and neighbour discovery on the switch, with the Ethernet addresses. */
export class FrameLines {
  readonly #file: string;
  #from = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  static async start(pair: DirectorPair): Promise<FrameLines> {
    const file = join(pair.folder, 'frames.log');
    const filter =
      'proto 112 or arp or ip6 proto 112 or icmp6 or ether[0:4] = 0x00005e00 or ether[6:4] = 0x00005e00';
    pair.network.start(
      'switch',
      'tcpdump',
      [...captureRoom, '-e', '-n', '-l', '-i', bridgeName, filter],
      file,
    );
    const lines = new FrameLines(file);
    await until('tcpdump listens on the switch', 10_000, () => lines.all().includes('listening on'));
    return lines;
  }

  all(): string {
    return readFileSync(this.#file, 'utf8');
  }

  /** What `sinceMark` returns begins here. */
  mark(): void {
    this.#from = this.all().length;
  }

  sinceMark(): readonly string[] {
    return this.all().slice(this.#from).split('\n');
  }
}

export interface EchoReport {
  readonly asked: number;
  readonly failedAtMs: readonly number[];
}

/** The client asks the virtual address for an echo every 2 ms; whoever holds it answers. */
export class EchoProbe {
  readonly #program: Program;
  #reports = 0;

  constructor(pair: DirectorPair, options: { from?: string; to?: string } = {}) {
    const args = { from: hostAddresses.client, to: virtualAddress, paceMs: 2, ...options };
    this.#program = new Program(pair.network.namespaceOf('client'), 'echo-probe.ts', { args });
  }

  ready(): Promise<unknown> {
    return this.#program.line('ready');
  }

  /** Of every echo asked for so far. */
  async report(): Promise<EchoReport> {
    this.#program.send({ kind: 'report' });
    this.#reports += 1;
    const { asked, failedAtMs } = await this.#program.line('report', this.#reports);
    return { asked: asked as number, failedAtMs: failedAtMs as number[] };
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
