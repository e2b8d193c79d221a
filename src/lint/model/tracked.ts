/** What an instance or a sync group tracks, with the weight that counts: its own or else the tracker's. */
import type { BlockSchema, BlockValues, GivenOf, Span, schema } from '../../config-parser/index.ts';

export type TrackerKind = 'interface' | 'script' | 'file' | 'process' | 'bfd';

export interface Tracked {
  readonly kind: TrackerKind;
  readonly name: string;
  /** 0: a failure is a fault and not a change of priority. */
  readonly weight: number;
  readonly isReversed: boolean;
  /** The weight stands in the list and not at the tracker. */
  readonly hasOwnWeight: boolean;
  readonly span: Span;
  /** Of the tracker; undefined for interfaces, and where there is no such tracker. */
  readonly definition?: Span;
}

type Root = typeof schema.keywords;

/** Every tracker of the file, by name. */
export interface Trackers {
  readonly script: ReadonlyMap<string, GivenOf<Root['vrrp_script']>>;
  readonly file: ReadonlyMap<string, GivenOf<Root['track_file']>>;
  readonly process: ReadonlyMap<string, GivenOf<Root['vrrp_track_process']>>;
  readonly bfd: ReadonlyMap<string, GivenOf<Root['bfd_instance']>>;
}

/** What vrrp_instance and vrrp_sync_group have in common. */
type Values = BlockValues<
  Pick<
    Root['vrrp_instance'] extends { readonly block?: BlockSchema<infer Table> | undefined } ? Table : never,
    (typeof lists)[number][1]
  >
>;

const lists = [
  ['interface', 'track_interface'],
  ['script', 'track_script'],
  ['file', 'track_file'],
  ['process', 'track_process'],
  ['bfd', 'track_bfd'],
] as const;

const trackFileWeight = 1;

export function trackedBy(values: Values, trackers: Trackers): readonly Tracked[] {
  return lists.flatMap(([kind, list]) =>
    values.entries(list).map(({ value: { name, weight, reverse }, heading }): Tracked => {
      const tracker = kind === 'interface' ? undefined : trackers[kind].get(name);
      const inherited = weightOf(kind, name, trackers);
      const fallback = kind === 'file' ? trackFileWeight : 0;
      return {
        kind,
        name,
        weight: weight ?? inherited?.weight ?? fallback,
        isReversed: reverse ?? inherited?.reverse ?? false,
        hasOwnWeight: weight !== undefined,
        span: heading,
        ...(tracker && { definition: tracker.heading }),
      };
    }),
  );
}

/** The tracker's own, where it gives one. */
function weightOf(kind: TrackerKind, name: string, trackers: Trackers) {
  switch (kind) {
    case 'interface':
      return undefined;
    case 'script':
      return trackers.script.get(name)?.values.value('weight');
    case 'file':
      return trackers.file.get(name)?.values.value('weight');
    case 'process':
      return trackers.process.get(name)?.values.value('weight');
    case 'bfd':
      return trackers.bfd.get(name)?.values.value('weight');
  }
}
