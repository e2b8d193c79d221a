import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailConfig } from '../../../../src/config-parser/config.ts';
import type { NotifyEvent } from '../../../../src/daemon/ipc.ts';
import { Notifier } from '../../../../src/daemon/script-process/notify/index.ts';
import { address } from '../../../../src/net/address.ts';
import type { InstanceWord } from '../../../../src/notify/index.ts';
import { configOf, Folder, loggedRunner, until } from './fixtures.ts';

const mail: MailConfig = {
  server: address('192.0.2.25'),
  port: 25,
  from: 'lb01@example.org',
  to: ['ops@example.org'],
  connectTimeoutMs: 1000,
  noFaults: false,
};

let folder: Folder;
let world: ReturnType<typeof loggedRunner>;
let notifier: Notifier;
let subjects: string[];

beforeEach(() => {
  folder = new Folder();
  world = loggedRunner();
  subjects = [];
  notifier = new Notifier({
    ...world,
    sender: {
      send: async (_, { subject }) => {
        subjects.push(subject);
        return { refused: [] };
      },
      close: () => {},
    },
  });
});

afterEach(async () => {
  await notifier.stop();
  folder.remove();
});

function instance(name: string, state: InstanceWord, priority = 100): NotifyEvent {
  return { kind: 'instance', name, state, priority };
}

describe('the scripts of an instance', () => {
  it('get their own arguments, and the generic one what happened to whom, each as one word', async () => {
    const path = folder.script('told', 'for word; do printf "<%s>" "$word"; done >> $out; echo >> $out');
    const any = { argv: [path, 'an argument', '$(id)'] };
    const specific = { argv: [path, 'became master'] };
    await notifier.configure(
      configOf({ 'VI 1': { master: specific, any } }, {}, { G: { any, backup: { argv: [path] } } }),
    );
    notifier.notify([instance('VI 1', 'MASTER', 255)]);
    await until(() => folder.lines().length === 2);
    notifier.notify([{ kind: 'group', name: 'G', state: 'BACKUP' }]);
    await until(() => folder.lines().length === 4);
    expect(folder.lines()).toEqual([
      '<became master>',
      '<an argument><$(id)><INSTANCE><VI 1><MASTER><255>',
      '',
      '<an argument><$(id)><GROUP><G><BACKUP><0>',
    ]);
  });

  it('run in the order of the events although the first is slow', async () => {
    const slow = folder.script('backup', 'sleep 0.3; echo backup ended >> $out');
    const fast = folder.script('master', 'echo master started >> $out');
    await notifier.configure(configOf({ A: { backup: { argv: [slow] }, master: { argv: [fast] } } }));
    notifier.notify([instance('A', 'BACKUP'), instance('A', 'MASTER')]);
    await until(() => folder.lines().length === 2);
    expect(folder.lines()).toEqual(['backup ended', 'master started']);
  });

  it('are all run, also those whose state has passed', async () => {
    const any = { argv: [folder.script('any', 'echo $3 >> $out')] };
    await notifier.configure(configOf({ A: { any } }));
    const states = ['BACKUP', 'MASTER', 'BACKUP', 'FAULT', 'BACKUP', 'MASTER'] as const;
    notifier.notify(states.map((state) => instance('A', state)));
    await until(() => folder.lines().length === states.length);
    expect(folder.lines()).toEqual(states);
  });

  it('do not wait for those of another instance', async () => {
    const slow = folder.script('slow', 'sleep 0.5; echo slow >> $out');
    const fast = folder.script('fast', 'echo fast >> $out');
    await notifier.configure(configOf({ A: { master: { argv: [slow] } }, B: { master: { argv: [fast] } } }));
    notifier.notify([instance('A', 'MASTER'), instance('B', 'MASTER')]);
    await until(() => folder.lines().length === 2);
    expect(folder.lines()).toEqual(['fast', 'slow']);
  });

  it('that fail or are missing are said, and hold up nobody', async () => {
    const missing = { argv: [folder.join('missing')] };
    const failing = { argv: [folder.script('failing', 'exit 3')] };
    const any = { argv: [folder.script('any', 'echo $3 >> $out')] };
    await notifier.configure(configOf({ A: { backup: missing, master: failing, any } }));
    notifier.notify([instance('A', 'BACKUP'), instance('A', 'MASTER')]);
    await until(() => folder.lines().length === 2);
    expect(world.said).toContainEqual(
      expect.stringMatching(/^warning: notify script of instance A cannot run: /),
    );
    expect(world.said).toContain(
      `warning: Notify script "${failing.argv[0]}" of instance A ended with status 3`,
    );
  });
});

describe('an instance that the new configuration does not have', () => {
  it('is told of as DELETED by the script of the configuration before', async () => {
    const any = { argv: [folder.script('any', 'echo $2 $3 >> $out')] };
    await notifier.configure(configOf({ old: { any, deleted: {} } }));
    await notifier.configure(configOf({ other: { any } }));
    notifier.notify([instance('old', 'DELETED')]);
    await until(() => folder.lines().length === 1);
    expect(folder.lines()).toEqual(['old DELETED']);
    // Told once; what comes after is about something unknown.
    notifier.notify([instance('old', 'DELETED'), instance('other', 'BACKUP')]);
    await until(() => folder.lines().length === 2);
    expect(folder.lines()).toEqual(['old DELETED', 'other BACKUP']);
  });
});

describe('mail', () => {
  it('is sent for an instance only when its state differs from the last one mailed', async () => {
    await notifier.configure(configOf({ A: { mail: true }, B: { mail: true } }, { mail }));
    notifier.notify([instance('A', 'BACKUP'), instance('A', 'MASTER'), instance('A', 'MASTER')]);
    // A reload is no change of state.
    await notifier.configure(configOf({ A: { mail: true }, B: { mail: true } }, { mail }));
    notifier.notify([instance('A', 'MASTER'), instance('B', 'MASTER')]);
    await until(() => subjects.length === 3);
    await notifier.stop();
    expect(subjects).toEqual([
      '[lb01] VRRP Instance A - Entering BACKUP state',
      '[lb01] VRRP Instance A - Entering MASTER state',
      '[lb01] VRRP Instance B - Entering MASTER state',
    ]);
  });

  it('goes on after a fault that is not mailed, with the state before it as the last one', async () => {
    await notifier.configure(configOf({ A: { mail: true } }, { mail: { ...mail, noFaults: true } }));
    notifier.notify([instance('A', 'BACKUP'), instance('A', 'FAULT'), instance('A', 'BACKUP')]);
    await notifier.stop();
    expect(subjects).toEqual(['[lb01] VRRP Instance A - Entering BACKUP state']);
  });
});

describe('the end', () => {
  it('gives a script that hears STOP one second, and ends it then', async () => {
    const stop = {
      argv: [folder.script('stop', 'trap "echo told to end >> $out; exit" TERM; sleep 20 & wait')],
    };
    await notifier.configure(configOf({ A: { stop } }));
    notifier.notify([instance('A', 'STOP')]);
    const startMs = performance.now();
    await notifier.stop();
    const tookMs = performance.now() - startMs;
    expect(folder.lines()).toEqual(['told to end']);
    expect(tookMs).toBeGreaterThan(900);
    expect(tookMs).toBeLessThan(2000);
  });

  it('does not take longer for many instances, and drops none of their scripts', async () => {
    const any = { argv: [folder.script('any', 'echo $2 >> $out; sleep 5')] };
    const names = Array.from({ length: 8 }, (_, index) => `I${index}`);
    await notifier.configure(configOf(Object.fromEntries(names.map((name) => [name, { any, stop: any }]))));
    notifier.notify(names.map((name) => instance(name, 'STOP')));
    const startMs = performance.now();
    await notifier.stop();
    expect(performance.now() - startMs).toBeLessThan(2500);
    await until(() => folder.lines().length === 2 * names.length);
  });

  it('has started every script when it is over, also those that nobody had time for', async () => {
    const started: string[] = [];
    const hanging = new Notifier({
      log: world.log,
      runner: {
        run: (command, _, { extraArguments = [] } = {}) => {
          started.push([...command.argv, ...extraArguments].join(' '));
          return { pid: 1, finished: new Promise(() => {}), end: () => {}, kill: () => {} };
        },
      },
    });
    await hanging.configure(configOf({ A: { any: { argv: ['/any'] } } }));
    const states = ['MASTER', 'BACKUP', 'FAULT', 'STOP'] as const;
    hanging.notify(states.map((state) => instance('A', state)));
    await hanging.stop();
    expect(started).toEqual(states.map((state) => `/any INSTANCE A ${state} 100`));
  });

  it('does not wait for a script that hangs since an earlier state', async () => {
    const hang = { argv: [folder.script('hang', 'echo hangs >> $out; sleep 20')] };
    const stop = { argv: [folder.script('stop', 'echo stopped >> $out')] };
    await notifier.configure(configOf({ A: { master: hang, stop } }));
    notifier.notify([instance('A', 'MASTER'), instance('A', 'STOP')]);
    const startMs = performance.now();
    await notifier.stop();
    expect(performance.now() - startMs).toBeLessThan(2000);
    await until(() => folder.lines().length === 2);
    expect(folder.lines()).toEqual(['hangs', 'stopped']);
    expect(world.said).toContainEqual(expect.stringMatching(/hang" of instance A still runs after 1 s/));
  });
});
