/** Whose packet it is, and whether that session takes it: RFC 5880 section 6.8.6, RFC 5881 section 5, RFC 5883. */
import type { BfdInstanceConfig } from '../config-parser/config.ts';
import type { IpAddress } from '../net/address.ts';
import type { BfdPacket } from './packet.ts';
import type { SessionCounter } from './statistics.ts';

/** RFC 5881 section 4 and RFC 5883 section 5: the UDP ports of single-hop and multihop sessions. */
export const singleHopPort = 3784;
export const multihopPort = 4784;

export function controlPort({ isMultihop }: Pick<BfdInstanceConfig, 'isMultihop'>): number {
  return isMultihop ? multihopPort : singleHopPort;
}

/** Where a packet came from and went to. */
export interface PacketPath {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** The UDP port that it came to. */
  readonly port: number;
}

/**
 * RFC 5880 section 6.8.6 leaves to the application which session a packet with Your Discriminator 0 belongs to: the one
 * between these two addresses. (One that has Your Discriminator is that session's, whatever its addresses.)
 */
export function isBetweenEnds(config: BfdInstanceConfig, path: PacketPath): boolean {
  const { neighborAddress, sourceAddress } = config;
  if (path.source !== neighborAddress || path.port !== controlPort(config)) return false;
  return sourceAddress === undefined || sourceAddress === path.destination;
}

export type SessionDropCounter = Extract<SessionCounter, 'hopLimitErr' | 'authErr' | 'pollFinalErr'>;

/** The counter of the first check that the packet fails; undefined: it is taken. */
export function refusalOf(
  config: BfdInstanceConfig,
  packet: BfdPacket,
  hopLimit: number,
): SessionDropCounter | undefined {
  if (!hasComeNoFurther(config, hopLimit)) return 'hopLimitErr';
  // RFC 5880 section 6.8.6: if the A bit is set and no authentication is in use, the packet MUST be discarded.
  if (packet.hasAuthentication) return 'authErr';
  // RFC 5880 section 6.5 forbids to send both; keepalived discards such a packet, and so do we.
  return packet.isPoll && packet.isFinal ? 'pollFinalErr' : undefined;
}

/**
 * RFC 5881 section 5: with TTL 255 as it is sent, a packet from beyond a router shows. keepalived counts from what it sends
 * itself, which for IPv6 is 64 unless configured otherwise; to work with it we do the same.
 */
function hasComeNoFurther({ hopLimit: sent, maxHops }: BfdInstanceConfig, hopLimit: number): boolean {
  return maxHops < 0 || hopLimit + maxHops >= sent;
}
