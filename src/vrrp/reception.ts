/**
 * Whether a received packet is an advertisement for this instance: RFC 3768 section 7.1 and RFC 5798 section 7.1 in the order in
 * which keepalived makes the checks. Each drop has a counter. What the state machine makes of an advertisement is not
 * known here.
 */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import { isMulticast } from '../net/address.ts';
import { type Decoded, decoded, rejected } from '../net/decoded.ts';
import type { Datagram } from './messages.ts';
import {
  authenticationData,
  authenticationType,
  decodePacket,
  hasValidChecksum,
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
  | 'invalidAuthtype'
  | 'authtypeMismatch'
  | 'authFailure'
  | 'advertIntervalErr'
  | 'invalidTypeRcvd'
  | 'checksumErr'
  | 'addrListErr'
>;

type Drop = Extract<Decoded<never, DropCounter>, { ok: false }>;
type Check = (config: VrrpInstanceConfig, packet: VrrpPacket, datagram: Datagram) => Drop | undefined;

/** In this order; the first that objects decides the counter. */
const checks: readonly Check[] = [
  vridIsOurs,
  hopLimitIs255,
  versionIsOurs,
  authenticationTypeIsOurs,
  passwordIsOurs,
  intervalIsUsable,
  typeIsAdvertisement,
  claimedLengthIsTrue,
  checksumIsRight,
  destinationIsMulticast,
];

/** The advertisement in `datagram`, or the counter of the first check it fails. */
export function receiveAdvertisement(
  config: VrrpInstanceConfig,
  datagram: Datagram,
): Decoded<VrrpPacket, DropCounter> {
  const packet = decodePacket(datagram.payload, config.family);
  if (!packet.ok) return rejected('packetLenErr', packet.error.detail);
  for (const check of checks) {
    const drop = check(config, packet.value, datagram);
    if (drop !== undefined) return drop;
  }
  return decoded(packet.value);
}

/** What differs between the advertised addresses and ours; such an advertisement is accepted all the same. */
export function addressListDifference(config: VrrpInstanceConfig, packet: VrrpPacket): string | undefined {
  const ours = config.virtualAddresses.map(({ address }) => address);
  const theirs = packet.addresses;
  if (ours.length !== theirs.length) return `expected ${ours.length} VIPs but received ${theirs.length}`;
  const missing = ours.find((address) => !theirs.includes(address));
  return missing && `ip address ${missing} is not present`;
}

function vridIsOurs(config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.vrid === config.vrid) return undefined;
  return rejected('vridErr', `VRID is ${packet.vrid} and ours is ${config.vrid}`);
}

/** RFC 3768 section 5.2.3: a packet that crossed a router is not from this network. */
function hopLimitIs255(
  _config: VrrpInstanceConfig,
  _packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  if (datagram.hopLimit === 255) return undefined;
  return rejected('ipTtlErr', `invalid TTL/HL. Received ${datagram.hopLimit} and expect 255`);
}

function versionIsOurs(config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.version === config.version) return undefined;
  return rejected(
    'versionErr',
    `wrong VRRP version. Received ${packet.version} and expect ${config.version}`,
  );
}

function authenticationTypeIsOurs(config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  const received = packet.authenticationType;
  const known: readonly number[] = Object.values(authenticationType);
  if (!known.includes(received))
    return rejected('invalidAuthtype', `unknown authentication type ${received}`);
  const ours =
    config.version === 2 && config.authentication.type === 'PASS'
      ? authenticationType.simplePassword
      : authenticationType.none;
  if (received === ours) return undefined;
  return rejected('authtypeMismatch', `authentication type is ${received} and ours is ${ours}`);
}

/** RFC 3768 section 5.3.10: with no authentication the data is ignored on reception. */
function passwordIsOurs(config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  if (config.version !== 2 || config.authentication.type !== 'PASS') return undefined;
  const ours = authenticationData(config.authentication);
  // Always all eight bytes, so that the time taken does not tell how many were right.
  const differing = ours.reduce(
    (bits, byte, index) => bits | (byte ^ (packet.authenticationData[index] ?? 0)),
    0,
  );
  return differing === 0 ? undefined : rejected('authFailure', 'authentication failed: another password');
}

/**
 * RFC 3768 section 7.1: another interval than ours is discarded. RFC 5798 lets a Backup adopt it; 0 would leave no time between
 * a Master's death and everybody's takeover, so it is refused.
 */
function intervalIsUsable(config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  const received = packet.advertisementIntervalMs;
  const ours = config.advertisementIntervalMs;
  const isUsable = config.version === 2 ? received === ours : received > 0;
  if (isUsable) return undefined;
  return rejected(
    'advertIntervalErr',
    `advertisement interval mismatch mine=${ours / 1000} sec rcv'd=${received / 1000} sec`,
  );
}

function typeIsAdvertisement(_config: VrrpInstanceConfig, packet: VrrpPacket): Drop | undefined {
  if (packet.type === typeAdvertisement) return undefined;
  return rejected(
    'invalidTypeRcvd',
    `VRRP type is ${packet.type} and must be ${typeAdvertisement} (ADVERTISEMENT)`,
  );
}

function claimedLengthIsTrue(
  _config: VrrpInstanceConfig,
  packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  const claimed = datagram.claimedPayloadBytes;
  if (claimed === undefined || claimed === packet.bytes.length) return undefined;
  return rejected(
    'packetLenErr',
    `the IP header claims ${claimed} bytes and ${packet.bytes.length} are a VRRP packet`,
  );
}

function checksumIsRight(
  config: VrrpInstanceConfig,
  packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  if (hasValidChecksum(packet, datagram)) return undefined;
  return rejected('checksumErr', `Invalid VRRPv${config.version} checksum`);
}

function destinationIsMulticast(
  _config: VrrpInstanceConfig,
  _packet: VrrpPacket,
  datagram: Datagram,
): Drop | undefined {
  if (isMulticast(datagram.destination)) return undefined;
  return rejected('addrListErr', `Expected multicast packet but received one to ${datagram.destination}`);
}
