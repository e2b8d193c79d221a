/** A supervisor on a virtual clock, with children that are only numbers. */
import type {
  Config,
  TrackerConfigs,
  TrackingConfig,
  VirtualService,
  VrrpInstanceConfig,
} from '../../../src/config-parser/config.ts';
import type { ChildRole } from '../../../src/daemon/ipc.ts';
import type { SupervisorEffect, SupervisorEvent } from '../../../src/daemon/supervisor/messages.ts';
import { superviseStep } from '../../../src/daemon/supervisor/supervise.ts';
import {
  allRoles,
  initialSupervisorState,
  nextTimeout,
  type SupervisorOptions,
} from '../../../src/daemon/supervisor/supervisor-state.ts';
import { address } from '../../../src/net/address.ts';
import { defaultInstance, emptyConfig, noTracking } from '../../config-parser/empty-config.ts';

const options: SupervisorOptions = {
  roles: ['vrrp', 'checker', 'script', 'bfd'],
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

export function instanceWith(change: Partial<VrrpInstanceConfig> = {}): VrrpInstanceConfig {
  return defaultInstance({ version: 2, advertisementIntervalMs: 1000, ...change });
}

export const tracking = (change: Partial<TrackingConfig>): TrackingConfig => ({ ...noTracking, ...change });

/** Only how many instances and servers there are matters to the supervisor, save for `change`. */
export function configWith(instances: number, servers: number, change: Partial<Config> = {}): Config {
  return emptyConfig({
    vrrpInstances: Array.from({ length: instances }, () => instanceWith()),
    virtualServers: Array.from({ length: servers }, () => ({
      realServers: [],
    })) as unknown as Config['virtualServers'],
    ...change,
  });
}

/** Both trackers are tracked, so that all four children have work. */
export const all: Config = configWith(1, 1, {
  vrrpInstances: [
    instanceWith({
      tracking: tracking({
        scripts: [{ name: 'chk', weight: 0, reverse: false }],
        bfds: [{ name: 'peer', weight: 0, reverse: false }],
      }),
    }),
  ],
  trackers: {
    scripts: [{ name: 'chk' }] as unknown as TrackerConfigs['scripts'],
    files: [],
    processes: [],
    bfds: [{ name: 'peer' }] as unknown as TrackerConfigs['bfds'],
  },
});

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

  /** All children that it needs are up and configured. */
  running(config = both): this {
    this.start();
    this.started('vrrp');
    this.started('checker');
    const started = this.read(config);
    for (const effect of started) {
      if (effect.kind === 'startChild') this.started(effect.role);
      if (effect.kind === 'killChild') this.killed(effect.role);
    }
    for (const role of allRoles) this.handle({ kind: 'childConfigured', role });
    return this;
  }

  after(milliseconds: number, event: SupervisorEvent): SupervisorEffect[] {
    this.nowMs += milliseconds;
    return this.handle(event);
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
    return effects
      .filter(({ kind }) => kind !== 'log' && kind !== 'serve' && !kind.includes('PidFile'))
      .map(word);
  }

  lines(effects = this.effects): string[] {
    return effects.flatMap((effect) => (effect.kind === 'log' ? [effect.record.message] : []));
  }
}

function word(effect: SupervisorEffect): string {
  switch (effect.kind) {
    case 'passOn':
      return `${effect.message.kind} to ${effect.role}`;
    case 'stopChild':
      return `stopChild ${effect.role}${effect.atOnce === true ? ' at once' : ''}`;
    case 'nameProcess':
      return effect.name === undefined ? 'take our name back' : `take the name ${effect.name}`;
    case 'exit':
      return `exit ${effect.exitCode}`;
    case 'notify':
      return `notify ${effect.state}`;
    case 'answer':
      return `answer ${effect.request} ${effect.answer.ok ? 'yes' : 'no'}`;
    case 'runLifecycleScript':
      return `run ${effect.which} script`;
    default:
      return 'role' in effect ? `${effect.kind} ${effect.role}` : effect.kind;
  }
}
