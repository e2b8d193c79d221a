/** What an instance faces, by its links and by what it tracks, and the arithmetic of it in words. */
import type { TrackingConfig } from '../config-parser/config.ts';
import {
  type Fault,
  type Surroundings,
  type TrackerReading,
  type TrackerReadings,
  type TrackingResult,
  trackerKey,
  trackingResult,
} from '../vrrp/index.ts';
import type { ElectionInstance, ElectionRouter } from './router.ts';

/** Without what the other members of a sync group bring. */
export function ownSurroundings(instance: ElectionInstance): Surroundings {
  const { config, sourceAddress } = instance;
  const faults: Fault[] = instance.isLinkUp
    ? []
    : [{ reason: 'interface-down', subject: config.interface ?? '' }];
  const parts = trackedParts(instance);
  for (const part of parts) faults.push(...part.faults);
  // RFC 5798 section 5.2.4: the owner's priority is 255, whatever it tracks.
  const weight = config.basePriority === 255 ? 0 : parts.reduce((sum, part) => sum + part.weight, 0);
  return { faults, weight, sourceAddress };
}

/** Of its own, and of its sync group's. */
function trackedParts({ config, group, router }: ElectionInstance): readonly TrackingResult[] {
  const weights = group === undefined || group.memberWeights;
  const own = tracked(router, config.tracking, weights);
  return group === undefined ? [own] : [own, tracked(router, group.tracking, true)];
}

function tracked(router: ElectionRouter, tracking: TrackingConfig, weights: boolean): TrackingResult {
  return trackingResult(tracking, readingsFor(router, tracking), { weights });
}

/** What the router's trackers say, its links among them. */
export function readingsFor(
  { readings, linksDown }: ElectionRouter,
  tracking: TrackingConfig,
): TrackerReadings {
  if (tracking.interfaces.length === 0) return readings;
  const links = tracking.interfaces.map(({ name }): [string, TrackerReading] => {
    const reading = { kind: 'interface', name, isUp: !linksDown.has(name) } as const;
    return [trackerKey(reading), reading];
  });
  return new Map([...readings, ...links]);
}
