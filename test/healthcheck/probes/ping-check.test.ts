import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { probePing } from '../../../src/healthcheck/probes/ping-check.ts';
import type { PingEvents, PingPlace } from '../../../src/healthcheck/probes/tools.ts';
import { address } from '../../../src/net/address.ts';
import { pingCheck, timingWith } from './other-fixtures.ts';

/** Pings whose fate the test decides. */
function fakePinger() {
  const fake = {
    places: [] as PingPlace[],
    events: [] as PingEvents[],
    cancelled: 0,
    onLastLook: (_: PingEvents) => {},
  };
  const sendPing = (place: PingPlace, events: PingEvents) => {
    fake.places.push(place);
    fake.events.push(events);
    return {
      receivePending: () => fake.onLastLook(events),
      cancel: () => {
        fake.cancelled += 1;
      },
    };
  };
  return { fake, tools: { sendPing } };
}

const never = new AbortController().signal;

describe('a server', () => {
  test('that answers is well, then and at the next request', async () => {
    const { fake, tools } = fakePinger();
    for (const round of [0, 1]) {
      const asked = probePing(pingCheck('10.0.0.7'), tools, never);
      fake.events[round]?.onReply();
      expect(await asked).toMatchObject({ kind: 'ok', phases: [{ name: 'reply' }] });
    }
  });

  test('that a router knows nothing of fails at once, in the words of the router', async () => {
    const { fake, tools } = fakePinger();
    const asked = probePing(pingCheck('10.0.0.7'), tools, never);
    fake.events[0]?.onUnreachable({ by: address('10.0.0.1'), meaning: 'host unreachable' });
    expect(await asked).toMatchObject({
      kind: 'failed',
      reason: 'unreachable',
      detail: '10.0.0.1 says: host unreachable.',
    });
  });

  test('that keeps silent fails when the time is over, and its request is forgotten', async () => {
    const { fake, tools } = fakePinger();
    const checker = pingCheck('10.0.0.7', timingWith({ connectTimeoutMs: 30 }));
    expect(await probePing(checker, tools, never)).toMatchObject({ kind: 'failed', reason: 'timeout' });
    expect(fake.cancelled).toBe(1);
  });
});

test('a reply that came in time is success although the time is over before it is read', async () => {
  const { fake, tools } = fakePinger();
  fake.onLastLook = (events) => events.onReply();
  const checker = pingCheck('10.0.0.7', timingWith({ connectTimeoutMs: 30 }));
  expect(await probePing(checker, tools, never)).toMatchObject({ kind: 'ok' });
});

test('a request goes to connect_ip with the bindings of the check', async () => {
  const { fake, tools } = fakePinger();
  const change = { bindAddress: address('10.0.0.1'), bindInterface: 'eth0', firewallMark: 5 };
  const asked = probePing(pingCheck('10.0.0.7', change), tools, never);
  fake.events[0]?.onReply();
  await asked;
  expect(fake.places).toMatchObject([{ connectAddress: '10.0.0.7', ...change }]);
});

describe('what is not the fault of the server says nothing about it:', () => {
  test('a socket that cannot be had', async () => {
    const sendPing = () => {
      throw Object.assign(new Error('open raw socket: EPERM, needs CAP_NET_RAW'), {
        code: 'EPERM',
        syscall: 'socket',
      });
    };
    expect(await probePing(pingCheck('10.0.0.7'), { sendPing }, never)).toMatchObject({
      kind: 'inconclusive',
      detail: 'open raw socket: EPERM, needs CAP_NET_RAW.',
    });
  });

  test('the check being stopped, which forgets the request', async () => {
    const { fake, tools } = fakePinger();
    const controller = new AbortController();
    const asked = probePing(pingCheck('10.0.0.7'), tools, controller.signal);
    controller.abort();
    expect(await asked).toMatchObject({ kind: 'inconclusive', detail: 'The check was stopped.' });
    expect(fake.cancelled).toBe(1);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });
});

test('a socket that breaks while a reply is waited for ends the probe with its error', async () => {
  const { fake, tools } = fakePinger();
  const asked = probePing(pingCheck('10.0.0.7'), tools, never);
  fake.events[0]?.onError(
    Object.assign(new Error('receive: ENETDOWN network is down'), { code: 'ENETDOWN' }),
  );
  expect(await asked).toMatchObject({ kind: 'failed', detail: 'receive: ENETDOWN network is down.' });
});
