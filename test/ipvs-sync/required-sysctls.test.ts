import { describe, expect, test } from 'vitest';
import type { Forwarding, VirtualServerConfig } from '../../src/config-parser/config.ts';
import { adviseSysctls, requiredSysctls } from '../../src/ipvs-sync/required-sysctls.ts';
import { address } from '../../src/net/address.ts';
import { realServer, virtualServer } from './table-fixtures.ts';

const behind = (forwarding: Forwarding, host = '10.0.0.7'): VirtualServerConfig =>
  virtualServer('10.0.0.3', { realServers: [realServer(host, { method: { forwarding } })] });
const required = (...servers: VirtualServerConfig[]) =>
  requiredSysctls(servers).map(({ path, value }) => `${path} ${value}`);
const advised = (change: Partial<VirtualServerConfig>) =>
  adviseSysctls([virtualServer('10.0.0.3', change)]).map(({ path }) => path);

describe('required', () => {
  test('DR and TUN need nothing', () => {
    expect(required(behind('DR'), behind('TUN', '2001:db8::7'))).toEqual([]);
  });

  test('NAT needs forwarding of its family, once', () => {
    expect(required(behind('NAT'), behind('NAT'))).toEqual(['ipv4/ip_forward 1']);
    expect(required(behind('NAT', '2001:db8::7'))).toEqual(['ipv6/conf/all/forwarding 1']);
  });

  test('FULLNAT needs forwarding, and connection tracking', () => {
    expect(required(behind('FULLNAT'))).toEqual(['ipv4/ip_forward 1', 'ipv4/vs/conntrack 1']);
    expect(required(behind('FULLNAT', '2001:db8::7'))).toEqual([
      'ipv6/conf/all/forwarding 1',
      'ipv4/vs/conntrack 1',
    ]);
  });

  test('one server with NAT among others is enough, and so is a sorry server', () => {
    const sorryServer = {
      address: address('10.0.0.99'),
      port: 80,
      method: { forwarding: 'NAT' },
      inhibit: false,
    } as const;
    expect(required({ ...behind('DR'), sorryServer })).toEqual(['ipv4/ip_forward 1']);
  });
});

describe('advised', () => {
  const checked = realServer('10.0.0.7', {
    checkers: [
      {
        kind: 'TCP_CHECK',
        timing: { delayLoopMs: 1, connectTimeoutMs: 1, retry: 1, delayBeforeRetryMs: 1, warmupMs: 0 },
        alpha: false,
        connectAddress: address('10.0.0.7'),
        connectPort: 80,
      } as never,
    ],
  });

  test('nothing where no server ever leaves', () => {
    expect(advised({ realServers: [realServer('10.0.0.7')] })).toEqual([]);
  });

  test('expire_nodest_conn where servers leave the table', () => {
    expect(advised({ realServers: [checked] })).toEqual(['ipv4/vs/expire_nodest_conn']);
    expect(advised({ realServers: [{ ...checked, inhibitOnFailure: true }] })).toEqual([]);
  });

  test('expire_quiescent_template where persistence meets weight 0', () => {
    const persistence = { timeoutSeconds: 50, prefixLength: 32 };
    const inhibited = [{ ...checked, inhibitOnFailure: true }];
    expect(advised({ persistence, realServers: inhibited })).toEqual(['ipv4/vs/expire_quiescent_template']);
    expect(advised({ realServers: inhibited })).toEqual([]);
  });
});
