/** Random stories: two or three routers of random priorities, and everything that can befall them. */
import type { VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address } from '../../src/net/address.ts';
import type { step } from '../../src/vrrp/index.ts';
import { instanceConfig, virtualAddress } from '../vrrp/instances.ts';
import type { Random } from './random.ts';
import { World } from './world.ts';

/** In numeric order; as text the last two come first. */
const routers = [
  ['lb01', address('10.0.0.9')],
  ['lb02', address('10.0.0.10')],
  ['lb03', address('10.0.0.100')],
] as const;

const maximalLossPercent = 40;
const longEnoughMs = 40_000;

/** Plays the story of `seed` and then leaves the network in peace; the referee throws when something is wrong. */
export function play(seed: number, broken?: typeof step): World {
  const world = new World({ seed, latenessMs: seed % 3, ...(broken === undefined ? {} : { step: broken }) });
  const { random } = world;
  for (const [name, source] of routers.slice(0, 2 + (seed % 2))) {
    world.add(name, source, randomConfig(random));
    if (random.chance(80)) world.start(name);
    world.run(random.next() * 2000);
  }
  for (let count = random.integer(3, 12); count > 0; count -= 1) {
    disturb(world);
    world.run(random.next() * 5000);
  }
  world.heal();
  world.run(longEnoughMs);
  return world;
}

function randomConfig(random: Random): VrrpInstanceConfig {
  const isOwner = random.chance(5);
  const preempt = isOwner || random.chance(75);
  return instanceConfig({
    basePriority: isOwner ? 255 : random.pick([1, 50, 100, 100, 100, 150, 254]),
    preempt,
    preemptDelayMs: preempt && !isOwner && random.chance(20) ? 3000 : 0,
    lowerPrioNoAdvert: random.chance(20),
  });
}

type Disturbance = (world: World, name: string, other: string) => void;

const disturbances: readonly Disturbance[] = [
  (world, name) => world.start(name),
  (world, name) => world.start(name),
  (world, name) => world.stop(name),
  (world, name) => world.crash(name),
  (world, name) => world.linkDown(name),
  (world, name) => world.linkUp(name),
  (world, name) => world.deleteAddress(name),
  (world, name, other) => world.cut(name, other),
  (world) => world.heal(),
  (world, name) => world.reload(name, { basePriority: world.random.pick([20, 100, 200]) }),
  (world, name) =>
    world.reload(name, { virtualAddresses: [virtualAddress('10.0.0.3'), virtualAddress('10.0.0.4')] }),
  (world, name) => world.reload(name, { virtualAddresses: [virtualAddress('10.0.0.4')] }),
  (world) =>
    world.setNetwork({
      lossPercent: world.random.next() * maximalLossPercent,
      duplicatePercent: world.random.next() * 30,
      corruptPercent: world.random.next() * 10,
      reorderPercent: world.random.next() * 30,
    }),
];

function disturb(world: World): void {
  const names = world.routers.map(({ name }) => name);
  world.random.pick(disturbances)(world, world.random.pick(names), world.random.pick(names));
}
