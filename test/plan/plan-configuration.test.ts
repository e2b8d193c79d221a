import { describe, expect, it } from 'vitest';
import type { Config, VirtualServerConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { type InstanceFacts, isEmptyPlan, planConfiguration } from '../../src/plan/index.ts';
import { defaultInstance, emptyConfig } from '../config-parser/empty-config.ts';

const master: InstanceFacts = {
  isMaster: true,
  trackingWeight: 0,
  peers: [{ address: '10.0.0.6', priority: 100 }],
};

function withInstance(change: Partial<VrrpInstanceConfig> = {}): Config {
  return emptyConfig({ vrrpInstances: [defaultInstance({ name: 'VI_1', basePriority: 150, ...change })] });
}

function plan(running: Config, wanted: Config, facts: InstanceFacts = master, refused: string[] = []) {
  return planConfiguration(running, wanted, new Map([['VI_1', facts]]), refused);
}

describe('a plan of instances', () => {
  it('is empty when nothing differs', () => {
    const configuration = plan(withInstance(), withInstance());
    expect(configuration).toEqual([]);
    expect(isEmptyPlan({ configuration, table: [] })).toBe(true);
  });

  it('says that a Master loses to a peer that it will be below', () => {
    expect(plan(withInstance(), withInstance({ basePriority: 90 }))).toEqual([
      {
        change: 'change',
        subject: 'vrrp_instance VI_1',
        details: ['priority 150 -> 90'],
        consequences: [expect.stringContaining('10.0.0.6 (100) will have the higher priority')],
      },
    ]);
  });

  it('says nothing of mastership when the Master stays the best', () => {
    expect(plan(withInstance(), withInstance({ basePriority: 120 }))[0]).not.toHaveProperty('consequences');
  });

  it('counts what tracking takes away', () => {
    const facts = { ...master, trackingWeight: -30 };
    const [change] = plan(withInstance(), withInstance({ basePriority: 120 }), facts);
    expect(change?.consequences).toEqual([expect.stringContaining('takes over if it preempts')]);
  });

  it('says that a Backup becomes the best and takes over, unless it may not preempt', () => {
    const backup = { ...master, isMaster: false };
    const running = withInstance({ basePriority: 50 });
    expect(plan(running, withInstance(), backup)[0]?.consequences).toEqual([
      expect.stringContaining('it takes over'),
    ]);
    const meek = withInstance({ basePriority: 50, preempt: false });
    expect(plan(meek, withInstance({ preempt: false }), backup)[0]).not.toHaveProperty('consequences');
  });

  it('says that the addresses of a Master that goes are handed over', () => {
    expect(plan(withInstance(), emptyConfig({}))).toEqual([
      {
        change: 'remove',
        subject: 'vrrp_instance VI_1',
        details: [],
        consequences: [expect.stringContaining('handed over')],
      },
    ]);
  });

  it('keeps secrets', () => {
    const secret = (password: string) => withInstance({ authentication: { type: 'PASS', password } });
    const text = JSON.stringify(plan(secret('hunter1'), secret('hunter2')));
    expect(text).toContain('it is secret');
    expect(text).not.toContain('hunter');
    const fromNothing = JSON.stringify(
      plan(withInstance({ authentication: { type: 'none' } }), secret('hunter2')),
    );
    expect(fromNothing).not.toContain('hunter');
  });

  it('names each address that comes or goes', () => {
    const address = (text: string) =>
      ({
        address: text,
        prefixLength: 24,
        interface: 'eth0',
        scope: 0,
      }) as VrrpInstanceConfig['virtualAddresses'][number];
    const [change] = plan(
      withInstance({ virtualAddresses: [address('10.0.0.3'), address('10.0.0.4')] }),
      withInstance({ virtualAddresses: [address('10.0.0.4'), address('10.0.0.5')] }),
    );
    expect(change?.details).toEqual(['virtual_ipaddress - 10.0.0.3/24', 'virtual_ipaddress + 10.0.0.5/24']);
  });
});

describe('a plan of the rest', () => {
  it('says what a reload does not do', () => {
    const after = emptyConfig({ daemon: { instance: 'blue' } });
    expect(
      plan(emptyConfig({}), after, master, ['instance is now blue, which a reload cannot change']),
    ).toEqual([
      {
        change: 'change',
        subject: 'global_defs',
        details: ['instance none -> blue'],
        refused: 'instance is now blue, which a reload cannot change',
      },
    ]);
  });

  it('says which checks of which server start anew', () => {
    const server = (connectPort: number) =>
      ({
        name: '[10.0.0.3]:tcp:80',
        quorum: 1,
        realServers: [
          { address: '10.0.0.7', port: 80, weight: 1, checkers: [{ kind: 'TCP_CHECK', connectPort }] },
          { address: '10.0.0.8', port: 80, weight: 1, checkers: [] },
        ],
      }) as unknown as VirtualServerConfig;
    const changes = plan(
      emptyConfig({ virtualServers: [server(80)] }),
      emptyConfig({ virtualServers: [server(81)] }),
    );
    expect(changes).toMatchObject([
      {
        change: 'change',
        subject: 'real_server 10.0.0.7:80 of [10.0.0.3]:tcp:80',
        consequences: [expect.stringContaining('start anew')],
      },
    ]);
  });
});
