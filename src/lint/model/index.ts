/** A configuration as the rules see it: what was given, with keepalived's defaults and inheritance worked out. */
export { buildFileModel, type FileModel } from './file-model.ts';
export { InstanceModel, type Tracked, type TrackerKind } from './instance-model.ts';
export {
  type CheckerKind,
  CheckerModel,
  RealServerModel,
  type SorryServerModel,
  VirtualServerModel,
} from './server-model.ts';
export type { SyncGroupModel } from './sync-group-model.ts';
