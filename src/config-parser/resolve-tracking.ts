/** keepalived.conf(5): track_interface, track_script, track_file, track_process, track_bfd of an instance or a sync group. */
import type { BlockValues, Given } from './block-values.ts';
import type { TrackedItem, TrackingConfig } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { DefinedWeights, ResolvedTrackers } from './resolve-trackers.ts';
import type { syncGroup, TrackEntry } from './schema/index.ts';

export interface TrackingContext extends ResolveContext {
  readonly values: Pick<BlockValues<typeof syncGroup.keywords>, 'entries'>;
  readonly given: Pick<Given, 'heading'>;
  readonly trackers: ResolvedTrackers['weights'];
  /** keepalived.conf(5): interface, where it is tracked anyway. */
  readonly ownInterface?: string | undefined;
  /** What becomes of an item with a weight, and why, where weights do not count. */
  readonly refusal?: WeightRefusal | undefined;
}

export interface WeightRefusal {
  readonly code: string;
  /** Completes "the weight 5 of script s does not count, as ...". */
  readonly reason: string;
  /** The line is left out, or else it has the weight 0. */
  readonly outcome: 'left out' | 'cleared';
}

export const noTracking: TrackingConfig = {
  interfaces: [],
  scripts: [],
  files: [],
  processes: [],
  bfds: [],
};

export function resolveTracking(context: TrackingContext): TrackingConfig {
  const { values, trackers } = context;
  return {
    interfaces: itemsOf('interface', values.entries('track_interface'), undefined, context),
    scripts: itemsOf('script', values.entries('track_script'), trackers.scripts, context),
    files: itemsOf('file', values.entries('track_file'), trackers.files, context),
    processes: itemsOf('process', values.entries('track_process'), trackers.processes, context),
    bfds: itemsOf('bfd', values.entries('track_bfd'), trackers.bfds, context),
  };
}

const definedBy = {
  script: 'vrrp_script',
  file: 'track_file',
  process: 'vrrp_track_process',
  bfd: 'bfd_instance',
} as const;

type Kind = 'interface' | keyof typeof definedBy;

function itemsOf(
  kind: Kind,
  entries: readonly Given<TrackEntry>[],
  defined: DefinedWeights | undefined,
  context: TrackingContext,
): readonly TrackedItem[] {
  const items = new Map<string, TrackedItem>();
  for (const entry of entries) {
    const item = resolveItem(kind, entry, defined, context);
    if (item === undefined) continue;
    if (items.has(item.name)) {
      const message = `${kind} ${item.name} is tracked already; this line is ignored`;
      reportPart(context, 'error', 'tracked-twice', message, entry.heading);
    } else items.set(item.name, item);
  }
  return [...items.values()];
}

function resolveItem(
  kind: Kind,
  entry: Given<TrackEntry>,
  defined: DefinedWeights | undefined,
  context: TrackingContext,
): TrackedItem | undefined {
  const { name, weight, reverse } = entry.value;
  if (kind === 'interface' && name === context.ownInterface) {
    const message = `${name} is the own interface, whose failure is a fault anyway; the line is ignored`;
    reportPart(context, 'error', 'no-track-interface-needed', message, entry.heading);
    return undefined;
  }
  const definition = defined?.get(name);
  if (kind !== 'interface' && definition === undefined) {
    const message = `there is no ${definedBy[kind]} ${name} that can be tracked; the line is ignored`;
    reportPart(context, 'error', 'unknown-tracker', message, entry.heading);
    return undefined;
  }
  const item: TrackedItem = {
    name,
    weight: weight ?? definition?.weight ?? 0,
    reverse: reverse ?? definition?.reverse ?? false,
  };
  const { refusal } = context;
  if (refusal === undefined || item.weight === 0) return item;
  const message = `the weight ${item.weight} of ${kind} ${name} does not count, as ${refusal.reason}; ${
    refusal.outcome === 'left out' ? 'the line is ignored' : 'a failure is a fault'
  }`;
  reportPart(context, 'error', refusal.code, message, entry.heading);
  return refusal.outcome === 'left out' ? undefined : { ...item, weight: 0 };
}
