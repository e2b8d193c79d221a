/**
 * The supervisor's decisions, pure: which children run, with which configuration, when they are restarted, stopped
 * or killed, and when the daemon is ready, reloaded or at its end. The shell forks, reads and writes.
 */
import type { Config } from '../../config-parser/config.ts';
import type { ChildRole, LogLevel } from '../ipc.ts';
import {
  absentChild,
  type ChildState,
  childNames,
  describeExit,
  describePermanentError,
  type RunningChild,
  type StoppingChild,
} from './child-state.ts';
import type {
  ChildEvent,
  ChildExited,
  ConfigurationReading,
  SupervisorEffect,
  SupervisorEvent,
} from './messages.ts';
import { respawnAfterDeath } from './respawn.ts';
import { allRoles, type SupervisorOptions, type SupervisorState } from './supervisor-state.ts';

export interface SupervisorStep {
  readonly next: SupervisorState;
  readonly effects: readonly SupervisorEffect[];
}

/** Children that have not exited by then are killed: the whole stop has two seconds. */
export const childStopTimeMs = 1800;

/** After a second signal the children have this long: the double signal of a terminal and a parent is one wish. */
export const hurriedStopTimeMs = 250;

const killedWaitMs = 50;

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
  const work = new Work(options, state, nowMs);
  work.handle(event);
  return { next: work.state, effects: work.effects };
}

/** One step under way: it owns the next state and the effects until `superviseStep` hands them out. */
class Work {
  state: SupervisorState;
  readonly effects: SupervisorEffect[] = [];
  private readonly options: SupervisorOptions;
  private readonly nowMs: number;

  constructor(options: SupervisorOptions, state: SupervisorState, nowMs: number) {
    this.options = options;
    this.state = state;
    this.nowMs = nowMs;
  }

  handle(event: SupervisorEvent): void {
    switch (event.kind) {
      case 'start':
        // Before the configuration is known: the children load their modules while it is read.
        for (const role of this.options.roles) this.startChild(role);
        this.readConfiguration();
        break;
      case 'configurationRead':
        this.configurationRead(event.reading);
        break;
      case 'reloadRequested':
        this.reloadRequested();
        break;
      case 'stopRequested':
        this.stopRequested();
        break;
      case 'userSignal':
        this.log('notice', `${event.signal} received: it is reserved, nothing is done`);
        break;
      case 'internalError':
        this.log('error', `internal error, terminating: ${event.error}`);
        this.beginStop(internalErrorStatus);
        break;
      case 'timeout':
        this.timeout();
        break;
      default:
        this.handleChild(event);
    }
  }

  private handleChild(event: ChildEvent): void {
    switch (event.kind) {
      case 'childStarted':
        this.childStarted(event.role, event.pid);
        break;
      case 'childStartFailed':
        this.log('error', `cannot start ${childNames[event.role].label} child process: ${event.error}`);
        this.childGone(event.role, { kind: 'childExited', role: event.role });
        break;
      case 'childConfigured':
        this.childConfigured(event.role);
        break;
      case 'childOwned':
        this.set({ ownedServices: event.services });
        break;
      case 'childFatal':
        this.childFatal(event.role, event.message, event.exitCode);
        break;
      case 'childExited':
        this.childGone(event.role, event);
        break;
      default:
        event satisfies never;
    }
  }

  private readConfiguration(): void {
    this.set({ reading: true });
    this.effects.push({ kind: 'readConfiguration', isReload: this.state.config !== undefined });
  }

  private configurationRead(reading: ConfigurationReading): void {
    for (const record of reading.records) this.effects.push({ kind: 'log', record });
    this.set({ reading: false });
    if (this.state.phase === 'stopping') return;
    if (reading.ok) {
      this.set({ phase: 'running', config: reading.config });
      this.applyConfiguration(reading.config);
    } else if (this.state.phase === 'starting') {
      this.log('error', 'Configuration cannot be used. Terminating');
      this.abandonStart(reading.exitCode);
      return;
    } else this.abandonReload();
    if (this.state.reloadAgain) {
      this.set({ reloadAgain: false });
      this.reloadRequested();
    }
  }

  /** Nothing has been configured, so nothing needs releasing: the children are killed. */
  private abandonStart(exitCode: number): void {
    for (const role of allRoles) {
      if (this.state.children[role].phase === 'running') this.effects.push({ kind: 'killChild', role });
    }
    this.exit(exitCode);
  }

  private abandonReload(): void {
    this.log('error', 'Reload abandoned: the configuration from before goes on');
    if (this.state.pending === 'reload') {
      this.set({ pending: undefined });
      this.effects.push({ kind: 'notify', state: 'READY=1' });
    } else this.reportReadiness();
  }

  private applyConfiguration(config: Config): void {
    for (const role of allRoles) {
      const child = this.state.children[role];
      const needed = this.needs(role, config);
      if (child.phase === 'running') {
        if (needed) this.configureChild(role, child);
        else this.stopChild(role, child);
      } else if (child.phase === 'absent' && needed) this.startChild(role);
      else if (child.phase === 'waiting' && !needed) this.setChild(role, absentChild);
    }
    if (!allRoles.some((role) => this.needs(role, config))) {
      this.log('warning', 'Warning - holdfast has no configuration to run');
    }
    this.reportReadiness();
  }

  private needs(role: ChildRole, config: Config | undefined): boolean {
    if (config === undefined || !this.options.roles.includes(role)) return false;
    if (this.options.allChildren) return true;
    return (role === 'vrrp' ? config.vrrpInstances : config.virtualServers).length > 0;
  }

  private startChild(role: ChildRole): void {
    const { respawn } = this.state.children[role];
    this.setChild(role, {
      phase: 'running',
      respawn,
      pid: undefined,
      startedAtMs: this.nowMs,
      given: false,
      unanswered: 0,
    });
    this.effects.push({ kind: 'startChild', role });
  }

  private childStarted(role: ChildRole, pid: number): void {
    const child = this.state.children[role];
    // Told to stop between the fork and this answer: the message is on its way already.
    if (child.phase !== 'running') return;
    const started = { ...child, pid };
    this.setChild(role, started);
    this.effects.push({ kind: 'writePidFile', role, pid });
    // Before the first configuration is read, or when a reload has just dropped the role, there is nothing to give.
    if (this.needs(role, this.state.config)) this.configureChild(role, started);
  }

  private configureChild(role: ChildRole, child: RunningChild): void {
    const { config, ownedServices } = this.state;
    // Without its pid the fork is still under way: `childStarted` comes back here.
    if (config === undefined || child.pid === undefined) return;
    if (!child.given) this.log('info', `Starting ${childNames[role].label} child process, pid=${child.pid}`);
    this.setChild(role, { ...child, given: true, unanswered: child.unanswered + 1 });
    this.effects.push({ kind: 'configureChild', role, config, ownedServices });
  }

  private childConfigured(role: ChildRole): void {
    const child = this.state.children[role];
    if (child.phase !== 'running') return;
    this.setChild(role, { ...child, unanswered: Math.max(0, child.unanswered - 1) });
    this.reportReadiness();
  }

  private reportReadiness(): void {
    const { phase, pending, children, config } = this.state;
    if (phase !== 'running' || pending === undefined || this.state.reading) return;
    const applied = (role: ChildRole) => {
      const child = children[role];
      if (!this.needs(role, config)) return true;
      return child.phase === 'running' && child.given && child.unanswered === 0;
    };
    if (!allRoles.every(applied)) return;
    this.set({ pending: undefined });
    this.log('info', pending === 'start' ? 'Startup complete' : 'Reload complete');
    this.effects.push({ kind: 'notify', state: 'READY=1' });
  }

  private reloadRequested(): void {
    if (this.state.phase === 'stopping') return;
    if (this.state.reading) {
      this.set({ reloadAgain: true });
      return;
    }
    this.log('info', 'Reloading ...');
    // A reload that overtakes the start keeps the start's word: the first READY=1 says that the daemon is up.
    this.set({ pending: this.state.pending ?? 'reload' });
    this.effects.push({ kind: 'notify', state: 'RELOADING=1' });
    this.readConfiguration();
  }

  private childFatal(role: ChildRole, message: string, exitCode: number): void {
    this.log('error', `${childNames[role].process}: ${message}`);
    if (this.state.phase === 'stopping') return;
    this.effects.push({ kind: 'log', record: describePermanentError(role, exitCode) });
    this.beginStop(exitCode === 0 ? 1 : exitCode);
  }

  private childGone(role: ChildRole, exit: ChildExited): void {
    const child = this.state.children[role];
    if (child.phase !== 'running' && child.phase !== 'stopping') return;
    this.effects.push({ kind: 'removePidFile', role });
    if (child.phase === 'stopping') this.stoppedChildGone(role, child, exit);
    else this.runningChildDied(role, child, exit);
    this.finishStop();
  }

  private stoppedChildGone(role: ChildRole, child: StoppingChild, exit: ChildExited): void {
    this.setChild(role, absentChild);
    if (exit.exitCode === 0 && role === 'checker' && !this.options.keepIpvsOnExit)
      this.set({ ownedServices: [] });
    if (exit.exitCode !== 0 && child.given) {
      this.effects.push({ kind: 'log', record: describeExit(role, child.pid, exit) });
      if (this.state.phase === 'stopping' && this.state.exitCode === 0) this.set({ exitCode: 1 });
    }
    // A reload that takes a role out and one that puts it back can overtake the child's leaving.
    if (this.state.phase === 'running' && this.needs(role, this.state.config)) this.startChild(role);
  }

  private runningChildDied(role: ChildRole, child: RunningChild, exit: ChildExited): void {
    const { label } = childNames[role];
    if (child.pid !== undefined) {
      this.effects.push({ kind: 'log', record: describeExit(role, child.pid, exit) });
    }
    if (!this.options.respawn) {
      this.log('error', `${label} child process(${child.pid ?? '?'}) died: Exiting`);
      this.setChild(role, absentChild);
      this.beginStop(1);
      return;
    }
    this.log('error', `${label} child process(${child.pid ?? '?'}) died: Respawning`);
    const { next, delayMs } = respawnAfterDeath(child.respawn, child.startedAtMs, this.nowMs);
    this.setChild(role, { phase: 'waiting', respawn: next, restartAtMs: this.nowMs + delayMs });
    if (delayMs === 0) this.startChild(role);
    else
      this.log(
        'warning',
        `Restart of ${label} process delayed ${delayMs / 1000} seconds to limit respawn rate`,
      );
  }

  private stopRequested(): void {
    if (this.state.phase !== 'stopping') {
      this.beginStop(0);
      return;
    }
    const hurriedAtMs = this.nowMs + hurriedStopTimeMs;
    for (const role of allRoles) {
      const child = this.state.children[role];
      if (child.phase !== 'stopping') continue;
      this.setChild(role, { ...child, killAtMs: Math.min(child.killAtMs, hurriedAtMs) });
    }
  }

  private beginStop(exitCode: number): void {
    if (this.state.phase === 'stopping') return;
    this.set({ phase: 'stopping', exitCode, pending: undefined });
    this.log('info', 'Stopping');
    this.effects.push({ kind: 'notify', state: 'STOPPING=1' });
    for (const role of allRoles) {
      const child = this.state.children[role];
      if (child.phase === 'running') this.stopChild(role, child);
      else if (child.phase === 'waiting') this.setChild(role, absentChild);
    }
    this.finishStop();
  }

  private stopChild(role: ChildRole, child: RunningChild): void {
    const { respawn, pid, given } = child;
    const killAtMs = this.nowMs + childStopTimeMs;
    this.setChild(role, { phase: 'stopping', respawn, pid, given, killed: false, killAtMs });
    // A child that was never configured holds nothing and may still be loading: waiting for it would be for nothing.
    this.effects.push({ kind: given ? 'stopChild' : 'killChild', role });
  }

  private timeout(): void {
    for (const role of allRoles) {
      const child = this.state.children[role];
      if (child.phase === 'waiting' && child.restartAtMs <= this.nowMs) this.startChild(role);
      if (child.phase !== 'stopping' || child.killed || child.killAtMs > this.nowMs) continue;
      this.log('error', `${childNames[role].label} process failed to die - forcing termination`);
      this.setChild(role, { ...child, killed: true });
      this.effects.push({ kind: 'killChild', role });
      if (this.state.phase === 'stopping') {
        this.set({ exitCode: this.state.exitCode || 1, exitAtMs: this.nowMs + killedWaitMs });
      }
    }
    const { exitAtMs } = this.state;
    if (exitAtMs !== undefined && exitAtMs <= this.nowMs) this.exit(this.state.exitCode);
  }

  private finishStop(): void {
    if (this.state.phase !== 'stopping') return;
    if (allRoles.every((role) => this.state.children[role].phase === 'absent'))
      this.exit(this.state.exitCode);
  }

  private exit(exitCode: number): void {
    this.set({ phase: 'ended', exitCode, exitAtMs: undefined });
    this.effects.push({ kind: 'exit', exitCode });
  }

  private log(level: LogLevel, message: string): void {
    this.effects.push({ kind: 'log', record: { level, message } });
  }

  private set(change: Partial<SupervisorState>): void {
    this.state = { ...this.state, ...change };
  }

  private setChild(role: ChildRole, child: ChildState): void {
    this.set({ children: { ...this.state.children, [role]: child } });
  }
}
