/** What instances face: what they and their groups track, what is static, and each other. */
import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/config-parser/config.ts';
import { HostInterfaces } from '../../../src/daemon/vrrp-process/host-interfaces.ts';
import { InstanceRuntime } from '../../../src/daemon/vrrp-process/instance-runtime.ts';
import { InstanceTable, placements } from '../../../src/daemon/vrrp-process/instances.ts';
import { Lookout } from '../../../src/daemon/vrrp-process/lookout.ts';
import { effectivePriority, type Fault } from '../../../src/vrrp/index.ts';
import { blockOf, instanceWith, parseText } from '../../config-parser/parse-helpers.ts';
import { FakeMonitor, link, place } from './fakes.ts';

const script = blockOf('vrrp_script s', 'script /bin/true', 'weight -30');
const fatal = blockOf('vrrp_script f', 'script /bin/true');

function instance(name: string, vrid: number, ...lines: readonly string[]): string {
  return instanceWith(...lines)
    .replace('VI_1', name)
    .replace(' 51', ` ${vrid}`);
}

/** The instances and groups of a text, on a host with eth0 and eth1. */
function host(text: string, staticFaults: (name: string) => readonly Fault[] = () => []) {
  const monitor = new FakeMonitor(link('eth0'), link('eth1', { index: 8 }));
  const table = new InstanceTable();
  const interfaces = new HostInterfaces(monitor, () => undefined);
  const lookout = new Lookout({
    interfaces,
    groupOf: (runtime) => table.groupOf(runtime),
    staticFaults,
  });
  const words: string[] = [];
  const apply = ({ config }: { readonly config: Config }) => {
    for (const [key, { config: one }] of placements(config)) {
      const known = table.running.get(key);
      known?.reconfigure(one);
      if (known !== undefined) continue;
      const runtime = new InstanceRuntime(one, {
        nowMs: () => 0,
        join: () => ({ place, send: () => undefined, close: () => undefined }),
        perform: () => undefined,
        socketRefused: () => undefined,
        stepped: (which, effects) => table.groupOf(which)?.stepped(which, effects),
      });
      table.running.set(key, runtime);
    }
    table.arrange(config.syncGroups, (group, state) => words.push(`${group.config.name} ${state}`));
    lookout.refresh(table.all);
    for (const group of table.groups) group.settle();
  };
  apply(parseText(text));
  const of = (name: string) => {
    const found = table.all.find(({ config }) => config.name === name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };
  const reads = (name: string, isUp: boolean) => {
    if (lookout.read([{ kind: 'script', name, isUp }])) lookout.refresh(table.all);
  };
  const goes = (name: string, isUp: boolean) => {
    monitor.table.set(name, link(name, { isUp, index: name === 'eth0' ? 7 : 8 }));
    lookout.refresh(table.on(name));
  };
  return { apply, of, reads, goes, words, lookout, states: () => table.all.map(({ state }) => state.name) };
}

const priorityOf = ({ config, state }: InstanceRuntime) => effectivePriority(config, state);

describe('what an instance tracks', () => {
  test('changes its priority, or is a fault', () => {
    const { of, reads } = host(`${script}\n${fatal}\n${instanceWith(blockOf('track_script', 's', 'f'))}`);
    reads('f', true);
    reads('s', false);
    expect([of('VI_1').state.name, priorityOf(of('VI_1'))]).toEqual(['Backup', 70]);
    reads('f', false);
    expect(of('VI_1').state).toMatchObject({
      name: 'Fault',
      faults: [{ reason: 'tracked-script', subject: 'f' }],
    });
  });

  test('is waited for where it could be a fault: until then nobody is told of anything', () => {
    const { of, reads } = host(`${fatal}\n${instanceWith(blockOf('track_script', 'f'))}`);
    expect(of('VI_1').state.name).toBe('Initialize');
    reads('f', true);
    expect(of('VI_1').state.name).toBe('Backup');
  });

  test('may be another interface', () => {
    const { of, goes } = host(instanceWith(blockOf('track_interface', 'eth1')));
    goes('eth1', false);
    expect(of('VI_1').state).toMatchObject({
      name: 'Fault',
      faults: [{ reason: 'tracked-interface', subject: 'eth1' }],
    });
  });

  test('adds nothing to an owner', () => {
    const { of, reads } = host(`${script}\n${instanceWith('priority 255', blockOf('track_script', 's'))}`);
    reads('s', false);
    expect(priorityOf(of('VI_1'))).toBe(255);
  });
});

test('something static that is gone is a fault of the instances of its track_group', () => {
  const gone: Fault = { reason: 'static-item', subject: 'route x' };
  const text = instance('VI_1', 51) + instance('VI_2', 52).replace('192.0.2.10', '192.0.2.11');
  expect(host(text, (name) => (name === 'VI_1' ? [gone] : [])).states()).toEqual(['Fault', 'Backup']);
});

describe('a sync group', () => {
  const group = (...lines: readonly string[]) =>
    blockOf('vrrp_sync_group G', blockOf('group', 'VI_1', 'VI_2'), ...lines);
  const members = (...lines: readonly string[]) =>
    instance('VI_1', 51, ...lines) + instance('VI_2', 52).replace('192.0.2.10', '192.0.2.11');

  test('is Master as a whole, and not before every member can be', () => {
    const { of, states, words } = host(`${group()}\n${members()}`);
    of('VI_1').timeout(10_000);
    expect(states()).toEqual(['Backup', 'Backup']);
    of('VI_2').timeout(10_000);
    expect(states()).toEqual(['Master', 'Master']);
    expect(words).toEqual(['G Backup', 'G Master']);
  });

  test('is in Fault as a whole when one member is', () => {
    const { of, reads, words } = host(`${fatal}\n${group()}\n${members(blockOf('track_script', 'f'))}`);
    reads('f', true);
    reads('f', false);
    expect(of('VI_2').state).toMatchObject({ faults: [{ reason: 'sync-group', subject: 'G' }] });
    expect(words).toEqual(['G Backup', 'G Fault']);
  });

  test('tracks for all its members', () => {
    const { of, reads } = host(`${script}\n${group(blockOf('track_script', 's'))}\n${members()}`);
    reads('s', false);
    expect([priorityOf(of('VI_1')), priorityOf(of('VI_2'))]).toEqual([70, 70]);
  });

  test('lets the weight of a member count only with sync_group_tracking_weight', () => {
    const priorities = ['', 'sync_group_tracking_weight'].map((line) => {
      const { of, reads } = host(`${script}\n${group(line)}\n${members(blockOf('track_script', 's'))}`);
      reads('s', false);
      return priorityOf(of('VI_1'));
    });
    expect(priorities).toEqual([100, 70]);
  });

  test('that a reload makes of a Master and a Backup lets the Master go', () => {
    const { of, apply } = host(members());
    of('VI_1').timeout(10_000);
    apply(parseText(`${group()}\n${members()}`));
    expect(of('VI_1').state.name).toBe('Leaving');
  });
});

test('a reading that says nothing new changes nothing, and one of what is gone is forgotten', () => {
  const { lookout } = host(instanceWith());
  const reading = { kind: 'script', name: 's', isUp: true } as const;
  expect([lookout.read([reading]), lookout.read([reading])]).toEqual([true, false]);
  lookout.forgetAllBut(new Set());
  expect(lookout.readings).toEqual([]);
});
