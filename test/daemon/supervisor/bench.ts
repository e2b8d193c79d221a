/** A supervisor on a virtual clock, with children that are only numbers. */
import type { Config, VirtualService } from '../../../src/config-parser/config.ts';
import type { ChildRole } from '../../../src/daemon/ipc.ts';
import type { SupervisorEffect, SupervisorEvent } from '../../../src/daemon/supervisor/messages.ts';
import { superviseStep } from '../../../src/daemon/supervisor/supervise.ts';
import {
  initialSupervisorState,
  nextTimeout,
  type SupervisorOptions,
} from '../../../src/daemon/supervisor/supervisor-state.ts';
import { address } from '../../../src/net/address.ts';

const options: SupervisorOptions = {
  roles: ['vrrp', 'checker'],
  allChildren: false,
  respawn: true,
  keepIpvsOnExit: false,
};

export const service: VirtualService = {
  kind: 'address',
  protocol: 'TCP',
  address: address('10.0.0.1'),
  port: 80,
};

/** Only how many instances and servers there are matters to the supervisor. */
export function configWith(instances: number, servers: number): Config {
  const globalDefs = { lvsFlush: false, lvsFlushOnStop: 'off' } as const;
  const vrrpInstances = Array.from({ length: instances }, () => ({})) as unknown as Config['vrrpInstances'];
  const virtualServers = Array.from({ length: servers }, () => ({})) as unknown as Config['virtualServers'];
  return { globalDefs, vrrpInstances, virtualServers };
}

export const both = configWith(1, 1);

export class Bench {
  nowMs = 0;
  state = initialSupervisorState;
  effects: SupervisorEffect[] = [];
  private nextPid = 100;
  private readonly options: SupervisorOptions;

  constructor(change: Partial<SupervisorOptions> = {}) {
    this.options = { ...options, ...change };
  }

  handle(event: SupervisorEvent): SupervisorEffect[] {
    const { next, effects } = superviseStep(this.options, this.state, event, this.nowMs);
    this.state = next;
    this.effects = [...effects];
    return this.effects;
  }

  start(): this {
    this.handle({ kind: 'start' });
    return this;
  }

  started(role: ChildRole): SupervisorEffect[] {
    this.nextPid += 1;
    return this.handle({ kind: 'childStarted', role, pid: this.nextPid });
  }

  read(config: Config): SupervisorEffect[] {
    return this.handle({ kind: 'configurationRead', reading: { ok: true, config, records: [] } });
  }

  readFails(exitCode = 2): SupervisorEffect[] {
    const records = [{ level: 'error', message: 'lb01.conf:3:1: broken' }] as const;
    return this.handle({ kind: 'configurationRead', reading: { ok: false, exitCode, records } });
  }

  /** Both children up and configured. */
  running(config = both): this {
    this.start();
    this.started('vrrp');
    this.started('checker');
    this.read(config);
    this.handle({ kind: 'childConfigured', role: 'vrrp' });
    this.handle({ kind: 'childConfigured', role: 'checker' });
    return this;
  }

  exited(role: ChildRole, exitCode: number): SupervisorEffect[] {
    return this.handle({ kind: 'childExited', role, exitCode });
  }

  killed(role: ChildRole): SupervisorEffect[] {
    return this.handle({ kind: 'childExited', role, signal: 'SIGKILL' });
  }

  /** Moves the clock to the next deadline and says that it has come. */
  nextDeadline(): SupervisorEffect[] {
    const deadlineMs = nextTimeout(this.state);
    if (deadlineMs === undefined) throw new Error('no deadline');
    this.nowMs = deadlineMs;
    return this.handle({ kind: 'timeout' });
  }

  /** Effects as short words: `startChild vrrp`, `exit 0`, `notify READY=1`. */
  words(effects = this.effects): string[] {
    return effects.filter(({ kind }) => kind !== 'log' && !kind.includes('PidFile')).map(word);
  }

  lines(effects = this.effects): string[] {
    return effects.flatMap((effect) => (effect.kind === 'log' ? [effect.record.message] : []));
  }
}

function word(effect: SupervisorEffect): string {
  if ('role' in effect) return `${effect.kind} ${effect.role}`;
  if (effect.kind === 'exit') return `exit ${effect.exitCode}`;
  return effect.kind === 'notify' ? `notify ${effect.state}` : effect.kind;
}
