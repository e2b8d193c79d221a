import { describe, expect, test } from 'vitest';
import type { CommandAnswer } from '../../../src/daemon/ipc.ts';
import type { InstanceRuntime } from '../../../src/daemon/vrrp-process/instance-runtime.ts';
import { OperatorCommands } from '../../../src/daemon/vrrp-process/operator-commands.ts';
import { datagram, instanceConfig, lowerAddress } from '../../vrrp/instances.ts';
import { fakeRuntime, start } from './fakes.ts';

/** VI_1, Master since 10 s, and VI_2, Backup. */
function pair() {
  const runtimes: InstanceRuntime[] = [];
  const clock = { nowMs: 0 };
  const commands = new OperatorCommands({ nowMs: () => clock.nowMs, instances: () => runtimes });
  for (const name of ['VI_1', 'VI_2']) {
    const made = fakeRuntime({ name }, (runtime, effects) => commands.stepped(runtime, effects));
    start(made.runtime);
    runtimes.push(made.runtime);
  }
  const [first, second] = runtimes;
  if (first === undefined || second === undefined) throw new Error('there are two');
  first.timeout(10_000);
  clock.nowMs = 10_000;
  const answers: CommandAnswer[] = [];
  const giveUp = (instances: readonly string[], more: object = {}) =>
    commands.giveUp({ kind: 'giveUp', instances, hold: 'failover', evenIfAlone: false, ...more }, (answer) =>
      answers.push(answer),
    );
  return { commands, first, second, clock, answers, giveUp };
}

const fromPeer = (priority: number) => datagram(instanceConfig(), priority, { source: lowerAddress });

describe('failover', () => {
  test('of a Master asks first, and says that nobody has been heard', () => {
    const { giveUp, answers, first } = pair();
    giveUp(['VI_1']);
    expect(first.state.name).toBe('Master');
    expect(answers).toEqual([
      {
        ok: false,
        confirm: true,
        lines: ['VI_1 is Master here; no other router has been heard since this one started'],
      },
    ]);
  });

  test('says when a peer was last heard, and with which priority', () => {
    const { giveUp, answers, first, clock } = pair();
    first.dispatch({ kind: 'packet', datagram: fromPeer(50) }, 10_500);
    clock.nowMs = 12_500;
    giveUp([]);
    expect(answers[0]?.lines[0]).toMatch(/last heard 2(\.0+)? ?s.* ago: 10\.0\.0\.9, priority 50$/);
  });

  test('is answered when the successor is heard', () => {
    const { giveUp, answers, first } = pair();
    giveUp(['VI_1'], { evenIfAlone: true });
    expect([first.state.name, answers]).toEqual(['Leaving', []]);
    first.dispatch({ kind: 'packet', datagram: fromPeer(50) }, 10_600);
    expect(first.state.name).toBe('Backup');
    expect(answers).toMatchObject([
      { ok: true, lines: [expect.stringMatching(/^VI_1: 10\.0\.0\.9 took over/)] },
    ]);
  });

  test('is answered with a failure when nobody takes the addresses', () => {
    const { giveUp, answers, first } = pair();
    giveUp(['VI_1'], { evenIfAlone: true });
    first.timeout(60_000);
    expect(first.state.name).toBe('Master');
    expect(answers).toMatchObject([{ ok: false, lines: [expect.stringMatching(/^VI_1: nobody took over/)] }]);
  });

  test('of a Backup is done at once, and keeps it from preempting', () => {
    const { giveUp, answers, second } = pair();
    giveUp(['VI_2'], { forMs: 5000, reason: 'maintenance' });
    expect(answers).toEqual([{ ok: true, lines: ['VI_2 is Backup here, and stays away from being Master'] }]);
    expect(second.state.hold).toEqual({ kind: 'failover', untilMs: 15_000, reason: 'maintenance' });
  });

  test('waits for every Master that it concerns', () => {
    const { giveUp, answers, first, second } = pair();
    second.timeout(10_000);
    giveUp([], { evenIfAlone: true });
    first.dispatch({ kind: 'packet', datagram: fromPeer(50) }, 10_600);
    expect(answers).toEqual([]);
    second.dispatch({ kind: 'packet', datagram: fromPeer(50) }, 10_700);
    expect(answers).toMatchObject([{ ok: true }]);
    expect(answers[0]?.lines).toHaveLength(2);
  });

  test('of an instance that there is not says which there are, and does nothing', () => {
    const { giveUp, answers, first } = pair();
    giveUp(['VI_1', 'VI_9'], { evenIfAlone: true });
    expect(answers).toEqual([{ ok: false, lines: ['there is no instance VI_9; there is VI_1, VI_2'] }]);
    expect(first.state.name).toBe('Master');
  });
});

describe('resume', () => {
  test('lifts what is held, and says of the others that nothing was', () => {
    const { giveUp, commands, second } = pair();
    giveUp(['VI_2'], { hold: 'drain' });
    const answers: CommandAnswer[] = [];
    commands.resume([], (answer) => answers.push(answer));
    expect(second.state.hold).toBeUndefined();
    expect(answers).toEqual([
      { ok: true, lines: ['VI_1 was not held', 'VI_2 takes part in elections again'] },
    ]);
  });
});
