import { describe, expect, test } from 'vitest';
import type { VirtualServerConfig } from '../../src/config-parser/config.ts';
import {
  allCheckers,
  type CheckerState,
  configureHealth,
  type Health,
  isRealServerUp,
  isSorryServerInUse,
  noHealth,
  recordVerdict,
} from '../../src/healthcheck/index.ts';
import { address } from '../../src/net/address.ts';
import { realServer, tcpCheck, tutorialTiming, virtualServer } from './fixtures.ts';

function start(...servers: VirtualServerConfig[]): Health {
  return configureHealth(noHealth, servers).next;
}

/** The verdict of the checker at `index` among all. */
function judge(health: Health, index: number, state: CheckerState) {
  const checker = allCheckers(health)[index];
  if (checker === undefined) throw new Error(`there is no checker ${index}`);
  return recordVerdict(health, checker.id, state);
}

function states(health: Health): readonly CheckerState[] {
  return allCheckers(health).map((checker) => checker.state);
}

function up(health: Health): readonly boolean[] {
  return health.virtualServers.flatMap((server) => server.realServers.map(isRealServerUp));
}

const sorryServer = { address: address('10.0.0.99'), port: 80, forwarding: 'DR', inhibit: false } as const;

describe('at start', () => {
  test('servers without alpha are up and the quorum is there', () => {
    const { next, events } = configureHealth(noHealth, [virtualServer('10.0.0.3')]);
    expect(up(next)).toEqual([true, true]);
    expect(next.virtualServers[0]?.hasQuorum).toBe(true);
    expect(events).toMatchObject([{ kind: 'quorumGained', isFirst: true, threshold: 1, liveWeight: 2 }]);
  });

  test('servers with alpha are down, the quorum is missing and the sorry server is in use', () => {
    const alpha = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80, { alpha: true })] });
    const { next, events } = configureHealth(noHealth, [
      virtualServer('10.0.0.3', { realServers: [alpha], sorryServer }),
    ]);
    expect(up(next)).toEqual([false]);
    expect(next.virtualServers.map(isSorryServerInUse)).toEqual([true]);
    expect(events).toMatchObject([{ kind: 'quorumLost', isFirst: true, liveWeight: 0 }]);
  });

  test('a server without checkers is up for ever', () => {
    const health = start(
      virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.7', { checkers: [] })] }),
    );
    expect(up(health)).toEqual([true]);
    expect(allCheckers(health)).toEqual([]);
  });

  test('of a server or a virtual server named twice the first counts, and only once', () => {
    const twice = [realServer('10.0.0.7', { weight: 3 }), realServer('10.0.0.7', { weight: 5 })];
    const other = virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.9')] });
    const { next, events } = configureHealth(noHealth, [
      virtualServer('10.0.0.3', { realServers: twice }),
      other,
    ]);
    expect(allCheckers(next).map(({ realServer: { address, weight } }) => [address, weight])).toEqual([
      ['10.0.0.7', 3],
    ]);
    expect(events).toMatchObject([{ kind: 'quorumGained', liveWeight: 3 }]);
  });

  test('two equal checkers of one server are told apart', () => {
    const twice = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80), tcpCheck('10.0.0.7', 80)] });
    const health = start(virtualServer('10.0.0.3', { realServers: [twice] }));
    expect(states(judge(health, 1, 'down').next)).toEqual(['assumedUp', 'down']);
  });
});

describe('a verdict', () => {
  test('takes down that server of that virtual server and no other', () => {
    const health = start(virtualServer('10.0.0.3'), virtualServer('10.0.0.4'));
    const { next, events } = judge(health, 2, 'down');
    expect(up(next)).toEqual([true, true, false, true]);
    expect(events).toMatchObject([
      { kind: 'realServerDown', virtualServer: { service: { address: '10.0.0.4' } } },
    ]);
  });

  test('that changes nothing about being up is kept and gives no event', () => {
    const { next, events } = judge(start(virtualServer('10.0.0.3')), 0, 'up');
    expect(states(next)).toEqual(['up', 'assumedUp']);
    expect(events).toEqual([]);
  });

  test('of a checker that a reload removed changes nothing', () => {
    const health = start(virtualServer('10.0.0.3'));
    expect(recordVerdict(health, 'gone', 'down')).toEqual({ next: health, events: [] });
  });

  test('that takes down the last server loses the quorum, in this order', () => {
    const one = judge(start(virtualServer('10.0.0.3')), 0, 'down').next;
    expect(judge(one, 1, 'down').events).toMatchObject([
      { kind: 'realServerDown', realServer: { address: '10.0.0.8' } },
      { kind: 'quorumLost', isFirst: false, threshold: 1, liveWeight: 0 },
    ]);
  });

  test('one checker up and one down is a server down; both up is a server up', () => {
    const both = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80), tcpCheck('10.0.0.7', 443)] });
    const health = start(virtualServer('10.0.0.3', { realServers: [both] }));
    const bothDown = judge(judge(health, 0, 'down').next, 1, 'down').next;
    const oneUp = judge(bothDown, 0, 'up');
    expect([up(oneUp.next), oneUp.events]).toEqual([[false], []]);
    const bothUp = judge(oneUp.next, 1, 'up');
    expect(up(bothUp.next)).toEqual([true]);
    expect(bothUp.events.map(({ kind }) => kind)).toEqual(['realServerUp', 'quorumGained']);
  });
});

describe('a reload', () => {
  const before = judge(judge(start(virtualServer('10.0.0.3')), 0, 'down').next, 1, 'up').next;

  test('of the same configuration keeps every verdict and gives no event', () => {
    const { next, events } = configureHealth(before, [virtualServer('10.0.0.3')]);
    expect(next).toEqual(before);
    expect(events).toEqual([]);
  });

  test('that turns the order of the servers round keeps the verdicts with their servers', () => {
    const turned = virtualServer('10.0.0.3', {
      realServers: [realServer('10.0.0.8'), realServer('10.0.0.7')],
    });
    expect(states(configureHealth(before, [turned]).next)).toEqual(['up', 'down']);
  });

  test('that changes only the timing keeps the verdicts', () => {
    const checkers = [tcpCheck('10.0.0.7', 80, { timing: { ...tutorialTiming, delayLoopMs: 1000 } })];
    const changed = virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.7', { checkers })] });
    expect(states(configureHealth(before, [changed]).next)).toEqual(['down']);
  });

  test('that changes what is asked starts anew: assumed up for a server that was up, down for one that was not', () => {
    const changed = virtualServer('10.0.0.3', {
      realServers: ['10.0.0.7', '10.0.0.8'].map((host) =>
        realServer(host, { checkers: [tcpCheck(host, 8080)] }),
      ),
    });
    const { next, events } = configureHealth(before, [changed]);
    expect(states(next)).toEqual(['assumedDown', 'assumedUp']);
    expect(events).toEqual([]);
  });

  test('that changes what is asked with alpha brings the server down until it has answered', () => {
    const checkers = [tcpCheck('10.0.0.8', 8080, { alpha: true })];
    const changed = virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8', { checkers })] });
    const { next, events } = configureHealth(before, [changed]);
    expect(states(next)).toEqual(['assumedDown']);
    expect(events.map(({ kind }) => kind)).toEqual(['realServerRemoved', 'realServerDown', 'quorumLost']);
  });

  test('names a new server, a removed server, a removed virtual server and a new weight', () => {
    const servers = [realServer('10.0.0.8', { weight: 4 }), realServer('10.0.0.9')];
    const both = configureHealth(before, [virtualServer('10.0.0.3'), virtualServer('10.0.0.4')]).next;
    const { events } = configureHealth(both, [virtualServer('10.0.0.3', { realServers: servers })]);
    expect(events).toMatchObject([
      { kind: 'virtualServerRemoved', virtualServer: { service: { address: '10.0.0.4' } } },
      { kind: 'realServerRemoved', realServer: { address: '10.0.0.7' } },
      { kind: 'weightChanged', realServer: { address: '10.0.0.8' }, from: 1, to: 4 },
      { kind: 'realServerUp', realServer: { address: '10.0.0.9' } },
    ]);
  });

  test('that asks for a larger quorum loses it at once', () => {
    const { next, events } = configureHealth(before, [virtualServer('10.0.0.3', { quorum: 2 })]);
    expect(next.virtualServers[0]?.hasQuorum).toBe(false);
    expect(events).toMatchObject([{ kind: 'quorumLost', isFirst: false, threshold: 2, liveWeight: 1 }]);
  });

  test('does not mix up services that differ in protocol or port only', () => {
    const udp = { kind: 'address', protocol: 'UDP', address: address('10.0.0.3'), port: 80 } as const;
    const { next } = configureHealth(before, [virtualServer('10.0.0.3', { service: udp })]);
    expect(states(next)).toEqual(['assumedUp', 'assumedUp']);
  });
});
