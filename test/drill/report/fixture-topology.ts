/** The lab of the fixture: the tutorial's pair, its two web servers and a client. */
import type { LabInterface, Topology } from '../../../src/drill/topology/topology.ts';
import { address } from '../../../src/net/address.ts';

const eth0 = (...addresses: readonly string[]): LabInterface => ({
  name: 'eth0',
  network: 'eth0',
  addresses,
});

export const topology: Topology = {
  networks: [{ name: 'eth0', bridge: 'br0', prefixes: ['10.0.0.0/24'] }],
  nodes: ['lb01', 'lb02'].map((name, index) => ({
    name,
    interfaces: [eth0(`10.0.0.${5 + index}/24`)],
    gateways: [],
    configFile: `/etc/keepalived/${name}.conf`,
    configId: name,
    forwards: false,
    dummies: [],
  })),
  realServers: ['web01', 'web02'].map((name, index) => ({
    name,
    interfaces: [eth0(`10.0.0.${1 + index}/24`)],
    gateways: [],
    address: address(`10.0.0.${1 + index}`),
    playedBy: [],
    services: [{ kind: 'http', port: 80, pages: [] }],
    loopbackAddresses: ['10.0.0.3/32'],
    isOnLink: true,
    tunnels: [],
    bfdSessions: [],
  })),
  clients: [
    {
      name: 'client1',
      interfaces: [eth0('10.0.0.100/24')],
      gateways: [],
      sources: [address('10.0.0.100')],
      ignoresAnnouncements: false,
    },
  ],
  routers: [],
  services: [
    {
      name: '10.0.0.3:80/tcp',
      kind: 'http',
      address: address('10.0.0.3'),
      port: 80,
      path: '/',
      clients: ['client1'],
      servers: ['web01', 'web02'],
      sorryServers: [],
    },
  ],
  notes: [],
};
