/**
 * What tracked things mean for an instance: its faults, and what they add to its priority. Told as readings, whatever measured
 * them; nothing is remembered here.
 */
import type { TrackedItem, TrackingConfig } from '../config-parser/config.ts';
import type { Fault, FaultReason } from './messages.ts';

/** The state of one tracked thing. One that has none has said nothing yet. */
export type TrackerReading =
  | {
      readonly kind: 'interface' | 'script' | 'process' | 'bfd';
      readonly name: string;
      readonly isUp: boolean;
    }
  /** The number that the file holds; 0 where there is no file. */
  | { readonly kind: 'file'; readonly name: string; readonly value: number };

export interface TrackingResult {
  readonly faults: readonly Fault[];
  readonly weight: number;
}

/** By `trackerKey`. */
export type TrackerReadings = ReadonlyMap<string, TrackerReading>;

export function trackerKey({ kind, name }: Pick<TrackerReading, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

const kinds = [
  ['interfaces', 'interface', 'tracked-interface'],
  ['scripts', 'script', 'tracked-script'],
  ['files', 'file', 'tracked-file'],
  ['processes', 'process', 'tracked-process'],
  ['bfds', 'bfd', 'tracked-bfd'],
] as const satisfies readonly (readonly [keyof TrackingConfig, TrackerReading['kind'], FaultReason])[];

/** keepalived.conf(5): track_interface, track_script, track_file, track_process, track_bfd, of which any may come twice. */
export function trackingResult(
  tracking: TrackingConfig,
  readings: TrackerReadings,
  counts: { readonly weights: boolean } = { weights: true },
): TrackingResult {
  const faults: Fault[] = [];
  let weight = 0;
  for (const [list, kind, reason] of kinds) {
    for (const item of tracking[list]) {
      const reading = readings.get(trackerKey({ kind, name: item.name }));
      const part = itemResult(item, reading);
      if (part === 'fault') faults.push({ reason, subject: item.name });
      else if (part === 'unknown') faults.push({ reason: 'awaiting-trackers', subject: item.name });
      else if (counts.weights) weight += part;
    }
  }
  return { faults, weight };
}

type ItemResult = number | 'fault' | 'unknown';

function itemResult(item: TrackedItem, reading: TrackerReading | undefined): ItemResult {
  // What has not been measured yet adds nothing; but one that could be a fault is waited for.
  if (reading === undefined) return item.weight === 0 ? 'unknown' : 0;
  return reading.kind === 'file' ? fileResult(item, reading.value) : stateResult(item, reading.isUp);
}

/** A positive weight is there while it is up, a negative one while it is down; `reverse` turns the sign. */
function stateResult({ weight, reverse }: TrackedItem, isUp: boolean): ItemResult {
  if (weight === 0) return isUp === reverse ? 'fault' : 0;
  const counts = weight > 0 ? isUp : !isUp;
  if (!counts) return 0;
  return reverse ? -weight : weight;
}

/** keepalived.conf(5): track_file: a product of -254 or less is a fault, as is any number but 0 with weight 0. */
function fileResult({ weight, reverse }: TrackedItem, value: number): ItemResult {
  if (weight === 0) return (value !== 0) === !reverse ? 'fault' : 0;
  const product = value * weight * (reverse ? -1 : 1);
  if (product <= -254) return 'fault';
  return Math.min(product, 254);
}
