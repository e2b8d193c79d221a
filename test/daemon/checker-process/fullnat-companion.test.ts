import { describe, expect, test } from 'vitest';
import { FullNatCompanion } from '../../../src/daemon/checker-process/fullnat-companion.ts';
import type { LogRecord } from '../../../src/daemon/ipc.ts';
import { type FullNatRules, noRules } from '../../../src/fullnat/index.ts';
import { realServer, virtualServer } from '../../healthcheck/fixtures.ts';

const fullNat = virtualServer('10.0.0.3', {
  realServers: [realServer('10.0.0.7', { method: { forwarding: 'FULLNAT' } })],
});

function setUp(records: readonly LogRecord[] = []) {
  const applied: FullNatRules[] = [];
  const logged: LogRecord[] = [];
  let checks = 0;
  let finish = () => {};
  const port = {
    apply: (rules: FullNatRules) => {
      applied.push(rules);
      return new Promise<readonly LogRecord[]>((resolve) => {
        finish = () => resolve(records);
      });
    },
    check: async () => {
      checks += 1;
      return [];
    },
    release: async () => [],
  };
  const companion = new FullNatCompanion(port, (record) => logged.push(record));
  return { companion, applied, logged, checks: () => checks, finish: () => finish() };
}

describe('without FULLNAT', () => {
  test('what a crashed run may have left is removed, no table waits for that, and nothing is checked', async () => {
    const record = { level: 'notice', message: 'removed' } as const;
    const set = setUp([record]);
    set.companion.configure([virtualServer('10.0.0.3')]);
    expect(await set.companion.apply()).toEqual([]);
    expect(set.applied).toEqual([noRules]);
    await set.companion.check();
    expect([set.checks(), set.logged]).toEqual([0, []]);
    set.finish();
    await Promise.resolve();
    await Promise.resolve();
    expect(set.logged).toEqual([record]);
  });
});

describe('with FULLNAT', () => {
  test('the table waits for the rules, which are applied once a configuration', async () => {
    const record = { level: 'notice', message: 'applied' } as const;
    const set = setUp([record]);
    set.companion.configure([fullNat]);
    const applied = set.companion.apply();
    set.finish();
    expect(await applied).toEqual([record]);
    expect(await set.companion.apply()).toEqual([]);
    expect(set.applied.map((rules) => rules[4].length)).toEqual([1]);
    await set.companion.check();
    expect(set.checks()).toBe(1);
  });

  test('that a reload takes away the rules go too, and are looked after still', async () => {
    const set = setUp();
    set.companion.configure([fullNat]);
    set.companion.configure([]);
    const applied = set.companion.apply();
    set.finish();
    await applied;
    expect(set.applied).toEqual([noRules]);
    await set.companion.check();
    expect(set.checks()).toBe(1);
  });
});
