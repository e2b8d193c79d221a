import { describe, expect, test } from 'vitest';
import {
  describeHealthEvent,
  describeProbe,
  describeVerdict,
  realServerName,
  virtualServerName,
} from '../../../src/daemon/checker-process/wording.ts';
import { allCheckers, configureHealth, noHealth } from '../../../src/healthcheck/index.ts';
import { address } from '../../../src/net/address.ts';
import { realServer, tcpCheck, tutorialTiming, virtualServer } from '../../healthcheck/fixtures.ts';

function checkerOf(retry: number) {
  const timing = { ...tutorialTiming, retry };
  const realServers = [realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 8080, { timing })] })];
  const [checker] = allCheckers(configureHealth(noHealth, [virtualServer('10.0.0.3', { realServers })]).next);
  if (checker === undefined) throw new Error('there is a checker');
  return checker;
}

test('servers are named as keepalived names them', () => {
  const service = { kind: 'address', protocol: 'UDP', address: address('2001:db8::3'), port: 53 } as const;
  expect(virtualServerName(service)).toBe('[2001:db8::3]:udp:53');
  expect(realServerName({ address: address('2001:db8::7'), port: 53 }, service)).toBe('[2001:db8::7]:udp:53');
  expect(virtualServerName({ kind: 'fwmark', mark: 5, family: 4 })).toBe('FWM 5');
});

describe('a failed probe', () => {
  const refused = {
    kind: 'failed',
    reason: 'refused',
    detail: 'The server refused it.',
    elapsedMs: 0,
  } as const;

  test("of a server that is up is a detail with its reason, under the service's name and not the checked port", () => {
    expect(describeProbe(checkerOf(3), refused, 'up')).toEqual([
      {
        level: 'info',
        message: 'TCP connection to [10.0.0.7]:tcp:80 failed. The server refused it.',
        detail: true,
      },
    ]);
  });

  test('that timed out says timeout', () => {
    const late = { ...refused, reason: 'timeout', detail: 'The server did not answer within 8 s.' } as const;
    expect(describeProbe(checkerOf(3), late, 'up').map(({ message }) => message)).toEqual([
      'TCP connection to [10.0.0.7]:tcp:80 timeout. The server did not answer within 8 s.',
    ]);
  });

  test('of a server that is down says nothing', () => {
    expect(describeProbe(checkerOf(3), refused, 'down')).toEqual([]);
  });
});

test.each([
  ['up', 3, 'TCP_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries.'],
  ['up', 0, 'TCP_CHECK on service [10.0.0.7]:tcp:80 failed.'],
  ['assumedUp', 3, 'TCP_CHECK on service [10.0.0.7]:tcp:80 failed.'],
] as const)('the verdict on a server that was %s with %i retries is "%s"', (before, retry, message) => {
  expect(describeVerdict(checkerOf(retry), 'down', before).message).toBe(message);
});

test.each([
  ['quorumGained', true, 3, 'Gained quorum 2+1=3 <= 4 for VS [10.0.0.3]:tcp:80'],
  ['quorumLost', false, 1, 'Lost quorum 2-1=1 > 4 for VS [10.0.0.3]:tcp:80'],
  ['quorumLost', true, 3, 'Starting with quorum down 2+1=3 > 4 for VS [10.0.0.3]:tcp:80'],
] as const)("%s, first: %s, reads as keepalived's", (kind, isFirst, threshold, message) => {
  const server = virtualServer('10.0.0.3', { quorum: 2, hysteresis: 1 });
  const records = describeHealthEvent({ kind, isFirst, threshold, liveWeight: 4, virtualServer: server });
  expect(records.map((record) => record.message)).toEqual([message]);
});
