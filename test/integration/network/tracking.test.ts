/** What an instance tracks, as it is on the machine: scripts, files, processes and interfaces, and what becomes of the priority. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { DirectorPair } from '../../../src/drill/director-pair.ts';
import { type DirectorName, hostAddresses } from '../../../src/drill/tutorial-network.ts';
import { until } from '../../../src/drill/until.ts';
import {
  buildPair,
  fast,
  instanceText,
  ip,
  priorities,
  untilHeldBy,
  untilLogged,
} from './failover-fixture.ts';

let pair: DirectorPair;
afterEach(() => pair.close());

interface Tracked {
  /** Definitions before the instance; `folder` is the pair's own. */
  readonly define: (name: DirectorName, folder: string) => string;
  readonly lines: readonly string[];
}

async function build({ define, lines }: Tracked): Promise<void> {
  pair = await buildPair({
    text: (name, folder) =>
      `global_defs {
    script_user root
}
${define(name, folder)}
${instanceText({ priority: priorities[name], lines: [...fast, ...lines] })}`,
  });
}

async function start(tracked: Tracked): Promise<void> {
  await build(tracked);
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
}

/** A script that succeeds while the file beside it is there. */
function checkScript(name: DirectorName, folder: string): string {
  const script = join(folder, `${name}-check`);
  const flag = join(folder, `${name}-ok`);
  writeFileSync(flag, '');
  writeFileSync(script, `#!/bin/sh\n[ -e ${flag} ]\n`);
  chmodSync(script, 0o755);
  return script;
}

function breakCheck(name: DirectorName): Promise<unknown> {
  return pair.network.run(name, 'rm', [join(pair.folder, `${name}-ok`)]);
}

function mendCheck(name: DirectorName): void {
  writeFileSync(join(pair.folder, `${name}-ok`), '');
}

const scriptOf = (script: string, weight: string) => `vrrp_script check {
    script "${script}"
    interval 0.2
    fall 2
    rise 2
    ${weight}
}`;

test('a script without weight that fails is a fault, and its recovery ends it', async () => {
  await start({
    define: (name, folder) => scriptOf(checkScript(name, folder), ''),
    lines: ['track_script {\n        check\n    }'],
  });
  await breakCheck('lb01');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
  await untilLogged(pair.lb01, '(VI_1) tracked script check has failed');
  mendCheck('lb01');
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a script with weight lowers the priority below the other, without a fault', async () => {
  await start({
    define: (name, folder) => scriptOf(checkScript(name, folder), 'weight -60'),
    lines: ['track_script {\n        check\n    }'],
  });
  await breakCheck('lb01');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilLogged(pair.lb01, '(VI_1) Changing effective priority from 150 to 90');
  expect(pair.lb01.log()).not.toContain('FAULT');
  mendCheck('lb01');
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('an instance waits for the first result of its script, and a missing script is a fault', async () => {
  await build({
    define: (name, folder) => {
      writeFileSync(join(folder, 'slow'), '#!/bin/sh\nsleep 2\n', { mode: 0o755 });
      return scriptOf(name === 'lb01' ? join(folder, 'slow') : join(folder, 'nowhere'), 'timeout 5');
    },
    lines: ['track_script {\n        check\n    }'],
  });
  pair.lb02.start();
  pair.lb01.start();
  const startedAtMs = Date.now();
  await untilHeldBy(pair.lb01, pair.lb02);
  expect(Date.now() - startedAtMs).toBeGreaterThan(2300);
  await untilLogged(pair.lb02, '(VI_1) Entering FAULT STATE');
  expect(pair.lb02.log()).toMatch(/nowhere.*(does not exist|not found|ENOENT|No such file)/i);
});

test('the value of a file times its weight is added to the priority', async () => {
  await start({
    define: (name, folder) => {
      writeFileSync(join(folder, `${name}-value`), '0\n');
      return `track_file load {\n    file ${join(folder, `${name}-value`)}\n    weight -10\n}`;
    },
    lines: ['track_file {\n        load\n    }'],
  });
  writeFileSync(join(pair.folder, 'lb01-value'), '6\n');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilLogged(pair.lb01, '(VI_1) Changing effective priority from 150 to 90');
  writeFileSync(join(pair.folder, 'lb01-value'), '4\n');
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a process that is missing is a fault until it runs', async () => {
  await build({
    define: (name, folder) => {
      // A name of its own for each director: they share the process table, and the network namespace does not count.
      const program = join(folder, `svc-${name}`);
      writeFileSync(program, '#!/bin/sh\nwhile :; do sleep 60; done\n', { mode: 0o755 });
      return `vrrp_track_process service {\n    process svc-${name}\n    quorum 1\n    delay 0.2\n}`;
    },
    lines: ['track_process {\n        service\n    }'],
  });
  const run = (name: DirectorName) =>
    pair.network.start(name, join(pair.folder, `svc-${name}`), [], join(pair.folder, `svc-${name}.log`));
  run('lb02');
  const service = run('lb01');
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);
  service.kill('SIGKILL');
  await untilHeldBy(pair.lb02, pair.lb01);
  await untilLogged(pair.lb01, '(VI_1) tracked process service');
  run('lb01');
  await untilHeldBy(pair.lb01, pair.lb02);
});

test('a tracked interface counts as down only after its delay, and a short break not at all', async () => {
  await build({
    define: () => 'interface_up_down_delays {\n    eth9 1 0.5\n}',
    lines: ['track_interface {\n        eth9\n    }'],
  });
  for (const name of ['lb01', 'lb02'] as const)
    await ip(pair, name, 'link', 'add', 'eth9', 'type', 'veth', 'peer', 'name', 'eth10');
  for (const name of ['lb01', 'lb02'] as const)
    for (const device of ['eth9', 'eth10']) await ip(pair, name, 'link', 'set', device, 'up');
  pair.lb02.start();
  pair.lb01.start();
  await untilHeldBy(pair.lb01, pair.lb02);

  await ip(pair, 'lb01', 'link', 'set', 'eth9', 'down');
  await ip(pair, 'lb01', 'link', 'set', 'eth9', 'up');
  const brokenAtMs = Date.now();
  await until('a break would have counted by now', 3000, () => Date.now() - brokenAtMs > 1300);
  expect(pair.lb01.log()).not.toContain('FAULT');

  const downAtMs = Date.now();
  await ip(pair, 'lb01', 'link', 'set', 'eth9', 'down');
  await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
  expect(Date.now() - downAtMs).toBeGreaterThan(950);
  expect(Date.now() - downAtMs).toBeLessThan(2000);
  await untilLogged(pair.lb01, '(VI_1) tracked interface eth9 is down');
  await untilHeldBy(pair.lb02, pair.lb01);
  await ip(pair, 'lb01', 'link', 'set', 'eth9', 'up');
  await untilHeldBy(pair.lb01, pair.lb02);
  expect(
    pair.capture
      .sightings()
      .filter((seen) => seen.kind === 'advertisement' && seen.source === hostAddresses.lb02),
  ).not.toHaveLength(0);
});

test('a virtual MAC has the delays of its interface', async () => {
  await build({
    define: () => 'interface_up_down_delays {\n    eth0 0.15 0\n}',
    lines: ['use_vmac'],
  });
  pair.lb02.start();
  pair.lb01.start();
  await untilLogged(pair.lb01, '(VI_1) Entering MASTER STATE');
  const brokenAtMs = Date.now();
  await pair.network.setCable('lb01', 'down');
  await pair.network.setCable('lb01', 'up');
  await until('a break would have counted by now', 3000, () => Date.now() - brokenAtMs > 400);
  expect(pair.lb01.log()).not.toContain('FAULT');
  await pair.network.setCable('lb01', 'down');
  await untilLogged(pair.lb01, '(VI_1) Entering FAULT STATE');
  await untilLogged(pair.lb02, '(VI_1) Entering MASTER STATE');
});
