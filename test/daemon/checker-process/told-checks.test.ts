import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckerConfig } from '../../../src/config-parser/config.ts';
import { bfdCheck, fileCheck, miscCheck, realServer, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function configWith(...checkers: CheckerConfig[]) {
  const realServers = [realServer('10.0.0.7', { weight: 5, checkers }), realServer('10.0.0.8')];
  return configOf([virtualServer('10.0.0.3', { realServers })]);
}

const web02 = '10.0.0.3:80/tcp -> 10.0.0.8:80 1';
const web01 = (weight: number) => `10.0.0.3:80/tcp -> 10.0.0.7:80 ${weight}`;
const file = (value: number) => ({ kind: 'file', name: 'f', value }) as const;

describe('FILE_CHECK', () => {
  test('waits for the first reading of its file, so that a server that it takes down never begins in the table', async () => {
    const set = setUp();
    void set.configure(configWith(fileCheck('f')));
    await vi.advanceTimersByTimeAsync(300);
    expect(set.ipvs.lines()).toEqual([]);
    set.checkers.noteReadings([file(1)]);
    await vi.advanceTimersByTimeAsync(50);
    expect(set.ipvs.lines()).toEqual([web02]);
    expect(set.messages()).toContain(
      'FILE_CHECK on service [10.0.0.7]:tcp:80 failed. The track file f holds 1.',
    );
  });

  test('of a file that nobody reads does not keep the servers out for more than a second', async () => {
    const set = setUp();
    void set.configure(configWith(fileCheck('f')));
    await vi.advanceTimersByTimeAsync(1050);
    expect(set.ipvs.lines()).toEqual([web01(5), web02]);
  });

  test('takes the server down and up at once, without retries', async () => {
    const set = setUp();
    set.checkers.noteReadings([file(0)]);
    void set.configure(configWith(fileCheck('f')));
    await vi.advanceTimersByTimeAsync(1500);
    set.messages();
    set.checkers.noteReadings([file(7)]);
    await vi.advanceTimersByTimeAsync(20);
    expect(set.ipvs.lines()).toEqual([web02]);
    expect(set.messages()).toEqual([
      'FILE_CHECK on service [10.0.0.7]:tcp:80 failed. The track file f holds 7.',
      'Removing service [10.0.0.7]:tcp:80 from VS [10.0.0.3]:tcp:80',
    ]);
    set.checkers.noteReadings([file(0)]);
    await vi.advanceTimersByTimeAsync(20);
    expect(set.ipvs.lines()).toEqual([web01(5), web02]);
  });

  test('with a weight says it before the first table, so that its server never begins with another', async () => {
    const set = setUp();
    set.checkers.noteReadings([file(3)]);
    void set.configure(configWith(fileCheck('f', { weight: 2 })));
    await vi.advanceTimersByTimeAsync(50);
    expect(set.ipvs.lines()).toEqual([web01(11), web02]);
    expect(set.ipvs.operations.map(({ kind }) => kind)).not.toContain('updateDestination');
  });

  test('with a weight adds the product to the weight of the server, and 0 is the least', async () => {
    const set = setUp();
    set.checkers.noteReadings([file(0)]);
    void set.configure(configWith(fileCheck('f', { weight: 2 })));
    await vi.advanceTimersByTimeAsync(50);
    set.checkers.noteReadings([file(3)]);
    await vi.advanceTimersByTimeAsync(20);
    expect(set.ipvs.lines()).toEqual([web01(11), web02]);
    set.checkers.noteReadings([file(-4)]);
    await vi.advanceTimersByTimeAsync(20);
    expect(set.ipvs.lines()).toEqual([web01(0), web02]);
  });
});

test('BFD_CHECK follows its session, and an unknown one says nothing', async () => {
  const set = await started(configWith(bfdCheck('to_web01')));
  expect(set.ipvs.lines()).toEqual([web01(5), web02]);
  set.checkers.noteReadings([{ kind: 'bfd', name: 'to_web01', isUp: false }]);
  await vi.advanceTimersByTimeAsync(20);
  expect(set.ipvs.lines()).toEqual([web02]);
  expect(set.messages()[0]).toBe('BFD check of [to_web01] RS([10.0.0.7]:tcp:80) is DOWN');
  set.checkers.noteReadings([{ kind: 'bfd', name: 'to_web01', isUp: true }]);
  await vi.advanceTimersByTimeAsync(20);
  expect(set.ipvs.lines()).toEqual([web01(5), web02]);
});

describe('MISC_CHECK with misc_dynamic', () => {
  test("sets the weight, in keepalived's words, and a success without one leaves it", async () => {
    const set = await started(configWith(miscCheck('/etc/check')));
    set.weights.set('/etc/check', { set: 9 });
    await vi.advanceTimersByTimeAsync(6000);
    expect(set.ipvs.lines()).toEqual([web01(9), web02]);
    expect(set.messages()).toEqual([
      'Changing weight from 5 to 9 for active service [10.0.0.7]:tcp:80 of VS [10.0.0.3]:tcp:80',
    ]);
    set.weights.clear();
    await vi.advanceTimersByTimeAsync(6000);
    expect([set.ipvs.lines(), set.messages()]).toEqual([[web01(9), web02], []]);
  });

  test('and FILE_CHECK together are summed', async () => {
    const set = setUp();
    set.checkers.noteReadings([file(4)]);
    set.weights.set('/etc/check', { set: 9 });
    await started(configWith(miscCheck('/etc/check'), fileCheck('f', { weight: -1 })), set);
    expect(set.ipvs.lines()).toEqual([web01(5), web02]);
    set.checkers.noteReadings([file(0)]);
    await vi.advanceTimersByTimeAsync(20);
    expect(set.ipvs.lines()).toEqual([web01(9), web02]);
  });
});
