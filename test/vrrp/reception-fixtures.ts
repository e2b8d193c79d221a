/** What the tests of reception and of the wire share: configurations of every kind, and how a datagram arrives. */
import type { AuthHmacConfig, Transport, VirtualAddress } from '../../src/config-parser/config.ts';
import { address, type IpAddress } from '../../src/net/address.ts';
import { parseIpv4Header } from '../../src/net/ipv4.ts';
import {
  AdvertisementWriter,
  type OutgoingAdvertisement,
  type WriterConfig,
} from '../../src/vrrp/authentication/advertisement-writer.ts';
import { authenticationHeaderBytes } from '../../src/vrrp/authentication/authentication-header.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { type Advertisement, advertisementOf, encodeAdvertisement } from '../../src/vrrp/packet.ts';
import {
  initialReceptionMemory,
  type Reception,
  type ReceptionConfig,
  type ReceptionMemory,
  receiveAdvertisement,
} from '../../src/vrrp/reception.ts';

export type WireConfig = ReceptionConfig & WriterConfig;

export const group = address('224.0.0.18');
export const group6 = address('ff02::12');
export const us = address('10.0.0.10');
export const them = address('10.0.0.9');
export const us6 = address('fe80::10');
export const them6 = address('fe80::9');

/** 2026-01-01, a whole second. */
export const newYearMs = Date.UTC(2026, 0, 1);

export function virtualAddress(text: string): VirtualAddress {
  return { address: address(text), prefixLength: 24, interface: 'eth0', scope: 0 };
}

/** VI_1 of the tutorial as lb02 has it, as far as the wire is concerned. */
export function wireConfig(changes: Partial<WireConfig> = {}): WireConfig {
  return {
    family: 4,
    version: 2,
    vrid: 51,
    basePriority: 100,
    advertisementIntervalMs: 1000,
    authentication: { type: 'PASS', password: '1111' },
    transport: { kind: 'multicast', group },
    v3ChecksumAsV2: false,
    oldUnicastChecksum: 'auto',
    ownerIgnoreAdverts: false,
    virtualAddresses: [virtualAddress('10.0.0.3')],
    ...changes,
  };
}

export const noAuthentication = { authentication: { type: 'none' } } as const;
export const version3 = { version: 3, ...noAuthentication } as const;
export const overIpv6 = {
  ...version3,
  family: 6,
  transport: { kind: 'multicast', group: group6 },
  virtualAddresses: [virtualAddress('fe80::33'), virtualAddress('2001:db8::3')],
} as const satisfies Partial<WireConfig>;
export const authenticated = { authentication: { type: 'AH', key: 's3cr' } } as const;

export function unicastTo(
  peer: IpAddress,
  changes: { readonly minTtl?: number; readonly maxTtl?: number; readonly checkSource?: boolean } = {},
): Transport {
  const { minTtl = 0, maxTtl = 255, checkSource = false } = changes;
  return { kind: 'unicast', ttl: 255, checkSource, peers: [{ address: peer, minTtl, maxTtl }] };
}

/** auth_hmac with two keys, of which the first signs. */
export function authHmac(changes: Partial<AuthHmacConfig> = {}): AuthHmacConfig {
  return {
    keys: [
      { id: 1, form: 'text', value: 'an-example-text-of-32-characters' },
      { id: 2, form: 'hex', value: '0123456789abcdef'.repeat(4) },
    ],
    activeKeyId: 1,
    timeWindowMs: 5000,
    antiReplay: 'time',
    mode: 'enforce',
    ...changes,
  };
}

/** The configuration of the router that sends to `config`. */
export function peerOf(config: WireConfig): WireConfig {
  const ours = config.family === 6 ? us6 : us;
  return config.transport.kind === 'multicast' ? config : { ...config, transport: unicastTo(ours) };
}

export function sourceOf(config: WireConfig): IpAddress {
  return config.family === 6 ? them6 : them;
}

/** How what was sent arrives. */
export function arrived(sent: OutgoingAdvertisement, source: IpAddress): Datagram {
  if (sent.hasIpHeader) return fromIpv4(sent.bytes);
  const isIpv4 = !source.includes(':');
  return {
    source,
    destination: sent.destination,
    hopLimit: 255,
    ...(isIpv4 && { claimedPayloadBytes: sent.bytes.length }),
    payload: sent.bytes,
  };
}

/** The datagram in an IPv4 packet, split as whoever reads the socket does. */
export function fromIpv4(bytes: Uint8Array): Datagram {
  const header = parseIpv4Header(bytes);
  if (!header.ok) throw new Error(header.error.detail);
  const { source, destination, timeToLive, protocol, totalLengthBytes, headerLengthBytes } = header.value;
  const headers = headerLengthBytes + (protocol === 51 ? authenticationHeaderBytes : 0);
  return {
    source,
    destination,
    hopLimit: timeToLive,
    claimedPayloadBytes: totalLengthBytes - headers,
    payload: bytes.subarray(headers),
    ...(protocol === 51 && { authenticationHeader: bytes.subarray(0, headers) }),
  };
}

/** The peer of `config`, which says one advertisement after the other. */
export class Sender {
  readonly #config: WireConfig;
  readonly #source: IpAddress;
  readonly #writer = new AdvertisementWriter();

  constructor(config: WireConfig, source = sourceOf(config)) {
    this.#config = peerOf(config);
    this.#source = source;
  }

  says(priority: number, unixTimeMs: number, memory: ReceptionMemory = initialReceptionMemory): Datagram {
    const [sent] = this.#writer.write({
      config: this.#config,
      priority,
      source: this.#source,
      unixTimeMs,
      memory,
    });
    if (sent === undefined) throw new Error('nothing was sent');
    return arrived(sent, this.#source);
  }
}

/** What a router of `config` hears; remembers from one packet to the next. */
export class Receiver {
  memory = initialReceptionMemory;
  readonly #config: ReceptionConfig;

  constructor(config: ReceptionConfig) {
    this.#config = config;
  }

  /** 'accepted', or the counter of the drop. */
  hears(datagram: Datagram, unixTimeMs?: number): string {
    const { result } = this.receives(datagram, unixTimeMs);
    return result.ok ? 'accepted' : result.error.reason;
  }

  receives(datagram: Datagram, unixTimeMs?: number): Reception {
    const clock = unixTimeMs === undefined ? {} : { unixTimeMs };
    const reception = receiveAdvertisement(this.#config, this.memory, datagram, clock);
    this.memory = reception.memory;
    return reception;
  }
}

export interface DatagramChanges {
  readonly source?: IpAddress;
  readonly advertisement?: Partial<Advertisement>;
  readonly datagram?: Partial<Datagram>;
}

/** A good advertisement without signature for `config`, except for what is changed. */
export function wireDatagram(config: WireConfig, priority: number, changes: DatagramChanges = {}): Datagram {
  const source = changes.source ?? sourceOf(config);
  const ours = config.family === 6 ? us6 : us;
  const destination = config.transport.kind === 'multicast' ? config.transport.group : ours;
  const advertisement = { ...advertisementOf(config, priority), ...changes.advertisement };
  const bytes = encodeAdvertisement(advertisement, { source, destination });
  return { ...arrived({ destination, bytes, hasIpHeader: false }, source), ...changes.datagram };
}
