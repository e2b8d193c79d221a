/**
 * The advertisements of an instance as bytes, and what must be remembered from one to the next: the sequence numbers of what is
 * signed, and the last packets, since without a signature a Master sends the same ones every time.
 */
import type { AuthHmacConfig, VrrpInstanceConfig } from '../../config-parser/config.ts';
import type { IpAddress } from '../../net/address.ts';
import {
  type AdvertisedConfig,
  type Advertisement,
  advertisementOf,
  encodeAdvertisement,
  writeChecksum,
} from '../packet.ts';
import { authenticationHeaderKey, encodeAuthenticatedDatagram } from './authentication-header.ts';
import { signedAdvertisement } from './hmac-trailer.ts';
import { keyedHashOf } from './keyed-hash.ts';
import type { ReceptionMemory } from './reception-memory.ts';
import { isAfter, type Sequence, secondsAhead } from './sequence.ts';

/** What of an instance's configuration decides what is sent, and where to. */
export type WriterConfig = AdvertisedConfig &
  Pick<VrrpInstanceConfig, 'family' | 'authHmac' | 'transport' | 'oldUnicastChecksum'>;

export interface AdvertisementRequest {
  readonly config: WriterConfig;
  /** 0 to 255. */
  readonly priority: number;
  readonly source: IpAddress;
  /** Milliseconds since 1970; matters to what is signed. */
  readonly unixTimeMs: number;
  /** What the instance has heard. */
  readonly memory: ReceptionMemory;
}

export interface OutgoingAdvertisement {
  readonly destination: IpAddress;
  /** The VRRP packet; with `hasIpHeader` the whole IPv4 datagram, for a socket of protocol 51 with IP_HDRINCL. */
  readonly bytes: Uint8Array;
  readonly hasIpHeader: boolean;
}

/** Whether the datagrams of `config` come with their IP header, and its socket must say so. */
export function writesIpHeader({ version, authentication }: WriterConfig): boolean {
  return version === 2 && authentication.type === 'AH';
}

interface Written {
  readonly config: WriterConfig;
  readonly priority: number;
  readonly source: IpAddress;
  readonly oldChecksumPeers: ReceptionMemory['oldChecksumPeers'];
  readonly packets: readonly OutgoingAdvertisement[];
}

/** One for each instance, for as long as the process runs: numbers must grow across reloads. */
export class AdvertisementWriter {
  #last: Written | undefined;
  #sequence: Sequence | undefined;
  #sequenceNumber = 0;
  #identification = 0;

  /**
   * One packet for the group, or one for each unicast peer in their order. The same objects as the last time when nothing
   * differs and nothing is signed. Throws when auth_hmac has no active key, or it has not been read from its file.
   */
  write(request: AdvertisementRequest): readonly OutgoingAdvertisement[] {
    const plain = this.#plain(request);
    const { config } = request;
    if (writesIpHeader(config)) return this.#withAuthenticationHeader(request, plain);
    const { authHmac } = config;
    return authHmac === undefined || authHmac.mode === 'receive-only'
      ? plain
      : this.#withTrailer(request, authHmac, plain);
  }

  #plain({ config, priority, source, memory }: AdvertisementRequest): readonly OutgoingAdvertisement[] {
    const last = this.#last;
    const { oldChecksumPeers } = memory;
    const isSame =
      last !== undefined &&
      last.config === config &&
      last.priority === priority &&
      last.source === source &&
      last.oldChecksumPeers === oldChecksumPeers;
    if (isSame) return last.packets;
    const advertisement = advertisementOf(config, priority);
    const packets = destinationsOf(config).map((destination) => ({
      destination,
      bytes: encodeAdvertisement(styled(advertisement, config, oldChecksumPeers, destination), {
        source,
        destination,
      }),
      hasIpHeader: false,
    }));
    this.#last = { config, priority, source, oldChecksumPeers, packets };
    return packets;
  }

  /** The digest does not cover the destination: one sequence number and one digest for all peers. */
  #withTrailer(
    { config, source, unixTimeMs }: AdvertisementRequest,
    authHmac: AuthHmacConfig,
    plain: readonly OutgoingAdvertisement[],
  ): readonly OutgoingAdvertisement[] {
    const keyId = authHmac.activeKeyId;
    const key = keyedHashOf(authHmac, keyId);
    if (key === undefined) throw new Error(`auth_hmac has no key ${keyId} to sign with`);
    const sequence = nextSequence(this.#sequence, authHmac, unixTimeMs);
    this.#sequence = sequence;
    const { family, version, vrid } = config;
    const context = { family, version, vrid, source };
    return plain.map(({ destination, bytes, hasIpHeader }) => {
      const signed = signedAdvertisement(bytes, { context, key, keyId, sequence });
      if (family === 6) writeChecksum(signed, { source, destination }, 'standard', bytes.length);
      return { destination, bytes: signed, hasIpHeader };
    });
  }

  /** One number and one identification for all peers, as keepalived does. */
  #withAuthenticationHeader(
    { config, source, unixTimeMs, memory }: AdvertisementRequest,
    plain: readonly OutgoingAdvertisement[],
  ): readonly OutgoingAdvertisement[] {
    const { authentication, transport } = config;
    if (authentication.type !== 'AH') return plain;
    this.#sequenceNumber = nextSequenceNumber(this.#sequenceNumber, memory, unixTimeMs);
    this.#identification = nextIdentification(this.#identification);
    const common = {
      source,
      timeToLive: transport.kind === 'unicast' ? transport.ttl : 255,
      identification: this.#identification,
      sequenceNumber: this.#sequenceNumber,
      key: authenticationHeaderKey(authentication),
      isUnicast: transport.kind === 'unicast',
    };
    return plain.map(({ destination, bytes }) => ({
      destination,
      bytes: encodeAuthenticatedDatagram({ ...common, destination, payload: bytes }),
      hasIpHeader: true,
    }));
  }
}

/** Of IPv4 datagrams, 1 to 65535: the kernel replaces 0 (raw(7)). */
export function nextIdentification(last: number): number {
  return (last % 0xffff) + 1;
}

function destinationsOf({ transport }: WriterConfig): readonly IpAddress[] {
  return transport.kind === 'multicast' ? [transport.group] : transport.peers.map(({ address }) => address);
}

/** keepalived.conf(5): old_unicast_checksum; 'auto' answers as the peer does. */
function styled(
  advertisement: Advertisement,
  { transport, oldUnicastChecksum, v3ChecksumAsV2 }: WriterConfig,
  oldChecksumPeers: readonly IpAddress[],
  destination: IpAddress,
): Advertisement {
  if (transport.kind === 'multicast' || v3ChecksumAsV2) return advertisement;
  const isOld =
    oldUnicastChecksum === 'always' ||
    (oldUnicastChecksum === 'auto' && oldChecksumPeers.includes(destination));
  return isOld ? { ...advertisement, checksumStyle: 'group' } : advertisement;
}

/**
 * The clock, or one more than the last where the clock has not moved on; so a restart goes on above what was sent before. With
 * anti_replay time a number that a wrong clock has left ahead of every receiver's window is given up for the clock's.
 */
function nextSequence(last: Sequence | undefined, authHmac: AuthHmacConfig, unixTimeMs: number): Sequence {
  const unixSeconds = unixTimeMs / 1000;
  const whole = Math.floor(unixSeconds);
  const clock = { high: whole >>> 0, low: Math.floor((unixSeconds - whole) * 0x10000) * 0x10000 };
  if (last === undefined || isAfter(clock, last)) return clock;
  const windowSeconds = authHmac.timeWindowMs / 1000;
  const isStranded = secondsAhead(last, { unixSeconds, windowSeconds }) > windowSeconds;
  if (authHmac.antiReplay === 'time' && isStranded) return clock;
  const low = (last.low + 1) >>> 0;
  return { high: low === 0 ? (last.high + 1) >>> 0 : last.high, low };
}

/**
 * auth_type AH: above all that was sent and heard, since keepalived has one counter for all routers and drops what is not above
 * it; and at least the seconds since 1970, so that after a restart, which forgets both, nobody takes us for a recording.
 */
function nextSequenceNumber(last: number, { senders }: ReceptionMemory, unixTimeMs: number): number {
  let highest = last;
  for (const { keyId, sequence } of senders)
    if (keyId === 0 && sequence.low > highest) highest = sequence.low;
  return Math.min(Math.max(highest + 1, Math.floor(unixTimeMs / 1000)), 0xffff_ffff);
}
