/** Instances as lines of a configuration make them, to be driven by hand: a keyword is proven by what changes with it. */
import type { VrrpInstanceConfig } from '../../../src/config-parser/config.ts';
import { AdvertisementWriter, initialReceptionMemory } from '../../../src/vrrp/index.ts';
import { blockOf, instanceWith, onlyInstance } from '../../config-parser/parse-helpers.ts';
import { Instance, lowerAddress, ourAddress, surroundings } from '../instances.ts';

/** `lines` stand in the vrrp_instance, `globals` in global_defs. */
export function configured(lines: string, globals = ''): VrrpInstanceConfig {
  return onlyInstance(`${blockOf('global_defs', globals)}\n${instanceWith(lines)}`);
}

/** The same with an IPv6 address. */
export function configured6(lines: string, globals = ''): VrrpInstanceConfig {
  const text = instanceWith(lines).replace('192.0.2.10/24', 'fe80::10/64');
  return onlyInstance(`${blockOf('global_defs', globals)}\n${text}`);
}

/** Started at 0. */
export function started(lines: string, globals = ''): Instance {
  const instance = new Instance(configured(lines, globals));
  instance.on({ kind: 'startup', surroundings: surroundings() }, 0);
  return instance;
}

/** Master since 100 s, by the expiry of its Master_Down_Timer. */
export function becameMaster(lines: string, globals = ''): Instance {
  const instance = started(lines, globals);
  instance.times(100_000);
  instance.in('Master');
  return instance;
}

/** How many gratuitous ARPs each address gets, by when, in the `forMs` after `fromMs`. */
export function announcementsOf(instance: Instance, fromMs: number, forMs: number): [number, number][] {
  const seen: [number, number][] = [];
  for (let atMs = fromMs; atMs <= fromMs + forMs; atMs += 100) {
    for (const effect of instance.times(atMs)) {
      if (effect.kind === 'sendGratuitousArp') seen.push([atMs - fromMs, effect.repeat]);
    }
  }
  return seen;
}

/** What goes on the wire, and to whom. */
export function sent(config: VrrpInstanceConfig, priority = config.basePriority, source = ourAddress) {
  const memory = initialReceptionMemory;
  const request = { config, priority, source, unixTimeMs: 1_700_000_000_000, memory };
  return new AdvertisementWriter().write(request);
}

export function sentBytes(config: VrrpInstanceConfig): readonly number[] {
  return [...(sent(config)[0]?.bytes ?? [])];
}

/** Advertisements of `priority` come once a second from `fromMs` on; when the instance became Master, or undefined. */
export function takesOverFrom(instance: Instance, priority: number, fromMs: number): number | undefined {
  for (let atMs = fromMs; atMs < fromMs + 20_000; atMs += 100) {
    if ((atMs - fromMs) % 1000 === 0) instance.hears(priority, atMs, { source: lowerAddress });
    instance.times(atMs);
    if (instance.state.name === 'Master') return atMs;
  }
  return undefined;
}
