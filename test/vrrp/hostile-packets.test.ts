/**
 * Mutated packets through the decoder and every check: none throws, and what is accepted is either what was sent or says nothing
 * that its sender could not have said. HOLDFAST_FUZZ_RUNS sets how many; SEED replays.
 */
import { describe, expect, test } from 'vitest';
import { parseIpv4Header } from '../../src/net/ipv4.ts';
import type { Datagram } from '../../src/vrrp/messages.ts';
import { initialReceptionMemory, receiveAdvertisement } from '../../src/vrrp/reception.ts';
import { zeroStatistics } from '../../src/vrrp/statistics.ts';
import { Random } from '../simulation/random.ts';
import { type MutatedDatagram, mutatedDatagrams, wireConfigs } from './mutated-datagrams.ts';
import type { WireConfig } from './reception-fixtures.ts';

const seed = Number(process.env['SEED'] ?? 20_260);
const runs = Number(process.env['HOLDFAST_FUZZ_RUNS'] ?? 1_000_000);

/** Written again, so that a mistake of the decoder is not a mistake of the judge too. Adds byte by byte. */
function onesComplementSum(parts: readonly (readonly number[] | Uint8Array)[]): number {
  let sum = 0;
  for (const part of parts)
    for (let index = 0; index < part.length; index += 1)
      sum += (part[index] ?? 0) * (index % 2 === 0 ? 256 : 1);
  return sum % 0xffff;
}

function octets(text: string): readonly number[] {
  if (!text.includes(':')) return text.split('.').map(Number);
  const [head = '', tail = ''] = text.split('::');
  const groups = (half: string): number[] =>
    half === '' ? [] : half.split(':').map((part) => Number.parseInt(part, 16));
  const left = groups(head);
  const right = groups(tail);
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right].flatMap((part) => [
    part >> 8,
    part & 255,
  ]);
}

/** What is wrong with accepting an unsigned packet that differs from what was sent; undefined: nothing. */
function objection(
  config: WireConfig,
  { payload, source, destination, hopLimit }: Datagram,
): string | undefined {
  const [first, vrid, , count = 0, third, fourth = 0] = payload;
  const size = config.family === 4 ? 4 : 16;
  const messageBytes = 8 + count * size + (config.version === 2 ? 8 : 0);
  if (first !== config.version * 16 + 1 || vrid !== config.vrid) return 'version, type or VRID';
  if (payload.length < messageBytes) return 'length';
  if (config.transport.kind === 'multicast' && hopLimit !== 255) return 'TTL';
  if ((config.transport.kind === 'multicast') !== /^(224\.|ff0)/.test(destination)) return 'destination';
  if (
    config.transport.kind === 'unicast' &&
    config.transport.checkSource &&
    config.transport.peers[0]?.address !== source
  )
    return 'source';
  if (config.version === 2 && fourth * 1000 !== config.advertisementIntervalMs) return 'interval';
  if (config.version === 2 && third !== (config.authentication.type === 'PASS' ? 1 : 0))
    return 'authentication type';
  const message = payload.subarray(0, messageBytes);
  if (
    config.authentication.type === 'PASS' &&
    new TextDecoder().decode(message.subarray(-8)) !== '1111\0\0\0\0'
  )
    return 'password';
  const isPlain = config.version === 2 || config.v3ChecksumAsV2;
  const pseudo = isPlain
    ? []
    : [octets(source), octets(destination), [0, 112], [messageBytes >> 8, messageBytes & 255]];
  const oldPseudo = [octets(source), [224, 0, 0, 18], [0, 112], [messageBytes >> 8, messageBytes & 255]];
  const isRight = onesComplementSum([message, ...pseudo]) === 0;
  const isOld =
    config.transport.kind === 'unicast' &&
    config.family === 4 &&
    onesComplementSum([message, ...oldPseudo]) === 0;
  return isRight || isOld ? undefined : 'checksum';
}

const isSigned = (config: WireConfig): boolean =>
  config.authHmac !== undefined || config.authentication.type === 'AH';

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Signed: not one bit may differ, save in the IP header what routers change. */
function signedObjection({ datagram, genuine, config }: MutatedDatagram): string | undefined {
  if (datagram.source !== genuine.source && config.authHmac !== undefined) return 'source';
  if (!areEqual(datagram.payload, genuine.payload)) return 'payload';
  const headers = datagram.authenticationHeader?.slice() ?? new Uint8Array(0);
  for (const index of [1, 6, 7, 10, 11, ...(config.transport.kind === 'unicast' ? [8] : [])]) {
    if (headers.length > 0) headers[index] = genuine.authenticationHeader?.[index] ?? 0;
  }
  return areEqual(headers, genuine.authenticationHeader ?? new Uint8Array(0)) ? undefined : 'headers';
}

describe(`seed ${seed}`, () => {
  test(`${runs} mutated packets for every kind of configuration`, { timeout: 300_000 }, () => {
    const memories = new Map(Object.values(wireConfigs).map((config) => [config, initialReceptionMemory]));
    const counts: Record<string, number> = {};
    const accepted: Record<string, number> = {};
    const wrong: string[] = [];
    const heardSequences = new Set<string>();
    let index = 0;
    for (const mutation of mutatedDatagrams(seed, runs)) {
      const { config, kind, datagram, unixTimeMs, genuine } = mutation;
      index += 1;
      const memory = memories.get(config) ?? initialReceptionMemory;
      const reception = receiveAdvertisement(config, memory, datagram, { unixTimeMs });
      if (!reception.result.ok) {
        const { reason } = reception.result.error;
        counts[reason] = (counts[reason] ?? 0) + 1;
        if (reception.memory !== memory) wrong.push(`${index} ${kind}: a dropped packet is remembered`);
        continue;
      }
      accepted[kind] = (accepted[kind] ?? 0) + 1;
      const fault = isSigned(config) ? signedObjection(mutation) : objection(config, datagram);
      if (fault !== undefined) wrong.push(`${index} ${kind}: ${fault}`);
      const said = `${kind} ${datagram.source} ${genuine.payload.subarray(-24)} ${genuine.authenticationHeader ?? ''}`;
      if (isSigned(config) && heardSequences.has(said)) wrong.push(`${index} ${kind}: heard twice`);
      if (isSigned(config)) heardSequences.add(said);
      // A signed packet is accepted once: forget, now and then, so that there is something left to accept.
      const forgets = index % 97 === 0;
      if (forgets)
        for (const key of heardSequences) if (key.startsWith(`${kind} `)) heardSequences.delete(key);
      memories.set(config, forgets ? initialReceptionMemory : reception.memory);
    }
    expect(wrong.slice(0, 10)).toEqual([]);
    expect(Object.keys(accepted).sort()).toEqual(Object.keys(wireConfigs).sort());
    const counters = [
      'packetLenErr',
      'vridErr',
      'ipTtlErr',
      'versionErr',
      'invalidAuthtype',
      'authtypeMismatch',
      'authFailure',
      'authExtMissing',
      'authExtMalformed',
      'authExtUnknownKey',
      'authExtInvalidHmac',
      'authExtStale',
      'authExtReplay',
      'advertIntervalErr',
      'invalidTypeRcvd',
      'checksumErr',
      'addrListErr',
      'unicastSourceErr',
    ];
    if (runs >= 100_000) expect(Object.keys(counts).sort()).toEqual([...counters].sort());
    for (const counter of Object.keys(counts)) expect(Object.keys(zeroStatistics)).toContain(counter);
  });

  test('noise as an IPv4 packet is refused or read, and never throws', () => {
    const random = new Random(seed);
    const outcomes = { read: 0, refused: 0 };
    for (let count = 0; count < 10_000; count += 1) {
      const bytes = Uint8Array.from({ length: random.integer(0, 60) }, () => random.integer(0, 255));
      if (random.chance(50) && bytes.length > 0) bytes[0] = 0x45;
      outcomes[parseIpv4Header(bytes).ok ? 'read' : 'refused'] += 1;
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(1000);
  });
});
