import { describe, expect, test } from 'vitest';
import type { NotifyEvent } from '../../../src/daemon/ipc.ts';
import { GroupRuntime } from '../../../src/daemon/vrrp-process/group-runtime.ts';
import { Notices } from '../../../src/daemon/vrrp-process/notices.ts';
import { datagram, instanceConfig, lowerAddress } from '../../vrrp/instances.ts';
import { fakeRuntime, start, wordsOf } from './fakes.ts';

/** An instance whose steps are told on. */
function told(changes = {}) {
  const events: NotifyEvent[] = [];
  const notices = new Notices((some) => events.push(...some));
  const made = fakeRuntime(changes, (runtime, effects) => notices.stepped(runtime, effects));
  return { ...made, notices, words: () => wordsOf(events), events };
}

function becomeMaster({ runtime, clock }: ReturnType<typeof told>): void {
  start(runtime);
  clock.nowMs = 10_000;
  runtime.timeout(10_000);
}

describe('an instance', () => {
  test('is told of as BACKUP, MASTER, FAULT and STOP', () => {
    const made = told();
    becomeMaster(made);
    made.runtime.face([{ reason: 'interface-down', subject: 'eth0' }]);
    made.runtime.stop(true);
    expect(made.words()).toEqual([
      'instance VI_1 BACKUP',
      'instance VI_1 MASTER',
      'instance VI_1 FAULT',
      'instance VI_1 STOP',
    ]);
  });

  test('that a reload removed is told of as DELETED', () => {
    const made = told();
    start(made.runtime);
    made.runtime.isDeleted = true;
    made.runtime.stop(true);
    expect(made.words()).toEqual(['instance VI_1 BACKUP', 'instance VI_1 DELETED']);
  });

  test('that hears a lower priority while Master says so (notify_master_rx_lower_pri)', () => {
    const made = told();
    becomeMaster(made);
    const heard = datagram(instanceConfig(), 50, { source: lowerAddress });
    made.runtime.dispatch({ kind: 'packet', datagram: heard }, 10_500);
    expect(made.words().at(-1)).toBe('instance VI_1 MASTER_RX_LOWER_PRI');
  });

  test('whose priority changes says so, with the new one (notify_priority_changes)', () => {
    const made = told();
    start(made.runtime);
    start(made.runtime, { weight: -20 });
    becomeMaster(made);
    start(made.runtime, { weight: 5 });
    expect(made.events.map(({ state, ...rest }) => [state, 'priority' in rest ? rest.priority : 0])).toEqual([
      ['BACKUP', 100],
      ['BACKUP_PRIORITY', 80],
      ['BACKUP_PRIORITY', 100],
      ['MASTER', 100],
      ['MASTER_PRIORITY', 105],
    ]);
  });

  test('that gives up and takes back is no news', () => {
    const made = told();
    becomeMaster(made);
    made.runtime.dispatch({ kind: 'giveUp', hold: { kind: 'failover' } }, 11_000);
    expect(made.runtime.state.name).toBe('Leaving');
    made.runtime.timeout(60_000);
    expect(made.runtime.state.name).toBe('Master');
    expect(made.words()).toEqual(['instance VI_1 BACKUP', 'instance VI_1 MASTER']);
  });

  test('is told of once more after a reload, marked as such (fifo_write_vrrp_states_on_reload)', () => {
    const made = told();
    start(made.runtime);
    made.notices.allStates([made.runtime]);
    expect(made.events.at(-1)).toEqual({
      kind: 'instance',
      name: 'VI_1',
      state: 'BACKUP',
      priority: 100,
      isRepeated: true,
    });
  });
});

test('a group is told of in its own words', () => {
  const events: NotifyEvent[] = [];
  const notices = new Notices((some) => events.push(...some));
  const config = { name: 'G', members: [], memberWeights: false } as unknown as GroupRuntime['config'];
  const group = new GroupRuntime(config, () => undefined);
  for (const state of ['Backup', 'Master', 'Fault', 'Stopped'] as const) notices.group(group, state);
  expect(wordsOf(events)).toEqual(['group G BACKUP', 'group G MASTER', 'group G FAULT', 'group G STOP']);
});
