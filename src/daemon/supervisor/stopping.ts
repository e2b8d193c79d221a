/**
 * The order of a stop. The vrrp process goes first and may take its time: until its successors are heard, the checker process
 * keeps the IPVS table that its addresses lead to. The script process goes last, since it has to tell of the stop.
 */
import type { Config } from '../../config-parser/config.ts';
import type { ChildRole } from '../ipc.ts';
import { stopChild } from './child-orders.ts';
import { absentChild } from './child-state.ts';
import { longestHandOverMs } from './hand-over-time.ts';
import type { StepUnderWay } from './step-under-way.ts';
import { allRoles, type Stop } from './supervisor-state.ts';

/** A child that has not exited by then is killed. */
export const childStopTimeMs = 1800;

/** For each real server that the checker process takes out of the kernel, on the slowest of kernels. */
const serverStopTimeMs = 10;
/** keepalived.conf(5): child_wait_time. */
const longestStopTimeMs = 5000;

/** The script process may have scripts to run for those who are told of the stop. */
export const scriptStopTimeMs = 2000;

/** After a second signal every child that is left has this long. */
export const hurriedStopTimeMs = 250;

/** A terminal and a parent process both pass on a Ctrl-C: that close together they are one wish. */
const oneWishMs = 100;

const servingRoles: readonly ChildRole[] = ['checker', 'bfd'];

export function beginStop(step: StepUnderWay, exitCode: number): void {
  if (step.state.phase === 'stopping') return;
  step.log('info', 'Stopping');
  step.does({ kind: 'notify', state: 'STOPPING=1' });
  for (const role of allRoles) {
    const child = step.child(role);
    if (child.phase === 'waiting') step.setChild(role, absentChild);
    // It holds nothing that anybody needs until the end.
    else if (child.phase === 'running' && !child.given) stopChild(step, role, childStopTimeMs);
  }
  const { config } = step.state;
  const handOverMs = config === undefined ? 0 : longestHandOverMs(config);
  stopChild(step, 'vrrp', handOverMs + childStopTimeMs);
  const stop: Stop = {
    stage: 'handing-over',
    beganAtMs: step.nowMs,
    handOverEndsAtMs: step.nowMs + handOverMs,
    released: !isLeaving(step, 'vrrp'),
    hurried: false,
  };
  for (const { request } of step.state.reloadRequests) {
    step.does({
      kind: 'answer',
      request,
      answer: { ok: false, lines: ['holdfast stops before the reload'] },
    });
  }
  step.set({ phase: 'stopping', exitCode, pending: undefined, reloadRequests: [], stop });
  advanceStop(step);
}

/** The operator asks again while a stop is under way: nobody is waited for any longer. */
export function hurryStop(step: StepUnderWay): void {
  const { stop } = step.state;
  if (stop === undefined || step.nowMs - stop.beganAtMs < oneWishMs) return;
  if (stop.stage === 'shutdown-script') {
    exit(step, step.state.exitCode);
    return;
  }
  if (!stop.hurried && isLeaving(step, 'vrrp')) {
    step.does({ kind: 'stopChild', role: 'vrrp', atOnce: true });
  }
  step.set({ stop: { ...stop, hurried: true, released: true } });
  for (const role of allRoles) shortenDeadline(step, role, hurriedStopTimeMs);
  advanceStop(step);
}

/** The vrrp process holds no address any more: it only has to end. */
export function handOverEnded(step: StepUnderWay): void {
  const { stop } = step.state;
  if (stop === undefined) return;
  step.set({ stop: { ...stop, released: true } });
  shortenDeadline(step, 'vrrp', childStopTimeMs);
  advanceStop(step);
}

/** Goes on with the stop as far as it can: a child is gone, or a time is over. */
export function advanceStop(step: StepUnderWay): void {
  const { stop } = step.state;
  if (step.state.phase !== 'stopping' || stop === undefined) return;
  const timeMs = (usualMs: number) => (stop.hurried ? hurriedStopTimeMs : usualMs);
  switch (stop.stage) {
    case 'handing-over':
      if (!stop.released && isLeaving(step, 'vrrp') && stop.handOverEndsAtMs > step.nowMs) return;
      for (const role of servingRoles) stopChild(step, role, timeMs(stopTimeOf(role, step.state.config)));
      goTo(step, stop, 'serving-ends');
      break;
    case 'serving-ends':
      if (!areGone(step, ['vrrp', ...servingRoles])) return;
      stopChild(step, 'script', timeMs(scriptStopTimeMs));
      goTo(step, stop, 'telling');
      break;
    case 'telling':
      if (areGone(step, allRoles)) runShutdownScript(step, stop);
      break;
    case 'shutdown-script':
      break;
    default:
      stop.stage satisfies never;
  }
}

/** More for a checker process with much to take out of the kernel. */
export function stopTimeOf(role: ChildRole, config: Config | undefined): number {
  if (role !== 'checker' || config === undefined) return childStopTimeMs;
  const servers = config.virtualServers.reduce((sum, { realServers }) => sum + realServers.length, 0);
  return Math.min(longestStopTimeMs, childStopTimeMs + serverStopTimeMs * servers);
}

function goTo(step: StepUnderWay, stop: Stop, stage: Stop['stage']): void {
  step.set({ stop: { ...stop, stage } });
  advanceStop(step);
}

/** keepalived.conf(5): shutdown_script runs when everything else has stopped; not when nothing had begun. */
function runShutdownScript(step: StepUnderWay, stop: Stop): void {
  const { config, exitCode } = step.state;
  const script = config?.globalDefs.notify.shutdown;
  if (config === undefined || script === undefined || stop.hurried) {
    exit(step, exitCode);
    return;
  }
  step.set({ stop: { ...stop, stage: 'shutdown-script' } });
  step.does({ kind: 'runLifecycleScript', which: 'shutdown', script, config });
}

export function exit(step: StepUnderWay, exitCode: number): void {
  step.set({ phase: 'ended', exitCode });
  step.does({ kind: 'exit', exitCode });
}

function shortenDeadline(step: StepUnderWay, role: ChildRole, timeMs: number): void {
  const child = step.child(role);
  if (child.phase !== 'stopping' || child.killed) return;
  step.setChild(role, { ...child, deadlineMs: Math.min(child.deadlineMs, step.nowMs + timeMs) });
}

function isLeaving(step: StepUnderWay, role: ChildRole): boolean {
  const child = step.child(role);
  return child.phase === 'stopping' && child.given;
}

function areGone(step: StepUnderWay, roles: readonly ChildRole[]): boolean {
  return roles.every((role) => step.child(role).phase === 'absent');
}
