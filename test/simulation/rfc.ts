/**
 * The referee's own arithmetic, written from RFC 3768 section 6.1, RFC 5798 and RFC 9568 section 6.1 and keepalived.conf(5). It takes
 * nothing from the code under test.
 */
import type { TrackingConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import type { InstanceState } from '../../src/vrrp/index.ts';
import type { Instance } from './router.ts';

/** RFC 3768: in seconds of the clock; RFC 5798: in parts of the Master's interval. */
export function skewMs(version: number, priority: number, adverMs: number): number {
  const share = (256 - priority) / 256;
  return version === 2 ? share * 1000 : share * adverMs;
}

export function masterDownMs(config: VrrpInstanceConfig, priority: number, adverMs: number): number {
  return config.downTimerAdverts * adverMs + skewMs(config.version, priority, adverMs);
}

/** Its advertisement is so late that any Backup has taken over: the process did not run. */
export function isOverdue(before: InstanceState, config: VrrpInstanceConfig, nowMs: number): boolean {
  if (before.name !== 'Master') return false;
  const intervalMs = config.advertisementIntervalMs;
  return nowMs - (before.advertiseAtMs - intervalMs) > masterDownMs(config, 254, intervalMs);
}

/** How long the addresses stay when a better Master has been heard; and what a packet and a slow router may take. */
export const lingerMs = 20;
export const transitMs = 50;

/** Skew_Time of the lowest priority and a little; longer where a lost priority 0 must not matter. */
export function longestLeaveMs(config: VrrpInstanceConfig, isGivenUp: boolean): number {
  const { version, advertisementIntervalMs } = config;
  const handOverMs = skewMs(version, 1, advertisementIntervalMs) + transitMs;
  return isGivenUp ? config.downTimerAdverts * advertisementIntervalMs + handOverMs : handOverMs;
}

/** What the trackers of an instance, and those of its group, add to its priority. */
export function expectedWeight(instance: Instance): number {
  const { config, group } = instance;
  const own = group === undefined || group.memberWeights ? weightOf(instance, config.tracking) : 0;
  return own + (group === undefined ? 0 : weightOf(instance, group.tracking));
}

/** The owner's never changes. */
export function priorityWith({ basePriority }: VrrpInstanceConfig, weight: number): number {
  return basePriority === 255 ? 255 : Math.min(254, Math.max(1, basePriority + weight));
}

function weightOf({ router }: Instance, { scripts, files }: TrackingConfig): number {
  let sum = 0;
  for (const { name, weight, reverse } of scripts) {
    const reading = router.readings.get(`script ${name}`);
    if (weight === 0 || reading === undefined || reading.kind === 'file') continue;
    const part = weight > 0 ? (reading.isUp ? weight : 0) : reading.isUp ? 0 : weight;
    sum += reverse ? -part : part;
  }
  for (const { name, weight, reverse } of files) {
    const reading = router.readings.get(`file ${name}`);
    if (weight === 0 || reading?.kind !== 'file') continue;
    const product = reading.value * weight * (reverse ? -1 : 1);
    if (product > -254) sum += Math.min(product, 254);
  }
  return sum;
}

/**
 * Whether anything keeps it, or another member of its group, from running. What has not been measured yet keeps it from starting,
 * and nobody that runs from going on.
 */
export function isFaulty(instance: Instance): boolean {
  const { name } = instance.state;
  const isStarting = name === 'Initialize' || name === 'Fault';
  return (instance.group?.members ?? [instance]).some((member) => hasOwnFault(member, isStarting));
}

function hasOwnFault(instance: Instance, isStarting: boolean): boolean {
  const { config, group } = instance;
  if (!instance.isLinkUp) return true;
  return [config.tracking, ...(group === undefined ? [] : [group.tracking])].some((tracking) =>
    hasTrackedFault(instance, tracking, isStarting),
  );
}

function hasTrackedFault(
  { router }: Instance,
  { interfaces, scripts, files }: TrackingConfig,
  isStarting: boolean,
): boolean {
  if (interfaces.some(({ name, weight }) => weight === 0 && router.linksDown.has(name))) return true;
  for (const { name, weight, reverse } of scripts) {
    const reading = router.readings.get(`script ${name}`);
    if (weight !== 0) continue;
    if (reading === undefined ? isStarting : reading.kind === 'file' || reading.isUp === reverse) return true;
  }
  return files.some(({ name, weight, reverse }) => {
    const reading = router.readings.get(`file ${name}`);
    if (reading?.kind !== 'file') return weight === 0 && isStarting;
    if (weight === 0) return (reading.value !== 0) !== reverse;
    return reading.value * weight * (reverse ? -1 : 1) <= -254;
  });
}

/** The primary addresses as numbers: as text 10.0.0.9 is above 10.0.0.10, and fe80::9 above fe80::10. */
export function isHigherAddress(a: string, b: string): boolean {
  return asNumber(a) > asNumber(b);
}

function asNumber(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = [], tail = []] = address.split('::').map((side) => side.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

const keys = new WeakMap<VrrpInstanceConfig, string>();

/** Two routers understand each other where this is the same. Version 3 adopts intervals, version 2 discards others. */
export function understanding(config: VrrpInstanceConfig): string {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const { version, advertisementIntervalMs, authentication, authHmac, transport } = config;
  const intervalMs = version === 2 ? advertisementIntervalMs : 0;
  const key = JSON.stringify([version, intervalMs, authentication, authHmac, transport.kind]);
  keys.set(config, key);
  return key;
}
