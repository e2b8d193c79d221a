import { describe, expect, test } from 'vitest';
import type { VirtualService } from '../../../src/config-parser/config.ts';
import {
  describeDrift,
  judgePass,
  noPasses,
  type PassKind,
  type PassResult,
} from '../../../src/daemon/checker-process/table-pass.ts';
import type { Destination, Operation, Service } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';

const service: VirtualService = { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 };

function removals(count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => {
    return { kind: 'removeDestination', service, address: address(`10.0.0.${index + 1}`), port: 80 };
  });
}

function pass(
  failed: Operation[],
  repairs: readonly string[] = [],
  troubles: readonly string[] = [],
): PassResult {
  const failures = failed.map((operation) => ({ operation, error: new Error('EBUSY') }));
  return { kind: 'done', failures, troubles, repairs };
}

const messages = (kind: PassKind, result: PassResult, history = noPasses): string[] =>
  judgePass(history, kind, result).records.map(({ level, message }) => `${level}: ${message}`);

describe('drift', () => {
  test('is one warning that says what was found', () => {
    expect(messages('comparison', pass([], ['service a was gone']))).toEqual([
      'warning: IPVS table drifted: 1 repair (service a was gone)',
    ]);
  });

  test('of many entries names six and counts the rest', () => {
    expect(messages('comparison', pass([], ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']))).toEqual([
      'warning: IPVS table drifted: 9 repairs (a, b, c, d, e, f, and 3 more)',
    ]);
  });

  const destination: Destination = {
    address: address('10.0.0.7'),
    port: 80,
    forwarding: 'TUN',
    tunnel: { type: 'gue', port: 5555 },
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
  };
  const http: Service = {
    service,
    scheduler: 'rr',
    flags: 0,
    persistenceTimeoutSeconds: 0,
    persistencePrefixLength: 32,
  };

  test.each<[Operation, { service?: Partial<Service>; destination?: Partial<Destination> }, string]>([
    [{ kind: 'createService', service: http }, {}, 'service 10.0.0.3:80/tcp was gone'],
    [{ kind: 'removeService', service }, {}, 'service 10.0.0.3:80/tcp was there again'],
    [
      { kind: 'updateService', service: { ...http, flags: 1, persistenceTimeoutSeconds: 50 } },
      { service: { scheduler: 'wlc' } },
      'service 10.0.0.3:80/tcp had scheduler wlc instead of rr, flags 0x0 instead of 0x1, ' +
        'persistence none instead of 50 s, granularity none instead of /32',
    ],
    [
      { kind: 'updateDestination', service, destination },
      { destination: { weight: 5, tunnel: { type: 'ipip' } } },
      '10.0.0.7:80 of 10.0.0.3:80/tcp had weight 5 instead of 1, tunnel ipip instead of gue 5555',
    ],
    [{ kind: 'createDestination', service, destination }, {}, '10.0.0.7:80 of 10.0.0.3:80/tcp was gone'],
    [
      { kind: 'removeDestination', service, address: destination.address, port: 80 },
      {},
      '10.0.0.7:80 of 10.0.0.3:80/tcp had been added',
    ],
  ])('%o is told by what was found', (operation, found, text) => {
    const entry = {
      service: { ...http, ...found.service },
      destinations: [{ ...destination, ...found.destination }],
    };
    expect(describeDrift(operation, entry)).toBe(text);
  });
});

describe('the next try', () => {
  test('is not needed when all is well', () => {
    expect(judgePass(noPasses, 'change', pass([])).retryInMs).toBeUndefined();
  });

  test('comes soon after a failure, and later with each further one, up to 30 s', () => {
    const delays: (number | undefined)[] = [];
    let history = noPasses;
    for (let time = 0; time < 9; time += 1) {
      const verdict = judgePass(history, 'change', pass(removals(1)));
      delays.push(verdict.retryInMs);
      history = verdict.history;
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('comes after 30 s when there is no IPVS, however often that was', () => {
    const missing: PassResult = { kind: 'unavailable', error: new Error('no IPVS') };
    const first = judgePass(noPasses, 'change', missing);
    const second = judgePass(first.history, 'change', missing);
    expect([first.retryInMs, second.retryInMs]).toEqual([30_000, 30_000]);
    expect([first.records.length, second.records.length]).toEqual([1, 0]);
  });
});

describe('a trouble', () => {
  const [one, two] = removals(2) as [Operation, Operation];

  test('beside a known one is told, and the known one is not told again', () => {
    const { history } = judgePass(noPasses, 'change', pass([one]));
    expect(messages('change', pass([one, two]), history)).toEqual([
      'error: Cannot remove 10.0.0.2:80 from 10.0.0.3:80/tcp: EBUSY. Trying again.',
    ]);
  });

  test('of hundreds of entries names six and counts the rest', () => {
    expect(messages('change', pass(removals(200)))).toHaveLength(7);
    expect(messages('change', pass(removals(200))).at(-1)).toBe(
      'error: Cannot change the IPVS table as wanted in 194 more places. Trying again.',
    );
  });

  test('that a service and its destinations share is told once, of the service', () => {
    const error = new Error('ENOENT (the kernel has no scheduler twos)');
    const failures = [
      { operation: { kind: 'removeService', service } as const, error },
      { operation: one, error },
    ];
    const result: PassResult = { kind: 'done', failures, troubles: [], repairs: [] };
    expect(messages('change', result)).toEqual([
      'error: Cannot remove service 10.0.0.3:80/tcp: ENOENT (the kernel has no scheduler twos). Trying again.',
    ]);
  });

  test('is not over because a comparison, which leaves it out, went well', () => {
    const { history } = judgePass(noPasses, 'change', pass([one]));
    const compared = judgePass(history, 'comparison', pass([]));
    expect([compared.records, compared.retryInMs, compared.history]).toEqual([[], undefined, history]);
    expect(messages('change', pass([]), compared.history)).toEqual([
      'notice: The IPVS table is as configured again, after 1 failed pass',
    ]);
  });

  test('of what the table needs is told and tried again like one of the table', () => {
    const verdict = judgePass(
      noPasses,
      'change',
      pass([], [], ['cannot set net/ipv4/ip_forward to 1: EROFS']),
    );
    expect(verdict.records).toEqual([
      { level: 'error', message: 'cannot set net/ipv4/ip_forward to 1: EROFS. Trying again.' },
    ]);
    expect(verdict.retryInMs).toBe(500);
  });

  test('of a module that is no longer there says so', () => {
    const error = Object.assign(new Error('IPVS_CMD_GET_SERVICE: ENOENT'), { code: 'ENOENT' });
    expect(messages('comparison', { kind: 'unreadable', error })[0]).toContain('its module was unloaded');
  });
});
