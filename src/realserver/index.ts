/** What a real server needs so that it answers for a virtual address, and who has changed what for it. Pure. */
export { type Change, changeCommands, describeChange, settingName, undoCommands } from './changes.ts';
export { type Deviation, findDeviations } from './deviations.ts';
export { type HostInterface, interfaceOf, type Situation } from './host.ts';
export { type Mode, type Need, needsOf, needsOfAll, type VirtualIp, virtualIp } from './needs.ts';
export { type DownPlan, planDown, type UndoStep } from './plan-down.ts';
export { planUp, type UpPlan } from './plan-up.ts';
export { emptyRecord, formatRecord, parseRecord, type RealServerRecord } from './record.ts';
export { type UnitOptions, unitMark, unitText } from './unit.ts';
