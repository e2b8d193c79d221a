/** What the supervisor says of itself and its children to who asks for the status. */
import type { ChildStatus, DaemonStatus } from '../control-socket/index.ts';
import type { CheckerAnswer, ChildRole, CommandAnswer } from '../ipc.ts';
import { allRoles, type SupervisorState } from './supervisor-state.ts';

export interface DaemonFacts {
  readonly version: string;
  readonly configurationFile: string;
  readonly pid: number;
  /** On the clock of `nowMs`. */
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** The time of day. */
  readonly at: Date;
}

export interface ChildAnswers {
  readonly vrrp: CommandAnswer;
  readonly checker: CheckerAnswer;
}

export function daemonStatus(
  state: SupervisorState,
  facts: DaemonFacts,
  { vrrp: answer, checker: checkerAnswer }: ChildAnswers,
): DaemonStatus {
  const { version, configurationFile, pid, startedAtMs, nowMs, at } = facts;
  const vrrp = answer.ok ? answer.status : undefined;
  const checker = checkerAnswer.ok ? checkerAnswer.status : undefined;
  return {
    at: at.toISOString(),
    version,
    pid,
    upSeconds: (nowMs - startedAtMs) / 1000,
    phase: state.phase === 'ended' ? 'stopping' : state.phase,
    configuration: { file: configurationFile, staleBecause: state.staleBecause },
    children: allRoles.flatMap((role) => childStatus(state, role, nowMs)),
    ...(vrrp === undefined ? { vrrpSilence: answer.lines.join('; ') } : { vrrp }),
    ...(checker === undefined ? { checkerSilence: checkerAnswer.lines.join('; ') } : { checker }),
  };
}

function childStatus({ children, restarts }: SupervisorState, role: ChildRole, nowMs: number): ChildStatus[] {
  const child = children[role];
  if (child.phase === 'absent') return [];
  const status = { role, phase: child.phase, restarts: restarts[role] };
  if (child.phase === 'waiting') return [status];
  const known = child.pid === undefined ? status : { ...status, pid: child.pid };
  return [child.phase === 'running' ? { ...known, upSeconds: (nowMs - child.startedAtMs) / 1000 } : known];
}
