/** use_vmac on a kernel that is sure to have macvlans: holdfast and Debian's keepalived share a virtual MAC address. */
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { DaemonKind } from '../../../src/drill/director.ts';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import type { DirectorName } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import { buildPair, FrameLines, instanceText, ip, priorities } from '../network/failover-fixture.ts';

let pair: DirectorPair;
afterEach(() => pair?.close());

const withoutKeepalived = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';
const link = 'vrrp.51';
const virtualMac = '00:00:5e:00:01:33';
/** Three processes start on what may be one slow processor. */
const limitMs = 60_000;

async function untilHeldOnlyBy(holder: DirectorName, other: DirectorName): Promise<void> {
  const holds = async (name: DirectorName) =>
    (await ip(pair, name, '-o', 'address')).match(`${link} .* 10.0.0.3/`);
  await until(`${holder} alone holds the address on ${link}`, limitMs, async () => {
    return (await holds(holder)) !== null && (await holds(other)) === null;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; the log of ${holder}:\n${pair[holder].log().slice(-2000)}`);
  });
}

function sendersOf(frames: FrameLines, words: string): readonly string[] {
  const lines = frames.sinceMark().filter((line) => line.includes(words));
  return [...new Set(lines.map((line) => line.split(' ')[1] ?? ''))];
}

test.skipIf(withoutKeepalived).each([
  ['holdfast', 'keepalived'],
  ['keepalived', 'holdfast'],
] as const satisfies readonly (readonly [DaemonKind, DaemonKind])[])(
  'lb01 runs %s, lb02 %s: the virtual MAC address says all, from whoever is Master',
  async (lb01, lb02) => {
    pair = await buildPair({
      lb01,
      lb02,
      text: (name) =>
        instanceText({ priority: priorities[name], lines: ['version 3', 'advert_int 0.3', 'use_vmac'] }),
    });
    const frames = await FrameLines.start(pair);
    pair.lb02.start();
    await untilHeldOnlyBy('lb02', 'lb01');
    pair.lb01.start();
    await untilHeldOnlyBy('lb01', 'lb02');
    frames.mark();
    expect(await pair.lb01.stop()).toBe(0);
    await untilHeldOnlyBy('lb02', 'lb01');
    expect(await ip(pair, 'lb01', 'link')).not.toContain(link);
    expect(sendersOf(frames, 'prio 0')).toEqual([virtualMac]);
    await until('lb02 has advertised', limitMs, () => sendersOf(frames, 'prio 100').length > 0);
    expect(sendersOf(frames, 'prio 100')).toEqual([virtualMac]);
    expect(sendersOf(frames, 'tell 10.0.0.3')).toEqual([virtualMac]);
  },
);
