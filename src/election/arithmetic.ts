/** How an instance comes to its effective priority, or what keeps it from running, in words. */
import type { TrackingConfig } from '../config-parser/config.ts';
import { effectivePriority, type Fault, trackingResult } from '../vrrp/index.ts';
import type { ElectionInstance } from './router.ts';
import { ownSurroundings, readingsFor } from './surroundings.ts';

/** `150`, `150-20=130 (script chk)`, `Fault (interface eth0)`. */
export function arithmeticOf(instance: ElectionInstance): string {
  if (!instance.router.isRunning) return 'down';
  const faults = instance.faced?.faults ?? [];
  if (faults.length > 0) return `Fault (${faults.map(faultText).join(', ')})`;
  const { basePriority } = instance.config;
  const { weight } = ownSurroundings(instance);
  if (weight === 0) return String(basePriority);
  const effective = effectivePriority(instance.config, { weight });
  const sum = `${basePriority}${weight > 0 ? '+' : ''}${weight}`;
  return `${sum}=${effective} (${contributions(instance).join(', ')})`;
}

/** Each tracked thing that counts now. */
function contributions({ config, group, router }: ElectionInstance): readonly string[] {
  const own = group === undefined || group.memberWeights ? [config.tracking] : [];
  const all = group === undefined ? own : [...own, group.tracking];
  return all.flatMap((tracking) => {
    const readings = readingsFor(router, tracking);
    return kinds.flatMap(([kind, word]) =>
      tracking[kind].flatMap((item) => {
        const { weight } = trackingResult({ ...nothing, [kind]: [item] }, readings);
        return weight === 0 ? [] : [`${word} ${item.name} ${weight > 0 ? '+' : ''}${weight}`];
      }),
    );
  });
}

const nothing: TrackingConfig = { interfaces: [], scripts: [], files: [], processes: [], bfds: [] };

const kinds = [
  ['interfaces', 'interface'],
  ['scripts', 'script'],
  ['files', 'file'],
  ['processes', 'process'],
  ['bfds', 'BFD'],
] as const satisfies readonly (readonly [keyof TrackingConfig, string])[];

function faultText({ reason, subject }: Fault): string {
  const what = reason.replace(/^tracked-/, '').replace(/-/g, ' ');
  return subject === undefined || subject === '' ? what : `${what} ${subject}`;
}
