/** 100,000 random and mutated packets: none throws, each bad one is counted once, none moves the state. */
import { describe, expect, test } from 'vitest';
import { address } from '../../src/net/address.ts';
import { parseIpv4Header } from '../../src/net/ipv4.ts';
import {
  type Counter,
  type Datagram,
  type InstanceState,
  receiveAdvertisement,
  step,
} from '../../src/vrrp/index.ts';
import { Random } from '../simulation/random.ts';
import { backup, datagram, type Instance, lowerAddress, master } from './instances.ts';

const seed = Number(process.env['SEED'] ?? 20_260);
const packetsPerCase = 25_000;

const drops: readonly Counter[] = [
  'packetLenErr',
  'vridErr',
  'ipTtlErr',
  'versionErr',
  'invalidAuthtype',
  'authtypeMismatch',
  'authFailure',
  'advertIntervalErr',
  'invalidTypeRcvd',
  'checksumErr',
  'addrListErr',
];

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

/** A good packet with up to four bytes changed, cut or lengthened, or with its surroundings changed; or plain noise. */
function hostile(random: Random, good: Datagram): Datagram {
  if (random.chance(20)) return { ...good, payload: randomBytes(random, random.integer(0, 80)) };
  const payload = random.chance(20)
    ? Uint8Array.from([...good.payload, ...randomBytes(random, random.integer(1, 30))])
    : good.payload.slice(0, random.chance(20) ? random.integer(0, good.payload.length) : undefined);
  for (let count = random.integer(0, 4); count > 0; count -= 1) {
    if (payload.length > 0) payload[random.integer(0, payload.length - 1)] = random.integer(0, 255);
  }
  return {
    ...good,
    payload,
    hopLimit: random.chance(5) ? random.integer(0, 254) : 255,
    claimedPayloadBytes: random.chance(5) ? random.integer(0, 65_535) : payload.length,
    destination: random.chance(5) ? address('10.0.0.10') : good.destination,
  };
}

function sumOf(state: InstanceState, counters: readonly Counter[]): number {
  return counters.reduce((sum, counter) => sum + state.statistics[counter], 0);
}

function withoutCounts(state: InstanceState): object {
  const { statistics: _, reported: _also, ...rest } = state;
  return rest;
}

const v3 = { version: 3, authentication: { type: 'none' } } as const;
/** What to throw at, and the counters that cannot happen there: version 3 has no authentication and sums the destination. */
const cases: readonly (readonly [string, () => Instance, readonly Counter[]])[] = [
  ['a Backup of version 2', () => backup(), []],
  ['a Master of version 2', () => master(), []],
  [
    'a Backup of version 3',
    () => backup(v3),
    ['invalidAuthtype', 'authtypeMismatch', 'authFailure', 'addrListErr'],
  ],
  ['a Master without authentication', () => master({ authentication: { type: 'none' } }), ['authFailure']],
];

describe(`seed ${seed}`, () => {
  test.each(cases)(`${packetsPerCase} packets at %s`, (_what, create, impossible) => {
    const random = new Random(seed);
    const instance = create();
    const { config } = instance;
    let { state } = instance;
    const good = datagram(config, 150, { source: lowerAddress });
    let accepted = 0;
    for (let count = 0; count < packetsPerCase; count += 1) {
      const packet = hostile(random, good);
      const verdict = receiveAdvertisement(config, packet);
      const { next } = step(config, state, { kind: 'packet', datagram: packet }, 10_000 + count);
      if (verdict.ok) {
        // What differs from a good packet only in padding or ignored bytes is good: heard, and undone for the next round.
        accepted += 1;
        expect(next.statistics.advertRcvd).toBe(state.statistics.advertRcvd + 1);
        continue;
      }
      const { reason } = verdict.error;
      expect(withoutCounts(next)).toEqual(withoutCounts(state));
      expect(sumOf(next, drops)).toBe(sumOf(state, drops) + 1);
      expect(next.statistics[reason]).toBe(state.statistics[reason] + 1);
      expect(next.statistics.advertRcvd).toBe(state.statistics.advertRcvd);
      state = next;
    }
    expect(sumOf(state, drops) + accepted).toBe(packetsPerCase);
    expect(accepted).toBeGreaterThan(0);
    expect(drops.filter((counter) => state.statistics[counter] === 0)).toEqual(impossible);
  });

  test('noise as an IPv4 packet is refused or read, and never throws', () => {
    const random = new Random(seed);
    const outcomes = { read: 0, refused: 0 };
    for (let count = 0; count < 10_000; count += 1) {
      const bytes = randomBytes(random, random.integer(0, 60));
      if (random.chance(50) && bytes.length > 0) bytes[0] = 0x45;
      outcomes[parseIpv4Header(bytes).ok ? 'read' : 'refused'] += 1;
    }
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(1000);
  });
});
