/** The virtual servers and real servers of two directors, by what they are for. */
import type { FileModel, RealServerModel, VirtualServerModel } from '../../model/index.ts';

export interface ServicePair {
  readonly first: FileModel;
  readonly second: FileModel;
  readonly theirs: VirtualServerModel;
  readonly ours: VirtualServerModel;
}

/** A service that not every director has. */
export interface LonelyService {
  /** The first that has it. */
  readonly node: FileModel;
  readonly without: readonly FileModel[];
  readonly server: VirtualServerModel;
}

export interface ServiceMatching {
  /** Each later node with the first that has the service. */
  readonly pairs: readonly ServicePair[];
  readonly lonely: readonly LonelyService[];
}

/** Of a service that stands twice in a file the first one counts. */
export function matchServices(nodes: readonly FileModel[]): ServiceMatching {
  const tables = nodes.map((node) => ({ node, servers: byKey(node) }));
  const holders = new Map<string, { readonly node: FileModel; readonly server: VirtualServerModel }[]>();
  for (const { node, servers } of tables) {
    for (const [key, server] of servers) {
      const known = holders.get(key);
      if (known === undefined) holders.set(key, [{ node, server }]);
      else known.push({ node, server });
    }
  }
  const pairs: ServicePair[] = [];
  const lonely: LonelyService[] = [];
  for (const [key, [first, ...others]] of holders) {
    if (first === undefined) continue;
    const { node, server } = first;
    for (const other of others) {
      pairs.push({ first: node, second: other.node, theirs: server, ours: other.server });
    }
    if (others.length + 1 === nodes.length) continue;
    const without = tables.filter(({ servers }) => !servers.has(key)).map((table) => table.node);
    lonely.push({ node, without, server });
  }
  return { pairs, lonely };
}

function byKey({ virtualServers }: FileModel): Map<string, VirtualServerModel> {
  const servers = new Map<string, VirtualServerModel>();
  for (const server of virtualServers) {
    const key =
      server.kind === 'address' ? server.name : `${server.name} ${server.family} ${server.protocol}`;
    if (!servers.has(key)) servers.set(key, server);
  }
  return servers;
}

export function realServersByName({ realServers }: VirtualServerModel): ReadonlyMap<string, RealServerModel> {
  const servers = new Map<string, RealServerModel>();
  for (const server of realServers) if (!servers.has(server.name)) servers.set(server.name, server);
  return servers;
}
