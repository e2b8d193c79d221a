/** Every way of speaking VRRP, holdfast with Debian's keepalived, in both places and both directions of a failover. */
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { DaemonKind, Director } from '../../../src/drill/director.ts';
import { buildDirectorPair, type DirectorPair } from '../../../src/drill/director-pair.ts';
import { until } from '../../../src/drill/until.ts';
import { type Protocol, protocolFile, protocols } from './protocol-files.ts';

let pair: DirectorPair | undefined;
afterEach(() => pair?.close());

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

describe.skipIf(cannotRun).each(arrangements)('lb01 runs %s, lb02 runs %s', (lb01Daemon, lb02Daemon) => {
  test.each(protocols)(
    '$name: the addresses go to lb02 by a stop and a crash, and come back',
    async (protocol) => {
      pair = await buildDirectorPair({
        daemons: { lb01: lb01Daemon, lb02: lb02Daemon },
        configFile: (name, folder) => protocolFile(protocol, name, folder),
      });
      const { lb01, lb02 } = pair;
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
    },
  );
});
