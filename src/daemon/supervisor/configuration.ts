/** The configuration: read, made the children's, and read again. */
import type { Config } from '../../config-parser/config.ts';
import type { ChildRole } from '../ipc.ts';
import { configureChild, needs, startChild, stopChild } from './child-orders.ts';
import { absentChild } from './child-state.ts';
import { longestHandOverMs } from './hand-over-time.ts';
import { forgetReadings } from './hub.ts';
import type { ConfigurationReading } from './messages.ts';
import { partFor } from './needed-children.ts';
import { reloadable } from './reloadable.ts';
import type { StepUnderWay } from './step-under-way.ts';
import { exit, stopTimeOf } from './stopping.ts';
import { allRoles } from './supervisor-state.ts';

export function readConfiguration(step: StepUnderWay): void {
  step.set({ reading: true });
  step.does({ kind: 'readConfiguration', isReload: step.state.config !== undefined });
}

export function configurationRead(step: StepUnderWay, reading: ConfigurationReading): void {
  for (const record of reading.records) step.does({ kind: 'log', record });
  const { phase } = step.state;
  if (phase === 'stopping') return;
  if (phase === 'starting') startWith(step, reading);
  else {
    step.set({ reading: false });
    reloadWith(step, reading);
    reloadAgain(step);
  }
}

function startWith(step: StepUnderWay, reading: ConfigurationReading): void {
  if (!reading.ok) {
    step.log('error', `${reading.reason ?? 'Configuration cannot be used'}. Terminating`);
    abandonStart(step, reading.exitCode);
    return;
  }
  const config = partFor(step.options.roles, reading.config);
  const script = config.globalDefs.notify.startup;
  if (script === undefined) begin(step, config);
  else {
    // Still `reading`: a reload has to wait for its end.
    step.set({ prepared: config });
    step.does({ kind: 'runLifecycleScript', which: 'startup', script, config });
  }
}

/** keepalived.conf(5): startup_script has ended, before which no child had anything to do. */
export function startupScriptEnded(step: StepUnderWay): void {
  const { prepared, phase } = step.state;
  if (prepared !== undefined && phase === 'starting') begin(step, prepared);
}

function begin(step: StepUnderWay, config: Config): void {
  step.set({ phase: 'running', config, prepared: undefined, reading: false });
  step.does({ kind: 'serve', config });
  requestsWereRead(step, []);
  applyConfiguration(step, undefined);
  reloadAgain(step);
}

/** Nothing has been configured, so nothing needs releasing: the children are killed. */
function abandonStart(step: StepUnderWay, exitCode: number): void {
  for (const role of allRoles) {
    if (step.child(role).phase === 'running') step.does({ kind: 'killChild', role });
  }
  exit(step, exitCode);
}

function reloadWith(step: StepUnderWay, reading: ConfigurationReading): void {
  const previous = step.state.config;
  if (!reading.ok || previous === undefined) {
    abandonReload(step, reading);
    return;
  }
  const { config, refused } = reloadable(previous, partFor(step.options.roles, reading.config));
  for (const line of refused) step.log('warning', line);
  step.set({ config, staleBecause: [] });
  requestsWereRead(step, refused);
  applyConfiguration(step, previous);
}

function abandonReload(step: StepUnderWay, { records }: ConfigurationReading): void {
  const sentence = 'Reload abandoned: the configuration from before goes on';
  step.log('error', sentence);
  const errors = records.filter(({ level }) => level === 'error').map(({ message }) => message);
  const lines = [...errors, sentence];
  step.set({ staleBecause: lines });
  const { reloadRequests } = step.state;
  const refused = reloadRequests.filter((one) => one.lines === undefined && !one.isLater);
  step.set({ reloadRequests: reloadRequests.filter((one) => !refused.includes(one)) });
  for (const { request } of refused) step.does({ kind: 'answer', request, answer: { ok: false, lines } });
  if (step.state.pending === 'reload' && isApplied(step)) {
    step.set({ pending: undefined });
    step.does({ kind: 'notify', state: 'READY=1' });
    answerReloads(step);
  } else reportReadiness(step);
}

function applyConfiguration(step: StepUnderWay, previous: Config | undefined): void {
  nameMain(step, previous);
  forgetReadings(step);
  for (const role of allRoles) {
    const child = step.child(role);
    const needed = needs(step, role);
    if (child.phase === 'running') {
      // The script process has still to tell of instances that are gone from the configuration.
      if (needed || role === 'script') configureChild(step, role, child);
      else stopChild(step, role, stopTimeMs(role, previous));
    } else if (child.phase === 'absent' && needed) startChild(step, role);
    else if (child.phase === 'waiting' && !needed) step.setChild(role, absentChild);
  }
  if (!allRoles.some((role) => needs(step, role))) {
    step.log('warning', 'Warning - holdfast has no configuration to run');
  }
  reportReadiness(step);
}

/** keepalived.conf(5): process_name. The children name themselves. */
function nameMain(step: StepUnderWay, previous: Config | undefined): void {
  const name = step.state.config?.globalDefs.processes.mainName;
  if (name !== previous?.globalDefs.processes.mainName) step.does({ kind: 'nameProcess', name });
}

/** A vrrp process without instances hands over those that it had. */
function stopTimeMs(role: ChildRole, previous: Config | undefined): number {
  const handOverMs = role === 'vrrp' && previous !== undefined ? longestHandOverMs(previous) : 0;
  return handOverMs + stopTimeOf(role, previous);
}

export function reportReadiness(step: StepUnderWay): void {
  const { phase, pending, reading } = step.state;
  if (phase !== 'running' || pending === undefined || reading || !isApplied(step)) return;
  step.set({ pending: undefined });
  step.log('info', pending === 'start' ? 'Startup complete' : 'Reload complete');
  step.does({ kind: 'notify', state: 'READY=1' });
  answerReloads(step);
}

function isApplied(step: StepUnderWay): boolean {
  return allRoles.every((role) => {
    const child = step.child(role);
    if (!needs(step, role)) return true;
    return child.phase === 'running' && child.given && child.unanswered === 0;
  });
}

/** `request`, where there is one, is answered when the reload is applied or refused. */
export function reloadRequested(step: StepUnderWay, request?: number): void {
  const { phase, reading } = step.state;
  if (phase === 'stopping') {
    const lines = ['holdfast is stopping: nothing is reloaded'];
    if (request !== undefined) step.does({ kind: 'answer', request, answer: { ok: false, lines } });
    return;
  }
  if (request !== undefined) {
    const asked = { request, isLater: reading, lines: undefined };
    step.set({ reloadRequests: [...step.state.reloadRequests, asked] });
  }
  if (reading) step.set({ reloadAgain: true });
  else reload(step);
}

function reload(step: StepUnderWay): void {
  step.log('info', 'Reloading ...');
  // A reload that overtakes the start keeps the start's word: the first READY=1 says that the daemon is up.
  step.set({ pending: step.state.pending ?? 'reload' });
  step.does({ kind: 'notify', state: 'RELOADING=1' });
  readConfiguration(step);
}

function reloadAgain(step: StepUnderWay): void {
  if (!step.state.reloadAgain) return;
  const reloadRequests = step.state.reloadRequests.map((one) => ({ ...one, isLater: false }));
  step.set({ reloadAgain: false, reloadRequests });
  reload(step);
}

function requestsWereRead(step: StepUnderWay, refused: readonly string[]): void {
  const reloadRequests = step.state.reloadRequests.map((one) =>
    one.isLater || one.lines !== undefined ? one : { ...one, lines: refused },
  );
  step.set({ reloadRequests });
}

function answerReloads(step: StepUnderWay): void {
  const { reloadRequests } = step.state;
  step.set({ reloadRequests: reloadRequests.filter(({ lines }) => lines === undefined) });
  for (const { request, lines } of reloadRequests) {
    if (lines === undefined) continue;
    step.does({ kind: 'answer', request, answer: { ok: true, lines: ['Reload complete', ...lines] } });
  }
}
