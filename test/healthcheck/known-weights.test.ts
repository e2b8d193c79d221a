import { describe, expect, test } from 'vitest';
import { effectiveWeight, Health, noKnowledge } from '../../src/healthcheck/index.ts';
import { miscCheck, realServer, virtualServer } from './fixtures.ts';

describe('a weight that was known before the start', () => {
  const dynamic = (weight: number, changes = {}) =>
    realServer('10.0.0.7', { weight, checkers: [miscCheck('/etc/a', changes)] });
  const configOf = (server: ReturnType<typeof dynamic>) => [
    virtualServer('10.0.0.3', { quorum: 9, realServers: [server] }),
  ];
  const weighing = { ...noKnowledge, weightOf: () => ({ set: 9 }) };
  const weights = (health: Health) =>
    [...health.virtualServers].flatMap(({ realServers }) => realServers.map(effectiveWeight));

  test('is that of a new server from its first moment, and counts in its quorum', () => {
    const health = new Health();
    const { events } = health.configure(configOf(dynamic(1)), weighing);
    expect(weights(health)).toEqual([9]);
    expect(events).toMatchObject([{ kind: 'realServerUp' }, { kind: 'quorumGained', liveWeight: 9 }]);
  });

  test('is not that of a server that was there, also when it is asked otherwise', () => {
    const health = new Health();
    health.configure(configOf(dynamic(1)));
    health.configure(configOf(dynamic(2)), weighing);
    expect(weights(health)).toEqual([2]);
    health.configure(configOf(dynamic(2, { timeoutMs: 1 })), weighing);
    expect(weights(health)).toEqual([2]);
  });
});
