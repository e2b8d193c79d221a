/** A sync group moves as one when one member's link is down; scripts and the named pipe are told what keepalived tells them. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DaemonKind } from '../../../src/drill/director.ts';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { requireProgram } from '../../../src/drill/run-program.ts';
import type { DirectorName } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  fast,
  instanceText,
  ip,
  priorities,
  untilHeldBy,
  virtualAddress,
} from './failover-fixture.ts';

let pair: DirectorPair;
afterEach(() => pair?.close());

const withoutKeepalived = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';
const second = '10.0.0.13';
const held = [virtualAddress, second];
const subjects = ['group', 'first', 'second'] as const;

/** Each subject has a file of its own: scripts of different subjects run in no order. */
function notifyLines(folder: string, subject: (typeof subjects)[number]): readonly string[] {
  const any = join(folder, `${subject}-any`);
  writeFileSync(any, `#!/bin/sh\necho "$*" >> ${join(folder, `${subject}-told`)}\n`, { mode: 0o755 });
  const single = (word: string) => {
    const script = join(folder, `${subject}-${word}`);
    const record = `#!/bin/sh\necho "${word} $*" >> ${join(folder, `${subject}-single`)}\n`;
    writeFileSync(script, record, { mode: 0o755 });
    return `notify_${word} "${script} own words"`;
  };
  return [`notify ${any}`, ...['master', 'backup', 'fault', 'stop'].map(single)];
}

function text(name: DirectorName, folder: string): string {
  const lines = (subject: (typeof subjects)[number]) => (name === 'lb01' ? notifyLines(folder, subject) : []);
  const priority = priorities[name];
  const first = instanceText({ priority, lines: [...fast, ...lines('first')] });
  const other = instanceText({
    name: 'VI_2',
    vrid: 52,
    priority,
    lines: [...fast, ...lines('second')],
    virtual: [`${second}/24 dev eth0`],
  }).replace('interface eth0', 'interface eth1');
  const fifo = name === 'lb01' ? `vrrp_notify_fifo ${join(folder, 'fifo')}` : '';
  return `global_defs {
    script_user root
    ${fifo}
}
vrrp_sync_group G1 {
    group {
        VI_1
        VI_2
    }
    ${lines('group').join('\n    ')}
}
${first}${other}`;
}

/** A second network, for the second member. By a switch: a cable between the two would be out at both ends. */
async function addSecondNetwork(): Promise<void> {
  await pair.network.run('switch', 'ip', ['link', 'add', 'br1', 'type', 'bridge', 'mcast_snooping', '0']);
  await pair.network.run('switch', 'ip', ['link', 'set', 'br1', 'up']);
  for (const [name, address] of [
    ['lb01', '10.1.0.5'],
    ['lb02', '10.1.0.6'],
  ] as const) {
    const port = `${name}-second`;
    const peer = ['type', 'veth', 'peer', 'name', port, 'netns', pair.network.namespaceOf('switch')];
    await ip(pair, name, 'link', 'add', 'eth1', ...peer);
    await pair.network.run('switch', 'ip', ['link', 'set', port, 'master', 'br1', 'up']);
    await ip(pair, name, 'address', 'add', `${address}/24`, 'dev', 'eth1');
    await ip(pair, name, 'link', 'set', 'eth1', 'up');
  }
  await until('the second network is up', 5000, async () => {
    return (await ip(pair, 'lb01', 'link', 'show', 'eth1')).includes('state UP');
  });
}

interface Story {
  /** The lines of the named pipe. */
  readonly lines: readonly string[];
  /** What the `notify` script of each subject was given. */
  readonly told: readonly (readonly string[])[];
  /** What the scripts for one state were given. */
  readonly single: readonly (readonly string[])[];
}

/** lb01 takes over from lb02, loses the link of the second member, gets it back, and is stopped. */
async function play(lb01: DaemonKind): Promise<Story> {
  pair = await buildPair({ lb01, text });
  await addSecondNetwork();
  const at = (name: string) => join(pair.folder, name);
  await requireProgram('mkfifo', [at('fifo')]);
  // Opened for both, it neither waits for a writer nor ends with one.
  pair.network.start('lb01', 'sh', ['-c', 'exec cat <> "$0"', at('fifo')], at('lines'));
  pair.lb02.start();
  await untilHeldBy(pair.lb02, undefined, held);
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02, held);
  await ip(pair, 'lb01', 'link', 'set', 'eth1', 'down');
  await untilHeldBy(pair.lb02, pair.lb01, held);
  await ip(pair, 'lb01', 'link', 'set', 'eth1', 'up');
  await untilHeldBy(pair.lb01, pair.lb02, held);
  expect(await pair.lb01.stop()).toBe(0);
  await untilHeldBy(pair.lb02, pair.lb01, held);
  const read = (name: string) => {
    return existsSync(at(name))
      ? readFileSync(at(name), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  };
  await until('the scripts were told of the stop', 3000, () => read('first-told').join().includes('STOP'));
  const story = {
    lines: read('lines'),
    told: subjects.map((subject) => read(`${subject}-told`)),
    single: subjects.map((subject) => read(`${subject}-single`)),
  };
  pair.close();
  return story;
}

/**
 * The moves after the start: the lines of the instances, whose order depends on which one begins it, then that of the group.
 * Whether lb02 says one more word as Master is a matter of microseconds.
 */
function moves({ lines }: Story): readonly (readonly string[])[] {
  const said = lines.slice(3).filter((line) => !line.includes('MASTER_RX_LOWER_PRI'));
  const starts = said.flatMap((_, index) => (index % 3 === 0 ? index : []));
  return starts.map((index) => [...said.slice(index, index + 2).sort(), said[index + 2] ?? '']);
}

describe('a sync group whose second member loses its link and gets it back', () => {
  test.skipIf(withoutKeepalived)('tells scripts and the named pipe what keepalived tells them', async () => {
    const theirs = await play('keepalived');
    const ours = await play('holdfast');
    expect(ours.told).toEqual(theirs.told);
    expect(ours.single).toEqual(theirs.single);
    // At the start, before anything has happened, keepalived tells of the group first.
    expect(moves(ours)).toEqual(moves(theirs));
    expect(ours.lines.slice(0, 3).sort()).toEqual(theirs.lines.slice(0, 3).sort());
  });
});
