/**
 * Whether a received packet is an advertisement for this instance: RFC 3768 section 7.1 and RFC 5798 section 7.1 in the order in
 * which keepalived makes the checks. Each drop has a counter. What must be remembered from one packet to the next comes in and goes
 * out as a value. What the state machine makes of an advertisement is not known here.
 */
import type { VrrpInstanceConfig } from '../config-parser/config.ts';
import { type Decoded, decoded, rejected } from '../net/decoded.ts';
import {
  authenticationHeaderBytes,
  authenticationHeaderKey,
  ipHeaderBytes,
  verifyAuthenticationHeader,
} from './authentication/authentication-header.ts';
import { checkTrailer, type TrailerCounter } from './authentication/check-trailer.ts';
import { trailerBytes } from './authentication/hmac-trailer.ts';
import { initialReceptionMemory, type ReceptionMemory } from './authentication/reception-memory.ts';
import { marksAfter, type SenderMark } from './authentication/sequence.ts';
import type { Datagram } from './messages.ts';
import { decodePacket, hasValidChecksum, type VrrpPacket } from './packet.ts';
import {
  checksBeforeChecksum,
  checksBeforeDigest,
  checksBeforeTrailer,
  checksBehindChecksum,
  type DropCounter,
  firstDrop,
  type ReceptionConfig,
} from './reception-checks.ts';
import { isRepetition, isSigned } from './repetition.ts';

export { type DropCounter, initialReceptionMemory, type ReceptionConfig, type ReceptionMemory };

/** When the packet was received. */
export interface ReceptionClock {
  /** Milliseconds since 1970. With auth_hmac and anti_replay time nothing is accepted without it. */
  readonly unixTimeMs?: number;
}

export interface Reception {
  /** The advertisement, or the counter of the first check that it fails. */
  readonly result: Decoded<VrrpPacket, DropCounter>;
  /** For the next packet; the same object where nothing new is to be remembered. */
  readonly memory: ReceptionMemory;
  /** keepalived.conf(5): auth_hmac, mode permissive or receive-only. It would have been dropped: to be counted, and reported. */
  readonly tolerated?: { readonly counter: TrailerCounter; readonly detail: string };
}

/**
 * The advertisement in `datagram`, or the counter of the first check it fails. `memory` is that of the packet before, and
 * `initialReceptionMemory` for the first.
 */
export function receiveAdvertisement(
  config: ReceptionConfig,
  memory: ReceptionMemory,
  datagram: Datagram,
  clock: ReceptionClock,
): Reception {
  const { last } = memory;
  if (last !== undefined && isRepetition(last, config, datagram)) return { result: last.result, memory };
  const framing = decodeFramed(config, datagram);
  if (!framing.ok) return { result: framing, memory };
  const packet = framing.value;
  const early = firstDrop(checksBeforeTrailer, config, packet, datagram);
  if (early !== undefined) return { result: early, memory };
  const signature = config.authHmac && checkSignature(config, memory, packet, datagram, clock);
  if (signature?.ok === false && config.authHmac?.mode === 'enforce') return { result: signature, memory };
  const late = checkUnsigned(config, memory, packet, datagram);
  if (!late.ok) return { result: late, memory };
  const senders = signature?.ok === true ? signature.value : late.value.senders;
  const { oldChecksumPeers } = late.value;
  return {
    result: framing,
    memory: isSigned(config)
      ? remembering(memory, { senders, oldChecksumPeers })
      : { senders, oldChecksumPeers, last: { config, datagram, result: framing } },
    ...(signature?.ok === false && {
      tolerated: { counter: signature.error.reason, detail: signature.error.detail },
    }),
  };
}

/** The same object where nothing has changed. */
function remembering(memory: ReceptionMemory, next: ReceptionMemory): ReceptionMemory {
  const { senders, oldChecksumPeers } = next;
  return senders === memory.senders && oldChecksumPeers === memory.oldChecksumPeers ? memory : next;
}

/**
 * What differs between the advertised addresses and ours; such an advertisement is accepted all the same, as keepalived does: also
 * where it has no address (RFC 9568 section 5.2.5 ignores it; keepalived.conf(5): no_virtual_ipaddress means it so), and where
 * the first one of IPv6 is not link-local (RFC 9568 section 5.2.9).
 */
export function addressListDifference(
  config: Pick<VrrpInstanceConfig, 'virtualAddresses'>,
  packet: VrrpPacket,
): string | undefined {
  const ours = config.virtualAddresses;
  const theirs = packet.addresses;
  if (ours.length !== theirs.length) return `expected ${ours.length} VIPs but received ${theirs.length}`;
  // Nearly always in the same order.
  const missing = ours.find(({ address }, at) => address !== theirs[at] && !theirs.includes(address));
  return missing && `ip address ${missing.address} is not present`;
}

/** Presence of an Authentication Header, then the lengths. */
function decodeFramed(
  config: ReceptionConfig,
  { payload, authenticationHeader }: Datagram,
): Decoded<VrrpPacket, 'authtypeMismatch' | 'packetLenErr'> {
  const isExpected = config.version === 2 && config.authentication.type === 'AH';
  if (isExpected !== (authenticationHeader !== undefined)) {
    return rejected(
      'authtypeMismatch',
      isExpected
        ? 'the packet has no Authentication Header and auth_type is AH'
        : 'the packet has an Authentication Header and auth_type is not AH',
    );
  }
  if (authenticationHeader !== undefined) {
    const expected = ipHeaderBytes(authenticationHeader) + authenticationHeaderBytes;
    if (authenticationHeader.length !== expected) {
      return rejected(
        'packetLenErr',
        `the headers have ${authenticationHeader.length} bytes and expect ${expected}`,
      );
    }
  }
  const packet = decodePacket(payload, config.family, {
    trailerBytes: config.authHmac === undefined ? 0 : trailerBytes,
    precedingBytes: isExpected ? authenticationHeaderBytes : 0,
  });
  return packet.ok ? packet : rejected('packetLenErr', packet.error.detail);
}

function checkSignature(
  config: ReceptionConfig,
  memory: ReceptionMemory,
  packet: VrrpPacket,
  { source, payload }: Datagram,
  { unixTimeMs }: ReceptionClock,
): Decoded<readonly SenderMark[], TrailerCounter> | undefined {
  if (config.authHmac === undefined) return undefined;
  const { family, version, vrid } = config;
  const context = { family, version, vrid, source };
  const { trailer } = packet;
  return checkTrailer(config.authHmac, { context, packet: payload, trailer, unixTimeMs }, memory.senders);
}

/** All checks but that of auth_hmac, and what is to be remembered. */
function checkUnsigned(
  config: ReceptionConfig,
  memory: ReceptionMemory,
  packet: VrrpPacket,
  datagram: Datagram,
): Decoded<ReceptionMemory, DropCounter> {
  const first = firstDrop(checksBeforeDigest, config, packet, datagram);
  if (first !== undefined) return first;
  const senders = checkDigest(config, memory, packet, datagram);
  if (!senders.ok) return senders;
  const second = firstDrop(checksBeforeChecksum, config, packet, datagram);
  if (second !== undefined) return second;
  const oldChecksumPeers = checkChecksum(config, memory, packet, datagram);
  if (!oldChecksumPeers.ok) return oldChecksumPeers;
  const third = firstDrop(checksBehindChecksum, config, packet, datagram);
  if (third !== undefined) return third;
  return decoded(remembering(memory, { senders: senders.value, oldChecksumPeers: oldChecksumPeers.value }));
}

/**
 * auth_type AH: the digest, and that the number is a new one of this sender. keepalived has one counter for all senders and
 * for itself; of each sender for itself is what RFC 2402 section 3.4.3 asks, and lets a router be heard that counts behind us.
 */
function checkDigest(
  { authentication, transport }: ReceptionConfig,
  { senders }: ReceptionMemory,
  packet: VrrpPacket,
  { source, authenticationHeader }: Datagram,
): Decoded<readonly SenderMark[], 'authFailure'> {
  if (authentication.type !== 'AH' || authenticationHeader === undefined) return decoded(senders);
  const header = verifyAuthenticationHeader({
    headers: authenticationHeader,
    payload: packet.bytes,
    key: authenticationHeaderKey(authentication),
    isUnicast: transport.kind === 'unicast',
  });
  if (!header.ok) return rejected('authFailure', header.error.detail);
  const sequence = { high: 0, low: header.value.sequenceNumber };
  const marks = marksAfter(senders, { source, keyId: 0, sequence });
  if (marks !== undefined) return decoded(marks);
  return rejected(
    'authFailure',
    `sequence number ${sequence.low} was heard before: this is a recording, or its sender was restarted`,
  );
}

/** The senders whose checksum is that of keepalived before 1.3.6, or that the checksum is wrong. */
function checkChecksum(
  config: ReceptionConfig,
  { oldChecksumPeers }: ReceptionMemory,
  packet: VrrpPacket,
  datagram: Datagram,
): Decoded<ReceptionMemory['oldChecksumPeers'], 'checksumErr'> {
  const { source } = datagram;
  const { transport, oldUnicastChecksum } = config;
  if (config.v3ChecksumAsV2 || transport.kind === 'multicast' || config.family === 6) {
    const style = config.v3ChecksumAsV2 ? 'message' : 'standard';
    return hasValidChecksum(packet, datagram, style) ? decoded(oldChecksumPeers) : wrongChecksum(config);
  }
  if (oldUnicastChecksum !== 'always' && hasValidChecksum(packet, datagram)) {
    const others = oldChecksumPeers.filter((peer) => peer !== source);
    return decoded(others.length === oldChecksumPeers.length ? oldChecksumPeers : others);
  }
  if (oldUnicastChecksum === 'never' || !hasValidChecksum(packet, datagram, 'group')) {
    return wrongChecksum(config);
  }
  const isNew =
    !oldChecksumPeers.includes(source) && transport.peers.some(({ address }) => address === source);
  return decoded(isNew ? [...oldChecksumPeers, source] : oldChecksumPeers);
}

function wrongChecksum({ version }: ReceptionConfig): Extract<Decoded<never, 'checksumErr'>, { ok: false }> {
  return rejected('checksumErr', `Invalid VRRPv${version} checksum`);
}
