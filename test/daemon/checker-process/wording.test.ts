import { describe, expect, test } from 'vitest';
import type { CheckerConfig } from '../../../src/config-parser/config.ts';
import { realServerName } from '../../../src/daemon/checker-process/server-names.ts';
import {
  describeActivations,
  describeHealthEvent,
  describeHealthEvents,
  describeProbe,
  describeVerdict,
} from '../../../src/daemon/checker-process/wording.ts';
import type { ProbeFailure } from '../../../src/healthcheck/index.ts';
import { address } from '../../../src/net/address.ts';
import {
  bfdCheck,
  fileCheck,
  httpCheck,
  miscCheck,
  realServer,
  tcpCheck,
  tutorialTiming,
  virtualServer,
} from '../../healthcheck/fixtures.ts';

function located(config: CheckerConfig) {
  const real = realServer('10.0.0.7', { checkers: [config] });
  return {
    id: 'id',
    config,
    realServer: real,
    virtualServer: virtualServer('10.0.0.3', { realServers: [real] }),
  };
}

function checkerOf(retry: number) {
  return located(tcpCheck('10.0.0.7', 8080, { timing: { ...tutorialTiming, retry } }));
}

test('servers are named as keepalived names them', () => {
  const udp = { kind: 'address', protocol: 'UDP', address: address('2001:db8::3'), port: 53 } as const;
  const server = { address: address('2001:db8::7'), port: 53 };
  expect(realServerName(server, { services: [udp] })).toBe('[2001:db8::7]:udp:53');
  expect(realServerName(server, { services: [{ kind: 'fwmark', mark: 5, family: 6 }] })).toBe(
    '[2001:db8::7]:none:53',
  );
});

const refused = {
  kind: 'failed',
  reason: 'refused',
  detail: 'The server refused it.',
  elapsedMs: 0,
} as const;

describe('a failed probe', () => {
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

  test('with log_all_failures is more than a detail, also of a server that is down', () => {
    const checker = located(tcpCheck('10.0.0.7', 80, { logAllFailures: true }));
    expect(describeProbe(checker, refused, 'down')).toEqual([
      { level: 'info', message: 'TCP connection to [10.0.0.7]:tcp:80 failed. The server refused it.' },
    ]);
  });

  test('of a check that is told says nothing: the verdict says it', () => {
    expect(describeProbe(located(fileCheck('f')), refused, 'up')).toEqual([]);
    const talkative = located({ ...fileCheck('f'), logAllFailures: true });
    expect(describeProbe(talkative, refused, 'down')).toHaveLength(1);
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
  expect(describeVerdict(checkerOf(retry), { next: 'down', before, outcome: refused }).message).toBe(message);
});

const outcome = { kind: 'ok', elapsedMs: 1 } as const;
const exited = { kind: 'failed', reason: 'other', detail: 'It exited with status 1.', elapsedMs: 1 } as const;

test.each<[CheckerConfig, string, string]>([
  [
    httpCheck('10.0.0.7'),
    'Remote Web server [10.0.0.7]:tcp:80 succeed on service.',
    'HTTP_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries.',
  ],
  [
    httpCheck('10.0.0.7', { kind: 'SSL_GET' }),
    'Remote Web server [10.0.0.7]:tcp:80 succeed on service.',
    'SSL_CHECK on service [10.0.0.7]:tcp:80 failed after 3 retries.',
  ],
  [
    miscCheck('/etc/check'),
    'Misc check for [[10.0.0.7]:tcp:80 VS [10.0.0.3]:tcp:80] by [/etc/check] succeeded.',
    'Misc check for [[10.0.0.7]:tcp:80 VS [10.0.0.3]:tcp:80] by [/etc/check] failed. It exited with status 1.',
  ],
  [
    bfdCheck('to_web01'),
    'BFD check of [to_web01] RS([10.0.0.7]:tcp:80) is UP',
    'BFD check of [to_web01] RS([10.0.0.7]:tcp:80) is DOWN',
  ],
  [
    fileCheck('f'),
    'FILE_CHECK on service [10.0.0.7]:tcp:80 success.',
    'FILE_CHECK on service [10.0.0.7]:tcp:80 failed. It exited with status 1.',
  ],
])('%o says when its server is up and when it is down', (config, up, down) => {
  const checker = located(config);
  expect(describeVerdict(checker, { next: 'up', before: 'down', outcome }).message).toBe(up);
  expect(describeVerdict(checker, { next: 'down', before: 'up', outcome: exited }).message).toBe(down);
});

test('a MISC_CHECK says how often it has failed, and whether its time was over', () => {
  const checker = located({ ...miscCheck('/etc/check'), timing: { ...tutorialTiming, retry: 1 } });
  const subject = 'Misc check for [[10.0.0.7]:tcp:80 VS [10.0.0.3]:tcp:80] by [/etc/check]';
  const late = { ...exited, reason: 'timeout', detail: 'It did not end within 1 s.' } as const;
  const verdict = (failed: ProbeFailure) =>
    describeVerdict(checker, { next: 'down', before: 'up', outcome: failed });
  expect(verdict(exited).message).toBe(`${subject} failed after 1 retries. It exited with status 1.`);
  expect(verdict(late).message).toBe(`${subject} timed out after 1 retries. It did not end within 1 s.`);
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

describe('a start of very many virtual servers', () => {
  const gained = (liveWeight: number) =>
    ({
      kind: 'quorumGained',
      isFirst: true,
      threshold: 1,
      liveWeight,
      virtualServer: virtualServer('10.0.0.3'),
    }) as const;
  const lost = { ...gained(0), kind: 'quorumLost' } as const;

  test('says of those that have their quorum in one line, and of every other in its own', () => {
    const events = [...Array.from({ length: 501 }, () => gained(2)), lost];
    expect(describeHealthEvents(events).map(({ message }) => message)).toEqual([
      'Gained quorum for 501 VSs',
      'Starting with quorum down 1+0=1 > 0 for VS [10.0.0.3]:tcp:80',
    ]);
    expect(describeHealthEvents(events.slice(1))).toHaveLength(501);
  });

  test('counts the checks that start', () => {
    const checkers = Array.from({ length: 501 }, () => checkerOf(1));
    expect(describeActivations(checkers).map(({ message }) => message)).toEqual([
      'Activating 501 healthcheckers',
    ]);
    expect(describeActivations(checkers.slice(1))).toHaveLength(500);
  });
});
