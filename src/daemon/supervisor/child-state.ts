/** What the supervisor knows of one child process, and keepalived's words about it. */
import type { ChildRole, LogRecord } from '../ipc.ts';
import type { ChildExited } from './messages.ts';
import { initialRespawn, type RespawnState } from './respawn.ts';

export type ChildState =
  | { readonly phase: 'absent'; readonly respawn: RespawnState }
  | RunningChild
  /** It died; a successor starts at `restartAtMs`. */
  | { readonly phase: 'waiting'; readonly respawn: RespawnState; readonly restartAtMs: number }
  | StoppingChild;

export interface RunningChild {
  readonly phase: 'running';
  readonly respawn: RespawnState;
  /** Undefined until the shell has answered with `childStarted`. */
  readonly pid: number | undefined;
  readonly startedAtMs: number;
  /** Whether it has ever been given a configuration: before that it holds nothing that needs releasing. */
  readonly given: boolean;
  /** `configure` messages that it has not answered yet. */
  readonly unanswered: number;
}

export interface StoppingChild {
  readonly phase: 'stopping';
  readonly respawn: RespawnState;
  readonly pid: number | undefined;
  readonly given: boolean;
  readonly killed: boolean;
  /** When it is killed; once it has been, when it is no longer waited for. */
  readonly deadlineMs: number;
}

/** Whether a message reaches it: it runs and has its configuration. */
export function isListening(child: ChildState): boolean {
  return (child.phase === 'running' || (child.phase === 'stopping' && !child.killed)) && child.given;
}

export const absentChild: ChildState = { phase: 'absent', respawn: initialRespawn };

export interface ChildNames {
  /** As in keepalived's `VRRP child process(123) died`. */
  readonly label: string;
  readonly process: string;
}

export const childNames: Readonly<Record<ChildRole, ChildNames>> = {
  vrrp: { label: 'VRRP', process: 'holdfast_vrrp' },
  checker: { label: 'Healthcheck', process: 'holdfast_checker' },
  script: { label: 'Script', process: 'holdfast_script' },
  bfd: { label: 'BFD', process: 'holdfast_bfd' },
};

/** `exited due to signal SIGKILL` or `exited with status 1`. */
export function describeExit(role: ChildRole, pid: number | undefined, exit: ChildExited): LogRecord {
  const cause = exit.signal === undefined ? `with status ${exit.exitCode}` : `due to signal ${exit.signal}`;
  return { level: 'error', message: `${childNames[role].process}[${pid ?? '?'}] exited ${cause}` };
}

/** keepalived's names of the exit codes after which a restart would not help. */
export function describePermanentError(role: ChildRole, exitCode: number): LogRecord {
  const names: Readonly<Record<number, string>> = { 1: 'FATAL', 2: 'CONFIG', 4: 'MISSING PERMISSION' };
  const name = names[exitCode] ?? `status ${exitCode}`;
  return {
    level: 'error',
    message: `${childNames[role].process} exited with permanent error ${name}. Terminating`,
  };
}
