/** keepalived.conf(5): vrrp_sync_group. */
import type { GivenOf, Span, schema } from '../../config-parser/index.ts';
import type { InstanceModel } from './instance-model.ts';
import type { Tracked } from './tracked.ts';

export type GivenSyncGroup = GivenOf<typeof schema.keywords.vrrp_sync_group>;

export interface SyncGroupModel {
  readonly name: string;
  readonly heading: Span;
  readonly values: GivenSyncGroup['values'];
  /** As named in `group`, also where there is no such instance. */
  readonly memberNames: readonly { readonly name: string; readonly span: Span }[];
  /** Those that exist. */
  readonly members: readonly InstanceModel[];
  /** What the group tracks, for all of its members. */
  readonly tracked: readonly Tracked[];
}
