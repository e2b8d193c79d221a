/** The public face of the VRRP core: pure functions from events and time to the next state and effects. */
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
export { type DropCounter, receiveAdvertisement } from './reception.ts';
export { instanceKey, reconfigure } from './reload.ts';
export {
  type BackupState,
  type FaultState,
  type InitializeState,
  type InstanceState,
  initialState,
  type MasterState,
  nextTimeout,
} from './state.ts';
export { step } from './state-machine.ts';
export { type Counter, type Statistics, zeroStatistics } from './statistics.ts';
export { effectivePriority, isOwner, type Step } from './step.ts';
export { masterDownIntervalMs, skewTimeMs, type TimerParameters } from './timers.ts';
