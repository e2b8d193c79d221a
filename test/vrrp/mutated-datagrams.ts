/**
 * Packets from somebody who means harm, or from a broken switch: genuine ones for every kind of configuration, with bytes
 * changed, cut, lengthened, replayed, or moved to other surroundings. From a seed, so that what one of them does can be looked at.
 */
import { address } from '../../src/net/address.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { writeChecksum } from '../../src/vrrp/packet.ts';
import { Random } from '../simulation/random.ts';
import {
  authenticated,
  authHmac,
  newYearMs,
  noAuthentication,
  overIpv6,
  Sender,
  them,
  them6,
  unicastTo,
  us,
  version3,
  type WireConfig,
  wireConfig,
} from './reception-fixtures.ts';

export interface MutatedDatagram {
  /** The same object for all of one kind. */
  readonly config: WireConfig;
  readonly kind: string;
  readonly datagram: Datagram;
  /** When it arrives. */
  readonly unixTimeMs: number;
  /** What it was made from. */
  readonly genuine: Datagram;
}

/** The kinds of configuration, by name. */
export const wireConfigs: Readonly<Record<string, WireConfig>> = {
  'v2 PASS': wireConfig(),
  'v2 none': wireConfig(noAuthentication),
  'v2 AH': wireConfig(authenticated),
  'v2 AH unicast': wireConfig({ ...authenticated, transport: unicastTo(them) }),
  'v2 HMAC': wireConfig({ ...noAuthentication, authHmac: authHmac() }),
  v3: wireConfig(version3),
  'v3 as v2': wireConfig({ ...version3, v3ChecksumAsV2: true }),
  'v3 unicast': wireConfig({ ...version3, transport: unicastTo(them, { minTtl: 254, checkSource: true }) }),
  'v3 HMAC': wireConfig({ ...version3, authHmac: authHmac() }),
  'v3 HMAC monotonic unicast': wireConfig({
    ...version3,
    authHmac: authHmac({ antiReplay: 'monotonic' }),
    transport: unicastTo(them),
  }),
  IPv6: wireConfig(overIpv6),
  'IPv6 unicast': wireConfig({ ...overIpv6, transport: unicastTo(them6) }),
  'IPv6 HMAC': wireConfig({ ...overIpv6, authHmac: authHmac() }),
};

const genuinePerConfig = 64;

/** `count` of them, of all kinds in turn. */
export function* mutatedDatagrams(seed: number, count: number): Generator<MutatedDatagram> {
  const random = new Random(seed);
  const kinds = Object.entries(wireConfigs).map(([kind, config]) => ({
    kind,
    config,
    genuine: genuineFor(config),
  }));
  for (let index = 0; index < count; index += 1) {
    const { kind, config, genuine } = kinds[index % kinds.length] ?? random.pick(kinds);
    const original = random.pick(genuine);
    yield {
      config,
      kind,
      datagram: mutated(random, original),
      unixTimeMs: newYearMs + random.integer(-1000, 7000),
      genuine: original,
    };
  }
}

function genuineFor(config: WireConfig): readonly Datagram[] {
  const sender = new Sender(config);
  return Array.from({ length: genuinePerConfig }, (_, index) =>
    sender.says(index % 8 === 7 ? 0 : 150, newYearMs + index * 10),
  );
}

function mutated(random: Random, genuine: Datagram): Datagram {
  if (random.chance(2)) return genuine;
  if (random.chance(3)) return { ...genuine, payload: randomBytes(random, random.integer(0, 80)) };
  const payload = changedLength(random, genuine.payload);
  changeBytes(random, payload);
  const surroundings = changedSurroundings(random, genuine, payload.length);
  const { source, destination } = surroundings;
  // Somebody who knows how: only with the sum put right do the later checks see the packet.
  if (random.chance(40) && payload.length >= 8) writeChecksum(payload, { source, destination }, 'standard');
  return { ...surroundings, payload };
}

function changedLength(random: Random, payload: Uint8Array): Uint8Array {
  if (random.chance(10)) return payload.slice(0, random.integer(0, payload.length));
  if (!random.chance(10)) return payload.slice();
  return Uint8Array.from([...payload, ...randomBytes(random, random.integer(1, 30))]);
}

function changeBytes(random: Random, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  for (let count = random.integer(0, 3); count > 0; count -= 1) {
    const index = random.integer(0, bytes.length - 1);
    bytes[index] = random.chance(50)
      ? random.integer(0, 255)
      : (bytes[index] ?? 0) ^ (1 << random.integer(0, 7));
  }
}

function changedSurroundings(random: Random, genuine: Datagram, payloadBytes: number): Datagram {
  const { authenticationHeader, claimedPayloadBytes, ...rest } = genuine;
  const isIpv6 = genuine.source.includes(':');
  const headers = changedHeaders(random, authenticationHeader);
  const claimed = random.chance(4) ? random.integer(0, 65_535) : payloadBytes;
  return {
    ...rest,
    source: random.chance(4) ? (isIpv6 ? address('fe80::bad') : address('10.0.0.66')) : genuine.source,
    destination: random.chance(4)
      ? isIpv6
        ? address('fe80::10')
        : random.pick([us, address('224.0.0.18')])
      : genuine.destination,
    hopLimit: random.chance(4) ? random.integer(0, 254) : 255,
    ...(claimedPayloadBytes !== undefined && !random.chance(4) && { claimedPayloadBytes: claimed }),
    ...(headers && { authenticationHeader: headers }),
  };
}

function changedHeaders(random: Random, headers: Uint8Array | undefined): Uint8Array | undefined {
  if (headers === undefined) return random.chance(1) ? randomBytes(random, random.integer(0, 60)) : undefined;
  if (random.chance(2)) return undefined;
  const changed = random.chance(5) ? changedLength(random, headers) : headers.slice();
  if (random.chance(50)) changeBytes(random, changed);
  return changed;
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}
