/** Every way of speaking VRRP, holdfast with Debian's keepalived, in both places and both directions of a failover. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { DaemonKind, Director } from '../../../src/drill/director.ts';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import type { DirectorName } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import { newProtocols, type Protocol, protocolFile, protocols } from './protocol-files.ts';

const arrangements: readonly (readonly [DaemonKind, DaemonKind])[] = [
  ['holdfast', 'keepalived'],
  ['keepalived', 'holdfast'],
];

/** Counted as skipped where Debian's keepalived is missing; continuous integration must run them all. */
const cannotRun = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';

async function untilHeldBy(
  { virtualAddresses }: Protocol,
  holder: Director,
  other: Director | undefined,
): Promise<void> {
  await until(`${holder.name} alone holds ${virtualAddresses.join(' ')}`, 20_000, async () => {
    const held = await Promise.all(virtualAddresses.map((address) => holder.holds(address)));
    const elsewhere = await Promise.all(virtualAddresses.map((address) => other?.holds(address)));
    return held.every((holds) => holds) && !elsewhere.some((holds) => holds === true);
  });
}

async function failOverAndBack(
  protocol: Protocol,
  { lb01, lb02 }: Pick<DirectorPair, 'lb01' | 'lb02'>,
): Promise<void> {
  lb02.start();
  lb01.start();
  await untilHeldBy(protocol, lb01, lb02);
  expect(await lb01.stop()).toBe(0);
  await untilHeldBy(protocol, lb02, lb01);
  lb01.start();
  await untilHeldBy(protocol, lb01, lb02);
  await lb01.kill();
  // What was killed leaves its addresses behind.
  await untilHeldBy(protocol, lb02, undefined);
}

async function playPair(
  protocol: Protocol,
  daemons: Parameters<typeof buildDirectorPair>[0]['daemons'],
): Promise<void> {
  const configFile = (name: DirectorName, folder: string) => protocolFile(protocol, name, folder);
  const pair = await buildDirectorPair({ daemons, configFile });
  try {
    await failOverAndBack(protocol, pair);
  } finally {
    pair.close();
  }
}

// Each pair has a network of its own, and most of the time nothing to do but wait.
describe.skipIf(cannotRun).each(arrangements)('lb01 runs %s, lb02 runs %s', (lb01, lb02) => {
  test.concurrent.each(protocols)(
    '$name: the addresses go to lb02 by a stop and a crash, and come back',
    (protocol) => playPair(protocol, { lb01, lb02 }),
  );
});

describe('both run holdfast', () => {
  test.concurrent.each(newProtocols)(
    '$name: the addresses go to lb02 by a stop and a crash, and come back',
    (protocol) => playPair(protocol, { lb01: 'holdfast', lb02: 'holdfast' }),
  );
});
