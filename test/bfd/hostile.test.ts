/** Packets that nobody should send: whatever comes, nothing is thrown and nothing counts that is not a valid packet. */
import { describe, expect, it } from 'vitest';
import {
  type BfdPacket,
  decodePacket,
  encodePacket,
  nextTimeout,
  type SessionStateName,
  step,
} from '../../src/bfd/index.ts';
import { Random } from '../simulation/random.ts';
import { Driver, packetFrom } from './sessions.ts';

const packets = 100_000;
const states: readonly SessionStateName[] = ['AdminDown', 'Down', 'Init', 'Up'];

function mutated(random: Random): Uint8Array {
  const flags: Partial<BfdPacket> = {
    isPoll: random.chance(20),
    isFinal: random.chance(20),
    isDemand: random.chance(5),
    hasAuthentication: random.chance(5),
  };
  const base = encodePacket(packetFrom({ state: random.pick(states), ...flags }));
  const bytes = Uint8Array.from([...base, 0, 0, 0, 0]).subarray(
    0,
    random.chance(80) ? 24 : random.integer(0, 28),
  );
  for (let changes = random.integer(0, 3); changes > 0 && bytes.length > 0; changes -= 1) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return bytes;
}

describe('100,000 mutated packets', () => {
  it('throw nothing, leave deadlines that are times, and move the state only when they are valid', {
    timeout: 60_000,
  }, () => {
    const random = new Random(20_241);
    const driver = new Driver().settled();
    const counts = { accepted: 0, refused: 0, changes: 0, wrong: 0 };
    for (let index = 0; index < packets; index += 1) {
      driver.nowMs += random.next() * 5;
      const packet = decodePacket(mutated(random));
      const before = driver.state;
      if (!packet.ok) {
        counts.refused += 1;
        continue;
      }
      const hopLimit = random.chance(90) ? 255 : random.integer(0, 255);
      const { next } = step(
        driver.config,
        before,
        { kind: 'packet', packet: packet.value, hopLimit },
        driver.nowMs,
      );
      const isTaken = next.statistics.packetsReceived === before.statistics.packetsReceived + 1;
      const { hasAuthentication, isPoll, isFinal } = packet.value;
      if (isTaken !== (hopLimit === 255 && !hasAuthentication && !(isPoll && isFinal))) counts.wrong += 1;
      if (isTaken) counts.accepted += 1;
      else if (JSON.stringify({ ...next, statistics: before.statistics }) !== JSON.stringify(before))
        counts.wrong += 1;
      if (next.name !== before.name) counts.changes += 1;
      const due = nextTimeout(next);
      if (due !== undefined && !(Number.isFinite(due) && due >= 0)) counts.wrong += 1;
      driver.state = next;
      if (due !== undefined && due <= driver.nowMs) driver.do({ kind: 'timeout' });
    }
    expect(counts.wrong).toBe(0);
    expect(counts.refused).toBeGreaterThan(10_000);
    expect(counts.accepted).toBeGreaterThan(10_000);
    expect(counts.changes).toBeGreaterThan(1000);
  });
});

describe('a neighbour that polls without end', () => {
  it('gets one packet for each of its packets, and no more', () => {
    const driver = new Driver().settled();
    const before = driver.state.statistics.packetsSent;
    for (let index = 0; index < 1000; index += 1) driver.hear({ isPoll: true });
    expect(driver.state.statistics.packetsSent).toBe(before + 1000);
  });
});
