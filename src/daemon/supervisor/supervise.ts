/**
 * The supervisor's decisions, pure: which children run, with which configuration, when they are restarted, stopped
 * or killed, what they tell each other, and when the daemon is ready, reloaded or at its end. The shell forks, reads and writes.
 */
import { childConfigured, childFatal, childGone, childStarted, timeout } from './child-events.ts';
import { startChild } from './child-orders.ts';
import { childNames } from './child-state.ts';
import { commandAnswered, commandRequested } from './commands.ts';
import {
  configurationRead,
  readConfiguration,
  reloadRequested,
  startupScriptEnded,
} from './configuration.ts';
import { mayTell, notified, remembered, trackersRead } from './hub.ts';
import type { ChildEvent, LifecycleMoment, SupervisorEffect, SupervisorEvent } from './messages.ts';
import { StepUnderWay } from './step-under-way.ts';
import { beginStop, exit, handOverEnded, hurryStop } from './stopping.ts';
import type { SupervisorOptions, SupervisorState } from './supervisor-state.ts';

export interface SupervisorStep {
  readonly next: SupervisorState;
  readonly effects: readonly SupervisorEffect[];
}

/** sysexits.h EX_SOFTWARE, which keepalived uses for its own mistakes. */
const internalErrorStatus = 70;

/** What follows from `event` at `nowMs` on a monotonic clock. */
export function superviseStep(
  options: SupervisorOptions,
  state: SupervisorState,
  event: SupervisorEvent,
  nowMs: number,
): SupervisorStep {
  if (state.phase === 'ended') return { next: state, effects: [] };
  const step = new StepUnderWay(options, state, nowMs);
  handle(step, event);
  return { next: step.state, effects: step.effects };
}

function handle(step: StepUnderWay, event: SupervisorEvent): void {
  switch (event.kind) {
    case 'start':
      start(step);
      break;
    case 'configurationRead':
      configurationRead(step, event.reading);
      break;
    case 'reloadRequested':
      reloadRequested(step, event.request);
      break;
    case 'commandRequested':
      commandRequested(step, event.request, event.command);
      break;
    case 'lifecycleScriptEnded':
      lifecycleScriptEnded(step, event.which);
      break;
    case 'stopRequested':
      if (step.state.phase === 'stopping') hurryStop(step);
      else beginStop(step, 0);
      break;
    case 'userSignal':
      step.log('notice', `${event.signal} received: it is reserved, nothing is done`);
      break;
    case 'internalError':
      step.log('error', `internal error, terminating: ${event.error}`);
      beginStop(step, internalErrorStatus);
      break;
    case 'timeout':
      timeout(step);
      break;
    default:
      handleChild(step, event);
  }
}

/**
 * The first two are started before the configuration is known: they load their modules while it is read. Most
 * configurations have nothing for the others.
 */
function start(step: StepUnderWay): void {
  for (const role of ['vrrp', 'checker'] as const) {
    if (step.options.roles.includes(role)) startChild(step, role);
  }
  readConfiguration(step);
}

function lifecycleScriptEnded(step: StepUnderWay, which: LifecycleMoment): void {
  if (which === 'startup') startupScriptEnded(step);
  else if (step.state.stop?.stage === 'shutdown-script') exit(step, step.state.exitCode);
}

function handleChild(step: StepUnderWay, event: ChildEvent): void {
  const { role } = event;
  switch (event.kind) {
    case 'childStarted':
      childStarted(step, role, event.pid);
      break;
    case 'childStartFailed':
      step.log('error', `cannot start ${childNames[role].label} child process: ${event.error}`);
      childGone(step, role, { kind: 'childExited', role });
      break;
    case 'childConfigured':
      childConfigured(step, role);
      break;
    case 'childRemember':
      if (mayTell(role, 'remember')) remembered(step, event.news);
      break;
    case 'childTrackers':
      if (mayTell(role, 'trackers')) trackersRead(step, event.readings);
      break;
    case 'childNotify':
      notified(step, role, event.events);
      break;
    case 'childAnswer':
      if (mayTell(role, 'answer')) commandAnswered(step, role, event.request, event.answer);
      break;
    case 'childReleased':
      if (mayTell(role, 'released')) handOverEnded(step);
      break;
    case 'childFatal':
      childFatal(step, role, event.message, event.exitCode);
      break;
    case 'childExited':
      childGone(step, role, event);
      break;
    default:
      event satisfies never;
  }
}
