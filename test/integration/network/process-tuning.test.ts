/** A process that tunes itself, as the kernel and its children see it. */
import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLockableMemory } from '../../../src/kernel/locked-memory.ts';
import { createVethPair, type Line, Program, type VethPair } from './namespace-fixture.ts';

const withoutPrivilege = ['setpriv', '--bounding-set=-ipc_lock,-sys_nice,-sys_resource'];

let pair: VethPair;
let program: Program | undefined;

beforeEach(() => {
  pair = createVethPair();
});

afterEach(async () => {
  await program?.stop();
  pair.remove();
});

/** As the supervisor starts it. */
const { LD_PRELOAD: preloaded = '' } = withLockableMemory({});

const prepared = ['env', `LD_PRELOAD=${preloaded}`];

async function start(prefix: readonly string[] = prepared): Promise<Program> {
  program = new Program(pair.left, 'tuned-process.ts', { prefix });
  await program.line('ready');
  return program;
}

async function apply(running: Program, tuning: object): Promise<unknown> {
  const before = running.lines('applied').length;
  running.send({ kind: 'apply', tuning: { lockMemory: false, ...tuning } });
  return (await running.line('applied', before + 1))['refusals'];
}

async function report(running: Program): Promise<Line> {
  const before = running.lines('report').length;
  running.send({ kind: 'report' });
  return running.line('report', before + 1);
}

describe('a process that tunes itself', () => {
  it('has the nice value on all its threads, and gives it back', async () => {
    const running = await start();
    expect(await apply(running, { nice: -5 })).toEqual([]);
    const { niceValues } = await report(running);
    const values = niceValues as readonly number[];
    expect(values.length).toBeGreaterThan(1);
    expect(new Set(values)).toEqual(new Set([-5]));
    await apply(running, {});
    expect(new Set((await report(running))['niceValues'] as readonly number[])).toEqual(new Set([0]));
  });

  it.each([-5, 5])('starts what is not for its nice value of %i with the one from before', async (nice) => {
    const running = await start();
    expect(await apply(running, { nice })).toEqual([]);
    expect(await report(running)).toMatchObject({ childNice: nice, untunedChildNice: 0 });
    expect(await report(running)).toMatchObject({ childNice: nice });
  });

  it('runs with realtime priority, and what it starts does not', async () => {
    const running = await start();
    expect(await apply(running, { realtimePriority: 20, realtimeLimitUs: 50_000 })).toEqual([]);
    const tuned = await report(running);
    expect(tuned['scheduling']).toMatch(/SCHED_RR\|SCHED_RESET_ON_FORK\n.*priority: 20/);
    expect(tuned['childScheduling']).toContain('SCHED_OTHER');
    expect(tuned['limit']).toEqual(['50000', '2050000']);
    await apply(running, {});
    expect((await report(running))['scheduling']).toContain('SCHED_OTHER');
  });

  it('tells once that it ran too long without a pause, and goes on', async () => {
    const running = await start();
    await apply(running, { realtimePriority: 20, realtimeLimitUs: 20_000 });
    for (let round = 1; round <= 2; round += 1) {
      running.send({ kind: 'spin', forMs: 150 });
      await running.line('spun', round);
    }
    expect((await running.line('overrun'))['message']).toMatch(
      /for more than 20000 us without a pause.* raise vrrp_rlimit_rttime$/,
    );
    expect((await report(running))['scheduling']).toContain('SCHED_RR');
    expect(running.lines('overrun')).toHaveLength(1);
  });

  it('locks its memory without having more of it, and unlocks it', async () => {
    const running = await start();
    const before = await report(running);
    expect(await apply(running, { lockMemory: true })).toEqual([]);
    const locked = await report(running);
    expect(before['lockedKilobytes']).toBe(0);
    expect(Number(locked['lockedKilobytes'])).toBeGreaterThan(100_000);
    expect(Number(locked['residentKilobytes'])).toBeLessThan(Number(before['residentKilobytes']) + 20_000);
    await apply(running, {});
    expect(await report(running)).toMatchObject({ lockedKilobytes: 0 });
  });

  it('lives on with its memory locked while V8 takes pages and gives them back', async () => {
    const running = await start();
    expect(await apply(running, { lockMemory: true })).toEqual([]);
    running.send({ kind: 'churn' });
    await running.line('churned');
    await apply(running, {});
    expect(await report(running)).toMatchObject({ lockedKilobytes: 0 });
  });

  it('does not lock its memory where V8 would end it for that, and says what is missing', async () => {
    const running = await start([]);
    expect(await apply(running, { lockMemory: true })).toEqual([
      { setting: 'lockMemory', message: expect.stringContaining('locked-memory.so') },
    ]);
    expect(await report(running)).toMatchObject({ lockedKilobytes: 0 });
  });

  it('runs on the processors that it is given, and on all again', async () => {
    const running = await start();
    const { cpus } = await report(running);
    expect(await apply(running, { cpus: [0] })).toEqual([]);
    expect(await report(running)).toMatchObject({ cpus: '0' });
    await apply(running, {});
    expect(await report(running)).toMatchObject({ cpus });
  });

  it('that may not be as quick as before again starts everything as slow as it is', async () => {
    const running = await start([...prepared, ...withoutPrivilege]);
    expect(await apply(running, { nice: 5 })).toEqual([]);
    expect(await report(running)).toMatchObject({ childNice: 5, untunedChildNice: 5 });
  });

  it('names the processors that are not there, and uses the others', async () => {
    const running = await start();
    const missing = 64 * Math.ceil(availableParallelism() / 64) + 1000;
    expect(await apply(running, { cpus: [0, missing] })).toEqual([
      { setting: 'cpus', message: expect.stringContaining(`this machine has no processor ${missing}`) },
    ]);
    expect(await report(running)).toMatchObject({ cpus: '0' });
  });

  it('that may not is told what each wish needs, and goes on without', async () => {
    const running = await start([...prepared, ...withoutPrivilege]);
    const tuning = { nice: -5, realtimePriority: 20, lockMemory: true, cpus: [5000] };
    const refusals = (await apply(running, tuning)) as readonly { setting: string; message: string }[];
    expect(refusals.map(({ setting }) => setting)).toEqual([
      'nice',
      'realtimePriority',
      'lockMemory',
      'cpus',
    ]);
    const [nice, realtime, memory, cpus] = refusals.map(({ message }) => message);
    expect(await report(running)).toMatchObject({ childNice: 0, untunedChildNice: 0 });
    expect(nice).toMatch(/^cannot run with nice value -5 \(.*EACCES.*\): .*CAP_SYS_NICE/);
    expect(realtime).toMatch(/^cannot run with realtime priority 20 \(.*EPERM.*\): .*CAP_SYS_NICE/);
    expect(memory).toMatch(/^cannot lock its memory \(.*ENOMEM.*\): .*CAP_IPC_LOCK/);
    expect(cpus).toMatch(/^cannot run on processors 5000 alone \(.*EINVAL.*\)/);
    expect((await report(running))['scheduling']).toContain('SCHED_OTHER');
  });
});
