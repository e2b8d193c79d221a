/** A child has started, has taken its configuration, is at its end, or has stayed too long. */
import { noMemory } from '../checker-memory.ts';
import type { ChildRole } from '../ipc.ts';
import { configureChild, needs, startChild } from './child-orders.ts';
import {
  absentChild,
  childNames,
  describeExit,
  describePermanentError,
  type RunningChild,
  type StoppingChild,
} from './child-state.ts';
import { commandsAreLost } from './commands.ts';
import { reportReadiness } from './configuration.ts';
import type { ChildExited } from './messages.ts';
import { respawnAfterDeath } from './respawn.ts';
import type { StepUnderWay } from './step-under-way.ts';
import { advanceStop, beginStop } from './stopping.ts';
import { allRoles } from './supervisor-state.ts';

/** A killed child that has not gone by then, stuck in the kernel, is not waited for. */
const killedWaitMs = 50;

export function childStarted(step: StepUnderWay, role: ChildRole, pid: number): void {
  const child = step.child(role);
  // Told to stop between the fork and this answer: the message is on its way already.
  if (child.phase !== 'running') return;
  const started = { ...child, pid };
  step.setChild(role, started);
  // Before the first configuration is read, or when a reload has just dropped the role, there is nothing to give.
  if (needs(step, role)) configureChild(step, role, started);
}

export function childConfigured(step: StepUnderWay, role: ChildRole): void {
  const child = step.child(role);
  if (child.phase !== 'running') return;
  step.setChild(role, { ...child, unanswered: Math.max(0, child.unanswered - 1) });
  reportReadiness(step);
}

export function childFatal(step: StepUnderWay, role: ChildRole, message: string, exitCode: number): void {
  step.log('error', `${childNames[role].process}: ${message}`);
  if (step.state.phase === 'stopping') return;
  step.does({ kind: 'log', record: describePermanentError(role, exitCode) });
  beginStop(step, exitCode === 0 ? 1 : exitCode);
}

export function childGone(step: StepUnderWay, role: ChildRole, exit: ChildExited): void {
  const child = step.child(role);
  if (child.phase !== 'running' && child.phase !== 'stopping') return;
  step.does({ kind: 'removePidFile', role });
  commandsAreLost(step, role);
  if (child.phase === 'stopping') stoppedChildGone(step, role, child, exit);
  else runningChildDied(step, role, child, exit);
  advanceStop(step);
}

function stoppedChildGone(
  step: StepUnderWay,
  role: ChildRole,
  child: StoppingChild,
  exit: ChildExited,
): void {
  step.setChild(role, absentChild);
  if (exit.exitCode === 0 && role === 'checker' && !step.options.keepIpvsOnExit) {
    // It has taken its services out of the kernel and put the sysctls back; what operators hold back is held back when it comes again.
    step.set({ checkerMemory: { ...noMemory, holds: step.state.checkerMemory.holds } });
  }
  if (exit.exitCode !== 0 && child.given) {
    step.does({ kind: 'log', record: describeExit(role, child.pid, exit) });
    failStop(step);
  }
  // A reload that takes a role out and one that puts it back can overtake the child's leaving.
  if (step.state.phase === 'running' && needs(step, role)) startChild(step, role);
}

function runningChildDied(step: StepUnderWay, role: ChildRole, child: RunningChild, exit: ChildExited): void {
  const { label } = childNames[role];
  const name = `${label} child process(${child.pid ?? '?'})`;
  if (child.pid !== undefined) step.does({ kind: 'log', record: describeExit(role, child.pid, exit) });
  if (step.state.phase === 'stopping') {
    step.setChild(role, absentChild);
    failStop(step);
    return;
  }
  if (!step.options.respawn) {
    step.log('error', `${name} died: Exiting`);
    step.setChild(role, absentChild);
    beginStop(step, 1);
    return;
  }
  step.log('error', `${name} died: Respawning`);
  const { next, delayMs } = respawnAfterDeath(child.respawn, child.startedAtMs, step.nowMs);
  step.setChild(role, { phase: 'waiting', respawn: next, restartAtMs: step.nowMs + delayMs });
  if (delayMs === 0) restartChild(step, role);
  else {
    step.log(
      'warning',
      `Restart of ${label} process delayed ${delayMs / 1000} seconds to limit respawn rate`,
    );
  }
}

function restartChild(step: StepUnderWay, role: ChildRole): void {
  const { restarts } = step.state;
  step.set({ restarts: { ...restarts, [role]: restarts[role] + 1 } });
  startChild(step, role);
}

function failStop(step: StepUnderWay): void {
  if (step.state.phase === 'stopping' && step.state.exitCode === 0) step.set({ exitCode: 1 });
}

export function timeout(step: StepUnderWay): void {
  for (const role of allRoles) {
    const child = step.child(role);
    if (child.phase === 'waiting' && child.restartAtMs <= step.nowMs) restartChild(step, role);
    else if (child.phase === 'stopping' && child.deadlineMs <= step.nowMs) overstayed(step, role, child);
  }
  advanceStop(step);
}

function overstayed(step: StepUnderWay, role: ChildRole, child: StoppingChild): void {
  failStop(step);
  if (child.killed) {
    childGone(step, role, { kind: 'childExited', role, signal: 'SIGKILL' });
    return;
  }
  step.log('error', `${childNames[role].label} process failed to die - forcing termination`);
  step.setChild(role, { ...child, killed: true, deadlineMs: step.nowMs + killedWaitMs });
  step.does({ kind: 'killChild', role });
}
