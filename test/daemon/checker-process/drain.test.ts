import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckerCommand } from '../../../src/daemon/ipc.ts';
import { realServer, sorryServer, virtualServer } from '../../healthcheck/fixtures.ts';
import { configOf, setUp, started } from './set-up.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tutorial = configOf([virtualServer('10.0.0.3')]);
const web01 = '10.0.0.3:80/tcp -> 10.0.0.7:80 1';
const web01Drained = '10.0.0.3:80/tcp -> 10.0.0.7:80 0';
const web02 = '10.0.0.3:80/tcp -> 10.0.0.8:80 1';

type Drain = Extract<CheckerCommand, { kind: 'drainServer' }>;

function drain(realServer: string, change: Partial<Drain> = {}): Drain {
  return { kind: 'drainServer', realServer, evenIfLast: false, ...change };
}

async function drained(change: Partial<Drain> = {}) {
  const set = await started(tutorial);
  const answer = await set.checkers.command(drain('10.0.0.7', change));
  await vi.advanceTimersByTimeAsync(150);
  return { ...set, answer };
}

describe('a drained server', () => {
  test('has weight 0 until it is resumed, and that is logged', async () => {
    const set = await drained({ reason: 'new disk' });
    expect(set.ipvs.lines()).toEqual([web01Drained, web02]);
    expect(set.ipvs.operations.at(-1)).toMatchObject({ kind: 'updateDestination' });
    expect(set.answer).toEqual({
      ok: true,
      lines: ['[10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80 gets no new connections until it is resumed'],
    });
    expect(set.messages()).toEqual([
      'Changing weight from 1 to 0 for active service [10.0.0.7]:tcp:80 of VS [10.0.0.3]:tcp:80',
      'As an operator asked (new disk): [10.0.0.7]:tcp:80 of [10.0.0.3]:tcp:80 gets no new connections until it is resumed',
    ]);
    await set.checkers.command({ kind: 'resumeServer', realServer: '10.0.0.7' });
    await vi.advanceTimersByTimeAsync(50);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('stays in the table while its checks fail, and when the sorry server takes over', async () => {
    const config = configOf([virtualServer('10.0.0.3', { sorryServer: sorryServer('10.0.0.99') })]);
    const set = await started(config);
    await set.checkers.command(drain('10.0.0.7'));
    set.dead.add('10.0.0.7').add('10.0.0.8');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(set.ipvs.lines()).toEqual([
      '10.0.0.3:80/tcp -> 10.0.0.7:80 0',
      '10.0.0.3:80/tcp -> 10.0.0.99:80 1',
    ]);
  });

  test('stays in the table also where it has weight 0 anyway and is down', async () => {
    const realServers = [realServer('10.0.0.7', { weight: 0 }), realServer('10.0.0.8')];
    const set = await started(configOf([virtualServer('10.0.0.3', { realServers })]));
    set.dead.add('10.0.0.7');
    await set.checkers.command(drain('10.0.0.7'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(set.ipvs.lines()).toEqual([web01Drained, web02]);
    await set.checkers.command({ kind: 'resumeServer', realServer: '10.0.0.7' });
    await vi.advanceTimersByTimeAsync(100);
    expect(set.ipvs.lines()).toEqual([web02]);
  });

  test('comes back by itself when its time is over', async () => {
    const set = await drained({ forMs: 10_000 });
    await vi.advanceTimersByTimeAsync(9000);
    expect(set.ipvs.lines()).toEqual([web01Drained, web02]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
    expect(set.memory().holds).toEqual([]);
  });

  test('stays drained over a reload that changes its weight', async () => {
    const set = await drained();
    const realServers = [realServer('10.0.0.7', { weight: 9 }), realServer('10.0.0.8')];
    void set.configure(configOf([virtualServer('10.0.0.3', { realServers })]));
    await vi.advanceTimersByTimeAsync(100);
    expect(set.ipvs.lines()).toEqual([web01Drained, web02]);
  });

  test('is forgotten when a reload takes it out', async () => {
    const set = await drained();
    void set.configure(configOf([virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8')] })]));
    await vi.advanceTimersByTimeAsync(200);
    expect(set.memory().holds).toEqual([]);
    expect(set.messages()).toContain(
      'The drain of 10.0.0.7 port 80 of VS [10.0.0.3]:tcp:80 ends: the server is no longer configured',
    );
    void set.configure(tutorial);
    await vi.advanceTimersByTimeAsync(100);
    expect(set.ipvs.lines()).toEqual([web01, web02]);
  });

  test('stays drained over a crash of the process, for the rest of its time', async () => {
    const set = await drained({ forMs: 10_000 });
    const again = setUp(set.ipvs, set.memory());
    void again.configure(tutorial);
    await vi.advanceTimersByTimeAsync(5000);
    expect(again.ipvs.lines()).toEqual([web01Drained, web02]);
    set.checkers.stop(0);
    await vi.advanceTimersByTimeAsync(5000);
    const status = await again.checkers.command({ kind: 'checkerStatus' });
    expect(status.ok && status.status?.virtualServers[0]?.realServers[0]?.hold).toBeFalsy();
  });
});

describe('a drain is refused', () => {
  test('of the last server that serves, unless the operator means it', async () => {
    const set = await started(tutorial);
    set.dead.add('10.0.0.8');
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await set.checkers.command(drain('10.0.0.7'))).toEqual({
      ok: false,
      confirm: true,
      lines: ['[10.0.0.3]:tcp:80 would be served by nobody: no other real server is up'],
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(set.ipvs.lines()).toEqual([web01]);
    expect(await set.checkers.command(drain('10.0.0.7', { evenIfLast: true }))).toMatchObject({ ok: true });
    await vi.advanceTimersByTimeAsync(100);
    expect(set.ipvs.lines()).toEqual([web01Drained]);
  });

  test('when it would lose the quorum to the sorry server', async () => {
    const config = virtualServer('10.0.0.3', { quorum: 2, sorryServer: sorryServer('10.0.0.99') });
    const set = await started(configOf([config]));
    expect(await set.checkers.command(drain('10.0.0.7'))).toMatchObject({
      ok: false,
      confirm: true,
      lines: [
        '[10.0.0.3]:tcp:80 would lose its quorum of 2: 1 would be left, and the sorry server would take over',
      ],
    });
  });

  test('of all servers of a virtual server at once', async () => {
    const set = await started(tutorial);
    const command = { kind: 'drainServer', virtualServer: '[10.0.0.3]:tcp:80', evenIfLast: false } as const;
    expect(await set.checkers.command(command)).toMatchObject({ ok: false, confirm: true });
  });

  test.each<[Partial<Drain>, string]>([
    [{ realServer: '10.0.0.9' }, 'There is no real server "10.0.0.9" in any virtual server'],
    [{ realServer: '10.0.0.7:81' }, 'There is no real server "10.0.0.7:81" in any virtual server'],
    [{ virtualServer: 'web' }, 'There is no virtual server "web". There are: [10.0.0.3]:tcp:80'],
  ])('of %j, which there is not', async (change, line) => {
    const set = await started(tutorial);
    expect(await set.checkers.command(drain('10.0.0.7', change))).toEqual({ ok: false, lines: [line] });
  });

  test('without a name', async () => {
    const set = await started(tutorial);
    expect(await set.checkers.command({ kind: 'drainServer', evenIfLast: true })).toMatchObject({
      ok: false,
    });
  });
});

test.each(['10.0.0.7', '10.0.0.7:80', '[10.0.0.7]:80', '[10.0.0.7]:tcp:80', '[10.0.0.7]'])(
  'a server may be called %s',
  async (name) => {
    const set = await started(tutorial);
    expect(await set.checkers.command(drain(name))).toMatchObject({ ok: true });
  },
);

test('an IPv6 server may be called in any of the ways to write its address', async () => {
  const server = virtualServer('2001:db8::3', {
    realServers: [realServer('2001:db8::7'), realServer('2001:db8::8')],
  });
  for (const name of ['2001:DB8::7', '2001:db8:0::7', '[2001:db8::7]:80', '[2001:db8::7]']) {
    const set = await started(configOf([server]));
    expect(await set.checkers.command(drain(name))).toMatchObject({ ok: true });
  }
});

test('a resume of what is not drained says so', async () => {
  const set = await started(tutorial);
  expect(await set.checkers.command({ kind: 'resumeServer', realServer: '10.0.0.7' })).toEqual({
    ok: true,
    lines: ['Nothing was drained: nothing is changed'],
  });
});
