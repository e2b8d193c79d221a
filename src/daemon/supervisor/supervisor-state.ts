/** What the supervisor remembers between two events, and when it next has something to do by itself. */
import type { Config, VirtualService } from '../../config-parser/config.ts';
import type { ChildRole } from '../ipc.ts';
import { absentChild, type ChildState } from './child-state.ts';

export interface SupervisorOptions {
  /** Roles that the command line allows: keepalived(8) -P and -C. */
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
  readonly config: Config | undefined;
  /** What the checker last said that it holds in the kernel; its successor is given it. */
  readonly ownedServices: readonly VirtualService[];
  /** Set while a start or a reload is on its way: what is said to the operator when all children have answered. */
  readonly pending: 'start' | 'reload' | undefined;
  /** A reload was asked for while another was being read. */
  readonly reloadAgain: boolean;
  readonly reading: boolean;
  readonly exitCode: number;
  /** When a stopping supervisor no longer waits for killed children. */
  readonly exitAtMs: number | undefined;
}

export const allRoles: readonly ChildRole[] = ['vrrp', 'checker'];

export const initialSupervisorState: SupervisorState = {
  phase: 'starting',
  children: { vrrp: absentChild, checker: absentChild },
  config: undefined,
  ownedServices: [],
  pending: 'start',
  reloadAgain: false,
  reading: false,
  exitCode: 0,
  exitAtMs: undefined,
};

/** The earliest deadline, absolute, on the clock of `nowMs`; undefined when nothing is due. */
export function nextTimeout(state: SupervisorState): number | undefined {
  const deadlines = allRoles.flatMap((role) => {
    const child = state.children[role];
    if (child.phase === 'waiting') return [child.restartAtMs];
    return child.phase === 'stopping' && !child.killed ? [child.killAtMs] : [];
  });
  if (state.exitAtMs !== undefined) deadlines.push(state.exitAtMs);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}
