import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VirtualServerConfig } from '../../src/config-parser/config.ts';
import {
  type CheckerState,
  type DynamicWeight,
  effectiveWeight,
  Health,
  type HealthEvent,
  isRealServerUp,
  isUp,
  liveWeightOf,
  noKnowledge,
  quorumAfter,
  realServerKey,
} from '../../src/healthcheck/index.ts';
import { miscCheck, realServer, tcpCheck, virtualServer } from './fixtures.ts';

/** What can happen, in numbers that are taken modulo what there is. */
type Action =
  | { readonly kind: 'verdict'; readonly checker: number; readonly state: CheckerState }
  | { readonly kind: 'weight'; readonly checker: number; readonly weight: DynamicWeight }
  | { readonly kind: 'hold'; readonly held: number }
  | { readonly kind: 'reload'; readonly config: number };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('verdict' as const),
      checker: fc.nat(20),
      state: fc.constantFrom<CheckerState>('up', 'down'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('weight' as const),
      checker: fc.nat(20),
      weight: fc.oneof(fc.record({ set: fc.nat(5) }), fc.record({ added: fc.integer({ min: -5, max: 5 }) })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), held: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const), config: fc.nat(3) }) },
);

const hosts = ['10.0.0.6', '10.0.0.7', '10.0.0.8', '10.0.0.9'];

/** Configurations that share servers and checks, differ in weights and quorum, and lack one server or another. */
const configs: readonly VirtualServerConfig[] = [0, 1, 2, 3].map((variant) =>
  virtualServer('10.0.0.3', {
    quorum: 1 + variant,
    hysteresis: variant % 2,
    realServers: hosts
      .filter((_, index) => index !== variant)
      .map((host, index) =>
        realServer(host, {
          weight: (index + variant) % 4,
          checkers: [tcpCheck(host, 80), miscCheck(`/etc/${host}`)],
        }),
      ),
  }),
);

function configAt(index: number): VirtualServerConfig {
  const config = configs[index % configs.length];
  if (config === undefined) throw new Error('there are configurations');
  return config;
}

function serverOf(health: Health) {
  const server = health.get('[10.0.0.3]:tcp:80');
  if (server === undefined) throw new Error('there is a virtual server');
  return server;
}

/** Which hosts an operator has drained, as bits. */
function isHeldBy(held: number) {
  return (_: string, key: string) => (held & (1 << hosts.indexOf(key.split(' ')[0] ?? ''))) !== 0;
}

function perform(health: Health, action: Action, world: { held: number }): readonly HealthEvent[] {
  const ids = serverOf(health).realServers.flatMap(({ checkers }) => checkers.map(({ id }) => id));
  switch (action.kind) {
    case 'verdict':
      return health.recordVerdict(ids[action.checker % ids.length] ?? '', action.state).events;
    case 'weight':
      return health.recordWeight(ids[action.checker % ids.length] ?? '', action.weight).events;
    case 'hold':
      world.held = action.held;
      return health.recordHolds(isHeldBy(world.held), ['[10.0.0.3]:tcp:80']).events;
    case 'reload': {
      const knowledge = {
        ...noKnowledge,
        isHeld: isHeldBy(world.held),
      };
      return health.configure([configAt(action.config)], knowledge).events;
    }
  }
}

describe('after any sequence of verdicts, weights, drains and reloads', () => {
  test('servers, weights and the quorum are those computed from scratch', () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 40 }), (sequence) => {
        const health = new Health();
        const world = { held: 0 };
        health.configure([configAt(0)]);
        for (const action of sequence) {
          const hadQuorum = serverOf(health).hasQuorum;
          perform(health, action, world);
          const server = serverOf(health);
          let live = 0;
          for (const real of server.realServers) {
            const key = realServerKey(real.config);
            const isRealUp = real.checkers.every(({ state }) => isUp(state));
            const added = real.checkers.reduce((sum, { weight }) => {
              if (weight === undefined) return sum;
              return sum + ('set' in weight ? weight.set - real.config.weight : weight.added);
            }, 0);
            const weight = isHeldBy(world.held)('', key) ? 0 : Math.max(0, real.config.weight + added);
            expect([isRealServerUp(real), effectiveWeight(real)]).toEqual([isRealUp, weight]);
            if (isRealUp) live += weight;
          }
          expect(liveWeightOf(server)).toBe(live);
          expect(server.hasQuorum).toBe(quorumAfter(server.config, hadQuorum, live));
        }
      }),
    );
  });

  test('who follows the events alone knows who is up, what it weighs and whether there is a quorum', () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 40 }), (sequence) => {
        const health = new Health();
        const world = { held: 0 };
        const told = { up: new Set<string>(), hasQuorum: false, weights: new Map<string, number>() };
        const follow = (events: readonly HealthEvent[]) => {
          for (const event of events) {
            if (event.kind === 'quorumGained' || event.kind === 'quorumLost') {
              told.hasQuorum = event.kind === 'quorumGained';
            }
            if (!('realServer' in event)) continue;
            const key = realServerKey(event.realServer);
            if (event.kind === 'realServerUp') told.up.add(key);
            if (event.kind === 'realServerDown' || event.kind === 'realServerRemoved') told.up.delete(key);
            if (event.kind === 'weightChanged') told.weights.set(key, event.to);
          }
        };
        follow(health.configure([configAt(0)]).events);
        for (const action of sequence) {
          follow(perform(health, action, world));
          const server = serverOf(health);
          const upNow = server.realServers.filter(isRealServerUp).map(({ config }) => realServerKey(config));
          expect([...told.up].sort()).toEqual(upNow.sort());
          expect(told.hasQuorum).toBe(server.hasQuorum);
          for (const real of server.realServers) {
            const key = realServerKey(real.config);
            // A server that is new tells no weight: it begins with the one that it has.
            if (action.kind !== 'reload' && told.weights.has(key)) {
              expect(told.weights.get(key)).toBe(effectiveWeight(real));
            } else told.weights.set(key, effectiveWeight(real));
          }
        }
      }),
    );
  });
});
