/** What passes between the children, and what is kept of it for one that is started later. */
import { type TrackerReading, trackerKey } from '../../vrrp/tracking.ts';
import { type MemoryNews, updateMemory } from '../checker-memory.ts';
import type { ChildRole, InstanceWord, NotifyEvent } from '../ipc.ts';
import { listens, needs } from './child-orders.ts';
import { followedByChecks, followsInstances } from './followed.ts';
import type { StepUnderWay } from './step-under-way.ts';

/** What is kept for a script process that is being restarted; more would tell old news. */
export const untoldLimit = 1000;

/** A reading holds until the next one of the same thing, also while the process that measures it is away. */
export function trackersRead(step: StepUnderWay, readings: readonly TrackerReading[]): void {
  const known = new Map(step.state.readings);
  for (const reading of readings) known.set(trackerKey(reading), reading);
  step.set({ readings: known });
  if (listens(step, 'vrrp'))
    step.does({ kind: 'passOn', role: 'vrrp', message: { kind: 'trackers', readings } });
  const followed = followedByChecks(step.state.config, readings);
  if (followed.length > 0 && listens(step, 'checker'))
    step.does({ kind: 'passOn', role: 'checker', message: { kind: 'trackers', readings: followed } });
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

/** Told by `teller`. What happens to instances is the checker process's business too: it may have to follow one. */
export function notified(step: StepUnderWay, teller: ChildRole, events: readonly NotifyEvent[]): void {
  if (teller === 'vrrp') instancesChanged(step, events);
  tellScripts(step, events);
}

function instancesChanged(step: StepUnderWay, events: readonly NotifyEvent[]): void {
  const changed = events.filter((event) => event.kind === 'instance');
  if (changed.length === 0) return;
  const known = new Map(step.state.instanceEvents);
  for (const event of changed) {
    if (event.state === 'DELETED') known.delete(event.name);
    else if (isState(event.state)) known.set(event.name, event);
  }
  step.set({ instanceEvents: known });
  if (followsInstances(step.state.config) && listens(step, 'checker')) {
    step.does({ kind: 'passOn', role: 'checker', message: { kind: 'notify', events: changed } });
  }
}

function isState(word: InstanceWord): boolean {
  return word === 'MASTER' || word === 'BACKUP' || word === 'FAULT' || word === 'STOP';
}

export function remembered(step: StepUnderWay, news: MemoryNews): void {
  step.set({ checkerMemory: updateMemory(step.state.checkerMemory, news) });
}

function tellScripts(step: StepUnderWay, events: readonly NotifyEvent[]): void {
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

/** What was said by `role` counts only from the process whose work it is. */
export function mayTell(role: ChildRole, what: 'trackers' | 'answer' | 'released' | 'remember'): boolean {
  switch (what) {
    case 'trackers':
      return role === 'script' || role === 'bfd';
    case 'answer':
      return role === 'vrrp' || role === 'checker';
    case 'released':
      return role === 'vrrp';
    case 'remember':
      return role === 'checker';
  }
}
