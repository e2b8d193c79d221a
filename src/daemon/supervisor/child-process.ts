/**
 * One forked child: its messages, its standard error and its end as events. The end is reported once, after the last
 * message, so that a `fatal` is never overtaken by the exit that it announces.
 */
import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { withLockableMemory } from '../../kernel/locked-memory.ts';
import type { ChildMessage, ChildRole, LogRecord, SupervisorMessage } from '../ipc.ts';
import type { ChildEvent } from './messages.ts';

/** How long after its exit a child's last messages and words on standard error are waited for. */
const lastWordsMs = 100;

/** What is kept of an unfinished line of a child's standard error. */
const longestErrorLine = 4096;

interface Preparation {
  readonly nodeFlags: readonly string[];
  /** keepalived.conf(5): vrrp_no_swap, checker_no_swap, bfd_no_swap. A reload may bring them. */
  readonly mayLockMemory: boolean;
}

/**
 * V8 collects garbage on several threads and waits for all of them. Those have no realtime priority, so that a process that has
 * one would wait for its turn like everybody else. All at once and from the start: Node.js 20 dies in a collection when only
 * --no-parallel-marking is given, or when it is set later.
 */
const punctual: Preparation = { nodeFlags: ['--single-threaded-gc'], mayLockMemory: true };

const preparations: Readonly<Record<ChildRole, Preparation>> = {
  vrrp: punctual,
  bfd: punctual,
  // Thousands of checks a second leave much that is short-lived: a small nursery keeps the process small, at no cost in time.
  // Several threads collect: one alone would take half as long again, for everybody, and a check may be late by that much.
  checker: { nodeFlags: ['--max-semi-space-size=4'], mayLockMemory: true },
  script: { nodeFlags: [], mayLockMemory: false },
};

export interface ChildListeners {
  onEvent(event: ChildEvent): void;
  /** `dropped` records were lost on the child's side before these. */
  onLog(records: readonly LogRecord[], dropped: number): void;
}

export class ForkedChild {
  private readonly process: ChildProcess;
  private readonly role: ChildRole;
  private readonly listeners: ChildListeners;
  private errorText = '';
  private isOver = false;

  /** Forks `script`. What can be known at once is `pid`; a failure arrives as `childStartFailed`. */
  constructor(role: ChildRole, script: URL, listeners: ChildListeners) {
    this.role = role;
    this.listeners = listeners;
    const { nodeFlags, mayLockMemory } = preparations[role];
    this.process = fork(script, [], {
      serialization: 'advanced',
      execArgv: [...process.execArgv, ...nodeFlags],
      env: mayLockMemory ? withLockableMemory(process.env) : process.env,
      // A terminal's Ctrl-C goes to a whole process group: the children hear of it from us, in order.
      detached: true,
      // Its own pipe, which we always read: on a shared standard error a crash could block, or change its flags.
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.listen();
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  send(message: SupervisorMessage): void {
    // With a callback, a channel that has just closed is reported to it; the exit tells the rest.
    if (this.process.connected) this.process.send(message, () => {});
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }

  private listen(): void {
    this.process.on('message', (message) => this.receive(message as unknown as ChildMessage));
    this.process.on('error', (error) => {
      if (this.process.pid === undefined) {
        this.end({ kind: 'childStartFailed', role: this.role, error: error.message });
      }
    });
    const exited = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
    const disconnected = new Promise<void>((resolve) => this.process.once('disconnect', resolve));
    const { stderr } = this.process;
    stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => this.receiveErrorText(text));
    const silent = new Promise<void>((resolve) => {
      if (stderr === null) resolve();
      else stderr.once('close', resolve);
    });
    void exited.then(async () => {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, lastWordsMs));
      await Promise.race([Promise.all([disconnected, silent]), limit]);
      this.reportExit();
    });
  }

  private receive(message: ChildMessage): void {
    const { role } = this;
    switch (message.kind) {
      case 'log':
        this.listeners.onLog(message.records, message.dropped);
        break;
      case 'configured':
        this.listeners.onEvent({ kind: 'childConfigured', role });
        break;
      case 'remember': {
        const { kind: _, ...news } = message;
        this.listeners.onEvent({ kind: 'childRemember', role, news });
        break;
      }
      case 'trackers':
        this.listeners.onEvent({ kind: 'childTrackers', role, readings: message.readings });
        break;
      case 'notify':
        this.listeners.onEvent({ kind: 'childNotify', role, events: message.events });
        break;
      case 'answer':
        this.listeners.onEvent({ kind: 'childAnswer', role, request: message.id, answer: message.answer });
        break;
      case 'released':
        this.listeners.onEvent({ kind: 'childReleased', role });
        break;
      case 'fatal':
        this.listeners.onEvent({
          kind: 'childFatal',
          role,
          message: message.message,
          exitCode: message.exitCode,
        });
        break;
      default:
        message satisfies never;
    }
  }

  private receiveErrorText(text: string): void {
    const lines = (this.errorText + text).split('\n');
    this.errorText = (lines.pop() ?? '').slice(0, longestErrorLine);
    this.logErrorLines(lines);
  }

  private logErrorLines(lines: readonly string[]): void {
    const records = lines
      .filter((line) => line !== '')
      .map((message) => ({ level: 'error', message }) as const);
    if (records.length > 0) this.listeners.onLog(records, 0);
  }

  private reportExit(): void {
    this.logErrorLines([this.errorText]);
    const { role } = this;
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null) this.end({ kind: 'childExited', role, exitCode });
    else this.end({ kind: 'childExited', role, signal: signalCode ?? 'unknown' });
  }

  private end(event: ChildEvent): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listeners.onEvent(event);
  }
}
