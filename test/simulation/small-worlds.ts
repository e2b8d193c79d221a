/** Worlds that are small enough for a story. */
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';
import { instanceConfig, virtualAddress } from '../vrrp/instances.ts';
import { World, type WorldOptions } from './world.ts';

/** lb01 at 10.0.0.9, lb02 at 10.0.0.10, lb03 at 10.0.0.11; as many as there are changes. All started. */
export function world(
  changes: readonly Partial<VrrpInstanceConfig>[],
  options: Partial<WorldOptions> = {},
): World {
  const created = new World({ seed: 1, ...options });
  for (const [index, change] of changes.entries()) {
    created.add(`lb0${index + 1}`, address(`10.0.0.${9 + index}`), instanceConfig(change));
  }
  for (const { name } of created.routers) created.start(name);
  return created;
}

/** The tutorial: lb01 has 150, lb02 has 100. */
export function tutorial(options: Partial<WorldOptions> = {}): World {
  return world([{ basePriority: 150, initialState: 'MASTER' }, { basePriority: 100 }], options);
}

/** Two routers with VI_1 on eth0 and VI_2 on eth1, in one sync group; lb01 has 150, lb02 has 100. All started. */
export function grouped(changes: Partial<VrrpInstanceConfig> = {}): World {
  const created = new World({ seed: 1 });
  for (const [index, basePriority] of [150, 100].entries()) {
    const name = `lb0${index + 1}`;
    for (const number of [1, 2]) {
      const config = instanceConfig({
        name: `VI_${number}`,
        vrid: 50 + number,
        interface: `eth${number - 1}`,
        basePriority,
        virtualAddresses: [virtualAddress(`10.0.${number}.3`)],
        ...changes,
      });
      created.add(name, address(`10.0.${number}.${9 + index}`), config);
    }
    created.group(name, [{ name: 'G1', members: ['VI_1', 'VI_2'] }]);
    created.start(name);
  }
  return created;
}

/** Runs until `name` is Master, in steps of a tenth of a millisecond, and says how long it took. */
export function untilMaster(running: World, name: string): number {
  const startMs = running.nowMs;
  while (!running.masters.includes(`${name}.VI_1`)) {
    if (running.nowMs - startMs > 60_000) throw new Error(`${name} has not become Master in a minute`);
    running.run(0.1);
  }
  return running.nowMs - startMs;
}
