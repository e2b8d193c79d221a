/** Somebody else's router with the same VRID, played on a machine of the lab that is no director. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { LabMachine, Topology } from '../topology/topology.ts';
import { instanceOf, type NodeConfig, type VirtualRouter } from '../virtual-routers.ts';
import { type LabNetworkHandle, machinesOf } from './lab-network.ts';
import { labProgram, onLines } from './lines.ts';
import type { IntruderOptions } from './programs/intruder.ts';

export interface IntruderSurroundings {
  readonly topology: Topology;
  readonly nodes: readonly NodeConfig[];
  readonly routers: readonly VirtualRouter[];
}

/** RFC 5737 and RFC 3849: for documentation. */
const claimed = { 4: '203.0.113.51', 6: '2001:db8:51::51' } as const;
const defaultGroup = { 4: '224.0.0.18', 6: 'ff02::12' } as const;

export class Intruder {
  readonly #network: LabNetworkHandle;
  readonly #surroundings: IntruderSurroundings;
  #running: ChildProcess | undefined;

  constructor(network: LabNetworkHandle, surroundings: IntruderSurroundings) {
    this.#network = network;
    this.#surroundings = surroundings;
  }

  async start(routerName: string, priority: number): Promise<void> {
    const { topology, routers, nodes } = this.#surroundings;
    const router = routers.find(({ name }) => name === routerName);
    const [member] = router?.members ?? [];
    const instance = instanceOf(nodes, member);
    const network = topology.nodes
      .find(({ name }) => name === member?.node)
      ?.interfaces.find(({ name }) => name === member?.interface)?.network;
    const place = machinesOf(topology)
      .filter(({ name }) => topology.nodes.every((node) => node.name !== name))
      .flatMap((machine) =>
        machine.interfaces.filter((one) => one.network === network).map((one) => ({ machine, one })),
      )[0];
    if (router === undefined || instance === undefined || place === undefined)
      throw new Error(`no machine but the directors is on the network of ${routerName}`);
    const link = await this.#link(place.machine, place.one.name, router.family);
    const told: IntruderOptions = {
      interface: link,
      source: link.source,
      group: instance.transport.kind === 'multicast' ? instance.transport.group : defaultGroup[router.family],
      version: instance.version,
      vrid: router.vrid,
      priority,
      advertisementIntervalMs: instance.advertisementIntervalMs,
      virtualAddress: claimed[router.family],
      ...(instance.authentication.type === 'PASS' ? { password: 'intruder' } : {}),
    };
    const child = this.#network.start(place.machine.name, process.execPath, [
      labProgram('intruder'),
      JSON.stringify(told),
    ]);
    onLines(child.stderr, () => undefined);
    child.stdout?.resume();
    this.#running = child;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  async #link(
    machine: LabMachine,
    name: string,
    family: 4 | 6,
  ): Promise<{ name: string; index: number; source: string }> {
    const { stdout } = await this.#network.run(machine.name, 'ip', ['-j', 'address', 'show', 'dev', name]);
    const [link] = JSON.parse(stdout) as readonly {
      ifindex: number;
      addr_info: readonly { local: IpAddress; scope: string }[];
    }[];
    // RFC 5798 section 5.1.2.1: over IPv6 the source is link-local.
    const wantedScope = family === 6 ? 'link' : 'global';
    const source = link?.addr_info.find((one) => familyOf(one.local) === family && one.scope === wantedScope);
    if (link === undefined || source === undefined)
      throw new Error(`${machine.name} has no address on ${name} that an advertisement could come from`);
    return { name, index: link.ifindex, source: source.local };
  }
}
