/** What the supervisor has a child do: start, take a configuration, stop. */
import { noMemory } from '../checker-memory.ts';
import type { ChildRole } from '../ipc.ts';
import { childNames, isListening, type RunningChild } from './child-state.ts';
import { followedByChecks, followsInstances } from './followed.ts';
import { isNeeded } from './needed-children.ts';
import type { StepUnderWay } from './step-under-way.ts';

export function startChild(step: StepUnderWay, role: ChildRole): void {
  const { respawn } = step.child(role);
  step.setChild(role, {
    phase: 'running',
    respawn,
    pid: undefined,
    startedAtMs: step.nowMs,
    given: false,
    unanswered: 0,
  });
  step.does({ kind: 'startChild', role });
}

export function configureChild(step: StepUnderWay, role: ChildRole, child: RunningChild): void {
  const { config, checkerMemory } = step.state;
  const { pid } = child;
  // Without its pid the fork is still under way, and is answered with a configuration.
  if (config === undefined || pid === undefined) return;
  if (!child.given) {
    // Only now are the names of the files known.
    step.does({ kind: 'writePidFile', role, pid });
    step.log('info', `Starting ${childNames[role].label} child process, pid=${pid}`);
  }
  step.setChild(role, { ...child, given: true, unanswered: child.unanswered + 1 });
  if (role === 'bfd' && !child.given) giveWhatItSaid(step);
  const memory = role === 'checker' && !child.given ? checkerMemory : noMemory;
  step.does({ kind: 'configureChild', role, config, memory });
  if (!child.given) giveWhatItMissed(step, role);
}

/** To the successor of a bfd process that died, before its configuration: what counts until it knows better. */
function giveWhatItSaid(step: StepUnderWay): void {
  const readings = [...step.state.readings.values()].filter(({ kind }) => kind === 'bfd');
  if (readings.length > 0)
    step.does({ kind: 'passOn', role: 'bfd', message: { kind: 'trackers', readings } });
}

function giveWhatItMissed(step: StepUnderWay, role: ChildRole): void {
  const { readings, untold, instanceEvents, config } = step.state;
  const known = [...readings.values()];
  const wanted = role === 'vrrp' ? known : role === 'checker' ? followedByChecks(config, known) : [];
  if (wanted.length > 0) step.does({ kind: 'passOn', role, message: { kind: 'trackers', readings: wanted } });
  if (role === 'checker' && followsInstances(config) && instanceEvents.size > 0) {
    step.does({ kind: 'passOn', role, message: { kind: 'notify', events: [...instanceEvents.values()] } });
  }
  if (role === 'script' && untold.length > 0) {
    step.set({ untold: [] });
    step.does({ kind: 'passOn', role, message: { kind: 'notify', events: untold } });
  }
}

/** It has `timeMs` to release what it holds, and is killed then. */
export function stopChild(step: StepUnderWay, role: ChildRole, timeMs: number): void {
  const child = step.child(role);
  if (child.phase !== 'running') return;
  const { respawn, pid, given } = child;
  const deadlineMs = step.nowMs + timeMs;
  step.setChild(role, { phase: 'stopping', respawn, pid, given, killed: false, deadlineMs });
  // A child that was never configured holds nothing and may still be loading: waiting for it would be for nothing.
  step.does({ kind: given ? 'stopChild' : 'killChild', role });
}

/** Whether `role` would hear a message, for as long as it is alive. */
export function listens(step: StepUnderWay, role: ChildRole): boolean {
  return isListening(step.child(role));
}

export function needs(step: StepUnderWay, role: ChildRole): boolean {
  return isNeeded(role, step.state.config, step.options);
}
