/**
 * A lab that stands: network, servers, daemons and observers of one topology, what scenarios do to it, and its end. What it
 * saw is in its recorder; what that means is judged elsewhere.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceReader } from '../../config-parser/index.ts';
import type { Action } from '../actions.ts';
import type { DaemonKind } from '../director.ts';
import { processTree } from '../processes.ts';
import { makeScratchFolder } from '../scratch-folder.ts';
import type { Topology } from '../topology/topology.ts';
import type { NodeConfig, VirtualRouter } from '../virtual-routers.ts';
import { type CaptureReader, startCapture } from './capture-reader.ts';
import type { ConfigCopy } from './config-copy.ts';
import { broken, withoutOneServer } from './config-edits.ts';
import { Intruder } from './intruder.ts';
import { LabDaemon } from './lab-daemon.ts';
import { buildLabNetwork, type LabNetworkHandle } from './lab-network.ts';
import { prepareServer, type RunningServer } from './lab-server.ts';
import { stateInLog } from './monitor-lines.ts';
import { copyFiles, hashOf, writeRecorder } from './node-files.ts';
import { NotificationWatch, startProbes, TableWatch, watchAddresses, watchNeighbours } from './observers.ts';
import { nowMs, Recorder } from './recorder.ts';
import { ClockStep } from './step-clock.ts';
import { WireFaults, wireMethodHere } from './wire-faults.ts';

export interface LabOptions {
  readonly nodes: readonly NodeConfig[];
  readonly topology: Topology;
  readonly routers: readonly VirtualRouter[];
  readonly daemonOf: (node: string) => DaemonKind;
  /** How the files of a node are read. */
  readonly readerOf: (configFile: string) => SourceReader;
  /** For evidence: logs, events, the capture. */
  readonly folder: string;
  readonly paceMs: number;
  readonly requestTimeoutMs: number;
}

export interface Lab {
  readonly topology: Topology;
  readonly recorder: Recorder;
  readonly daemons: ReadonlyMap<string, LabDaemon>;
  readonly network: LabNetworkHandle;
  readonly wire: WireFaults;
  readonly copies: ReadonlyMap<string, ConfigCopy>;
  /** SHA-256 of each node's files. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly perform: (action: Action) => Promise<void>;
  /** Takes in what observers have seen up to now. */
  readonly poll: () => void;
  /** Of the capture at the switch: see CaptureReader. */
  readonly lostPackets: () => Promise<number | undefined>;
  /** Starts clients' requests; daemons are started by actions. */
  readonly startClients: () => void;
  /** Of every daemon that ran. */
  readonly processIds: () => readonly number[];
  /** Its temporary folder. */
  readonly scratch: string;
  /** Ends everything and removes it. */
  readonly close: () => void;
}

const pollEveryMs = 50;

export async function buildLab(options: LabOptions): Promise<Lab> {
  const scratch = makeScratchFolder();
  // Scripts may run as another user, and must find the recorder.
  chmodSync(scratch.path, 0o711);
  let network: LabNetworkHandle | undefined;
  try {
    network = await buildLabNetwork(options.topology);
    return await furnish(options, network, scratch.path, scratch.remove);
  } catch (error) {
    network?.close();
    scratch.remove();
    throw error;
  }
}

async function furnish(
  options: LabOptions,
  network: LabNetworkHandle,
  scratch: string,
  removeScratch: () => void,
): Promise<Lab> {
  const { topology, folder, routers } = options;
  mkdirSync(folder, { recursive: true });
  const recorder = new Recorder(join(folder, 'events.jsonl'));
  const addresses = [...new Set(routers.flatMap((router) => router.addresses))];
  const [wireMethod, capture, servers] = await Promise.all([
    wireMethodHere(network),
    startCapture(
      network,
      join(folder, 'switch.pcap'),
      topology.nodes.map(({ name }) => name),
      (seen) => recorder.add(seen),
    ),
    startServers(network, topology, scratch),
  ]);
  const notes = join(scratch, 'notifications');
  writeRecorder(scratch, notes);
  const copies = new Map(
    options.nodes.map((node) => [node.name, copyFiles(options.readerOf(node.configFile), node, scratch)]),
  );
  const observing = { ...options, network, recorder, virtualAddresses: new Set<string>(addresses) };
  watchAddresses(observing);
  watchNeighbours(observing, (mac) => nodeOfMac(network, recorder, topology, mac));
  const lab = new FurnishedLab({
    options,
    network,
    scratch,
    recorder,
    servers,
    copies,
    wire: new WireFaults(network, wireMethod, addresses),
    capture,
    notes: new NotificationWatch(notes, recorder),
    removeScratch,
    startClients: () => startProbes(observing),
  });
  return lab;
}

/** A virtual router's MAC is whose last announced with it. */
function nodeOfMac(
  network: LabNetworkHandle,
  recorder: Recorder,
  topology: Topology,
  mac: string,
): string | undefined {
  const port = network.ports.find((one) => one.mac === mac);
  if (port !== undefined)
    return topology.nodes.some(({ name }) => name === port.machine) ? port.machine : undefined;
  const announced = recorder.observations.findLast(
    (seen) => seen.kind === 'announcement' && seen.mac === mac,
  );
  return announced?.kind === 'announcement' ? announced.node : undefined;
}

async function startServers(
  network: LabNetworkHandle,
  topology: Topology,
  scratch: string,
): Promise<readonly RunningServer[]> {
  const servers = topology.realServers.flatMap((server) => {
    const machines = server.playedBy.length > 0 ? server.playedBy : [server.name];
    return machines.map((machine) => prepareServer(network, server, machine, scratch));
  });
  await Promise.all(servers.map((server) => server.start()));
  return servers;
}

interface Furniture {
  readonly options: LabOptions;
  readonly network: LabNetworkHandle;
  readonly scratch: string;
  readonly recorder: Recorder;
  readonly servers: readonly RunningServer[];
  readonly copies: ReadonlyMap<string, ConfigCopy>;
  readonly wire: WireFaults;
  readonly capture: CaptureReader;
  readonly notes: NotificationWatch;
  readonly removeScratch: () => void;
  readonly startClients: () => void;
}

class FurnishedLab implements Lab {
  readonly topology: Topology;
  readonly recorder: Recorder;
  readonly daemons: ReadonlyMap<string, LabDaemon>;
  readonly network: LabNetworkHandle;
  readonly wire: WireFaults;
  readonly copies: ReadonlyMap<string, ConfigCopy>;
  readonly hashes: ReadonlyMap<string, string>;
  readonly startClients: () => void;
  readonly scratch: string;
  readonly #started = new Set<number>();
  readonly #furniture: Furniture;
  readonly #tables: TableWatch;
  readonly #timer: NodeJS.Timeout;
  readonly #intruder: Intruder;
  readonly #clock: ClockStep;

  constructor(furniture: Furniture) {
    const { options, network, recorder, copies } = furniture;
    this.#furniture = furniture;
    this.topology = options.topology;
    this.network = network;
    this.recorder = recorder;
    this.wire = furniture.wire;
    this.copies = copies;
    this.hashes = new Map([...copies].map(([name, { originals }]) => [name, hashOf(originals)]));
    this.startClients = furniture.startClients;
    this.scratch = furniture.scratch;
    this.daemons = new Map(options.nodes.map((node) => [node.name, this.#daemonFor(node)]));
    this.#tables = new TableWatch(recorder);
    this.#intruder = new Intruder(network, options);
    this.#clock = new ClockStep(recorder);
    this.#timer = setInterval(() => this.poll(), pollEveryMs);
  }

  poll(): void {
    const { capture, notes, recorder } = this.#furniture;
    capture.poll();
    notes.poll();
    for (const [node, { pid }] of this.daemons) {
      if (pid !== undefined) this.#started.add(pid);
      this.#tables.poll(node, pid);
    }
    recorder.flush();
  }

  processIds(): readonly number[] {
    return [...this.#started];
  }

  close(): void {
    clearInterval(this.#timer);
    this.poll();
    for (const pid of [...this.#started].flatMap(processTree)) this.#started.add(pid);
    this.network.close();
    this.recorder.flush();
    this.#furniture.removeScratch();
  }

  lostPackets(): Promise<number | undefined> {
    return this.#furniture.capture.lostPackets();
  }

  async perform(action: Action): Promise<void> {
    if ('node' in action) return this.#performOn(this.#daemon(action.node), action);
    switch (action.do) {
      case 'unplug':
        return this.network.setCables(action.machine, 'down');
      case 'plug':
        return this.network.setCables(action.machine, 'up');
      case 'impair':
        return this.wire.impair(action);
      case 'heal':
        return this.wire.heal();
      case 'server':
        return this.#changeServer(action.server, action.becomes);
      case 'intrude':
        return this.#intruder.start(action.router, action.priority);
      case 'expel':
        return this.#intruder.stop();
      case 'step-clock':
        return this.#clock.step(action.ms);
      case 'wait':
        await delay(action.ms);
    }
  }

  async #performOn(daemon: LabDaemon, action: Extract<Action, { readonly node: string }>): Promise<void> {
    switch (action.do) {
      case 'stop':
        return daemon.stop();
      case 'start':
        return daemon.start();
      case 'kill':
        return daemon.kill();
      case 'kill-process':
        if (!daemon.killProcess(action.process))
          throw new Error(`${daemon.kind} on ${action.node} has no ${action.process} process`);
        return;
      case 'pause':
        return daemon.pause(true);
      case 'resume':
        return daemon.pause(false);
      case 'forget':
        return this.#forget(action.node);
      case 'reload':
        this.#writeConfiguration(action.node, action.with);
        return daemon.reload();
      case 'clear-table':
        await this.network.run(action.node, 'ipvsadm', ['--clear']);
        return;
      case 'script':
        writeFileSync(
          join(this.#furniture.scratch, `status-${action.node}-${action.script}`),
          `${action.status}\n`,
        );
    }
  }

  #daemon(node: string): LabDaemon {
    const daemon = this.daemons.get(node);
    if (daemon === undefined) throw new Error(`the lab has no node ${node}`);
    return daemon;
  }

  async #forget(node: string): Promise<void> {
    const held = this.#furniture.options.routers.flatMap(({ addresses }) => addresses);
    const { stdout } = await this.network.run(node, 'ip', ['-j', 'address', 'show']);
    const links = JSON.parse(stdout) as readonly {
      ifname: string;
      addr_info: readonly { local: string; prefixlen: number }[];
    }[];
    for (const { ifname, addr_info } of links) {
      for (const { local, prefixlen } of addr_info) {
        if (!held.some((address) => address === local)) continue;
        await this.network.run(node, 'ip', ['address', 'delete', `${local}/${prefixlen}`, 'dev', ifname]);
      }
    }
    await this.network.run(node, 'ipvsadm', ['--clear']);
  }

  async #changeServer(name: string, becomes: Extract<Action, { do: 'server' }>['becomes']): Promise<void> {
    for (const running of this.#furniture.servers.filter(({ server }) => server.name === name)) {
      const isMachine = running.server.playedBy.length === 0;
      switch (becomes) {
        case 'killed':
          if (isMachine) await this.network.setCables(name, 'down');
          await running.stop();
          break;
        case 'refusing':
          await running.stop();
          break;
        case 'hung':
          running.hang(true);
          break;
        case 'failing':
          running.fail(true);
          break;
        case 'well':
          await this.#mend(running, isMachine);
      }
    }
  }

  async #mend(running: RunningServer, isMachine: boolean): Promise<void> {
    running.hang(false);
    running.fail(false);
    if (isMachine) await this.network.setCables(running.server.name, 'up');
    await running.stop();
    await running.start();
  }

  #writeConfiguration(node: string, change: Extract<Action, { do: 'reload' }>['with']): void {
    const copy = this.copies.get(node);
    for (const [index, [name, text]] of [...(copy?.files ?? [])].entries()) {
      const path = join(this.#furniture.scratch, name);
      if (change === 'same') writeFileSync(path, text);
      if (change === 'broken' && index === 0) writeFileSync(path, broken(text));
      const shorter = change === 'server-removed' ? withoutOneServer(text) : undefined;
      if (shorter !== undefined) {
        writeFileSync(path, shorter);
        return;
      }
    }
  }

  #daemonFor(node: NodeConfig): LabDaemon {
    const { options, network, scratch, recorder, copies } = this.#furniture;
    const [configFile = ''] = copies.get(node.name)?.files.keys() ?? [];
    return new LabDaemon({
      network,
      node: node.name,
      daemon: options.daemonOf(node.name),
      configFile: join(scratch, configFile),
      configId: node.configId,
      usesBfd: node.config.trackers.bfds.length > 0,
      scratch,
      logFile: join(options.folder, `${node.name}.log`),
      onLine: (text) => {
        const atMs = nowMs();
        recorder.add({ kind: 'log', atMs, node: node.name, text });
        const seen = stateInLog(text);
        if (seen !== undefined) recorder.add({ kind: 'state', atMs, node: node.name, ...seen });
      },
    });
  }
}
