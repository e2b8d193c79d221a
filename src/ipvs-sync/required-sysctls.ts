/**
 * The kernel's settings that the ways to real servers need: what has to be so, and what had better be. Named by their
 * path below /proc/sys/net.
 */
import type { Forwarding, VirtualServerConfig } from '../config-parser/config.ts';
import { type AddressFamily, familyOf } from '../net/address.ts';

export interface RequiredSysctl {
  readonly path: string;
  readonly value: string;
  /** The end of a sentence: `answers of servers behind NAT are forwarded to clients`. */
  readonly reason: string;
}

export interface AdvisedSysctl {
  readonly path: string;
  readonly value: string;
  /** What happens while it has another value: a sentence. */
  readonly consequence: string;
}

/**
 * Without these no packet gets through. DR and TUN need none on the director: there the answers of servers do not come
 * back this way.
 */
export function requiredSysctls(virtualServers: readonly VirtualServerConfig[]): readonly RequiredSysctl[] {
  const reason = 'the answers of servers behind NAT are forwarded to the clients';
  const required: RequiredSysctl[] = [];
  if (isUsed(virtualServers, 4, ['NAT', 'FULLNAT'])) {
    required.push({ path: 'ipv4/ip_forward', value: '1', reason });
  }
  if (isUsed(virtualServers, 6, ['NAT', 'FULLNAT'])) {
    required.push({ path: 'ipv6/conf/all/forwarding', value: '1', reason });
  }
  if (isUsed(virtualServers, 4, ['FULLNAT']) || isUsed(virtualServers, 6, ['FULLNAT'])) {
    required.push({
      path: 'ipv4/vs/conntrack',
      value: '1',
      reason: 'FULLNAT has the firewall translate the source of packets that IPVS sends',
    });
  }
  return required;
}

/** Told, never set: which is better depends on the service. */
export function adviseSysctls(virtualServers: readonly VirtualServerConfig[]): readonly AdvisedSysctl[] {
  const advice: AdvisedSysctl[] = [];
  if (virtualServers.some(losesServers)) {
    advice.push({
      path: 'ipv4/vs/expire_nodest_conn',
      value: '1',
      consequence:
        'Packets of connections to a server that was taken out are dropped until the connections time out; ' +
        'with 1 their clients are told at once and connect anew',
    });
  }
  if (virtualServers.some((server) => server.persistence !== undefined && weighsNothing(server))) {
    advice.push({
      path: 'ipv4/vs/expire_quiescent_template',
      value: '1',
      consequence:
        'A client that persistence has sent to a server goes on being sent there although the server has weight 0; ' +
        'with 1 its next connection goes to another',
    });
  }
  return advice;
}

function isUsed(
  virtualServers: readonly VirtualServerConfig[],
  family: AddressFamily,
  ways: readonly Forwarding[],
): boolean {
  return virtualServers.some((virtual) =>
    [...virtual.realServers, ...(virtual.sorryServer === undefined ? [] : [virtual.sorryServer])].some(
      ({ address, method }) => familyOf(address) === family && ways.includes(method.forwarding),
    ),
  );
}

/** Servers that are down leave the table. */
function losesServers({ realServers }: VirtualServerConfig): boolean {
  return realServers.some((server) => server.checkers.length > 0 && !server.inhibitOnFailure);
}

/** Servers that are down stay in the table, with weight 0. */
function weighsNothing({ realServers }: VirtualServerConfig): boolean {
  return realServers.some((server) => server.inhibitOnFailure || server.weight === 0);
}
