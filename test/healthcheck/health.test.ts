import { describe, expect, test } from 'vitest';
import type { VirtualServerConfig } from '../../src/config-parser/config.ts';
import {
  type CheckerState,
  effectiveWeight,
  Health,
  isRealServerUp,
  isSorryServerInUse,
  liveWeightOf,
  noKnowledge,
} from '../../src/healthcheck/index.ts';
import {
  fileCheck,
  miscCheck,
  realServer,
  sorryServer,
  tcpCheck,
  tutorialTiming,
  virtualServer,
} from './fixtures.ts';

function started(...servers: VirtualServerConfig[]): Health {
  const health = new Health();
  health.configure(servers);
  return health;
}

function checkers(health: Health) {
  return [...health.virtualServers].flatMap(({ realServers }) =>
    realServers.flatMap((real) => real.checkers),
  );
}

function idAt(health: Health, index: number): string {
  const checker = checkers(health)[index];
  if (checker === undefined) throw new Error(`there is no checker ${index}`);
  return checker.id;
}

/** The verdict of the checker at `index` among all. */
function judge(health: Health, index: number, state: CheckerState) {
  return health.recordVerdict(idAt(health, index), state).events;
}

function states(health: Health): readonly CheckerState[] {
  return checkers(health).map(({ state }) => state);
}

function up(health: Health): readonly boolean[] {
  return [...health.virtualServers].flatMap(({ realServers }) => realServers.map(isRealServerUp));
}

function only(health: Health) {
  const [server] = [...health.virtualServers];
  if (server === undefined) throw new Error('there is a virtual server');
  return server;
}

const alpha = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80, { alpha: true })] });

describe('at start', () => {
  test('servers without alpha are up and the quorum is there', () => {
    const health = new Health();
    const { events } = health.configure([virtualServer('10.0.0.3')]);
    expect(up(health)).toEqual([true, true]);
    expect(only(health).hasQuorum).toBe(true);
    expect(events).toMatchObject([
      { kind: 'realServerUp', isNew: 'withVirtualServer' },
      { kind: 'realServerUp', isNew: 'withVirtualServer' },
      { kind: 'quorumGained', isFirst: true, threshold: 1, liveWeight: 2 },
    ]);
  });

  test('servers with alpha are down, the quorum is missing and the sorry server is in use', () => {
    const health = new Health();
    const config = virtualServer('10.0.0.3', { realServers: [alpha], sorryServer: sorryServer('10.0.0.99') });
    const { events } = health.configure([config]);
    expect(up(health)).toEqual([false]);
    expect(isSorryServerInUse(only(health))).toBe(true);
    expect(events).toMatchObject([{ kind: 'quorumLost', isFirst: true, liveWeight: 0 }]);
  });

  test('the quorum needs the hysteresis on top', () => {
    expect(only(started(virtualServer('10.0.0.3', { quorum: 2, hysteresis: 1 }))).hasQuorum).toBe(false);
    expect(only(started(virtualServer('10.0.0.3', { quorum: 1, hysteresis: 1 }))).hasQuorum).toBe(true);
  });

  test('a server without checkers is up for ever', () => {
    const bare = realServer('10.0.0.7', { checkers: [] });
    const health = started(virtualServer('10.0.0.3', { realServers: [bare] }));
    expect(up(health)).toEqual([true]);
    expect(checkers(health)).toEqual([]);
  });

  test('of a server or a virtual server named twice the first counts, and only once', () => {
    const twice = [realServer('10.0.0.7', { weight: 3 }), realServer('10.0.0.7', { weight: 5 })];
    const other = virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.9')] });
    const health = started(virtualServer('10.0.0.3', { realServers: twice }), other);
    expect(
      [...health.virtualServers].flatMap(({ realServers }) => realServers.map((real) => real.config)),
    ).toEqual([twice[0]]);
    expect(liveWeightOf(only(health))).toBe(3);
  });

  test('two equal checkers of one server are told apart', () => {
    const twice = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80), tcpCheck('10.0.0.7', 80)] });
    const health = started(virtualServer('10.0.0.3', { realServers: [twice] }));
    judge(health, 1, 'down');
    expect(states(health)).toEqual(['assumedUp', 'down']);
  });

  test('what a predecessor knew of a checker, of a quorum and of drained servers holds, and nothing is gained anew', () => {
    const health = new Health();
    const { events } = health.configure([virtualServer('10.0.0.3', { quorum: 1, hysteresis: 1 })], {
      ...noKnowledge,
      stateOf: (_checker, _of, realServer) => (realServer === '10.0.0.7 80' ? 'down' : 'up'),
      hadQuorum: () => true,
    });
    expect(states(health)).toEqual(['down', 'up']);
    expect(only(health).hasQuorum).toBe(true);
    expect(events.map(({ kind }) => kind)).toEqual(['realServerUp']);
  });
});

describe('a verdict', () => {
  test('takes down that server of that virtual server and no other', () => {
    const health = started(virtualServer('10.0.0.3'), virtualServer('10.0.0.4'));
    const { events, changed } = health.recordVerdict(idAt(health, 2), 'down');
    expect(up(health)).toEqual([true, true, false, true]);
    expect(changed).toEqual(['[10.0.0.4]:tcp:80']);
    expect(events).toMatchObject([
      {
        kind: 'realServerDown',
        virtualServer: { name: '[10.0.0.4]:tcp:80' },
        checker: { kind: 'TCP_CHECK' },
      },
    ]);
  });

  test('that changes nothing about being up is kept and gives no event', () => {
    const health = started(virtualServer('10.0.0.3'));
    expect(judge(health, 0, 'up')).toEqual([]);
    expect(states(health)).toEqual(['up', 'assumedUp']);
  });

  test('of a checker that a reload removed changes nothing', () => {
    const health = started(virtualServer('10.0.0.3'));
    expect(health.recordVerdict('gone', 'down')).toEqual({ events: [], changed: [] });
  });

  test('that takes down the last server loses the quorum, in this order', () => {
    const health = started(virtualServer('10.0.0.3'));
    judge(health, 0, 'down');
    expect(judge(health, 1, 'down')).toMatchObject([
      { kind: 'realServerDown', realServer: { address: '10.0.0.8' } },
      { kind: 'quorumLost', isFirst: false, threshold: 1, liveWeight: 0 },
    ]);
  });

  test('one checker up and one down is a server down; both up is a server up', () => {
    const both = realServer('10.0.0.7', { checkers: [tcpCheck('10.0.0.7', 80), tcpCheck('10.0.0.7', 443)] });
    const health = started(virtualServer('10.0.0.3', { realServers: [both] }));
    judge(health, 0, 'down');
    judge(health, 1, 'down');
    expect(judge(health, 0, 'up')).toEqual([]);
    expect(up(health)).toEqual([false]);
    expect(judge(health, 1, 'up').map(({ kind }) => kind)).toEqual(['realServerUp', 'quorumGained']);
    expect(up(health)).toEqual([true]);
  });

  test('that finds a server down which was assumed down says so, once a server', () => {
    const checks = [tcpCheck('10.0.0.7', 80, { alpha: true }), tcpCheck('10.0.0.7', 443, { alpha: true })];
    const twice = realServer('10.0.0.7', { checkers: checks });
    const health = started(virtualServer('10.0.0.3', { realServers: [twice] }));
    expect(judge(health, 0, 'down').map(({ kind }) => kind)).toEqual(['realServerStaysDown']);
    expect(judge(health, 1, 'down')).toEqual([]);
  });
});

describe('with hysteresis', () => {
  test('the quorum is lost below quorum - hysteresis and gained at quorum + hysteresis', () => {
    const realServers = ['10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.8'].map((host) => realServer(host));
    const health = started(virtualServer('10.0.0.3', { quorum: 2, hysteresis: 1, realServers }));
    const kinds = [
      [0, 'down'],
      [1, 'down'],
      [2, 'down'],
      [3, 'down'],
      [0, 'up'],
      [1, 'up'],
      [2, 'up'],
    ].map(
      ([index, state]) => judge(health, index as number, state as CheckerState).map(({ kind }) => kind)[1],
    );
    expect(kinds).toEqual([
      undefined,
      undefined,
      undefined,
      'quorumLost',
      undefined,
      undefined,
      'quorumGained',
    ]);
  });
});

describe('dynamic weights', () => {
  const dynamic = realServer('10.0.0.7', {
    weight: 10,
    checkers: [miscCheck('/etc/a'), fileCheck('f', { weight: 1 })],
  });

  test('are the configured one, what a check makes of it and what others add', () => {
    const health = started(virtualServer('10.0.0.3', { realServers: [dynamic] }));
    const weights = [
      [0, { set: 4 }],
      [1, { added: 3 }],
      [1, { added: -20 }],
      [0, { set: 30 }],
      [1, { added: 2 ** 31 }],
    ].map(([index, weight]) => {
      health.recordWeight(idAt(health, index as number), weight as { set: number });
      return only(health).realServers.map(effectiveWeight)[0];
    });
    expect(weights).toEqual([4, 7, 0, 10, 2 ** 31 - 1]);
  });

  test('count in the quorum', () => {
    const health = started(virtualServer('10.0.0.3', { quorum: 5, realServers: [dynamic] }));
    expect(health.recordWeight(idAt(health, 0), { set: 4 }).events).toMatchObject([
      { kind: 'weightChanged', from: 10, to: 4, isUp: true },
      { kind: 'quorumLost', threshold: 5, liveWeight: 4 },
    ]);
  });

  test('that are the same as before are no event', () => {
    const health = started(virtualServer('10.0.0.3', { realServers: [dynamic] }));
    health.recordWeight(idAt(health, 0), { set: 4 });
    expect(health.recordWeight(idAt(health, 0), { set: 4 })).toEqual({ events: [], changed: [] });
  });

  test('outlive a reload with another configured weight', () => {
    const health = started(virtualServer('10.0.0.3', { realServers: [dynamic] }));
    health.recordWeight(idAt(health, 1), { added: 5 });
    const { events } = health.configure([
      virtualServer('10.0.0.3', { realServers: [{ ...dynamic, weight: 20 }] }),
    ]);
    expect(events).toMatchObject([{ kind: 'weightChanged', from: 15, to: 25 }]);
  });
});

test('a drained server weighs nothing, and is as it was when it is resumed', () => {
  const health = started(virtualServer('10.0.0.3'));
  const names = ['[10.0.0.3]:tcp:80'];
  const drained = health.recordHolds((_, realServer) => realServer === '10.0.0.7 80', names);
  expect(drained.events).toMatchObject([{ kind: 'weightChanged', from: 1, to: 0 }]);
  expect([up(health), liveWeightOf(only(health))]).toEqual([[true, true], 1]);
  expect(health.recordHolds(() => false, names).events).toMatchObject([
    { kind: 'weightChanged', from: 0, to: 1 },
  ]);
});

describe('a reload', () => {
  /** 10.0.0.7 is down, 10.0.0.8 up. */
  function halfDown() {
    const health = started(virtualServer('10.0.0.3'));
    judge(health, 0, 'down');
    judge(health, 1, 'up');
    return health;
  }

  test('of the same configuration keeps every object and gives no event', () => {
    const health = halfDown();
    const server = only(health);
    expect(health.configure([structuredClone(virtualServer('10.0.0.3'))])).toEqual({
      events: [],
      changed: [],
      goneCheckers: [],
    });
    expect(only(health)).toBe(server);
  });

  test('that turns the order of the servers round keeps the verdicts with their servers, also later ones', () => {
    const health = halfDown();
    health.configure([
      virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8'), realServer('10.0.0.7')] }),
    ]);
    expect(states(health)).toEqual(['up', 'down']);
    judge(health, 1, 'up');
    expect(states(health)).toEqual(['up', 'up']);
  });

  test('that changes only the timing keeps the verdicts', () => {
    const health = halfDown();
    const faster = [tcpCheck('10.0.0.7', 80, { timing: { ...tutorialTiming, delayLoopMs: 1000 } })];
    health.configure([
      virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.7', { checkers: faster })] }),
    ]);
    expect(states(health)).toEqual(['down']);
  });

  test('that changes what is asked starts anew: assumed up for a server that was up, down for one that was not', () => {
    const health = halfDown();
    const realServers = ['10.0.0.7', '10.0.0.8'].map((host) =>
      realServer(host, { checkers: [tcpCheck(host, 8080)] }),
    );
    const { events, goneCheckers } = health.configure([virtualServer('10.0.0.3', { realServers })]);
    expect(states(health)).toEqual(['assumedDown', 'assumedUp']);
    expect(events).toEqual([]);
    expect(goneCheckers).toHaveLength(2);
  });

  test('that changes what is asked with alpha brings the server down until it has answered', () => {
    const health = halfDown();
    const realServers = [realServer('10.0.0.8', { checkers: [tcpCheck('10.0.0.8', 8080, { alpha: true })] })];
    const { events } = health.configure([virtualServer('10.0.0.3', { realServers })]);
    expect(states(health)).toEqual(['assumedDown']);
    expect(events.map(({ kind }) => kind)).toEqual(['realServerRemoved', 'realServerDown', 'quorumLost']);
  });

  test('names a new server, a removed server, a removed virtual server and a new weight', () => {
    const health = halfDown();
    health.configure([virtualServer('10.0.0.3'), virtualServer('10.0.0.4')]);
    const realServers = [realServer('10.0.0.8', { weight: 4 }), realServer('10.0.0.9')];
    const { events, changed } = health.configure([virtualServer('10.0.0.3', { realServers })]);
    expect(events).toMatchObject([
      { kind: 'virtualServerRemoved', health: { config: { name: '[10.0.0.4]:tcp:80' } } },
      { kind: 'realServerRemoved', realServer: { address: '10.0.0.7' }, wasUp: false },
      { kind: 'weightChanged', realServer: { address: '10.0.0.8' }, from: 1, to: 4 },
      { kind: 'realServerUp', realServer: { address: '10.0.0.9' }, isNew: 'alone' },
    ]);
    expect(changed).toEqual(['[10.0.0.4]:tcp:80', '[10.0.0.3]:tcp:80']);
  });

  test('with a new server that has alpha takes it for down', () => {
    const health = halfDown();
    const { events } = health.configure([
      virtualServer('10.0.0.3', { realServers: [realServer('10.0.0.8'), { ...alpha, port: 81 }] }),
    ]);
    expect(up(health)).toEqual([true, false]);
    expect(events.map(({ kind }) => kind)).toEqual(['realServerRemoved']);
  });

  test('that asks for a larger quorum loses it at once', () => {
    const health = halfDown();
    const { events } = health.configure([virtualServer('10.0.0.3', { quorum: 2 })]);
    expect(only(health).hasQuorum).toBe(false);
    expect(events).toMatchObject([{ kind: 'quorumLost', isFirst: false, threshold: 2, liveWeight: 1 }]);
  });

  test('that changes the sorry server while it serves names the old one', () => {
    const realServers = [alpha];
    const health = started(virtualServer('10.0.0.3', { realServers, sorryServer: sorryServer('10.0.0.98') }));
    expect(
      health.configure([virtualServer('10.0.0.3', { realServers, sorryServer: sorryServer('10.0.0.99') })])
        .events,
    ).toMatchObject([{ kind: 'sorryServerReplaced', from: { address: '10.0.0.98' } }]);
    expect(health.configure([virtualServer('10.0.0.3', { realServers })]).events).toMatchObject([
      { kind: 'sorryServerReplaced', from: { address: '10.0.0.99' } },
    ]);
  });

  test('does not mix up virtual servers of other names', () => {
    const health = halfDown();
    health.configure([virtualServer('10.0.0.3', { name: '[10.0.0.3]:udp:80' })]);
    expect(states(health)).toEqual(['assumedUp', 'assumedUp']);
  });

  test('of 20,000 virtual servers without one touches that one alone', () => {
    const many = Array.from({ length: 20_000 }, (_, index) =>
      virtualServer(`10.${index >> 8}.${index & 255}.3`),
    );
    const health = started(...many);
    const last = health.get('[10.78.31.3]:tcp:80');
    const { changed, events, goneCheckers } = health.configure(many.filter((_, index) => index !== 5));
    expect(changed).toEqual(['[10.0.5.3]:tcp:80']);
    expect(events).toMatchObject([{ kind: 'virtualServerRemoved' }]);
    expect(goneCheckers).toHaveLength(2);
    expect(health.get('[10.78.31.3]:tcp:80')).toBe(last);
  });
});

test('a preview says what a reload would make of it and changes nothing', () => {
  const health = started(virtualServer('10.0.0.3'));
  const { servers, steps } = health.preview([virtualServer('10.0.0.4')], noKnowledge);
  expect([...servers.keys()]).toEqual(['[10.0.0.4]:tcp:80']);
  expect(steps).toHaveLength(1);
  expect(only(health).config.name).toBe('[10.0.0.3]:tcp:80');
});
