/**
 * What a lab consists of, as plain data: machines, the networks between them, the services that real servers play and the
 * virtual services that clients ask. Derived from configuration files and a topology file; built by src/drill/lab/.
 */
import type { BfdInstanceConfig } from '../../config-parser/config.ts';
import type { IpAddress } from '../../net/address.ts';

export interface Topology {
  readonly networks: readonly LabNetwork[];
  /** The directors, in the order of their files. */
  readonly nodes: readonly LabNode[];
  readonly realServers: readonly LabServer[];
  readonly clients: readonly LabClient[];
  /** Between networks: where a client must be outside because real servers answer through the directors (NAT). */
  readonly routers: readonly LabMachine[];
  /** What clients ask for; at least one for each virtual service that can be asked. */
  readonly services: readonly ProbedService[];
  /** Sentences: what was chosen because no file says it, what is played otherwise than in the files, and why. */
  readonly notes: readonly string[];
}

/** One broadcast domain: a bridge in the switch's namespace. */
export interface LabNetwork {
  /** Short, unique: `eth0`, `eth0.100`; what interfaces refer to. */
  readonly name: string;
  /** `br0`, `br1` … in the switch's namespace. */
  readonly bridge: string;
  /** 802.1Q; then `trunk` names the network whose cables carry it. */
  readonly vlanId?: number;
  readonly trunk?: string;
  /** `10.0.0.0/24`. */
  readonly prefixes: readonly string[];
}

export interface LabInterface {
  /** As the machine calls it: `eth0`, `eth0.100`, `bond0`. */
  readonly name: string;
  readonly network: string;
  /** 802.1Q interfaces have one below, on the same machine; the others are the end of a cable to the switch. */
  readonly parent?: string;
  /** With prefix length: `10.0.0.5/24`. */
  readonly addresses: readonly string[];
}

export interface LabMachine {
  /** `lb01`, `web01`, `client1`: unique in the lab. */
  readonly name: string;
  readonly interfaces: readonly LabInterface[];
  /** Default gateways, at most one a family. */
  readonly gateways: readonly IpAddress[];
}

export interface LabNode extends LabMachine {
  /** As the operator named it. */
  readonly configFile: string;
  readonly configId: string;
  /** IP forwarding is on: NAT and tunnels need it. */
  readonly forwards: boolean;
  /** Interfaces without a cable that the files name: `dummy0`. */
  readonly dummies: readonly string[];
}

/** A real server, or a neighbour of BFD that is none and has no services. */
export interface LabServer extends LabMachine {
  /** What checks and the IPVS table call it. */
  readonly address: IpAddress;
  /** Directors that play it themselves, since its address is theirs; then it is no machine of its own. */
  readonly playedBy: readonly string[];
  readonly services: readonly PlayedService[];
  /** Virtual addresses on lo, with suppressed ARP and NA: DR and tunnels. With prefix length. */
  readonly loopbackAddresses: readonly string[];
  /** Without a gateway: its cable leads to every address that its prefixes do not hold. */
  readonly isOnLink: boolean;
  /** Encapsulations that it must take off. */
  readonly tunnels: readonly PlayedTunnel[];
  /** BFD sessions from its end: one to each director that has it as a neighbour. */
  readonly bfdSessions: readonly BfdInstanceConfig[];
}

export interface PlayedTunnel {
  readonly type: 'ipip' | 'gre' | 'gue';
  readonly port?: number;
  readonly family: 4 | 6;
}

/** What listens on a real server. All of one machine's `stop` together when the machine is killed. */
export interface PlayedService {
  readonly kind: PlayedKind;
  readonly port: number;
  /** http and https: paths that answer other than the page with the machine's name. */
  readonly pages: readonly PlayedPage[];
}

export type PlayedKind = 'http' | 'https' | 'tcp' | 'udp' | 'dns' | 'smtp';

export interface PlayedPage {
  readonly path: string;
  readonly status: number;
  readonly body: string;
}

export interface LabClient extends LabMachine {
  /** The addresses that its requests come from, in turn: persistence sends one address to one server. */
  readonly sources: readonly IpAddress[];
  /** `stale-arp`: it does not believe gratuitous ARP. */
  readonly ignoresAnnouncements: boolean;
}

/** A virtual service, and how a client asks for it. */
export interface ProbedService {
  /** `10.0.0.3:80/tcp`, `10.0.0.3/ping` where there is only the address. */
  readonly name: string;
  readonly kind: 'http' | 'https' | 'tcp' | 'udp' | 'dns' | 'smtp' | 'ping';
  readonly address: IpAddress;
  /** 0 for ping. */
  readonly port: number;
  /** http and https. */
  readonly path?: string;
  /** Names of clients that ask for it. */
  readonly clients: readonly string[];
  /** Names of real servers that may answer, and of sorry servers. */
  readonly servers: readonly string[];
  readonly sorryServers: readonly string[];
}
