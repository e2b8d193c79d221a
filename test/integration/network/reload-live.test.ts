/** Reloads of a running pair: what the edit says changes, and nothing else does, least of all who is Master. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  EchoProbe,
  fast,
  type InstanceParts,
  instanceText,
  ip,
  priorities,
  reload,
  timesLogged,
  untilHeldBy,
  untilLogged,
  virtualAddress,
} from './failover-fixture.ts';

const added = '10.0.0.13';
let pair: DirectorPair;
let echoes: EchoProbe;

beforeEach(async () => {
  pair = await buildPair({ text: (name) => file(priorities[name]) });
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
  echoes = new EchoProbe(pair);
  await echoes.ready();
});
afterEach(async () => {
  await echoes?.stop();
  pair?.close();
});

function file(priority: number, change: Partial<InstanceParts> = {}, globals = ''): string {
  return `global_defs {\n    script_user root\n    ${globals}\n}\n${instanceText({ priority, ...change })}`;
}

let reloads = 0;
async function reloadLb01(text: string): Promise<void> {
  reloads = timesLogged(pair.lb01, 'Reload complete') + timesLogged(pair.lb01, 'Reload finished');
  reload(pair, 'lb01', text);
  await until('the reload is applied', 10_000, () => {
    return timesLogged(pair.lb01, 'Reload complete') + timesLogged(pair.lb01, 'Reload finished') > reloads;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the log:\n${pair.lb01.log().slice(-2000)}`);
  });
}

/** The client missed nothing, lb02 has said nothing, and lb01 has not been anything else than Master. */
async function expectUndisturbed(sinceMs: number): Promise<void> {
  await until('some time has passed', 3000, () => Date.now() - sinceMs > 600);
  const { asked, failedAtMs } = await echoes.report();
  expect(failedAtMs).toEqual([]);
  expect(asked).toBeGreaterThan(100);
  const ofLb02 = pair.capture
    .sightings()
    .filter((seen) => seen.kind === 'advertisement' && seen.source === hostAddresses.lb02);
  expect(ofLb02.filter((seen) => seen.atMs > sinceMs)).toEqual([]);
  expect(timesLogged(pair.lb01, 'Entering MASTER STATE')).toBe(1);
}

test('another priority, which still is the highest, moves nobody', async () => {
  const sinceMs = Date.now();
  await reloadLb01(file(140));
  await until('lb01 advertises its new priority', 3000, () => advertisedPriorities().includes(140));
  await expectUndisturbed(sinceMs);
});

function advertisedPriorities(): readonly number[] {
  return pair.capture.sightings().flatMap((seen) => (seen.kind === 'advertisement' ? seen.priority : []));
}

test('an address that is added is announced, one that is removed goes, and the others answer all the time', async () => {
  const sinceMs = Date.now();
  await reloadLb01(file(150, { virtual: [`${virtualAddress}/24`, `${added}/24`] }));
  await untilHeldBy(pair.lb01, pair.lb02, [virtualAddress, added]);
  await until('the new address is announced', 3000, () =>
    pair.capture.sightings().some((seen) => seen.kind === 'gratuitousArp' && seen.address === added),
  );
  await reloadLb01(file(150));
  await until('it is gone', 3000, async () => !(await pair.lb01.holds(added)));
  expect(await pair.lb01.holds(virtualAddress)).toBe(true);
  await expectUndisturbed(sinceMs);
});

test('an instance that has another name, or another interval, stays Master', async () => {
  const sinceMs = Date.now();
  await reloadLb01(file(150, { name: 'WEB' }));
  await reloadLb01(file(150, { name: 'WEB', lines: ['version 3', 'advert_int 0.05'] }));
  await until('there is an advertisement every 50 ms', 3000, () => medianGapMs() < 60);
  await expectUndisturbed(sinceMs);
  expect(await ip(pair, 'lb01', 'address', 'show', 'dev', 'eth0')).toContain(virtualAddress);
  await untilLogged(pair.lb02, 'advertisement interval is now 0.05 s');
});

/** Between the last ten advertisements. */
function medianGapMs(): number {
  const times = pair.capture.sightings().flatMap((seen) => (seen.kind === 'advertisement' ? seen.atMs : []));
  const gaps = times.slice(-10).map((atMs, index, all) => atMs - (all[index - 1] ?? 0));
  return gaps.sort((a, b) => a - b)[4] ?? Number.POSITIVE_INFINITY;
}

test('a removed instance hands over, tells that it is deleted, and leaves the other alone', async () => {
  const told = join(pair.folder, 'told');
  const script = join(pair.folder, 'notify');
  writeFileSync(script, `#!/bin/sh\necho "$@" >> ${told}\n`, { mode: 0o755 });
  const first = file(150, { lines: [...fast, `notify ${script}`] });
  const second = (priority: number, lines: readonly string[]) =>
    instanceText({ name: 'VI_2', vrid: 52, priority, virtual: [`${added}/24`], lines: [...fast, ...lines] });
  await reloadLb01(first + second(150, [`notify ${script}`, 'notify_deleted']));
  reload(pair, 'lb02', file(100) + second(100, []));
  await untilHeldBy(pair.lb01, pair.lb02, [added]);
  const sinceMs = Date.now();
  await reloadLb01(first);
  await untilHeldBy(pair.lb02, pair.lb01, [added]);
  await until('the script is told', 3000, () => readFileSync(told, 'utf8').includes('DELETED'));
  expect(readFileSync(told, 'utf8').split('\n')).toContain('INSTANCE VI_2 DELETED 150');
  expect((await echoes.report()).failedAtMs).toEqual([]);
  const left = pair.capture
    .sightings()
    .filter((seen) => seen.kind === 'advertisement' && seen.atMs > sinceMs);
  expect(left).toContainEqual(expect.objectContaining({ vrid: 52, priority: 0 }));
  expect(left).not.toContainEqual(expect.objectContaining({ vrid: 51, priority: 0 }));
});

test('an instance that gets another VRID hands over to itself, and its addresses stay', async () => {
  reload(pair, 'lb02', file(100, { vrid: 52 }));
  await untilLogged(pair.lb02, '(VI_1) Entering MASTER STATE');
  await reloadLb01(file(150, { vrid: 52 }));
  await untilHeldBy(pair.lb01, pair.lb02);
  expect((await echoes.report()).failedAtMs).toEqual([]);
});

test('a removed virtual MAC goes when its instance has handed over', async () => {
  const second = (priority: number) =>
    instanceText({
      name: 'VI_2',
      vrid: 52,
      priority,
      virtual: [`${added}/24`],
      lines: [...fast, 'use_vmac'],
    });
  const holds = async (name: 'lb01' | 'lb02') =>
    (await ip(pair, name, '-o', 'address')).includes(`${added}/`);
  await reloadLb01(file(150) + second(150));
  await until('lb01 has it', 5000, () => holds('lb01'));
  reload(pair, 'lb02', file(100) + second(100));
  await untilLogged(pair.lb02, '(VI_2) Entering BACKUP STATE');
  await reloadLb01(file(150));
  await until('lb02 has it', 5000, () => holds('lb02'));
  await until('the macvlan is gone', 3000, async () => !(await ip(pair, 'lb01', 'link')).includes('vrrp.52'));
  expect(pair.lb01.log()).toMatch(/\(VI_2\) 10\.0\.0\.6 has taken over after/);
  expect(pair.lb01.log()).not.toContain('FAULT');
  await until('and so are its rules', 3000, async () => {
    return (await pair.network.run('lb01', 'nft', ['list', 'ruleset'])).stdout === '';
  });
  expect((await echoes.report()).failedAtMs).toEqual([]);
});

test('what cannot change is refused with its reason, and the rest is applied', async () => {
  const sinceMs = Date.now();
  await reloadLb01(file(140, {}, 'nftables another'));
  await untilLogged(pair.lb01, 'nftables is now another, which a reload cannot change');
  await until('lb01 advertises its new priority', 3000, () => advertisedPriorities().includes(140));
  await expectUndisturbed(sinceMs);
});

test('a file that cannot be read changes nothing', async () => {
  const sinceMs = Date.now();
  reload(pair, 'lb01', 'vrrp_instance VI_1 {\n');
  await untilLogged(pair.lb01, 'Reload abandoned');
  await expectUndisturbed(sinceMs);
});
