import { describe, expect, test } from 'vitest';
import type { VirtualService } from '../../../src/config-parser/config.ts';
import { judgePass, noPasses, type PassResult } from '../../../src/daemon/checker-process/table-pass.ts';
import type { Operation } from '../../../src/ipvs-sync/index.ts';
import { address } from '../../../src/net/address.ts';

const service: VirtualService = { kind: 'address', protocol: 'TCP', address: address('10.0.0.3'), port: 80 };

function removals(count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => {
    return { kind: 'removeDestination', service, address: address(`10.0.0.${index + 1}`), port: 80 };
  });
}

function pass(performed: Operation[], failed: Operation[] = []): PassResult {
  const failures = failed.map((operation) => ({ operation, error: new Error('EBUSY') }));
  return { kind: 'reconciled', result: { performed, failures } };
}

const settled = judgePass(noPasses, pass([]), true).history;

describe('operations', () => {
  test('after a settled pass without a new goal are drift', () => {
    const { records } = judgePass(settled, pass(removals(1)), false);
    expect(records).toEqual([
      { level: 'warning', message: 'IPVS table drifted: 1 repair (remove 10.0.0.1:80 from 10.0.0.3:80/tcp)' },
    ]);
  });

  test('with a new goal are no drift', () => {
    expect(judgePass(settled, pass(removals(1)), true).records).toEqual([]);
  });

  test('after a failed pass are no drift: they may be its remainder', () => {
    const failed = judgePass(settled, pass([], removals(1)), true).history;
    expect(judgePass(failed, pass(removals(1)), false).records.map(({ level }) => level)).toEqual(['notice']);
  });

  test('without number are named six at a time', () => {
    const [record] = judgePass(settled, pass(removals(9)), false).records;
    expect(record?.message).toMatch(
      /^IPVS table drifted: 9 repairs \(.*10\.0\.0\.6:80 from [^,]*, and 3 more\)$/,
    );
  });
});

describe('the next pass', () => {
  test('comes after 5 s when all is well', () => {
    expect(judgePass(noPasses, pass(removals(2)), true).nextPassInMs).toBe(5000);
  });

  test('comes sooner after a failure, and later with each further one, up to 30 s', () => {
    const delays: number[] = [];
    let history = noPasses;
    for (let time = 0; time < 9; time += 1) {
      const verdict = judgePass(history, pass([], removals(1)), false);
      delays.push(verdict.nextPassInMs);
      history = verdict.history;
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('comes after 30 s when there is no IPVS, however often that was', () => {
    const first = judgePass(noPasses, { kind: 'unavailable', error: new Error('no IPVS') }, true);
    const second = judgePass(first.history, { kind: 'unavailable', error: new Error('no IPVS') }, false);
    expect([first.nextPassInMs, second.nextPassInMs]).toEqual([30_000, 30_000]);
    expect([first.records.length, second.records.length]).toEqual([1, 0]);
  });
});

test('a second trouble beside a known one is told, and the known one is not told again', () => {
  const [one, two] = removals(2);
  if (one === undefined || two === undefined) throw new Error('there are two');
  const first = judgePass(noPasses, pass([], [one]), true);
  const second = judgePass(first.history, pass([], [one, two]), false);
  expect(second.records.map(({ message }) => message)).toEqual([
    'Cannot remove 10.0.0.2:80 from 10.0.0.3:80/tcp: EBUSY. Trying again.',
  ]);
});
