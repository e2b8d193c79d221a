/**
 * What `holdfast lint --host` looks at: the facts of this machine, in the shape that the rules take them. It only reads, it
 * sends no packet and starts no script; what cannot be read counts as not known, and nothing throws.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host, HostInterface, PathFacts } from '../lint/host.ts';

/** Where to look: this machine, or in a test a folder. */
export interface HostPlaces {
  readonly netClass: string;
  readonly procSys: string;
  readonly procNet: string;
  readonly passwd: string;
  readonly group: string;
  /** Run with `--version`. */
  readonly keepalived: string;
}

const thisMachine: HostPlaces = {
  netClass: '/sys/class/net',
  procSys: '/proc/sys',
  procNet: '/proc/net',
  passwd: '/etc/passwd',
  group: '/etc/group',
  keepalived: 'keepalived',
};

export async function gatherHost(places: Partial<HostPlaces> = {}): Promise<Host> {
  const all = { ...thisMachine, ...places };
  const listening = listeningPorts(all.procNet);
  return {
    interfaces: readInterfaces(all.netClass),
    pathFacts: remember(readPathFacts),
    hasUser: remember((name) => isListed(all.passwd, 'passwd', name)),
    hasGroup: remember((name) => isListed(all.group, 'group', name)),
    sysctl: (name) => readSysctl(all.procSys, name),
    keepalivedVersion: await readKeepalivedVersion(all.keepalived),
    isListening: (port) => listening?.has(port),
  };
}

/** Rules ask the same again and again. */
function remember<Value>(ask: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before as Value;
    const value = ask(name);
    known.set(name, value);
    return value;
  };
}

/** The trimmed text, or undefined where it cannot be read. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function readInterfaces(netClass: string): readonly HostInterface[] {
  const addresses = interfaceAddresses();
  return interfaceNames(netClass, [...addresses.keys()]).map((name) => {
    const attribute = (file: string) => readText(join(netClass, name, file));
    const flags = Number(attribute('flags') ?? 'NaN');
    const isLoopback = Number.isNaN(flags) ? name === 'lo' : (flags & flag.loopback) !== 0;
    const mtu = Number(attribute('mtu') ?? '');
    return {
      name,
      isUp: isUp(flags, attribute('operstate')),
      addresses: addresses.get(name) ?? [],
      supportsMulticast: Number.isNaN(flags) ? !isLoopback : (flags & flag.multicast) !== 0,
      isLoopback,
      isEthernet: (attribute('type') ?? (isLoopback ? '' : ethernetType)) === ethernetType && !isLoopback,
      mtu: mtu > 0 ? mtu : 1500,
    };
  });
}

/** netdevice(7): SIOCGIFFLAGS. */
const flag = { up: 0x1, loopback: 0x8, multicast: 0x1000 } as const;

/** ARPHRD_ETHER */
const ethernetType = '1';

/** A tunnel has no link state and says `unknown`. */
function isUp(flags: number, state: string | undefined): boolean {
  if (Number.isNaN(flags)) return true;
  return (flags & flag.up) !== 0 && state !== 'down' && state !== 'lowerlayerdown' && state !== 'notpresent';
}

function interfaceNames(netClass: string, known: readonly string[]): readonly string[] {
  try {
    // bonding_masters is an ordinary file among the links.
    const listed = readdirSync(netClass).filter((name) => stat(join(netClass, name))?.isDirectory() === true);
    return [...new Set([...listed, ...(netClass === thisMachine.netClass ? known : [])])].toSorted();
  } catch {
    return known;
  }
}

/** By interface. An IPv4 address with a label is listed under it: `eth0:vip`. */
function interfaceAddresses(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [label, addresses] of Object.entries(readNetworkInterfaces())) {
    const [name = label] = label.split(':');
    const texts = (addresses ?? []).flatMap(({ cidr }) => cidr ?? []);
    found.set(name, [...(found.get(name) ?? []), ...texts]);
  }
  return found;
}

function readNetworkInterfaces(): ReturnType<typeof networkInterfaces> {
  try {
    return networkInterfaces();
  } catch {
    return {};
  }
}

function readPathFacts(path: string): PathFacts | undefined {
  const facts = stat(path);
  if (facts === undefined) return undefined;
  return {
    kind: facts.isFile() ? 'file' : facts.isDirectory() ? 'directory' : 'other',
    // Of the mode and not of access(2), which lets root do everything.
    isExecutable: facts.isFile() && (facts.mode & 0o111) !== 0,
    isInsecure: isInsecure(path),
    isReadableByOthers: (facts.mode & 0o044) !== 0,
  };
}

/** The file or a folder above it, links followed; as keepalived looks for enable_script_security. */
function isInsecure(path: string): boolean {
  let at = realPath(path);
  for (;;) {
    const facts = stat(at);
    if (facts === undefined || facts.uid !== 0 || canOthersChange(facts)) return true;
    const above = dirname(at);
    if (above === at) return false;
    at = above;
  }
}

/** In a folder with the sticky bit, such as /tmp, nobody can replace what is somebody else's. */
function canOthersChange({ mode, gid }: Stats): boolean {
  const isSticky = (mode & 0o1000) !== 0;
  return !isSticky && ((mode & 0o002) !== 0 || (gid !== 0 && (mode & 0o020) !== 0));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const longestAnswerMs = 3000;

/** First the file, which is nearly always enough, and then whatever nsswitch.conf(5) names. */
function isListed(file: string, database: 'passwd' | 'group', name: string): boolean {
  if (name === '') return false;
  const lines = (readText(file) ?? '').split('\n').map((line) => line.split(':'));
  // keepalived takes a number for the id.
  if (lines.some(([listed, , id]) => listed === name || id === name)) return true;
  if (file !== thisMachine[database]) return false;
  try {
    execFileSync('getent', [database, '--', name], { timeout: longestAnswerMs, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** sysctl(8): dots and slashes change places, so that `eth0/100` is the interface eth0.100. */
function readSysctl(procSys: string, name: string): string | undefined {
  const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
  const isPlain = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
  return isPlain ? readText(join(procSys, ...parts)) : undefined;
}

/** keepalived(8): --version writes `Keepalived v2.2.7 (...)` to standard error. */
function readKeepalivedVersion(program: string): Promise<string | undefined> {
  const path = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
  const options = { timeout: longestAnswerMs, env: { ...process.env, PATH: path } };
  return new Promise((resolve) => {
    execFile(program, ['--version'], options, (_error, stdout, stderr) => {
      resolve(/Keepalived v(\d+(?:\.\d+)+)/.exec(`${stdout}${stderr}`)?.[1]);
    });
  });
}

/** Column 4 of /proc/net/tcp. */
const listenState = '0A';

function listeningPorts(procNet: string): ReadonlySet<number> | undefined {
  const tables = ['tcp', 'tcp6'].flatMap((name) => readText(join(procNet, name)) ?? []);
  if (tables.length === 0) return undefined;
  const ports = new Set<number>();
  for (const line of tables.flatMap((table) => table.split('\n'))) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    if (state === listenState) ports.add(Number.parseInt(local.split(':')[1] ?? '', 16));
  }
  return ports;
}
