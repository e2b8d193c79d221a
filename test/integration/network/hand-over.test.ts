/** A Master that leaves goes on serving until its successor does: the client, which asks every 2 ms, notices nothing. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { DaemonKind } from '../../../src/drill/director.ts';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  EchoProbe,
  fast,
  instanceText,
  priorities,
  untilHeldBy,
  untilLogged,
  virtualAddress,
} from './failover-fixture.ts';

let pair: DirectorPair;
let probe: EchoProbe | undefined;
afterEach(async () => {
  await probe?.stop();
  probe = undefined;
  pair.close();
});

const withoutKeepalived = !existsSync('/usr/sbin/keepalived') && process.env['CI'] !== 'true';
const version2 = ['advert_int 1'];

async function start(lb02: DaemonKind, lines: readonly string[]): Promise<void> {
  pair = await buildPair({ lb02, text: (name) => instanceText({ priority: priorities[name], lines }) });
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
}

async function startProbe(): Promise<EchoProbe> {
  const started = new EchoProbe(pair);
  probe = started;
  await started.ready();
  return started;
}

describe.each(['holdfast', 'keepalived'] as const)('with %s as the successor', (lb02) => {
  test.skipIf(lb02 === 'keepalived' && withoutKeepalived)(
    'neither the stop of the Master nor its return costs the client an answer',
    async () => {
      await start(lb02, lb02 === 'holdfast' ? fast : version2);
      const echoes = await startProbe();
      expect(await pair.lb01.stop()).toBe(0);
      await untilHeldBy(pair.lb02, pair.lb01);
      const stopped = await echoes.report();
      expect(stopped.asked).toBeGreaterThan(50);
      expect(stopped.failedAtMs).toEqual([]);
      pair.lb01.start();
      await untilHeldBy(pair.lb01, pair.lb02);
      const returned = await echoes.report();
      expect(returned.failedAtMs).toEqual([]);
      expect(returned.asked).toBeGreaterThan(stopped.asked + 200);
    },
  );

  test.skipIf(lb02 === 'keepalived' && withoutKeepalived)(
    'a planned fault, and its end, cost the client no answer',
    async () => {
      const text = (priority: number, file: string) =>
        `track_file maintenance {\n    file ${file}\n    weight 0\n}\n${instanceText({
          priority,
          lines: [...fast, 'track_file {\n        maintenance\n    }'],
        })}`;
      pair = await buildPair({
        lb02,
        text: (name, folder) => {
          writeFileSync(join(folder, `${name}.fault`), '0\n');
          return text(priorities[name], join(folder, `${name}.fault`));
        },
      });
      pair.lb02.start();
      pair.lb01.start();
      await untilHeldBy(pair.lb01, pair.lb02);
      const echoes = await startProbe();
      writeFileSync(join(pair.folder, 'lb01.fault'), '1\n');
      await untilHeldBy(pair.lb02, pair.lb01);
      await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
      expect((await echoes.report()).failedAtMs).toEqual([]);
      writeFileSync(join(pair.folder, 'lb01.fault'), '0\n');
      await untilHeldBy(pair.lb01, pair.lb02);
      const { asked, failedAtMs } = await echoes.report();
      expect(failedAtMs).toEqual([]);
      expect(asked).toBeGreaterThan(300);
    },
  );
});

async function startAlone(): Promise<void> {
  pair = await buildPair({ text: () => instanceText({ priority: 150, lines: version2 }) });
  pair.lb01.start();
  await untilHeldBy(pair.lb01, undefined);
}

describe('with nobody there', () => {
  test('a stop ends when Skew_Time of the lowest priority is over, and leaves no address', async () => {
    await startAlone();
    const stoppedAtMs = Date.now();
    expect(await pair.lb01.stop()).toBe(0);
    const tookMs = Date.now() - stoppedAtMs;
    expect(tookMs).toBeGreaterThan(990);
    expect(tookMs).toBeLessThan(1500);
    expect(await pair.lb01.holds(virtualAddress)).toBe(false);
    await untilLogged(pair.lb01, '(VI_1) nobody has taken over; letting go');
  });

  test('a second signal ends the wait', async () => {
    await startAlone();
    const stoppedAtMs = Date.now();
    const stopped = pair.lb01.stop();
    // Closer together they count as one wish: a terminal's Ctrl-C comes twice.
    await until('the second signal may come', 1000, () => Date.now() - stoppedAtMs > 150);
    await untilLogged(pair.lb01, 'handing over');
    process.kill(pair.lb01.pid, 'SIGTERM');
    const againAtMs = Date.now();
    expect(await stopped).toBe(0);
    expect(Date.now() - againAtMs).toBeLessThan(200);
    expect(await pair.lb01.holds(virtualAddress)).toBe(false);
  });
});
