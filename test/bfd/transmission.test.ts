import { describe, expect, it } from 'vitest';
import { transmitIntervalMs } from '../../src/bfd/index.ts';
import { nextJitter } from '../../src/bfd/jitter.ts';
import { Driver, sent } from './sessions.ts';

/** The distances of periodic packets, while the neighbour goes on talking. */
function distances(driver: Driver, count: number): readonly number[] {
  const times: number[] = [];
  while (times.length <= count) {
    expect(sent(driver.sendNext())).toHaveLength(1);
    times.push(driver.nowMs);
  }
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

describe('RFC 5880 section 6.8.7: jitter', () => {
  it('takes 0 to 25 % off the interval, anew for each packet', () => {
    const found = distances(new Driver({ minTxMs: 100 }).settled(), 500);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(75 - 1e-6);
    expect(Math.min(...found)).toBeLessThan(77);
    expect(Math.max(...found)).toBeLessThanOrEqual(100 + 1e-6);
    expect(Math.max(...found)).toBeGreaterThan(98);
    expect(new Set(found).size).toBeGreaterThan(490);
  });

  it('leaves no more than 90 % with a multiplier of 1', () => {
    const found = distances(new Driver({ minTxMs: 100, multiplier: 1 }).settled(), 500);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(75 - 1e-6);
    expect(Math.max(...found)).toBeLessThanOrEqual(90 + 1e-6);
    expect(Math.max(...found)).toBeGreaterThan(89);
  });

  it('is the same for the same seed and different for another', () => {
    expect(nextJitter(1, 5)).toEqual(nextJitter(1, 5));
    expect(nextJitter(1, 5).factor).not.toBe(nextJitter(2, 5).factor);
  });
});

describe('RFC 5880 section 6.8.7: the transmit interval', () => {
  it('is the longer of our Desired Min TX and the neighbour’s Required Min RX', () => {
    expect(transmitIntervalMs(new Driver({ minTxMs: 10 }).settled({ requiredMinRxMs: 30 }).state)).toBe(30);
    expect(transmitIntervalMs(new Driver({ minTxMs: 40 }).settled({ requiredMinRxMs: 30 }).state)).toBe(40);
  });

  it.each([
    [1000, 1000],
    [5000, 5000],
    // The parser refuses less than a second; the protocol does too.
    [10, 1000],
  ])('section 6.8.3: is at least a second while not Up, with idle_tx %i: %i ms', (idleTxMs, expected) => {
    const driver = new Driver({ idleTxMs });
    expect(transmitIntervalMs(driver.state)).toBe(expected);
    driver.hear({ state: 'Down', yourDiscriminator: 0 });
    expect(driver.state.name).toBe('Init');
    expect(transmitIntervalMs(driver.state)).toBe(expected);
  });

  it('section 6.8.3: shorter by the neighbour’s wish, counts at once, also for the packet that is next', () => {
    const driver = new Driver({ minTxMs: 10 }).settled({ requiredMinRxMs: 4000 });
    driver.wait(30);
    expect(driver.state.sendAtMs).toBeGreaterThan(driver.nowMs + 2500);
    driver.hear({ requiredMinRxMs: 10 });
    expect(driver.state.sendAtMs).toBeLessThanOrEqual(driver.nowMs);
  });

  it('is endless while the neighbour’s Required Min RX is zero, save for answers to its polls', () => {
    const driver = new Driver().settled({ requiredMinRxMs: 0 });
    expect(driver.state.sendAtMs).toBeUndefined();
    expect(sent(driver.hear({ requiredMinRxMs: 0, isPoll: true }))).toMatchObject([{ isFinal: true }]);
    driver.hear({ requiredMinRxMs: 10 });
    expect(driver.state.sendAtMs).toBeDefined();
  });

  it('section 6.6: is endless while the neighbour is in Demand mode and both are Up', () => {
    const driver = new Driver().settled({ isDemand: true });
    expect(driver.state.sendAtMs).toBeUndefined();
    driver.hear({ isDemand: false });
    expect(driver.state.sendAtMs).toBeDefined();
  });
});

describe('RFC 5880 section 6.8.7: a packet between two periodic ones', () => {
  it('answers a Poll at once with the Final bit and without the Poll bit, although our own poll is under way', () => {
    const driver = new Driver().bringUp();
    expect(driver.state.poll).toBeDefined();
    expect(sent(driver.hear({ isPoll: true }))).toMatchObject([{ isFinal: true, isPoll: false }]);
    expect(driver.state.poll).toBeDefined();
  });

  it('answers a Poll also while the session is Down, and says the new state in the same packet', () => {
    const driver = new Driver();
    const answer = sent(driver.hear({ state: 'Down', yourDiscriminator: 0, isPoll: true }));
    expect(answer).toMatchObject([{ isFinal: true, state: 'Init' }]);
  });

  it('tells a change of state without waiting for the interval', () => {
    const driver = new Driver();
    expect(sent(driver.hear({ state: 'Down', yourDiscriminator: 0 }))).toMatchObject([{ state: 'Init' }]);
    expect(sent(driver.hear({ state: 'Init' }))).toMatchObject([{ state: 'Up' }]);
    expect(sent(driver.hear({ state: 'Up' }))).toEqual([]);
  });

  it('leaves a whole interval until the next', () => {
    const driver = new Driver({ minTxMs: 100 }).settled();
    driver.nowMs += 50;
    driver.hear({ isPoll: true });
    expect(driver.state.sendAtMs).toBeGreaterThanOrEqual(driver.nowMs + 75);
  });
});
