/** The virtual routers as the wire shows them, since no file is at hand: who advertised, how often, and for which addresses. Pure. */
import type { IpAddress } from '../../net/address.ts';
import { masterDownIntervalMs, skewTimeMs } from '../../vrrp/timers.ts';
import type { Advertisement } from '../observation.ts';
import type { RouterMember, VirtualRouter } from '../virtual-routers.ts';

/** An advertisement, and the addresses that it named. */
export interface SeenAdvertisement extends Advertisement {
  readonly virtualAddresses: readonly IpAddress[];
}

/** keepalived.conf(5): down_timer_adverts, where nobody says otherwise. */
const usualDownTimerAdverts = 3;

/** By VRID, and by name where `nameOf` knows one. A node is called by the address that it advertises from. */
export function seenRouters(
  adverts: readonly SeenAdvertisement[],
  nameOf: (vrid: number, family: 4 | 6) => string | undefined,
): readonly VirtualRouter[] {
  const keys = [...new Set(adverts.map(({ vrid, family }) => `${vrid} ${family}`))];
  return keys
    .map((key) => {
      const own = adverts.filter(({ vrid, family }) => `${vrid} ${family}` === key);
      return toRouter(own, nameOf);
    })
    .filter((router) => router !== undefined)
    .toSorted((a, b) => a.vrid - b.vrid || a.family - b.family);
}

function toRouter(
  adverts: readonly SeenAdvertisement[],
  nameOf: (vrid: number, family: 4 | 6) => string | undefined,
): VirtualRouter | undefined {
  const [first] = adverts;
  if (first === undefined) return undefined;
  const { vrid, family } = first;
  const name = nameOf(vrid, family) ?? `VRID ${vrid}${family === 6 ? ' (IPv6)' : ''}`;
  const nodes = [...new Set(adverts.map(({ source }) => source))].sort();
  return {
    name,
    vrid,
    family,
    addresses: [...new Set(adverts.flatMap(({ virtualAddresses }) => virtualAddresses))],
    members: nodes.flatMap((node) =>
      memberOf(
        name,
        adverts.filter(({ source }) => source === node),
      ),
    ),
  };
}

function memberOf(instance: string, adverts: readonly SeenAdvertisement[]): readonly RouterMember[] {
  // Priority 0 is a farewell, and no priority.
  const last = adverts.findLast(({ priority }) => priority > 0) ?? adverts.at(-1);
  if (last === undefined) return [];
  const { source, version, network, intervalMs } = last;
  const timers = { version, priority: Math.max(1, last.priority), masterAdverIntervalMs: intervalMs };
  return [
    {
      node: source,
      instance,
      interface: network,
      version,
      priority: last.priority,
      // Not to be seen from outside.
      preempts: true,
      preemptDelayMs: 0,
      startupDelayMs: 0,
      advertisementIntervalMs: intervalMs,
      skewTimeMs: skewTimeMs(timers),
      masterDownIntervalMs: masterDownIntervalMs({ ...timers, downTimerAdverts: usualDownTimerAdverts }),
      downTimerAdverts: usualDownTimerAdverts,
      garpMasterDelayMs: 0,
    },
  ];
}
