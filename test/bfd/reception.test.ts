import { describe, expect, it } from 'vitest';
import { isBetweenEnds } from '../../src/bfd/index.ts';
import { address } from '../../src/net/address.ts';
import { bfdConfig, Driver, reportKinds, sent } from './sessions.ts';

describe('RFC 5880 section 6.8.6: a packet without Your Discriminator', () => {
  const path = { source: address('192.0.2.2'), destination: address('192.0.2.1'), port: 3784 };

  it('belongs to the session between its two addresses', () => {
    expect(isBetweenEnds(bfdConfig(), path)).toBe(true);
    expect(isBetweenEnds(bfdConfig(), { ...path, source: address('192.0.2.3') })).toBe(false);
    expect(isBetweenEnds(bfdConfig(), { ...path, destination: address('192.0.2.9') })).toBe(false);
  });

  it('may go to any address of ours where no source is configured', () => {
    const { sourceAddress: _, ...config } = bfdConfig();
    expect(isBetweenEnds(config, { ...path, destination: address('192.0.2.9') })).toBe(true);
  });

  it('RFC 5883 section 5: comes to port 4784 for a multihop session and to 3784 for others', () => {
    const multihop = bfdConfig({ isMultihop: true });
    expect(isBetweenEnds(multihop, path)).toBe(false);
    expect(isBetweenEnds(multihop, { ...path, port: 4784 })).toBe(true);
    expect(isBetweenEnds(bfdConfig(), { ...path, port: 4784 })).toBe(false);
  });
});

describe('RFC 5881 section 5: the TTL of a packet', () => {
  it.each([
    { sends: 255, maxHops: 0, arrives: 255, taken: true },
    { sends: 255, maxHops: 0, arrives: 254, taken: false },
    { sends: 255, maxHops: 2, arrives: 253, taken: true },
    { sends: 255, maxHops: 2, arrives: 252, taken: false },
    { sends: 255, maxHops: -1, arrives: 1, taken: true },
    // As keepalived, whose hop limit over IPv6 is 64 unless configured otherwise.
    { sends: 64, maxHops: 0, arrives: 64, taken: true },
    { sends: 64, maxHops: 0, arrives: 63, taken: false },
  ])('of $arrives is taken where $sends is sent and $maxHops hops are allowed: $taken', (row) => {
    const driver = new Driver({ hopLimit: row.sends, maxHops: row.maxHops });
    driver.hear({ state: 'Down', yourDiscriminator: 0 }, row.arrives);
    expect(driver.state.name).toBe(row.taken ? 'Init' : 'Down');
    expect(driver.state.statistics.hopLimitErr).toBe(row.taken ? 0 : 1);
  });
});

describe('RFC 5880 section 6.8.6: a packet that its session discards', () => {
  it('is one with the A bit, since no authentication is in use; the operator is told once', () => {
    const driver = new Driver().settled();
    const before = driver.state;
    expect(reportKinds(driver.hear({ hasAuthentication: true, state: 'Down' }))).toEqual([
      'authenticatedPacket',
    ]);
    expect(reportKinds(driver.hear({ hasAuthentication: true, state: 'Down' }))).toEqual([]);
    expect(driver.state).toEqual({ ...before, statistics: { ...before.statistics, authErr: 2 } });
  });

  it('section 6.5: is one with both the Poll and the Final bit', () => {
    const driver = new Driver().settled();
    expect(sent(driver.hear({ isPoll: true, isFinal: true }))).toEqual([]);
    expect(driver.state.statistics.pollFinalErr).toBe(1);
  });

  it('is every packet while the session is AdminDown', () => {
    const driver = new Driver().settled();
    driver.do({ kind: 'shutdown' });
    expect(driver.hear({ state: 'Down', isPoll: true })).toEqual([]);
    expect(driver.state).toMatchObject({ name: 'AdminDown', statistics: { adminDown: 1 } });
  });

  it('does not put off the end of the Detection Time', () => {
    const driver = new Driver().settled();
    const { detectAtMs } = driver.state;
    driver.nowMs += 20;
    driver.hear({ hasAuthentication: true });
    driver.hear({}, 254);
    expect(driver.state.detectAtMs).toBe(detectAtMs);
    driver.hear();
    expect(driver.state.detectAtMs).toBe(driver.nowMs + 50);
  });
});
