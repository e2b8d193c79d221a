import { describe, expect, it } from 'vitest';
import { detectionTimeMs, transmitIntervalMs } from '../../src/bfd/index.ts';
import { Driver, reportKinds, sent } from './sessions.ts';

describe('RFC 5880 section 6.8.3: a Poll Sequence begins', () => {
  it('when the session comes up and asks for shorter intervals than before', () => {
    const driver = new Driver();
    driver.hear({ state: 'Down', yourDiscriminator: 0 });
    const effects = driver.hear({ state: 'Up' });
    expect(reportKinds(effects)).toContain('pollStarted');
    expect(sent(effects)).toMatchObject([{ isPoll: true, desiredMinTxMs: 10 }]);
  });

  it('not when the session comes up with the interval it had', () => {
    const driver = new Driver({ minTxMs: 1000, idleTxMs: 1000 }).bringUp();
    expect(driver.state.name).toBe('Up');
    expect(driver.state.poll).toBeUndefined();
  });

  it('when the session goes down', () => {
    const driver = new Driver().settled();
    expect(sent(driver.hear({ state: 'Down' }))).toMatchObject([{ isPoll: true, desiredMinTxMs: 1000 }]);
  });

  it('section 6.5: and every packet polls until the answer comes, and no further one', () => {
    const driver = new Driver().bringUp();
    const polls = sent(driver.wait(40).map(({ effect }) => effect));
    expect(polls.length).toBeGreaterThan(2);
    expect(polls.every(({ isPoll }) => isPoll)).toBe(true);
    driver.hear({ isFinal: true });
    const after = sent(driver.wait(40).map(({ effect }) => effect));
    expect(after.length).toBeGreaterThan(2);
    expect(after.some(({ isPoll }) => isPoll)).toBe(false);
  });

  it('and adds no packet of its own to the periodic ones', () => {
    const driver = new Driver().settled();
    driver.nowMs += 1;
    expect(sent(driver.reconfigure({ minTxMs: 20 }))).toEqual([]);
  });

  it('and is not ended by a Final bit that came before its first packet', () => {
    const driver = new Driver().settled();
    driver.reconfigure({ minTxMs: 20 });
    driver.hear({ isFinal: true });
    expect(driver.state.poll).toBeDefined();
  });
});

describe('RFC 5880 section 6.8.3: after a reload, while Up', () => {
  it('a longer Desired Min TX is said at once and counts when the poll is answered', () => {
    const driver = new Driver().settled();
    driver.reconfigure({ minTxMs: 200 });
    expect(transmitIntervalMs(driver.state)).toBe(10);
    driver.pollAndAnswer();
    expect(driver.state.advertised.minTxMs).toBe(200);
    expect(transmitIntervalMs(driver.state)).toBe(200);
  });

  it('a shorter Desired Min TX counts at once', () => {
    const driver = new Driver({ minTxMs: 200 }).settled();
    driver.reconfigure({ minTxMs: 20 });
    expect(transmitIntervalMs(driver.state)).toBe(20);
    expect(driver.state.poll).toBeDefined();
  });

  it('a shorter Required Min RX counts for the Detection Time when the poll is answered', () => {
    const driver = new Driver({ minRxMs: 100 }).settled();
    driver.reconfigure({ minRxMs: 20 });
    expect(driver.state.advertised.minRxMs).toBe(20);
    expect(detectionTimeMs(driver.state)).toBe(500);
    driver.pollAndAnswer();
    expect(detectionTimeMs(driver.state)).toBe(100);
  });

  it('a longer Required Min RX counts at once', () => {
    const driver = new Driver({ minRxMs: 20 }).settled();
    expect(driver.reconfigure({ minRxMs: 100 })).toContainEqual({
      kind: 'report',
      report: { kind: 'detectionTimeChanged', detectionTimeMs: 500, wasMs: 100 },
    });
    expect(detectionTimeMs(driver.state)).toBe(500);
  });

  it('a second change during a poll gets a sequence of its own, after the first', () => {
    const driver = new Driver().settled();
    driver.reconfigure({ minTxMs: 100 });
    driver.sendNext();
    driver.reconfigure({ minTxMs: 300 });
    driver.hear({ isFinal: true });
    expect(driver.state.poll).toMatchObject({ isSent: false });
    expect(transmitIntervalMs(driver.state)).toBe(10);
    driver.pollAndAnswer();
    expect(driver.state.poll).toBeUndefined();
    expect(transmitIntervalMs(driver.state)).toBe(300);
  });

  it('a second change that makes packets come sooner is polled for too', () => {
    const driver = new Driver({ minTxMs: 100 }).settled();
    driver.reconfigure({ minTxMs: 50 });
    driver.sendNext();
    driver.reconfigure({ minTxMs: 20 });
    driver.hear({ isFinal: true });
    expect(driver.state.poll).toBeDefined();
  });

  it('another multiplier is told at once, without a poll', () => {
    const driver = new Driver().settled();
    expect(sent(driver.reconfigure({ multiplier: 9 }))).toMatchObject([
      { detectMultiplier: 9, isPoll: false },
    ]);
  });

  it('the state stays Up and the discriminator the same', () => {
    const driver = new Driver().settled();
    const { localDiscriminator } = driver.state;
    driver.reconfigure({ minTxMs: 70, minRxMs: 70, multiplier: 2, maxHops: 3 });
    expect(driver.state).toMatchObject({ name: 'Up', localDiscriminator });
  });

  it('nothing changes where nothing is different', () => {
    const driver = new Driver().settled();
    const before = driver.state;
    expect(driver.reconfigure({})).toEqual([]);
    expect(driver.state).toEqual(before);
  });
});

describe('RFC 5880 section 6.8.3: after a reload, while Down', () => {
  it('other intervals count at once', () => {
    const driver = new Driver();
    driver.reconfigure({ idleTxMs: 4000, minRxMs: 30 });
    expect(transmitIntervalMs(driver.state)).toBe(4000);
    expect(driver.state.advertised).toEqual({ minTxMs: 4000, minRxMs: 30 });
  });
});
