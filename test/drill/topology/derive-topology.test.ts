/** Labs derived from files: hosts, networks, addresses, servers, clients; and what cannot be built. */
import { describe, expect, test } from 'vitest';
import { deriveTopology, kernelNeeds } from '../../../src/drill/topology/derive-topology.ts';
import type { Topology } from '../../../src/drill/topology/topology.ts';
import { noOverrides, readTopologyOverrides } from '../../../src/drill/topology/topology-overrides.ts';
import type { NodeConfig } from '../../../src/drill/virtual-routers.ts';
import { exampleNode, fixtureNode, parsedNode, simplePair } from '../parsed-node.ts';

function derived(nodes: readonly NodeConfig[], yaml = ''): Topology {
  const read = readTopologyOverrides(yaml);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const result = deriveTopology(nodes, read.overrides);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.topology;
}

function addressesOf(topology: Topology, machine: string): readonly string[] {
  const all = [...topology.nodes, ...topology.realServers, ...topology.clients, ...topology.routers];
  return (all.find(({ name }) => name === machine)?.interfaces ?? []).flatMap(({ addresses }) => addresses);
}

describe("the tutorial's pair", () => {
  const topology = derived([exampleNode('lb01'), exampleNode('lb02')]);

  test('is on one network with both web servers and a client', () => {
    expect(topology.networks).toEqual([{ name: 'eth0', bridge: 'br0', prefixes: ['10.0.0.0/24'] }]);
    const places = [...topology.nodes, ...topology.realServers, ...topology.clients].map(
      ({ interfaces }) => interfaces[0]?.network,
    );
    expect(new Set(places)).toEqual(new Set(['eth0']));
  });

  test('gives the directors free addresses, and says so', () => {
    expect(addressesOf(topology, 'lb01')).toEqual(['10.0.0.11/24']);
    expect(addressesOf(topology, 'lb02')).toEqual(['10.0.0.12/24']);
    expect(topology.notes.join('\n')).toContain('the lab gives it 10.0.0.11');
  });

  test('has web servers that hold the virtual address without saying so, on the port of their check', () => {
    expect(topology.realServers).toMatchObject([
      { address: '10.0.0.7', loopbackAddresses: ['10.0.0.3/32'], services: [{ kind: 'http', port: 80 }] },
      { address: '10.0.0.8', loopbackAddresses: ['10.0.0.3/32'], services: [{ kind: 'http', port: 80 }] },
    ]);
  });

  test('is asked for pages, from several addresses since persistence keeps one with one server', () => {
    expect(topology.services).toMatchObject([
      { name: '10.0.0.3:80/tcp', kind: 'http', servers: ['rs1', 'rs2'] },
    ]);
    expect(topology.clients[0]?.sources).toHaveLength(4);
  });

  test('needs a kernel with IPVS', () => {
    expect(kernelNeeds([exampleNode('lb01')], topology)).toEqual(['ipvs']);
  });

  test('uses no address twice', () => {
    const all = [...topology.nodes, ...topology.realServers, ...topology.clients].flatMap(({ name }) =>
      addressesOf(topology, name),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all.some((text) => text.startsWith('10.0.0.3/'))).toBe(false);
  });
});

describe('a unicast pair of two families', () => {
  const nodes = [fixtureNode('lb01', 'unicast-lb01'), fixtureNode('lb02', 'unicast-lb02')];
  const topology = derived(nodes);

  test('has the addresses that its unicast sources are', () => {
    expect(addressesOf(topology, 'lb01')).toEqual(['192.0.2.11/24', '2001:db8:1::11/64']);
    expect(addressesOf(topology, 'lb02')).toEqual(['192.0.2.12/24', '2001:db8:1::12/64']);
  });

  test('is pinged where nothing else can be asked', () => {
    expect(topology.services.map(({ name }) => name)).toEqual(['192.0.2.10/ping', '2001:db8:1::10/ping']);
  });
});

test('without a source of its own a node has the address that its peers name', () => {
  const text = (priority: number, peer: string): string => `
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 priority ${priority}
 unicast_peer { ${peer} }
 virtual_ipaddress { 10.1.0.1/24 } }`;
  const topology = derived([parsedNode('a', text(150, '10.1.0.6')), parsedNode('b', text(100, '10.1.0.5'))]);
  expect(addressesOf(topology, 'a')).toEqual(['10.1.0.5/24']);
  expect(addressesOf(topology, 'b')).toEqual(['10.1.0.6/24']);
});

test('interfaces with other names are on one wire when their instances stand in for each other', () => {
  const text = (interfaceName: string): string => `
vrrp_instance VI_1 { interface ${interfaceName}
 virtual_router_id 5
 virtual_ipaddress { 10.1.0.1/24 } }`;
  const topology = derived([parsedNode('a', text('eth0')), parsedNode('b', text('ens3'))]);
  expect(topology.networks).toHaveLength(1);
  expect(topology.nodes.map(({ interfaces }) => interfaces[0]?.name)).toEqual(['eth0', 'ens3']);
});

test('an 802.1Q interface is on a network of its own, carried by the one below', () => {
  const nodes = ['a', 'b'].map((name) =>
    parsedNode(
      name,
      'vrrp_instance VI_1 { interface eth0.100\n virtual_router_id 5\n virtual_ipaddress { 10.1.0.1/24 } }',
    ),
  );
  const topology = derived(nodes);
  expect(topology.networks).toContainEqual({
    name: 'eth0.100',
    bridge: 'br0',
    prefixes: ['10.1.0.0/24'],
    vlanId: 100,
    trunk: 'eth0',
  });
  expect(topology.nodes[0]?.interfaces).toContainEqual(
    expect.objectContaining({ name: 'eth0.100', parent: 'eth0' }),
  );
  // It could not be up before the one below is.
  expect(topology.nodes[0]?.interfaces.map(({ name }) => name)).toEqual(['eth0', 'eth0.100']);
  expect(kernelNeeds(nodes, topology)).toEqual(['vlan']);
});

function natPair(server: string, addresses: string): readonly NodeConfig[] {
  const text = `
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 virtual_ipaddress { ${addresses} } }
virtual_server 10.1.0.1 80 { lb_kind NAT
 protocol TCP
 real_server ${server} 8080 { TCP_CHECK { } } }`;
  return [parsedNode('a', text), parsedNode('b', text)];
}

describe('real servers by NAT', () => {
  test('on a network behind have the virtual address there for their gateway', () => {
    const topology = derived(natPair('192.168.5.20', '10.1.0.1/24\n 192.168.5.1/24 dev eth1'));
    expect(topology.realServers[0]).toMatchObject({ gateways: ['192.168.5.1'], loopbackAddresses: [] });
    expect(topology.nodes.every(({ forwards }) => forwards)).toBe(true);
    expect(topology.routers).toEqual([]);
    // 192.168.5.1 is on no network of theirs.
    expect(topology.services.map(({ name }) => name)).toEqual(['10.1.0.1:80/tcp']);
  });

  test('on the network of the virtual address put the clients behind a router', () => {
    const topology = derived(natPair('10.1.0.20', '10.1.0.1/24'));
    expect(topology.realServers[0]?.gateways).toEqual(['10.1.0.1']);
    expect(topology.clients[0]?.interfaces[0]?.network).toBe('outside');
    expect(topology.routers.map(({ name }) => name)).toEqual(['router']);
  });

  test('on a network that no file names get one, and it is said that a failover loses it', () => {
    const topology = derived(natPair('192.168.5.20', '10.1.0.1/24'));
    expect(topology.notes.join('\n')).toContain('its gateway is a alone');
  });
});

test('a tunnel ends on the real server', () => {
  const text = `
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 virtual_ipaddress { 10.1.0.1/24 } }
virtual_server 10.1.0.1 53 { lb_kind TUN
 protocol UDP
 real_server 10.1.0.20 53 { DNS_CHECK { } } }`;
  const topology = derived([parsedNode('a', text), parsedNode('b', text)]);
  expect(topology.realServers[0]).toMatchObject({
    tunnels: [{ type: 'ipip', family: 4 }],
    services: [{ kind: 'dns', port: 53 }],
    loopbackAddresses: ['10.1.0.1/32'],
  });
  expect(topology.services[0]).toMatchObject({ kind: 'dns', name: '10.1.0.1:53/udp' });
});

describe('every mode, both families and BFD', () => {
  const nodes = [fixtureNode('lb01', 'all-modes-lb01'), fixtureNode('lb02', 'all-modes-lb02')];
  const topology = derived(nodes);
  const server = (address: string) => topology.realServers.find((one) => one.address === address);

  test('gives directors the ends of the session between them', () => {
    expect(addressesOf(topology, 'lb01')).toContain('10.2.0.11/24');
    expect(addressesOf(topology, 'lb02')).toContain('10.2.0.12/24');
  });

  test('plays a neighbour that nobody else is, with a session to each director', () => {
    const neighbour = server('10.2.0.1');
    expect(neighbour).toMatchObject({ name: 'neighbour1', services: [] });
    expect(neighbour?.bfdSessions).toMatchObject([
      { neighborAddress: '10.2.0.11', sourceAddress: '10.2.0.1', minTxMs: 200, multiplier: 5 },
      { neighborAddress: '10.2.0.12', sourceAddress: '10.2.0.1' },
    ]);
    expect(topology.services.flatMap(({ servers }) => servers)).not.toContain('neighbour1');
  });

  test('lets a real server answer the sessions of BFD_CHECK', () => {
    expect(server('10.2.0.40')?.bfdSessions).toHaveLength(2);
    expect(server('10.2.0.41')?.bfdSessions).toEqual([]);
  });

  test('puts the local addresses of FULLNAT on the director, on the network of the real servers', () => {
    expect(addressesOf(topology, 'lb01')).toContain('192.168.7.110/24');
    expect(addressesOf(topology, 'lb01')).toContain('192.168.7.111/24');
    expect(addressesOf(topology, 'lb02')).toContain('192.168.7.120/24');
  });

  test('ends each tunnel on its server', () => {
    expect(['10.2.0.40', '10.2.0.41', '10.2.0.42', 'fd00:2::45'].map((one) => server(one)?.tunnels)).toEqual([
      [{ type: 'gre', family: 4 }],
      [{ type: 'gue', family: 4, port: 6080 }],
      [{ type: 'ipip', family: 4 }],
      [{ type: 'gre', family: 6 }],
    ]);
  });
});

test('of a range of local addresses that is too long the lab says how much it has', () => {
  const text = `
local_address_group inside { 10.1.0.1-10.1.3.1 }
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 virtual_ipaddress { 10.1.200.1/16 } }
virtual_server 10.1.200.1 80 { lb_kind FULLNAT
 laddr_group_name inside
 protocol TCP
 real_server 10.1.200.20 80 { TCP_CHECK { } } }`;
  const topology = derived([parsedNode('a', text), parsedNode('b', text)]);
  expect(topology.notes).toContainEqual(
    'a has only the first 256 of the local addresses 10.1.0.1-10.1.3.1: connections that get another are lost.',
  );
});

test('a BFD neighbour on a network that no file has is named as one that stays down', () => {
  const text = `
bfd_instance far { neighbor_ip 198.51.100.7 }
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 virtual_ipaddress { 10.1.0.1/24 } }`;
  const topology = derived([parsedNode('a', text), parsedNode('b', text)]);
  expect(topology.notes.join('\n')).toContain('Nobody plays 198.51.100.7, the BFD neighbour far of a');
});

test('a page that the check wants with another status has it', () => {
  const text = `
vrrp_instance VI_1 { interface eth0
 virtual_router_id 5
 virtual_ipaddress { 10.1.0.1/24 } }
virtual_server 10.1.0.1 80 { lb_kind DR
 protocol TCP
 real_server 10.1.0.20 80 { HTTP_GET { url { path /health
 status_code 204 } } } }`;
  const topology = derived([parsedNode('a', text), parsedNode('b', text)]);
  expect(topology.realServers[0]?.services).toEqual([
    { kind: 'http', port: 80, pages: [{ path: '/health', status: 204, body: '' }] },
  ]);
});

describe('what cannot be built is refused', () => {
  const refused = (nodes: readonly NodeConfig[]): string => {
    const result = deriveTopology(nodes, noOverrides);
    return result.ok ? '' : result.problems.join('\n');
  };

  test('one director alone', () => {
    expect(refused([exampleNode('lb01')])).toContain('two directors or more');
  });

  test('a file without an instance', () => {
    expect(refused([exampleNode('lb01'), parsedNode('lb02', 'global_defs { }')])).toContain(
      'lb02 has no vrrp_instance',
    );
  });

  test('a network with too few addresses', () => {
    const text =
      'vrrp_instance VI_1 { interface eth0\n virtual_router_id 5\n virtual_ipaddress { 10.1.0.1/30 } }';
    expect(refused([parsedNode('a', text), parsedNode('b', text)])).toContain(
      '10.1.0.0/30 has no free address for b',
    );
  });
});

describe('a topology file', () => {
  test('says addresses, names of servers and what they play', () => {
    const topology = derived(
      [exampleNode('lb01'), exampleNode('lb02')],
      `
nodes:
  lb01: { interfaces: { eth0: 10.0.0.5/24 } }
servers:
  10.0.0.7: { name: web02, play: tcp }
clients:
  client: { network: eth0, addresses: [10.0.0.9/24] }
services:
  10.0.0.3:80/tcp: { play: tcp }
`,
    );
    expect(addressesOf(topology, 'lb01')).toEqual(['10.0.0.5/24']);
    expect(topology.realServers[0]).toMatchObject({ name: 'web02', services: [{ kind: 'tcp' }] });
    expect(topology.clients[0]?.sources).toEqual(['10.0.0.9']);
    expect(topology.services[0]?.kind).toBe('tcp');
  });

  test.each([
    ['nodes: [1]', 'nodes holds names with values'],
    ['hosts: {}', 'does not know "hosts"'],
    ['servers: { 10.0.0.7: { play: gopher } }', 'is one of http, https'],
    ['nodes: { a: { gateways: [nowhere] } }', 'holds IP addresses, found "nowhere"'],
    [': : :', ''],
  ])('%s is refused', (yaml, problem) => {
    const read = readTopologyOverrides(yaml);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.problems.join('\n')).toContain(problem);
  });
});

test('a simple pair needs nothing of the kernel but namespaces', () => {
  const nodes = simplePair();
  expect(kernelNeeds(nodes, derived(nodes))).toEqual([]);
});
