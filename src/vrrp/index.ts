/** The public face of the VRRP core: pure functions from events and time to the next state and effects. */
export { AdvertisementWriter, type OutgoingAdvertisement } from './authentication/advertisement-writer.ts';
export type * from './messages.ts';
export {
  type Advertisement,
  advertisementOf,
  decodePacket,
  encodeAdvertisement,
  type PacketPath,
  protocolVrrp,
  type VrrpPacket,
} from './packet.ts';
export {
  type FurtherNames,
  type Placement,
  placeInstance,
  virtualRouterMac,
  type WantedLink,
} from './placement.ts';
export {
  type DropCounter,
  initialReceptionMemory,
  type ReceptionMemory,
  receiveAdvertisement,
} from './reception.ts';
export { instanceKey, reconfigure } from './reload.ts';
export {
  type BackupState,
  type FaultState,
  type InitializeState,
  type InstanceState,
  initialState,
  type LeavingState,
  type MasterState,
  nextTimeout,
} from './state.ts';
export { step } from './state-machine.ts';
export { type Counter, type Statistics, zeroStatistics } from './statistics.ts';
export { addRoutes, effectivePriority, isOwner, type Step, trackedRoutes } from './step.ts';
export { type GroupEvent, groupEvents, groupFaults, groupState } from './sync-group.ts';
export { masterDownIntervalMs, skewTimeMs, type TimerParameters } from './timers.ts';
export {
  type TrackerReading,
  type TrackerReadings,
  type TrackingResult,
  trackerKey,
  trackingResult,
} from './tracking.ts';
export { sameFaults } from './transitions.ts';
