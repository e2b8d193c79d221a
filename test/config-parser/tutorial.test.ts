import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VirtualServerConfig, VrrpInstanceConfig } from '../../src/config-parser/config.ts';
import { hasFatal, worstSeverity } from '../../src/config-parser/index.ts';
import { address } from '../../src/net/address.ts';
import { defaultInstance, emptyConfig, emptyGlobalDefs } from './empty-config.ts';
import { parseFile, repository, summary } from './parse-helpers.ts';

function instance(
  name: string,
  vrid: number,
  vip: string,
  password: string,
  isMaster: boolean,
): VrrpInstanceConfig {
  return defaultInstance({
    name,
    initialState: isMaster ? 'MASTER' : 'BACKUP',
    vrid,
    basePriority: isMaster ? 150 : 100,
    authentication: { type: 'PASS', password },
    virtualAddresses: [{ address: address(vip), prefixLength: 24, interface: 'eth0', scope: 0 }],
  });
}

function service(vip: string): VirtualServerConfig {
  return {
    name: `[${vip}]:tcp:80`,
    services: [{ kind: 'address', protocol: 'TCP', address: address(vip), port: 80 }],
    scheduler: 'wrr',
    schedulerFlags: [],
    onePacket: false,
    method: { forwarding: 'DR' },
    persistence: { timeoutSeconds: 50, prefixLength: 32 },
    alpha: false,
    omega: false,
    quorum: 1,
    hysteresis: 0,
    haSuspend: false,
    mail: false,
    localAddresses: [],
    realServers: ['10.0.0.7', '10.0.0.8'].map((server) => ({
      address: address(server),
      port: 80,
      weight: 1,
      method: { forwarding: 'DR' },
      inhibitOnFailure: false,
      alpha: false,
      upperThreshold: 0,
      lowerThreshold: 0,
      mail: true,
      checkers: [
        {
          kind: 'TCP_CHECK',
          timing: {
            delayLoopMs: 6000,
            connectTimeoutMs: 8000,
            attemptTimeoutMs: 80_000,
            retry: 3,
            delayBeforeRetryMs: 3000,
            warmupMs: 6000,
          },
          alpha: false,
          logAllFailures: false,
          connectAddress: address(server),
          connectPort: 80,
        },
      ],
    })),
  };
}

const globals = (routerId: string) => emptyGlobalDefs({ routerId });
const first = (isMaster: boolean) => instance('VI_1', 51, '10.0.0.3', '1111', isMaster);
const second = (isMaster: boolean) => instance('VI_2', 52, '10.0.0.4', '2222', isMaster);
const oldWords = ['deprecated deprecated-keyword: nat_mask', 'deprecated deprecated-keyword: nb_get_retry'];

const expected = {
  'lb01.conf': {
    globalDefs: globals('LVS_01'),
    vrrpInstances: [first(true)],
    virtualServers: [service('10.0.0.3')],
  },
  'lb02.conf': {
    globalDefs: globals('LVS_02'),
    vrrpInstances: [first(false)],
    virtualServers: [service('10.0.0.3')],
  },
  'lb01-two-instances.conf': {
    globalDefs: globals('LVS_01'),
    vrrpInstances: [first(true), second(false)],
    virtualServers: [service('10.0.0.3'), service('10.0.0.4')],
  },
  'lb02-two-instances.conf': {
    globalDefs: globals('LVS_02'),
    vrrpInstances: [first(false), second(true)],
    virtualServers: [service('10.0.0.3'), service('10.0.0.4')],
  },
};

describe.each(Object.entries(expected))('the example %s', (name, config) => {
  const result = parseFile(`examples/${name}`);

  it('means what its author meant', () => {
    expect(result.config).toEqual(emptyConfig(config));
  });

  it('is told about its two old words, each once, and nothing else', () => {
    expect(summary(result)).toEqual(oldWords);
    expect(worstSeverity(result.diagnostics)).toBe('deprecated');
    expect(hasFatal(result.diagnostics)).toBe(false);
  });

  it('is told every place of an old word', () => {
    const count = (readFileSync(`${repository}examples/${name}`, 'utf8').match(/nb_get_retry/g) ?? []).length;
    const retry = result.diagnostics.find(({ message }) => message.includes('nb_get_retry'));
    expect(retry?.notes?.filter(({ message }) => message === 'also here')).toHaveLength(count - 1);
  });

  const origin = `${repository}../shared/tutorial/${name}`;
  it.skipIf(!existsSync(origin))('is the text that the tutorial prints, unchanged', () => {
    expect(readFileSync(`${repository}examples/${name}`, 'utf8')).toBe(readFileSync(origin, 'utf8'));
  });
});

it('points from the Config back at the file', () => {
  const { config, sources, spanOf } = parseFile('examples/lb01.conf');
  const text = sources.get('examples/lb01.conf')?.text ?? '';
  const at = (part: object | undefined, keyword?: string): string | undefined => {
    const span = part && spanOf(part, keyword);
    return span && text.slice(span.start, span.end);
  };
  const [instance] = config.vrrpInstances;
  const [server] = config.virtualServers;
  const [real] = server?.realServers ?? [];
  expect(at(instance)).toBe('vrrp_instance VI_1');
  expect(at(instance, 'priority')).toBe('150');
  expect(at(instance, 'preempt_delay')).toBeUndefined();
  expect(at(instance?.virtualAddresses[0])).toBe('10.0.0.3/24');
  expect(at(server)).toBe('virtual_server 10.0.0.3 80');
  expect(at(server, 'lb_algo')).toBe('wrr');
  expect(at(real)).toBe('real_server 10.0.0.7 80');
  expect(at(real?.checkers[0], 'retry')).toBe('3');
  expect(at(config.globalDefs, 'router_id')).toBe('LVS_01');
});

it('has nothing to say about the minimal example', () => {
  expect(summary(parseFile('examples/minimal.conf'))).toEqual([]);
});
