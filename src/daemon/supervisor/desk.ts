/**
 * Where questions of operators wait for their answers: each becomes an event of the supervisor with a number, and the effect
 * with that number is its answer.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { ControlAnswer, ControlRequest, DaemonStatus } from '../control-socket/index.ts';
import type { CommandAnswer } from '../ipc.ts';
import { daemonStatus } from './daemon-status.ts';
import type { SupervisorEvent } from './messages.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** A vrrp process that does not say how it is by then is not well, which is an answer too. */
const statusTimeMs = 2000;

export interface DeskSettings {
  readonly version: string;
  readonly configurationFile: string;
  handle(event: SupervisorEvent): void;
  state(): SupervisorState;
}

export class Desk {
  private readonly settings: DeskSettings;
  private readonly startedAtMs = performance.now();
  private readonly waiting = new Map<number, (answer: CommandAnswer) => void>();
  private lastRequest = 0;

  constructor(settings: DeskSettings) {
    this.settings = settings;
  }

  async ask(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.kind) {
      case 'status':
        return { ok: true, lines: [], daemon: await this.status() };
      case 'reload':
        return this.request((number) => ({ kind: 'reloadRequested', request: number }));
      default: {
        const answer = await this.request((number) => ({
          kind: 'commandRequested',
          request: number,
          command: request,
        }));
        return answer.ok ? { ok: true, lines: answer.lines } : answer;
      }
    }
  }

  async status(): Promise<DaemonStatus> {
    const asked = this.request(
      (request) => ({ kind: 'commandRequested', request, command: { kind: 'status' } }),
      statusTimeMs,
    );
    const answer = await asked;
    const { version, configurationFile } = this.settings;
    const { startedAtMs } = this;
    const facts = { version, configurationFile, pid: process.pid, startedAtMs };
    return daemonStatus(
      this.settings.state(),
      { ...facts, nowMs: performance.now(), at: new Date() },
      answer,
    );
  }

  answer(request: number, answer: CommandAnswer): void {
    this.waiting.get(request)?.(answer);
  }

  private request(
    event: (request: number) => SupervisorEvent,
    limitMs = Number.POSITIVE_INFINITY,
  ): Promise<CommandAnswer> {
    this.lastRequest += 1;
    const request = this.lastRequest;
    return new Promise((resolve) => {
      const silence = `the VRRP process does not answer: it has said nothing for ${limitMs / 1000} s`;
      const limit =
        limitMs === Number.POSITIVE_INFINITY
          ? undefined
          : setTimeout(() => this.answer(request, { ok: false, lines: [silence] }), limitMs);
      this.waiting.set(request, (answer) => {
        clearTimeout(limit);
        this.waiting.delete(request);
        resolve(answer);
      });
      this.settings.handle(event(request));
    });
  }
}
