/** Random stories: two or three routers with one to three instances each, and everything that can befall them. */
import type { TrackedItem, TrackingConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { address, type IpAddress } from '../../src/net/address.ts';
import type { step } from '../../src/vrrp/index.ts';
import { instanceConfig, nothingTracked, virtualAddress } from '../vrrp/instances.ts';
import { quiet } from './network.ts';
import { settlingMs } from './network-judge.ts';
import type { Random } from './random.ts';
import { type GroupOptions, World } from './world.ts';

/** In numeric order; as text the first is the highest. */
const hosts = ['9', '10', '100'] as const;

/** What all routers of a story have in common. */
interface Plan {
  readonly random: Random;
  readonly version: 2 | 3;
  /** The shortest Advertisement_Interval. */
  readonly paceMs: number;
  readonly hosts: readonly string[];
  readonly instances: readonly InstancePlan[];
  readonly groups: readonly GroupOptions[];
}

interface InstancePlan {
  readonly name: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly device: string;
  readonly isUnicast: boolean;
  readonly authentication: Pick<VrrpInstanceConfig, 'authentication' | 'authHmac'>;
}

const hmacKey = { id: 1, form: 'text', value: 'an-example-text-of-32-characters' } as const;

/** Plays the story of `seed` and then leaves the network in peace; the referee throws when something is wrong. */
export function play(seed: number, broken?: typeof step): World {
  const paceMs = [10, 20, 100, 1000, 1000, 2000][seed % 6] ?? 1000;
  const world = new World({
    seed,
    latenessMs: (((seed >> 3) % 3) * Math.min(paceMs, 1000)) / 1000,
    network: { latencyMs: paceMs >= 100 ? 0.2 : 0.05, reorderMs: paceMs / 20 },
    ...(broken === undefined ? {} : { step: broken }),
  });
  const plan = randomPlan(world.random, paceMs);
  for (const host of plan.hosts) {
    addRouter(world, plan, host);
    if (world.random.chance(85)) world.start(nameOf(host));
    world.run(world.random.next() * 2 * paceMs);
  }
  for (let count = world.random.integer(3, 10); count > 0; count -= 1) {
    disturb(world, plan);
    world.run(world.random.next() * 5 * paceMs);
  }
  leaveInPeace(world);
  return world;
}

function leaveInPeace(world: World): void {
  for (const { name } of world.routers) world.unpause(name);
  world.heal({ ...quiet, latencyMs: world.network.options.latencyMs });
  agreeOnIntervals(world);
  const longestMs = settlingMs(world.instances);
  const rested = world.referee.timesAtRest;
  // A hold that ends by its time, or a router that has stopped at last, may begin another wait.
  for (let times = 0; times < 5 && world.referee.timesAtRest === rested; times += 1) world.run(longestMs + 1);
}

/** Version 2 wants the same interval everywhere. */
function agreeOnIntervals(world: World): void {
  for (const { router, config } of world.instances) {
    const [first] = world.routers;
    const wanted = first?.instances.find(({ config: other }) => other.name === config.name)?.config;
    if (config.version !== 2 || wanted === undefined) continue;
    const { advertisementIntervalMs } = wanted;
    if (advertisementIntervalMs !== config.advertisementIntervalMs)
      world.reload(router.name, { advertisementIntervalMs }, config.name);
  }
}

function randomPlan(random: Random, paceMs: number): Plan {
  const version = paceMs >= 1000 && random.chance(70) ? 2 : 3;
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const instances = Array.from({ length: count }, (_, index): InstancePlan => {
    const family = version === 3 && random.chance(40) ? 6 : 4;
    // The same VRID in both families is two virtual routers.
    const vrid = index === 1 && family !== 4 ? 51 : 51 + index;
    return {
      name: `VI_${index + 1}`,
      vrid,
      family,
      device: random.chance(70) ? 'eth0' : 'eth1',
      isUnicast: random.chance(25),
      authentication: randomAuthentication(random, version),
    };
  });
  const isDistinct = new Set(instances.map(({ vrid, family }) => `${vrid} ${family}`)).size === count;
  const distinct = isDistinct ? instances : instances.map((plan, index) => ({ ...plan, vrid: 51 + index }));
  const groups = count > 1 && random.chance(60) ? [randomGroup(random, distinct)] : [];
  return {
    random,
    version,
    paceMs,
    hosts: hosts.slice(0, random.integer(2, 3)),
    instances: distinct,
    groups,
  };
}

function randomAuthentication(random: Random, version: 2 | 3): InstancePlan['authentication'] {
  const none = { type: 'none' } as const;
  if (random.chance(4))
    return {
      authentication: none,
      authHmac: {
        keys: [hmacKey],
        activeKeyId: 1,
        timeWindowMs: 60_000,
        antiReplay: 'time',
        mode: 'enforce',
      },
    };
  if (version === 3) return { authentication: none };
  if (random.chance(4)) return { authentication: { type: 'AH', key: '1111' } };
  return { authentication: random.chance(60) ? { type: 'PASS', password: '1111' } : none };
}

function randomGroup(random: Random, instances: readonly InstancePlan[]): GroupOptions {
  const size = random.integer(2, instances.length);
  return {
    name: 'G1',
    members: instances.slice(0, size).map(({ name }) => name),
    tracking: random.chance(30) ? randomTracking(random) : nothingTracked,
    memberWeights: random.chance(20),
  };
}

function addRouter(world: World, plan: Plan, host: string): void {
  const name = nameOf(host);
  const { random } = world;
  const isOwner = random.chance(5);
  // Of a group whose members are best on different routers no router is: all of one router have the same.
  const basePriority = isOwner ? 255 : random.pick([1, 50, 100, 100, 100, 150, 254]);
  const preempt = isOwner || random.chance(75);
  const preemptDelayMs = preempt && !isOwner && random.chance(20) ? 3 * plan.paceMs : 0;
  for (const instance of plan.instances) {
    const config = instanceConfig({
      basePriority,
      preempt,
      preemptDelayMs,
      ...instance.authentication,
      ...placement(plan, instance, host),
      version: plan.version,
      advertisementIntervalMs: plan.version === 2 ? plan.paceMs : plan.paceMs * random.pick([1, 1, 1, 2]),
      lowerPrioNoAdvert: random.chance(20),
      higherPrioSendAdvert: random.chance(20),
      tracking: random.chance(40) ? randomTracking(random) : nothingTracked,
    });
    world.add(name, sourceOf(host, instance.family), config);
  }
  world.group(name, plan.groups);
  for (const script of ['a', 'b']) {
    if (random.chance(80)) world.track(name, { kind: 'script', name: script, isUp: random.chance(80) });
  }
  world.track(name, { kind: 'file', name: 'f', value: random.pick([0, 0, 5, -20]) });
}

function placement(
  plan: Plan,
  { name, vrid, family, device, isUnicast }: InstancePlan,
  host: string,
): Partial<VrrpInstanceConfig> {
  const others = plan.hosts.filter((other) => other !== host);
  const peers = others.map((other) => ({ address: sourceOf(other, family), minTtl: 0, maxTtl: 255 }));
  const group = address(family === 4 ? '224.0.0.18' : 'ff02::12');
  return {
    name,
    vrid,
    family,
    interface: device,
    transport: isUnicast
      ? { kind: 'unicast', peers, ttl: 255, checkSource: true }
      : { kind: 'multicast', group },
    virtualAddresses: [virtualAddress(virtualOf(name, family, 3))],
  };
}

function randomTracking(random: Random): TrackingConfig {
  const item = (name: string): TrackedItem => ({
    name,
    weight: random.pick([0, 10, 60, -10, -60, -200]),
    reverse: random.chance(10),
  });
  return {
    ...nothingTracked,
    scripts: random.chance(70) ? [item('a')] : [item('a'), item('b')],
    files: random.chance(30) ? [{ name: 'f', weight: random.pick([1, 2, -1]), reverse: false }] : [],
    interfaces: random.chance(20) ? [{ name: 'eth1', weight: 0, reverse: false }] : [],
  };
}

type Disturbance = (world: World, plan: Plan, name: string, other: string) => void;

const disturbances: readonly (readonly [number, Disturbance])[] = [
  [5, (world, _plan, name) => world.start(name)],
  [4, (world, _plan, name) => world.stop(name)],
  [1, (world, _plan, name) => world.stop(name, true)],
  [2, (world, _plan, name) => world.crash(name)],
  [2, (world, _plan, name) => world.pause(name)],
  [3, wake],
  [2, (world, plan, name) => world.linkDown(name, world.random.pick(plan.instances).device)],
  [2, linksUp],
  [1, (world, plan, name) => world.deleteAddress(name, world.random.pick(plan.instances).name)],
  [2, (world, _plan, name, other) => world.cut(name, other)],
  [3, (world) => world.heal()],
  [2, failOver],
  [1, drain],
  [2, (world, _plan, name) => world.resume(name)],
  [4, changeTracker],
  [2, reloadPriority],
  [1, reloadAddresses],
  [1, reloadInterval],
  [
    1,
    (world, plan, name) =>
      world.reload(
        name,
        { preempt: world.random.chance(50) || isOwner(world, name) },
        world.random.pick(plan.instances).name,
      ),
  ],
  [1, reloadTracking],
  [1, regroup],
  [2, worsenNetwork],
];

const choices = disturbances.flatMap(([weight, act]) => Array.from({ length: weight }, () => act));

function disturb(world: World, plan: Plan): void {
  const names = world.routers.map(({ name }) => name);
  world.random.pick(choices)(world, plan, world.random.pick(names), world.random.pick(names));
}

function wake(world: World): void {
  for (const { name } of world.routers) world.unpause(name);
}

function linksUp(world: World, _plan: Plan, name: string): void {
  for (const device of ['eth0', 'eth1']) world.linkUp(name, device);
}

function failOver(world: World, plan: Plan, name: string): void {
  const untilMs = world.nowMs + world.random.next() * 20 * plan.paceMs;
  world.giveUp(name, { kind: 'failover', ...(world.random.chance(70) && { untilMs }) });
}

function drain(world: World, plan: Plan, name: string): void {
  const untilMs = world.nowMs + world.random.next() * 20 * plan.paceMs;
  world.giveUp(name, { kind: 'drain', ...(world.random.chance(70) && { untilMs }) });
}

function changeTracker(world: World, _plan: Plan, name: string): void {
  const { random } = world;
  if (random.chance(70))
    world.track(name, { kind: 'script', name: random.pick(['a', 'b']), isUp: random.chance(60) });
  else world.track(name, { kind: 'file', name: 'f', value: random.pick([0, 10, -30, -254]) });
}

function isOwner(world: World, name: string): boolean {
  return world.router(name).instances.some(({ config }) => config.basePriority === 255);
}

/** Of all instances alike, as an operator does it who moves a router. */
function reloadPriority(world: World, plan: Plan, name: string): void {
  if (isOwner(world, name)) return;
  const basePriority = world.random.pick([20, 100, 200]);
  for (const instance of plan.instances) world.reload(name, { basePriority }, instance.name);
}

function reloadAddresses(world: World, plan: Plan, name: string): void {
  const { name: instance, family } = world.random.pick(plan.instances);
  const numbers = world.random.pick([[3, 4], [4], [3]]);
  const virtualAddresses = numbers.map((number) => virtualAddress(virtualOf(instance, family, number)));
  world.reload(name, { virtualAddresses }, instance);
}

function reloadInterval(world: World, plan: Plan, name: string): void {
  const advertisementIntervalMs = plan.paceMs * world.random.pick([1, 2]);
  world.reload(name, { advertisementIntervalMs }, world.random.pick(plan.instances).name);
}

/** It may be that what is tracked from now on has not said anything yet. */
function reloadTracking(world: World, plan: Plan, name: string): void {
  const tracking = world.random.chance(30) ? nothingTracked : randomTracking(world.random);
  world.reload(name, { tracking }, world.random.pick(plan.instances).name);
}

function regroup(world: World, plan: Plan, name: string): void {
  const isAlone = world.random.chance(30);
  for (const router of world.random.chance(50) ? world.routers : [world.router(name)])
    world.regroup(router.name, isAlone ? [] : plan.groups);
}

function worsenNetwork(world: World, plan: Plan): void {
  const { random } = world;
  world.setNetwork({
    lossPercent: random.next() * 40,
    duplicatePercent: random.next() * 30,
    corruptPercent: random.next() * 10,
    reorderPercent: random.next() * 30,
    reorderMs: plan.paceMs / 20,
  });
}

function nameOf(host: string): string {
  return `lb${host}`;
}

function sourceOf(host: string, family: 4 | 6): IpAddress {
  return address(family === 4 ? `10.0.0.${host}` : `fe80::${host}`);
}

function virtualOf(instance: string, family: 4 | 6, number: number): string {
  const third = instance.slice(3);
  return family === 4 ? `10.0.${third}.${number}` : `fe80::${third}:${number}`;
}
