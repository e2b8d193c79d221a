/**
 * The checks of a received packet that need nothing but the packet and the configuration, in the groups and the order in which
 * `reception.ts` makes them. Each answers with its counter and what was wrong, or with nothing.
 */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import { isMulticast } from '../net/address.ts';
import { type Decoded, rejected } from '../net/decoded.ts';
import type { TrailerCounter } from './authentication/check-trailer.ts';
import { equalBytes } from './authentication/equal-bytes.ts';
import type { Datagram } from './messages.ts';
import {
  authenticationData,
  authenticationType,
  authenticationTypeOf,
  typeAdvertisement,
  type VrrpPacket,
} from './packet.ts';
import type { Counter } from './statistics.ts';

export type DropCounter = Extract<
  Counter,
  | 'packetLenErr'
  | 'vridErr'
  | 'ipTtlErr'
  | 'versionErr'
  | TrailerCounter
  | 'invalidAuthtype'
  | 'authtypeMismatch'
  | 'authFailure'
  | 'advertIntervalErr'
  | 'invalidTypeRcvd'
  | 'checksumErr'
  | 'addrListErr'
  | 'ownerIgnored'
  | 'unicastSourceErr'
>;

/** What of an instance's configuration decides whether a packet is heard. */
export type ReceptionConfig = Pick<
  VrrpInstanceConfig,
  | 'family'
  | 'version'
  | 'vrid'
  | 'basePriority'
  | 'advertisementIntervalMs'
  | 'authentication'
  | 'authHmac'
  | 'transport'
  | 'v3ChecksumAsV2'
  | 'oldUnicastChecksum'
  | 'ownerIgnoreAdverts'
>;

export type Drop = Extract<Decoded<never, DropCounter>, { ok: false }>;
export type Check = (config: ReceptionConfig, packet: VrrpPacket, datagram: Datagram) => Drop | undefined;

/** In this order; the first that objects decides the counter. Those that remember something come between these groups. */
export const checksBeforeTrailer: readonly Check[] = [vridIsOurs, hopLimitIs255, versionIsOurs];
export const checksBeforeDigest: readonly Check[] = [authenticationTypeIsOurs, passwordIsOurs];
export const checksBeforeChecksum: readonly Check[] = [
  intervalIsUsable,
  typeIsAdvertisement,
  claimedLengthIsTrue,
];
export const checksBehindChecksum: readonly Check[] = [destinationIsOfOurKind, ownerListens, senderIsPeer];

/** The first objection, in the order of `checks`. */
export function firstDrop(
  checks: readonly Check[],
  config: ReceptionConfig,
  packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  for (const check of checks) {
    const drop = check(config, packet, datagram);
    if (drop !== undefined) return drop;
  }
  return undefined;
}

function vridIsOurs(config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.vrid === config.vrid) return undefined;
  return rejected('vridErr', `VRID is ${packet.vrid} and ours is ${config.vrid}`);
}

/** RFC 3768 section 5.2.3: a packet that crossed a router is not from this network. A unicast peer may be on another. */
function hopLimitIs255(
  { transport }: ReceptionConfig,
  _packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  if (datagram.hopLimit === 255 || transport.kind === 'unicast') return undefined;
  return rejected('ipTtlErr', `invalid TTL/HL. Received ${datagram.hopLimit} and expect 255`);
}

function versionIsOurs(config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.version === config.version) return undefined;
  return rejected(
    'versionErr',
    `wrong VRRP version. Received ${packet.version} and expect ${config.version}`,
  );
}

function authenticationTypeIsOurs(config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  const received = packet.authenticationType;
  if (received > authenticationType.ipAuthenticationHeader)
    return rejected('invalidAuthtype', `unknown authentication type ${received}`);
  const ours = config.version === 2 ? authenticationTypeOf(config.authentication) : authenticationType.none;
  if (received === ours) return undefined;
  return rejected('authtypeMismatch', `authentication type is ${received} and ours is ${ours}`);
}

/** RFC 3768 section 5.3.10: with no authentication the data is ignored on reception. */
function passwordIsOurs(config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  if (config.version !== 2 || config.authentication.type !== 'PASS') return undefined;
  const ours = authenticationData(config.authentication);
  if (equalBytes(ours, packet.authenticationData)) return undefined;
  return rejected('authFailure', 'authentication failed: another password');
}

/**
 * RFC 3768 section 7.1: another interval than ours is discarded. RFC 5798 lets a Backup adopt it; 0 would leave no time between
 * a Master's death and everybody's takeover, so it is refused.
 */
function intervalIsUsable(config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  const received = packet.advertisementIntervalMs;
  const ours = config.advertisementIntervalMs;
  const isUsable = config.version === 2 ? received === ours : received > 0;
  if (isUsable) return undefined;
  return rejected(
    'advertIntervalErr',
    `advertisement interval mismatch mine=${ours / 1000} sec rcv'd=${received / 1000} sec`,
  );
}

function typeIsAdvertisement(_config: ReceptionConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.type === typeAdvertisement) return undefined;
  return rejected(
    'invalidTypeRcvd',
    `VRRP type is ${packet.type} and must be ${typeAdvertisement} (ADVERTISEMENT)`,
  );
}

/** What the IP header claims, less an Authentication Header, is the packet: no padding, and nothing cut. */
function claimedLengthIsTrue(
  _config: ReceptionConfig,
  packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  const claimed = datagram.claimedPayloadBytes;
  const actual = packet.bytes.length + packet.trailer.length;
  if (claimed === undefined || claimed === actual) return undefined;
  return rejected('packetLenErr', `the IP header claims ${claimed} bytes and ${actual} are a VRRP packet`);
}

function destinationIsOfOurKind(
  { transport }: ReceptionConfig,
  _packet: VrrpPacket,
  { destination }: Datagram,
): Drop | undefined {
  const received = isMulticast(destination) ? 'multicast' : 'unicast';
  if (received === transport.kind) return undefined;
  return rejected(
    'addrListErr',
    `Expected ${transport.kind} packet but received ${received} packet, to ${destination}`,
  );
}

/**
 * keepalived.conf(5): owner_ignore_adverts. RFC 5798 section 7.1 asks an owner to discard whatever it hears; then two owners would
 * never learn of each other. RFC 9568 (erratum 8298) and keepalived let it hear, unless told not to.
 */
function ownerListens({ ownerIgnoreAdverts, basePriority }: ReceptionConfig): Drop | undefined {
  if (!ownerIgnoreAdverts || basePriority !== 255) return undefined;
  return rejected('ownerIgnored', 'we are the address owner, and owner_ignore_adverts is set');
}

/** keepalived.conf(5): check_unicast_src, which min_ttl and max_ttl turn on. */
function senderIsPeer(
  { transport }: ReceptionConfig,
  _packet: VrrpPacket,
  { source, hopLimit }: Datagram,
): Drop | undefined {
  if (transport.kind === 'multicast') return undefined;
  const peer = transport.peers.find(({ address }) => address === source);
  if (peer === undefined) {
    const isChecked =
      transport.checkSource || transport.peers.some(({ minTtl, maxTtl }) => minTtl > 0 || maxTtl < 255);
    return isChecked ? rejected('unicastSourceErr', `${source} is no unicast_peer`) : undefined;
  }
  if (hopLimit >= peer.minTtl && hopLimit <= peer.maxTtl) return undefined;
  return rejected('ipTtlErr', `TTL/HL ${hopLimit} not in range ${peer.minTtl} - ${peer.maxTtl}`);
}
