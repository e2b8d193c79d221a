/** What passes between the children, and between operators and the vrrp process. */
import { type TrackerReading, trackerKey } from '../../vrrp/tracking.ts';
import type { ChildRole, CommandAnswer, InstanceCommand, NotifyEvent } from '../ipc.ts';
import { listens, needs } from './child-orders.ts';
import type { StepUnderWay } from './step-under-way.ts';

/** What is kept for a script process that is being restarted; more would tell old news. */
export const untoldLimit = 1000;

/** A vrrp process that does not answer is not asked without end. */
export const commandLimit = 64;

/** A reading holds until the next one of the same thing, also while the process that measures it is away. */
export function trackersRead(step: StepUnderWay, readings: readonly TrackerReading[]): void {
  const known = new Map(step.state.readings);
  for (const reading of readings) known.set(trackerKey(reading), reading);
  step.set({ readings: known });
  if (listens(step, 'vrrp'))
    step.does({ kind: 'passOn', role: 'vrrp', message: { kind: 'trackers', readings } });
}

/** What the configuration no longer has is forgotten: should it come back, it is measured anew. */
export function forgetReadings(step: StepUnderWay): void {
  const { config, readings } = step.state;
  if (config === undefined) return;
  const { scripts, files, processes, bfds } = config.trackers;
  const kept = new Set([
    ...scripts.map(({ name }) => trackerKey({ kind: 'script', name })),
    ...files.map(({ name }) => trackerKey({ kind: 'file', name })),
    ...processes.map(({ name }) => trackerKey({ kind: 'process', name })),
    ...bfds.map(({ name }) => trackerKey({ kind: 'bfd', name })),
  ]);
  step.set({ readings: new Map([...readings].filter(([key]) => kept.has(key))) });
}

export function notified(step: StepUnderWay, events: readonly NotifyEvent[]): void {
  if (listens(step, 'script')) {
    step.does({ kind: 'passOn', role: 'script', message: { kind: 'notify', events } });
    return;
  }
  // Nobody wants to be told, or there is no time left for it.
  if (!needs(step, 'script') || step.state.phase === 'stopping') return;
  const untold = [...step.state.untold, ...events];
  const lost = untold.length - untoldLimit;
  if (lost > 0)
    step.log('warning', `${lost} notifications are lost: the script process is not there to make them`);
  step.set({ untold: untold.slice(-untoldLimit) });
}

export function commandRequested(step: StepUnderWay, request: number, command: InstanceCommand): void {
  const reason = reasonAgainst(step, command);
  if (reason !== undefined) {
    step.does({ kind: 'answer', request, answer: { ok: false, lines: [reason] } });
    return;
  }
  step.set({ commands: [...step.state.commands, request] });
  step.does({ kind: 'passOn', role: 'vrrp', message: { kind: 'command', id: request, command } });
}

function reasonAgainst(step: StepUnderWay, command: InstanceCommand): string | undefined {
  if (command.kind !== 'status' && step.state.phase === 'stopping') {
    return 'holdfast is stopping: it gives up all addresses anyway';
  }
  if (step.state.commands.length >= commandLimit) {
    return `the VRRP process has left ${commandLimit} commands unanswered: nothing more is asked of it`;
  }
  if (listens(step, 'vrrp')) return undefined;
  if (step.child('vrrp').phase === 'absent') return 'this configuration has no VRRP instance';
  return 'the VRRP process is being started: ask again in a moment';
}

export function commandAnswered(step: StepUnderWay, request: number, answer: CommandAnswer): void {
  const { commands } = step.state;
  if (!commands.includes(request)) return;
  step.set({ commands: commands.filter((one) => one !== request) });
  step.does({ kind: 'answer', request, answer });
}

/** The vrrp process is gone, and with it whoever knew the answers. */
export function commandsAreLost(step: StepUnderWay): void {
  const { commands } = step.state;
  step.set({ commands: [] });
  const lines = ['the VRRP process ended before it answered; see the log for why'];
  for (const request of commands) step.does({ kind: 'answer', request, answer: { ok: false, lines } });
}

/** What was said by `role` counts only from the process whose work it is. */
export function mayTell(role: ChildRole, what: 'trackers' | 'answer' | 'released'): boolean {
  return what === 'trackers' ? role === 'script' || role === 'bfd' : role === 'vrrp';
}
