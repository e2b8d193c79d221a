/**
 * Where questions of operators wait for their answers: each becomes an event of the supervisor with a number, and the effect
 * with that number is its answer.
 */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { Config } from '../../config-parser/config.ts';
import { type InstanceFacts, planConfiguration } from '../../plan/index.ts';
import type { ControlAnswer, ControlRequest, DaemonStatus } from '../control-socket/index.ts';
import type {
  CheckerAnswer,
  CheckerCommand,
  ChildRole,
  CommandAnswer,
  InstanceCommand,
  InstanceStatus,
} from '../ipc.ts';
import { daemonStatus } from './daemon-status.ts';
import type { ConfigurationReading, SupervisorEvent } from './messages.ts';
import { partFor } from './needed-children.ts';
import { reloadable } from './reloadable.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** A process that does not say how it is by then is not well, which is an answer too. */
const statusTimeMs = 2000;
/** The kernel's whole table is read for it. */
const planTimeMs = 60_000;

type Answer = CommandAnswer | CheckerAnswer;

export interface DeskSettings {
  readonly version: string;
  readonly configurationFile: string;
  /** What the command line lets run. */
  readonly roles: readonly ChildRole[];
  handle(event: SupervisorEvent): void;
  state(): SupervisorState;
  /** Reads a configuration that is not loaded. */
  readPlanned(file: string): Promise<ConfigurationReading>;
}

export class Desk {
  private readonly settings: DeskSettings;
  private readonly startedAtMs = performance.now();
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private lastRequest = 0;

  constructor(settings: DeskSettings) {
    this.settings = settings;
  }

  async ask(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.kind) {
      case 'status':
        return { ok: true, lines: [], daemon: await this.status() };
      case 'reload':
        return asControlAnswer(
          await this.request((number) => ({ kind: 'reloadRequested', request: number })),
        );
      case 'plan':
        return this.plan(request.file);
      default:
        return asControlAnswer(await this.command(request));
    }
  }

  async status(): Promise<DaemonStatus> {
    const [vrrp, checker] = await Promise.all([
      this.command({ kind: 'status' }, statusTimeMs),
      this.command({ kind: 'checkerStatus' }, statusTimeMs),
    ]);
    const { version, configurationFile } = this.settings;
    const { startedAtMs } = this;
    const facts = { version, configurationFile, pid: process.pid, startedAtMs };
    return daemonStatus(
      this.settings.state(),
      { ...facts, nowMs: performance.now(), at: new Date() },
      // Each question has its own kind of answer.
      { vrrp: vrrp as CommandAnswer, checker: checker as CheckerAnswer },
    );
  }

  /** What a reload from `file` would change; nothing is changed. */
  private async plan(file: string): Promise<ControlAnswer> {
    const reading = await this.settings.readPlanned(file);
    const running = this.settings.state().config;
    if (running === undefined)
      return { ok: false, lines: ['holdfast has not read its own configuration yet'] };
    const records = reading.records.filter(({ level }) => level === 'error' || level === 'warning');
    const lines = records.map(({ message }) => message);
    if (!reading.ok)
      return { ok: false, lines: [...lines, `${file} could not be loaded: nothing would change`] };
    const { roles } = this.settings;
    const { config, refused } = reloadable(running, partFor(roles, reading.config));
    const [status, planned] = await Promise.all([
      this.command({ kind: 'status' }, statusTimeMs),
      this.command({ kind: 'planTable', config }, planTimeMs),
    ]);
    const facts = new Map(instancesOf(status).map((instance) => [instance.name, factsOf(instance)]));
    const configuration = planConfiguration(running, config, facts, refused);
    const table = planned.ok && 'changes' in planned ? planned.changes : undefined;
    const silence = table === undefined && hasServers(running, config) ? planned.lines.join('; ') : undefined;
    const plan = {
      configuration,
      table: table ?? [],
      ...(silence !== undefined && { tableSilence: silence }),
    };
    return { ok: true, lines, plan };
  }

  private command(
    command: InstanceCommand | CheckerCommand,
    limitMs = Number.POSITIVE_INFINITY,
  ): Promise<Answer> {
    return this.request((request) => ({ kind: 'commandRequested', request, command }), limitMs);
  }

  answer(request: number, answer: Answer): void {
    this.waiting.get(request)?.(answer);
  }

  private request(
    event: (request: number) => SupervisorEvent,
    limitMs = Number.POSITIVE_INFINITY,
  ): Promise<Answer> {
    this.lastRequest += 1;
    const request = this.lastRequest;
    return new Promise((resolve) => {
      const silence = `the process does not answer: it has said nothing for ${limitMs / 1000} s`;
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

function asControlAnswer(answer: Answer): ControlAnswer {
  return answer.ok ? { ok: true, lines: answer.lines } : answer;
}

function instancesOf(answer: Answer): readonly InstanceStatus[] {
  return answer.ok && answer.status !== undefined && 'instances' in answer.status
    ? answer.status.instances
    : [];
}

function factsOf({ state, effectivePriority, basePriority, peers }: InstanceStatus): InstanceFacts {
  return {
    isMaster: state === 'Master' || state === 'Leaving',
    trackingWeight: effectivePriority - basePriority,
    peers: peers.map(({ address, priority }) => ({ address, priority })),
  };
}

function hasServers(...configs: readonly Config[]): boolean {
  return configs.some(({ virtualServers }) => virtualServers.length > 0);
}
