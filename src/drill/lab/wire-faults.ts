/**
 * Loss and delay of chosen packets on their way from the switch to a machine: by tc where the kernel has netem, else by
 * nftables, which can lose but not delay. Nothing on the machines themselves is touched.
 */
import { addressBytes, familyOf, type IpAddress } from '../../net/address.ts';
import type { LabNetworkHandle, Port } from './lab-network.ts';
import { switchName } from './lab-network.ts';

export interface Impairment {
  readonly machine: string;
  readonly what: 'vrrp' | 'announcements';
  readonly lossPercent: number;
  readonly delayMs: number;
}

export type WireMethod = 'tc' | 'nft' | 'none';

export class WireFaults {
  readonly method: WireMethod;
  readonly #network: LabNetworkHandle;
  readonly #virtualAddresses: readonly IpAddress[];
  /** Names of the ports. */
  readonly #impaired = new Set<string>();

  constructor(network: LabNetworkHandle, method: WireMethod, virtualAddresses: readonly IpAddress[]) {
    this.#network = network;
    this.method = method;
    this.#virtualAddresses = virtualAddresses;
  }

  /** Adds to what is impaired already. Throws where this kernel cannot. */
  async impair(impairment: Impairment): Promise<void> {
    const ports = this.#network.ports.filter(({ machine }) => machine === impairment.machine);
    for (const port of ports) {
      this.#impaired.add(port.name);
      if (this.method === 'tc') await this.#byTc(port, impairment);
      else if (this.method === 'nft') await this.#byNft(port, impairment);
      else
        throw new Error(
          'this kernel can neither lose nor delay packets: it has no netem and no nftables for bridges',
        );
    }
  }

  async heal(): Promise<void> {
    const impaired = [...this.#impaired];
    this.#impaired.clear();
    if (impaired.length === 0) return;
    // Where it was refused there is no table, which is what is wanted.
    if (this.method === 'nft')
      await this.#network.run(switchName, 'nft', ['delete', 'table', 'bridge', nftTable]);
    // A port whose impairment failed may have no discipline, which is what is wanted.
    if (this.method === 'tc')
      await this.#network.run(switchName, 'tc', ['-force', '-batch', '-'], {
        input: impaired.map((name) => `qdisc delete dev ${name} root\n`).join(''),
      });
  }

  /** A band that nothing reaches but what the filters send there, with netem behind it. */
  async #byTc({ name }: Port, { what, lossPercent, delayMs }: Impairment): Promise<void> {
    const noPriority = Array<string>(16).fill('0');
    const root = ['root', 'handle', '1:', 'prio', 'bands', '4', 'priomap', ...noPriority];
    const netem = ['netem', 'limit', '10000', 'loss', `${lossPercent}%`, 'delay', `${delayMs}ms`];
    const matches = what === 'vrrp' ? vrrpMatches : this.#virtualAddresses.map(announcementMatch);
    const commands = [
      ['qdisc', 'replace', 'dev', name, ...root],
      ['qdisc', 'replace', 'dev', name, 'parent', '1:4', 'handle', '40:', ...netem],
      ...matches.map((match) => [
        ...['filter', 'add', 'dev', name, 'parent', '1:', 'protocol', 'all'],
        ...['u32', ...match, 'flowid', '1:4'],
      ]),
    ];
    // In one process: a slow kernel takes a quarter of a second to start each.
    await this.#run('tc', ['-batch', '-'], commands.map((words) => words.join(' ')).join('\n'));
  }

  async #byNft({ name }: Port, { what, lossPercent, delayMs }: Impairment): Promise<void> {
    if (delayMs > 0) throw new Error('this kernel has no netem: it can lose packets, but not delay them');
    const chance = lossPercent >= 100 ? '' : `numgen random mod 100 < ${lossPercent} `;
    const matches =
      what === 'vrrp'
        ? ['ip protocol 112', 'ip6 nexthdr 112', 'ip protocol 51']
        : this.#virtualAddresses.map(nftAnnouncement);
    const commands = [
      `add table bridge ${nftTable}`,
      `add chain bridge ${nftTable} out { type filter hook forward priority 0; }`,
      ...matches.map((match) => `add rule bridge ${nftTable} out oifname "${name}" ${match} ${chance}drop`),
    ];
    await this.#run('nft', ['-f', '-'], commands.join('\n'));
  }

  async #run(file: string, args: readonly string[], input?: string): Promise<void> {
    const options = input === undefined ? {} : { input: `${input}\n` };
    const { status, stderr } = await this.#network.run(switchName, file, args, options);
    if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr.trim()}`);
  }
}

const nftTable = 'holdfast_drill';

/** By the network header, so that tagged frames match too: version 4 and protocol 112 or 51, version 6 and next header 112. */
const vrrpMatches: readonly (readonly string[])[] = [
  ['match', 'u8', '0x40', '0xf0', 'at', '0', 'match', 'u8', '112', '0xff', 'at', '9'],
  ['match', 'u8', '0x40', '0xf0', 'at', '0', 'match', 'u8', '51', '0xff', 'at', '9'],
  ['match', 'u8', '0x60', '0xf0', 'at', '0', 'match', 'u8', '112', '0xff', 'at', '6'],
];

/** RFC 826: the sender's address is at 14. RFC 4861 section 4.4: the target's at 8, behind 40 bytes of IPv6. */
function announcementMatch(address: IpAddress): readonly string[] {
  const bytes = addressBytes(address);
  const start = bytes.length === 4 ? 14 : 48;
  const kind =
    bytes.length === 4
      ? ['match', 'u32', '0x00010800', '0xffffffff', 'at', '0']
      : ['match', 'u8', '58', '0xff', 'at', '6', 'match', 'u8', '136', '0xff', 'at', '40'];
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => {
    const word = Array.from(bytes.subarray(4 * index, 4 * index + 4), (byte) =>
      byte.toString(16).padStart(2, '0'),
    );
    return word.join('');
  });
  // At an odd half word, as ARP's sender is, two halves are compared.
  return [...kind, ...words.flatMap((word, index) => halves(word, start + 4 * index))];
}

function halves(word: string, at: number): readonly string[] {
  const half = (text: string, offset: number): readonly string[] => [
    ...['match', 'u16', `0x${text}`, '0xffff'],
    ...['at', String(offset)],
  ];
  return [...half(word.slice(0, 4), at), ...half(word.slice(4), at + 2)];
}

/** RFC 4861 section 4.4: the target's address is at 8. */
function nftAnnouncement(address: IpAddress): string {
  if (familyOf(address) === 4) return `arp saddr ip ${address}`;
  const hex = Array.from(addressBytes(address), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `icmpv6 type nd-neighbor-advert @th,64,128 0x${hex}`;
}

/** What this kernel has, tried on the switch's own loopback. */
export async function wireMethodHere(network: LabNetworkHandle): Promise<WireMethod> {
  const netem = ['qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'];
  if ((await network.run(switchName, 'tc', netem)).status === 0) {
    await network.run(switchName, 'tc', ['qdisc', 'delete', 'dev', 'lo', 'root']);
    return 'tc';
  }
  const table = ['add', 'table', 'bridge', nftTable];
  if ((await network.run(switchName, 'nft', table)).status !== 0) return 'none';
  await network.run(switchName, 'nft', ['delete', 'table', 'bridge', nftTable]);
  return 'nft';
}
