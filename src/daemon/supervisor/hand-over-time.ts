/** How long a stop may wait for the vrrp process to hand its addresses over. */
import type { Config } from '../../config-parser/config.ts';
import { skewTimeMs } from '../../vrrp/timers.ts';

/** For the way of an advertisement, for the addresses to go, and for a host that is busy. */
const marginMs = 500;

/**
 * The longest time that any instance can need: after priority 0 a Backup waits for its Skew_Time, which is longest at
 * priority 1 (RFC 5798 section 6.1).
 */
export function longestHandOverMs({ vrrpInstances }: Pick<Config, 'vrrpInstances'>): number {
  const skewsMs = vrrpInstances.map(({ version, advertisementIntervalMs }) =>
    skewTimeMs({ version, priority: 1, masterAdverIntervalMs: advertisementIntervalMs }),
  );
  return skewsMs.length === 0 ? 0 : Math.max(...skewsMs) + marginMs;
}
