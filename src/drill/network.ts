/**
 * The tutorial's network in network namespaces: one for each machine, each with an eth0 on a bridge in a namespace of
 * its own. Nothing of it is ever in this host's own namespace. What runs on the machines is not its business.
 */

import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { atExit } from './cleanup.ts';
import type { ProgramOptions, ProgramResult } from './run-program.ts';
import { requireProgram, runProgram } from './run-program.ts';
import { isAlive } from './scratch-folder.ts';
import type { HostName } from './tutorial-network.ts';
import {
  clientAddresses,
  hostAddresses,
  hostNames,
  networkInterface,
  virtualAddresses,
  webHostNames,
} from './tutorial-network.ts';

/** The machines, and the switch between them. */
export type NamespaceOwner = HostName | 'switch';

export interface Network {
  readonly namespaceOf: (owner: NamespaceOwner) => string;
  /** Runs a program to its end on that machine. */
  readonly run: (
    owner: NamespaceOwner,
    file: string,
    args: readonly string[],
    options?: ProgramOptions,
  ) => Promise<ProgramResult>;
  /** Starts a program on that machine, its output in `logFile`. It is killed when the network closes. */
  readonly start: (
    owner: NamespaceOwner,
    file: string,
    args: readonly string[],
    logFile: string,
  ) => ChildProcess;
  /** The cable between the machine and the switch, in or out. */
  readonly setCable: (host: HostName, state: 'up' | 'down') => Promise<void>;
  /** Ends everything that runs in the namespaces, and removes them. */
  readonly close: () => void;
}

export const bridgeName = 'br0';

/** Builds the network. Its names carry this process's id, and a number for the second and later ones. */
export async function buildNetwork(): Promise<Network> {
  removeAbandonedNetworks();
  const prefix = nextPrefix();
  const namespaceOf = (owner: NamespaceOwner): string => `${prefix}${owner}`;
  const close = atExit(() => removeNamespaces([...hostNames, 'switch' as const].map(namespaceOf)));
  try {
    await addNamespaces(namespaceOf);
    await Promise.all(hostNames.map((host) => configureHost(namespaceOf(host), host)));
  } catch (error) {
    close();
    throw error;
  }
  return {
    namespaceOf,
    run: (owner, file, args, options) =>
      runProgram('ip', ['netns', 'exec', namespaceOf(owner), file, ...args], options),
    start: (owner, file, args, logFile) => startIn(namespaceOf(owner), [file, ...args], logFile),
    setCable: (host, state) =>
      requireProgram('ip', ['-n', namespaceOf('switch'), 'link', 'set', host, state]).then(() => undefined),
    close,
  };
}

let networksBuilt = 0;

function nextPrefix(): string {
  networksBuilt += 1;
  return networksBuilt === 1 ? `hf-${process.pid}-` : `hf-${process.pid}-${networksBuilt}-`;
}

/** Everything is wired before a port goes up. One `ip` process a namespace: in the embedded kernel each costs dear. */
async function addNamespaces(namespaceOf: (owner: NamespaceOwner) => string): Promise<void> {
  const all = [...hostNames, 'switch' as const].map((owner) => `netns add ${namespaceOf(owner)}`);
  await batch([], all);
  const ports = hostNames.flatMap((host) => [
    `link add ${host} type veth peer name ${networkInterface} netns ${namespaceOf(host)}`,
    `link set ${host} master ${bridgeName} up`,
  ]);
  await batch(
    ['-n', namespaceOf('switch')],
    [`link add ${bridgeName} type bridge mcast_snooping 0`, `link set ${bridgeName} up`, ...ports],
  );
}

async function configureHost(namespace: string, host: HostName): Promise<void> {
  const isWebHost = webHostNames.some((name) => name === host);
  // The tutorial's step 2 on the web servers: they have the virtual address, and must not say so.
  if (isWebHost) await requireProgram('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', ...suppressedArp]);
  const addresses = host === 'client' ? clientAddresses : [hostAddresses[host]];
  await batch(
    ['-n', namespace],
    [
      'link set lo up',
      ...addresses.map((address) => `address add ${address}/24 dev ${networkInterface}`),
      ...(isWebHost ? virtualAddresses.map((address) => `address add ${address}/32 dev lo`) : []),
      `link set ${networkInterface} up`,
    ],
  );
}

const suppressedArp = [
  'net.ipv4.conf.all.arp_ignore=1',
  'net.ipv4.conf.all.arp_announce=2',
  'net.ipv4.conf.lo.arp_ignore=1',
  'net.ipv4.conf.lo.arp_announce=2',
];

async function batch(options: readonly string[], lines: readonly string[]): Promise<void> {
  await requireProgram('ip', [...options, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

function startIn(namespace: string, command: readonly string[], logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    // A process group of its own: Ctrl-C in the terminal is ours to act on, and a kill takes the whole group.
    return spawn('ip', ['netns', 'exec', namespace, ...command], {
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

const ownNamespace = /^hf-(\d+)-(?:\d+-)?(?:switch|lb01|lb02|web01|web02|client)$/;

/** Those of runs that were killed before they could clean up. */
function removeAbandonedNetworks(): void {
  const abandoned = namespaces().filter((name) => {
    const pid = ownNamespace.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  removeNamespaces(abandoned);
}

function namespaces(): readonly string[] {
  try {
    return readdirSync('/run/netns');
  } catch {
    // `ip netns add` makes the folder when it is first needed.
    return [];
  }
}

function removeNamespaces(names: readonly string[]): void {
  const present = names.filter((name) => namespaces().includes(name));
  if (present.length === 0) return;
  for (const name of present) killProcessesIn(name);
  const input = present.map((name) => `netns delete ${name}\n`).join('');
  const result = spawnSync('ip', ['-batch', '-'], { input, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`cannot remove network namespaces: ${result.stderr.trim()}`);
}

function killProcessesIn(namespace: string): void {
  const result = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
  for (const pid of result.stdout.split('\n').filter((line) => line !== '')) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      // ESRCH: it ended meanwhile.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
