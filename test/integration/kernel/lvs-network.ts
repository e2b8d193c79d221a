/**
 * A director with a network on either side: the clients' and the real servers'. The real servers answer by the director where the
 * director is the source or the way back (NAT, FULLNAT), and by a router of the clients' where they answer as the virtual address.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const modes = ['DR', 'NAT', 'TUN', 'FULLNAT'] as const;
export type Mode = (typeof modes)[number];
export const families = [4, 6] as const;
export type Family = (typeof families)[number];

/** Each mode has virtual addresses of its own: what the real servers must do differs. */
export function virtualAddress(mode: Mode, family: Family): string {
  const host = 11 + modes.indexOf(mode);
  return family === 4 ? `10.9.0.${host}` : `fd09::${host}`;
}

export const servers = ['rs1', 'rs2'] as const;
export type ServerName = (typeof servers)[number];
export const serverAddress: Readonly<Record<ServerName, Readonly<Record<Family, string>>>> = {
  rs1: { 4: '10.2.0.7', 6: 'fd02::7' },
  rs2: { 4: '10.2.0.8', 6: 'fd02::8' },
};
export const clientAddress: Readonly<Record<Family, string>> = { 4: '10.9.0.9', 6: 'fd09::9' };
/** The director's, on the side of the real servers. */
export const directorAddress: Readonly<Record<Family, string>> = { 4: '10.2.0.5', 6: 'fd02::5' };

const hosts = ['director', 'client', ...servers] as const;
type Host = (typeof hosts)[number];
const prefix = `hf-lvs-${process.pid}-`;

export function namespaceOf(host: Host | 'switch'): string {
  return `${prefix}${host}`;
}

export function run(host: Host, ...command: readonly string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespaceOf(host), ...command], { encoding: 'utf8' });
}

export function createLvsNetwork(): void {
  batch(
    [],
    [...hosts, 'switch' as const].map((host) => `netns add ${namespaceOf(host)}`),
  );
  const cables = hosts.flatMap((host) => [
    ...(servers.some((name) => name === host) ? [] : cable(host, 'front')),
    ...cable(host, 'back'),
  ]);
  const bridges = ['front', 'back'].flatMap((name) => [
    `link add ${name} type bridge mcast_snooping 0`,
    `link set ${name} up`,
  ]);
  batch(['-n', namespaceOf('switch')], [...bridges, ...cables]);
  for (const host of hosts) run(host, 'sysctl', '-qw', ...quickIpv6, ...forwarding(host));
  batch(['-n', namespaceOf('director')], [...directorLines(), ...up(['lo', 'front', 'back'])]);
  batch(['-n', namespaceOf('client')], [...clientLines(), ...up(['lo', 'front', 'back'])]);
  for (const name of servers) prepareServer(name);
}

export function removeLvsNetwork(): void {
  for (const host of [...hosts, 'switch' as const]) {
    const pids = execFileSync('ip', ['netns', 'pids', namespaceOf(host)], { encoding: 'utf8' });
    for (const pid of pids.split('\n').filter(Boolean)) killHard(Number(pid));
    execFileSync('ip', ['netns', 'delete', namespaceOf(host)]);
  }
}

/** No duplicate address detection, nor waiting for routers: addresses serve at once. */
const quickIpv6 = [
  'net.ipv6.conf.all.accept_dad=0',
  'net.ipv6.conf.default.accept_dad=0',
  'net.ipv6.conf.default.accept_ra=0',
];

function forwarding(host: Host): readonly string[] {
  // The director's own is the daemon's to set.
  return host === 'client' ? ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'] : [];
}

function cable(host: Host, side: string): readonly string[] {
  return [
    `link add ${host}-${side} type veth peer name ${side} netns ${namespaceOf(host)}`,
    `link set ${host}-${side} master ${side} up`,
  ];
}

function directorLines(): readonly string[] {
  const virtual = modes.flatMap((mode) => [
    `address add ${virtualAddress(mode, 4)}/32 dev front`,
    `address add ${virtualAddress(mode, 6)}/128 dev front nodad preferred_lft 0`,
  ]);
  return [
    'address add 10.9.0.5/24 dev front',
    'address add fd09::5/64 dev front nodad',
    `address add ${directorAddress[4]}/24 dev back`,
    `address add ${directorAddress[6]}/64 dev back nodad`,
    ...virtual,
  ];
}

function clientLines(): readonly string[] {
  return [
    `address add ${clientAddress[4]}/24 dev front`,
    `address add ${clientAddress[6]}/64 dev front nodad`,
    // The way of answers that do not come by the director.
    'address add 10.2.0.9/24 dev back',
    'address add fd02::9/64 dev back nodad',
  ];
}

/** What is asked as the virtual address answers as it, and so past the director. */
function prepareServer(name: ServerName): void {
  const direct = (family: Family) => [
    `address add ${virtualAddress('DR', family)}/${family === 4 ? 32 : 128} dev lo${family === 6 ? ' nodad' : ''}`,
  ];
  const tunnels = [
    'link set tunl0 up',
    'link set ip6tnl0 up',
    `address add ${virtualAddress('TUN', 4)}/32 dev tunl0`,
    `address add ${virtualAddress('TUN', 6)}/128 dev ip6tnl0 nodad`,
  ];
  run(name, 'sysctl', '-qw', 'net.ipv4.conf.all.arp_ignore=1', 'net.ipv4.conf.all.arp_announce=2');
  batch(
    ['-n', namespaceOf(name)],
    [
      ...up(['lo', 'back']),
      `address add ${serverAddress[name][4]}/24 dev back`,
      `address add ${serverAddress[name][6]}/64 dev back nodad`,
      ...direct(4),
      ...direct(6),
      ...tunnels,
      `route add default via ${directorAddress[4]}`,
      `-6 route add default via ${directorAddress[6]}`,
      ...(['DR', 'TUN'] as const).flatMap((mode) => [
        `rule add from ${virtualAddress(mode, 4)} lookup 100`,
        `-6 rule add from ${virtualAddress(mode, 6)} lookup 100`,
      ]),
      'route add default via 10.2.0.9 table 100',
      '-6 route add default via fd02::9 table 100',
    ],
  );
  const filters = ['all', 'tunl0', 'back'].map((device) => `net.ipv4.conf.${device}.rp_filter=0`);
  run(name, 'sysctl', '-qw', ...filters);
}

function up(devices: readonly string[]): readonly string[] {
  return devices.map((device) => `link set ${device} up`);
}

/** Lines that are for IPv6 (`-6 route ...`) go in a run of their own: `ip -batch` takes no such flag in a line. */
function batch(options: readonly string[], lines: readonly string[]): void {
  const plain = lines.filter((line) => !line.startsWith('-6 '));
  const six = lines.filter((line) => line.startsWith('-6 ')).map((line) => line.slice(3));
  if (plain.length > 0) ip([...options, '-batch', '-'], plain);
  if (six.length > 0) ip([...options, '-6', '-batch', '-'], six);
}

function ip(args: readonly string[], lines: readonly string[]): void {
  execFileSync('ip', args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}

/** A program that says "ready" and then talks in lines of JSON, each answered by one with the same `id`. */
export class LineProgram {
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (line: Readonly<Record<string, unknown>>) => void>();
  #lastId = 0;

  constructor(host: Host, name: string, ...args: readonly string[]) {
    const file = fileURLToPath(new URL(`./programs/${name}`, import.meta.url));
    this.#child = spawn('ip', ['netns', 'exec', namespaceOf(host), process.execPath, file, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('a piped standard output is there');
    const lines = createInterface({ input: stdout });
    this.ready = new Promise((resolve) => lines.once('line', () => resolve()));
    lines.on('line', (text) => {
      if (text === 'ready') return;
      const line = JSON.parse(text) as { readonly id: number };
      this.#waiting.get(line.id)?.(line);
    });
  }

  tell(line: Readonly<Record<string, unknown>>): number {
    this.#lastId += 1;
    const id = typeof line['id'] === 'number' ? line['id'] : this.#lastId;
    this.#child.stdin?.write(`${JSON.stringify({ ...line, id })}\n`);
    return id;
  }

  ask(line: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    const id = this.tell(line);
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
