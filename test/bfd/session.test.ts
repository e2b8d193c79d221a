import { describe, expect, it } from 'vitest';
import { nextTimeout, type SessionStateName } from '../../src/bfd/index.ts';
import {
  changesOf,
  Driver,
  ownDiscriminator,
  packetFrom,
  remoteDiscriminator,
  reportKinds,
  sent,
} from './sessions.ts';

function inState(name: SessionStateName): Driver {
  const driver = new Driver();
  if (name === 'AdminDown') driver.do({ kind: 'shutdown' });
  if (name === 'Init') driver.hear({ state: 'Down', yourDiscriminator: 0 });
  if (name === 'Up') driver.settled();
  expect(driver.state.name).toBe(name);
  return driver;
}

describe('RFC 5880 section 6.8.1: a session begins', () => {
  it('Down, without a diagnostic and without a remote discriminator', () => {
    expect(new Driver().state).toMatchObject({ name: 'Down', diagnostic: 0, remoteDiscriminator: 0 });
  });

  it('with a packet at once that says Down, both discriminators, and at least a second between packets', () => {
    const driver = new Driver({ idleTxMs: 1000 });
    expect(nextTimeout(driver.state)).toBe(0);
    expect(sent(driver.do({ kind: 'timeout' }))).toMatchObject([
      {
        state: 'Down',
        myDiscriminator: ownDiscriminator,
        yourDiscriminator: 0,
        desiredMinTxMs: 1000,
        isPoll: false,
      },
    ]);
  });
});

describe('RFC 5880 section 6.8.6: the state after a packet', () => {
  it.each([
    ['Down', 'AdminDown', 'Down', 0],
    ['Down', 'Down', 'Init', 0],
    ['Down', 'Init', 'Up', 0],
    ['Down', 'Up', 'Down', 0],
    ['Init', 'AdminDown', 'Down', 3],
    ['Init', 'Down', 'Init', 0],
    ['Init', 'Init', 'Up', 0],
    ['Init', 'Up', 'Up', 0],
    ['Up', 'AdminDown', 'Down', 3],
    ['Up', 'Down', 'Down', 3],
    ['Up', 'Init', 'Up', 0],
    ['Up', 'Up', 'Up', 0],
    ['AdminDown', 'Down', 'AdminDown', 7],
    ['AdminDown', 'Up', 'AdminDown', 7],
  ] as const)('%s that says %s is %s with diagnostic %i', (own, remote, next, diagnostic) => {
    const driver = inState(own);
    driver.hear({ state: remote });
    expect(driver.state).toMatchObject({ name: next, diagnostic });
  });

  it('is told once for each change, with both diagnostics', () => {
    const driver = inState('Up');
    expect(changesOf(driver.hear({ state: 'Down', diagnostic: 1 }))).toEqual([
      { from: 'Up', to: 'Down', diagnostic: 3, remoteDiagnostic: 1 },
    ]);
    // The second Down begins the session anew.
    expect(changesOf(driver.hear({ state: 'Down' }))).toMatchObject([{ from: 'Down', to: 'Init' }]);
    expect(changesOf(driver.hear({ state: 'Down' }))).toEqual([]);
  });

  it('is told before the packet that tells the neighbour is sent', () => {
    const driver = inState('Up');
    const kinds = driver.hear({ state: 'Down' }).map(({ kind }) => kind);
    expect(kinds.indexOf('stateChanged')).toBe(0);
    expect(kinds).toContain('sendPacket');
  });

  it('takes over the discriminator, which every later packet says back', () => {
    const driver = inState('Up');
    driver.hear({ myDiscriminator: 77 });
    expect(sent(driver.hear({ isPoll: true, myDiscriminator: 77 }))).toMatchObject([
      { yourDiscriminator: 77 },
    ]);
  });
});

describe('RFC 5880 section 6.8.4: the Detection Time', () => {
  it('is the neighbour’s multiplier times the longer of its Desired Min TX and our Required Min RX', () => {
    const slow = new Driver({ minRxMs: 10 }).settled({ desiredMinTxMs: 40, detectMultiplier: 3 });
    expect(slow.state.detectAtMs).toBe(slow.nowMs + 120);
    const fast = new Driver({ minRxMs: 25 }).settled({ desiredMinTxMs: 5, detectMultiplier: 4 });
    expect(fast.state.detectAtMs).toBe(fast.nowMs + 100);
  });

  it('over, in Up: the session is Down with diagnostic 1, the neighbour’s discriminator is forgotten', () => {
    const driver = inState('Up');
    const heardAtMs = driver.nowMs;
    const effects = driver
      .wait(60)
      .filter(({ effect }) => effect.kind !== 'sendPacket' || effect.packet.state !== 'Up');
    expect(effects[0]).toEqual({
      atMs: heardAtMs + 50,
      effect: {
        kind: 'stateChanged',
        change: { from: 'Up', to: 'Down', diagnostic: 1, remoteDiagnostic: 0 },
      },
    });
    expect(effects.find(({ effect }) => effect.kind === 'sendPacket')).toMatchObject({
      atMs: heardAtMs + 50,
      effect: { packet: { state: 'Down', diagnostic: 1, yourDiscriminator: 0, desiredMinTxMs: 1000 } },
    });
    expect(driver.state).toMatchObject({ name: 'Down', remoteDiscriminator: 0 });
  });

  it('over, in Init: the session is Down again', () => {
    const driver = new Driver();
    driver.hear({ state: 'Down', yourDiscriminator: 0, desiredMinTxMs: 1000 });
    driver.wait(4999);
    expect(driver.state.name).toBe('Init');
    driver.wait(2);
    expect(driver.state).toMatchObject({ name: 'Down', diagnostic: 1 });
  });

  it('section 6.8.1: over, in Down: only the discriminator is forgotten', () => {
    const driver = inState('Up');
    driver.hear({ state: 'Down' });
    expect(driver.state).toMatchObject({ name: 'Down', remoteDiscriminator });
    const changes = changesOf(driver.wait(60).map(({ effect }) => effect));
    expect(changes).toEqual([]);
    expect(driver.state).toMatchObject({ name: 'Down', remoteDiscriminator: 0, diagnostic: 3 });
  });

  it('not over: a timeout changes nothing', () => {
    const driver = inState('Up');
    driver.nowMs += 7;
    const before = driver.state;
    expect(driver.do({ kind: 'timeout' })).toEqual([]);
    expect(driver.state).toEqual(before);
  });

  it('counts from when the kernel received the packet, also when that is read late or after a younger one', () => {
    const driver = inState('Up');
    const heardAtMs = driver.nowMs;
    const packet = { kind: 'packet', packet: packetFrom(), hopLimit: 255 } as const;
    driver.nowMs += 70;
    driver.do(packet, heardAtMs + 40);
    expect(driver.state.detectAtMs).toBe(heardAtMs + 90);
    driver.do(packet, heardAtMs + 30);
    expect(driver.state.detectAtMs).toBe(heardAtMs + 90);
  });

  it('is reported when it changes', () => {
    const driver = inState('Up');
    expect(reportKinds(driver.hear({ detectMultiplier: 5 }))).toEqual([]);
    expect(driver.hear({ detectMultiplier: 6 })).toEqual([
      { kind: 'report', report: { kind: 'detectionTimeChanged', detectionTimeMs: 60, wasMs: 50 } },
    ]);
  });
});

describe('RFC 5880 section 6.8.16: administratively down', () => {
  it('is said at once, with diagnostic 7, and again when asked again; then nothing is sent or expected', () => {
    const driver = inState('Up');
    const first = driver.do({ kind: 'shutdown' });
    expect(changesOf(first)).toEqual([{ from: 'Up', to: 'AdminDown', diagnostic: 7, remoteDiagnostic: 0 }]);
    const words = {
      state: 'AdminDown',
      diagnostic: 7,
      isPoll: false,
      yourDiscriminator: remoteDiscriminator,
    };
    expect(sent(first)).toMatchObject([words]);
    expect(nextTimeout(driver.state)).toBeUndefined();
    const second = driver.do({ kind: 'shutdown' });
    expect(sent(second)).toMatchObject([words]);
    expect(changesOf(second)).toEqual([]);
  });
});

describe('RFC 5880 section 6.1: a passive end', () => {
  it('sends nothing until it has heard a packet', () => {
    const driver = new Driver({ isPassive: true });
    expect(nextTimeout(driver.state)).toBeUndefined();
    expect(driver.wait(10_000)).toEqual([]);
    expect(sent(driver.do({ kind: 'shutdown' }))).toEqual([]);
  });

  it('answers the first packet at once and goes on', () => {
    const driver = new Driver({ isPassive: true });
    const first = driver.hear({ state: 'Down', yourDiscriminator: 0, desiredMinTxMs: 1000 });
    expect(sent(first)).toMatchObject([{ state: 'Init', yourDiscriminator: remoteDiscriminator }]);
    expect(sent(driver.wait(1000).map(({ effect }) => effect))).not.toEqual([]);
  });

  it('is silent again a Detection Time after the neighbour was', () => {
    const driver = new Driver({ isPassive: true }).settled();
    driver.wait(50);
    expect(driver.state.name).toBe('Down');
    expect(driver.wait(10_000)).toEqual([]);
  });
});
