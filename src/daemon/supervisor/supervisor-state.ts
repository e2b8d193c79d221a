/** What the supervisor remembers between two events, and when it next has something to do by itself. */
import type { Config } from '../../config-parser/config.ts';
import type { InstanceNotifyEvent } from '../../notify/index.ts';
import type { TrackerReadings } from '../../vrrp/tracking.ts';
import { noMemory } from '../checker-memory.ts';
import type { CheckerMemory, ChildRole, NotifyEvent } from '../ipc.ts';
import { absentChild, type ChildState } from './child-state.ts';

export interface SupervisorOptions {
  /** Roles that the command line allows: keepalived(8) -P, -C and -B. */
  readonly roles: readonly ChildRole[];
  /** keepalived(8): --all. Run every allowed child even where the configuration has nothing for it. */
  readonly allChildren: boolean;
  /** keepalived(8): -R, --dont-respawn, is false. */
  readonly respawn: boolean;
  /** keepalived(8): -I. What the checker put into the kernel stays there when it stops. */
  readonly keepIpvsOnExit: boolean;
}

export interface SupervisorState {
  readonly phase: 'starting' | 'running' | 'stopping' | 'ended';
  readonly children: Readonly<Record<ChildRole, ChildState>>;
  /** How often each child has been started again after its death. */
  readonly restarts: Readonly<Record<ChildRole, number>>;
  readonly config: Config | undefined;
  /** Read, and waiting for startup_script to end. */
  readonly prepared: Config | undefined;
  /** What the checker process has told to be remembered; its successor is given it. */
  readonly checkerMemory: CheckerMemory;
  /** What the script and the bfd process said last, for a vrrp process that is started later than they. */
  readonly readings: TrackerReadings;
  /** Told while the script process was not there. */
  readonly untold: readonly NotifyEvent[];
  /** The last of each instance, for a checker process that is started later than the vrrp process. */
  readonly instanceEvents: ReadonlyMap<string, InstanceNotifyEvent>;
  /** Asked of a child and not answered yet. */
  readonly commands: readonly AskedCommand[];
  /** Set while a start or a reload is on its way: what is said to the operator when all children have answered. */
  readonly pending: 'start' | 'reload' | undefined;
  /** A reload was asked for while another was being read. */
  readonly reloadAgain: boolean;
  readonly reloadRequests: readonly ReloadRequest[];
  /** What the last reload said when it was refused as a whole; empty while the configuration is the files'. */
  readonly staleBecause: readonly string[];
  readonly reading: boolean;
  readonly exitCode: number;
  readonly stop: Stop | undefined;
}

export interface AskedCommand {
  readonly request: number;
  readonly role: 'vrrp' | 'checker';
}

export interface ReloadRequest {
  readonly request: number;
  /** It was asked for while another was being read, and waits for its own reading. */
  readonly isLater: boolean;
  /** What its reading has said; undefined before. */
  readonly lines: readonly string[] | undefined;
}

/** A stop under way: who serves goes after who gives the addresses away, and who tells others goes last. */
export interface Stop {
  readonly stage: 'handing-over' | 'serving-ends' | 'telling' | 'shutdown-script';
  readonly beganAtMs: number;
  /** The hand-over is not waited for any longer. */
  readonly handOverEndsAtMs: number;
  readonly released: boolean;
  readonly hurried: boolean;
}

export const allRoles: readonly ChildRole[] = ['vrrp', 'checker', 'script', 'bfd'];

export const initialSupervisorState: SupervisorState = {
  phase: 'starting',
  children: { vrrp: absentChild, checker: absentChild, script: absentChild, bfd: absentChild },
  restarts: { vrrp: 0, checker: 0, script: 0, bfd: 0 },
  config: undefined,
  prepared: undefined,
  checkerMemory: noMemory,
  readings: new Map(),
  untold: [],
  instanceEvents: new Map(),
  commands: [],
  pending: 'start',
  reloadAgain: false,
  reloadRequests: [],
  staleBecause: [],
  reading: false,
  exitCode: 0,
  stop: undefined,
};

/** The earliest deadline, absolute, on the clock of `nowMs`; undefined when nothing is due. */
export function nextTimeout(state: SupervisorState): number | undefined {
  if (state.phase === 'ended') return undefined;
  const deadlines = allRoles.flatMap((role) => {
    const child = state.children[role];
    if (child.phase === 'waiting') return [child.restartAtMs];
    return child.phase === 'stopping' ? [child.deadlineMs] : [];
  });
  if (state.stop?.stage === 'handing-over') deadlines.push(state.stop.handOverEndsAtMs);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}
