/** The IPVS tables of the nodes against each other and against the files. Pure. */
import type { Config, VirtualServerConfig, VirtualService } from '../../config-parser/config.ts';
import { familyOf, type IpAddress } from '../../net/address.ts';
import type { TableService } from '../observation.ts';
import type { TableReport } from '../report/report.ts';

/** What stands in the table while all servers are up: `TCP 10.0.0.3:80` to its destinations as `10.0.0.7:80 weight 1`. */
export function expectedTable({ virtualServers }: Config): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    virtualServers.flatMap((virtualServer) =>
      virtualServer.services.map(
        (service) => [serviceKey(service), new Set(destinationsOf(virtualServer, service))] as const,
      ),
    ),
  );
}

function destinationsOf({ realServers }: VirtualServerConfig, service: VirtualService): readonly string[] {
  const port = service.kind === 'address' ? service.port : 0;
  return realServers.map(
    (server) => `${endpoint(server.address, server.port || port)} weight ${server.weight}`,
  );
}

function serviceKey(service: VirtualService): string {
  return service.kind === 'fwmark'
    ? `FWM FWM ${service.mark}`
    : `${service.protocol} ${endpoint(service.address, service.port)}`;
}

function endpoint(address: IpAddress, port: number): string {
  return familyOf(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

export function listedTable(services: readonly TableService[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    services.map(({ protocol, address, destinations }) => [
      `${protocol} ${address}`,
      new Set(destinations.map((one) => `${one.address} weight ${one.weight}`)),
    ]),
  );
}

type Table = ReadonlyMap<string, ReadonlySet<string>>;

/** Sentences; empty where `listed` has everything that `wanted` has and nothing else of its services. */
export function tableDifferences(node: string, wanted: Table, listed: Table): readonly string[] {
  const differences: string[] = [];
  for (const [service, destinations] of wanted) {
    const there = listed.get(service);
    if (there === undefined) {
      differences.push(`${node} has no service ${service}`);
      continue;
    }
    for (const one of destinations)
      if (!there.has(one)) differences.push(`${node}, ${service}: ${one} is missing`);
    for (const one of there)
      if (!destinations.has(one)) differences.push(`${node}, ${service}: ${one} is too much`);
  }
  for (const service of listed.keys())
    if (!wanted.has(service))
      differences.push(`${node} has a service ${service} that its file does not have`);
  return differences;
}

/** Destinations of all services that have no weight or are not there at all. */
export function isServerIn(services: readonly TableService[], address: string): boolean {
  return services.some(({ destinations }) =>
    destinations.some(
      (one) =>
        one.weight > 0 && (one.address.startsWith(`${address}:`) || one.address.startsWith(`[${address}]:`)),
    ),
  );
}

export function tableReport(
  nodes: readonly { readonly name: string; readonly config: Config }[],
  tableOf: (node: string) => readonly TableService[],
): TableReport {
  const listed = nodes.map(({ name }) => ({ node: name, services: tableOf(name) }));
  const differences = nodes.flatMap(({ name, config }) =>
    tableDifferences(name, expectedTable(config), listedTable(tableOf(name))),
  );
  const texts = listed.map(({ services }) => canonical(listedTable(services)));
  return {
    areEqual: new Set(texts).size <= 1,
    asConfigured: differences.length === 0,
    differences,
    nodes: listed,
  };
}

function canonical(table: Table): string {
  const lines = [...table].map(
    ([service, destinations]) => `${service}: ${[...destinations].sort().join(', ')}`,
  );
  return lines.sort().join('\n');
}
