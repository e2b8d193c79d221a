/**
 * What a topology file says where the configuration files are silent: YAML, every part optional. Reading the file is the
 * caller's; this understands its text.
 */
import { parse } from 'yaml';
import { type IpAddress, parseAddress } from '../../net/address.ts';
import type { PlayedKind } from './topology.ts';

export interface TopologyOverrides {
  /** Name of the network, to its interfaces as `lb01/eth0`: they are on one wire. */
  readonly networks: ReadonlyMap<string, NetworkOverride>;
  readonly nodes: ReadonlyMap<string, NodeOverride>;
  /** By address. */
  readonly servers: ReadonlyMap<string, ServerOverride>;
  readonly clients: ReadonlyMap<string, ClientOverride>;
  /** By `address:port/tcp`. */
  readonly services: ReadonlyMap<string, ServiceOverride>;
}

export interface NetworkOverride {
  readonly interfaces: readonly string[];
  /** `10.0.0.0/24`. */
  readonly prefixes: readonly string[];
}

export interface NodeOverride {
  /** Interface to its addresses with prefix length. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
  readonly gateways: readonly IpAddress[];
}

export interface ServerOverride {
  readonly name?: string;
  readonly network?: string;
  readonly play?: PlayedKind;
  readonly gateways: readonly IpAddress[];
}

export interface ClientOverride {
  readonly network?: string;
  readonly addresses: readonly string[];
}

export interface ServiceOverride {
  readonly play?: PlayedKind;
  readonly path?: string;
}

export const noOverrides: TopologyOverrides = {
  networks: new Map(),
  nodes: new Map(),
  servers: new Map(),
  clients: new Map(),
  services: new Map(),
};

export type ReadOverrides =
  | { readonly ok: true; readonly overrides: TopologyOverrides }
  /** Sentences; `file` is in none of them. */
  | { readonly ok: false; readonly problems: readonly string[] };

const playedKinds: readonly string[] = ['http', 'https', 'tcp', 'udp', 'dns', 'smtp'];

export function readTopologyOverrides(text: string): ReadOverrides {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const reader = new Reader();
  const root = reader.mapping(raw, 'the file', ['networks', 'nodes', 'servers', 'clients', 'services']);
  const overrides: TopologyOverrides = {
    networks: reader.entries(root['networks'], 'networks', (value, where) =>
      readNetwork(reader, value, where),
    ),
    nodes: reader.entries(root['nodes'], 'nodes', (value, where) => readNode(reader, value, where)),
    servers: reader.entries(root['servers'], 'servers', (value, where) => readServer(reader, value, where)),
    clients: reader.entries(root['clients'], 'clients', (value, where) => readClient(reader, value, where)),
    services: reader.entries(root['services'], 'services', (value, where) =>
      readService(reader, value, where),
    ),
  };
  return reader.problems.length === 0 ? { ok: true, overrides } : { ok: false, problems: reader.problems };
}

function readNetwork(reader: Reader, value: unknown, where: string): NetworkOverride {
  const { interfaces, prefixes } = reader.mapping(value, where, ['interfaces', 'prefixes']);
  return {
    interfaces: reader.texts(interfaces, `${where}.interfaces`),
    prefixes: reader.texts(prefixes, `${where}.prefixes`),
  };
}

function readNode(reader: Reader, value: unknown, where: string): NodeOverride {
  const { interfaces, gateways } = reader.mapping(value, where, ['interfaces', 'gateways']);
  return {
    interfaces: reader.entries(interfaces, `${where}.interfaces`, (addresses, at) =>
      reader.texts(addresses, at),
    ),
    gateways: reader.addresses(gateways, `${where}.gateways`),
  };
}

function readServer(reader: Reader, value: unknown, where: string): ServerOverride {
  const { name, network, play, gateways } = reader.mapping(value, where, [
    'name',
    'network',
    'play',
    'gateways',
  ]);
  return {
    ...reader.optional('name', name, where),
    ...reader.optional('network', network, where),
    ...reader.played(play, where),
    gateways: reader.addresses(gateways, `${where}.gateways`),
  };
}

function readClient(reader: Reader, value: unknown, where: string): ClientOverride {
  const { network, addresses } = reader.mapping(value, where, ['network', 'addresses']);
  return {
    ...reader.optional('network', network, where),
    addresses: reader.texts(addresses, `${where}.addresses`),
  };
}

function readService(reader: Reader, value: unknown, where: string): ServiceOverride {
  const { play, path } = reader.mapping(value, where, ['play', 'path']);
  return { ...reader.played(play, where), ...reader.optional('path', path, where) };
}

/** Takes values apart, and remembers in sentences what they are not. */
class Reader {
  readonly problems: string[] = [];

  mapping(value: unknown, where: string, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.problems.push(`${where} holds names with values, found ${JSON.stringify(value)}`);
      return {};
    }
    const record = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(record)) {
      if (!known.includes(key))
        this.problems.push(`${where} does not know "${key}"; it knows ${known.join(', ')}`);
    }
    return record;
  }

  entries<T>(
    value: unknown,
    where: string,
    read: (value: unknown, where: string) => T,
  ): ReadonlyMap<string, T> {
    if (value === undefined || value === null) return new Map();
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.problems.push(`${where} holds names with values, found ${JSON.stringify(value)}`);
      return new Map();
    }
    return new Map(Object.entries(value).map(([key, one]) => [key, read(one, `${where}.${key}`)]));
  }

  texts(value: unknown, where: string): readonly string[] {
    if (value === undefined || value === null) return [];
    const list = Array.isArray(value) ? value : [value];
    const texts = list.filter((one) => typeof one === 'string');
    if (texts.length !== list.length)
      this.problems.push(`${where} holds texts, found ${JSON.stringify(value)}`);
    return texts;
  }

  addresses(value: unknown, where: string): readonly IpAddress[] {
    return this.texts(value, where).flatMap((text) => {
      const address = parseAddress(text);
      if (address === undefined) this.problems.push(`${where} holds IP addresses, found "${text}"`);
      return address ?? [];
    });
  }

  optional<Name extends string>(
    name: Name,
    value: unknown,
    where: string,
  ): { readonly [key in Name]?: string } {
    const [text] = this.texts(value, `${where}.${name}`);
    return text === undefined ? {} : ({ [name]: text } as { readonly [key in Name]?: string });
  }

  played(value: unknown, where: string): { readonly play?: PlayedKind } {
    const [text] = this.texts(value, `${where}.play`);
    if (text === undefined) return {};
    if (playedKinds.includes(text)) return { play: text as PlayedKind };
    this.problems.push(`${where}.play is one of ${playedKinds.join(', ')}, found "${text}"`);
    return {};
  }
}
