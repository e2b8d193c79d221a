/** The keeper with packet filters that exist in memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { desiredRules, type FullNatGroup, noRules } from '../../src/fullnat/index.ts';
import type { FilterResult, FullNatBackend } from '../../src/kernel/fullnat-backend.ts';
import { FullNatKeeper } from '../../src/kernel/fullnat-keeper.ts';
import { realServer, service, virtualServer } from './virtual-servers.ts';

class FakeFilter implements FullNatBackend {
  readonly name: string;
  readonly kind: FullNatBackend['kind'];
  readonly calls: string[] = [];
  facts: Record<4 | 6, readonly string[]> = { 4: [], 6: [] };
  problem: string | undefined;
  changes: number | undefined = 1;
  isClosed = false;

  constructor(name: string, kind: FullNatBackend['kind']) {
    this.name = name;
    this.kind = kind;
  }

  async install(family: 4 | 6, groups: readonly FullNatGroup[]): Promise<FilterResult<undefined>> {
    this.calls.push(`install ${family}`);
    if (this.problem !== undefined) return { ok: false, problem: this.problem };
    this.change(
      family,
      groups.flatMap(({ targets }) => targets.map(({ address }) => `rule ${address}`)),
    );
    return { ok: true, value: undefined };
  }
  async observe(family: 4 | 6): Promise<FilterResult<readonly string[]>> {
    this.calls.push(`observe ${family}`);
    return { ok: true, value: this.facts[family] };
  }
  async remove(family: 4 | 6): Promise<FilterResult<undefined>> {
    this.calls.push(`remove ${family}`);
    if (this.problem !== undefined) return { ok: false, problem: this.problem };
    this.change(family, []);
    return { ok: true, value: undefined };
  }
  async removeLeftovers(family: 4 | 6): Promise<void> {
    this.calls.push(`leftovers ${family}`);
    if (this.facts[family].length > 0) this.change(family, []);
  }
  async generation(): Promise<number | undefined> {
    return this.changes;
  }
  close(): void {
    this.isClosed = true;
  }
  change(family: 4 | 6, facts: readonly string[]): void {
    this.facts = { ...this.facts, [family]: facts };
    if (this.changes !== undefined) this.changes += 1;
  }
  /** What was done since it was last asked. */
  take(): readonly string[] {
    return this.calls.splice(0);
  }
}

const rulesFor = (...hosts: string[]) =>
  desiredRules({
    virtualServers: [
      virtualServer(
        [service('10.0.0.3', 80)],
        hosts.map((host) => realServer(host)),
      ),
    ],
  });

let nft: FakeFilter;
let legacy: FakeFilter;
let nowMs: number;
let keeper: FullNatKeeper;
beforeEach(() => {
  nft = new FakeFilter('nftables', 'nftables');
  legacy = new FakeFilter('iptables-legacy', 'iptables');
  nowMs = 1000;
  keeper = new FullNatKeeper({ nowMs: () => nowMs, backends: [nft, legacy] });
});

describe('applying', () => {
  test('sets the rules by the preferred filter, and the leftovers of the other one go', async () => {
    legacy.facts = { 4: ['rule of a run before'], 6: [] };
    expect(await keeper.apply(rulesFor('10.1.0.7', '10.1.0.8'))).toEqual([
      { level: 'info', message: 'FULLNAT: rules for 2 real servers of IPv4 are set by nftables.' },
    ]);
    expect(nft.facts[4]).toEqual(['rule 10.1.0.7', 'rule 10.1.0.8']);
    expect(legacy.facts[4]).toEqual([]);
  });

  test('without rules removes what a crashed run has left, and says nothing', async () => {
    nft.facts = { 4: ['old'], 6: ['old'] };
    expect(await keeper.apply(noRules)).toEqual([]);
    expect(nft.facts).toEqual({ 4: [], 6: [] });
    nft.take();
    expect(await keeper.apply(noRules)).toEqual([]);
    expect(nft.take()).toEqual([]);
  });

  test('the same rules again does nothing', async () => {
    await keeper.apply(rulesFor('10.1.0.7'));
    nft.take();
    expect(await keeper.apply(rulesFor('10.1.0.7'))).toEqual([]);
    expect(nft.take()).toEqual([]);
  });

  test('falls back where the preferred filter cannot, says why, and stays there', async () => {
    nft.problem = 'nft says "no"';
    expect(await keeper.apply(rulesFor('10.1.0.7'))).toEqual([
      {
        level: 'info',
        message: 'FULLNAT: rules for 1 real server of IPv4 are set by iptables-legacy (nft says "no").',
      },
    ]);
    nft.take();
    await keeper.apply(rulesFor('10.1.0.8'));
    expect(nft.take()).toEqual([]);
    expect(legacy.facts[4]).toEqual(['rule 10.1.0.8']);
  });

  test('never leaves a moment without rules: leftovers of other kinds go once the new ones are there', async () => {
    nft.problem = 'nft says "no"';
    const same = new FakeFilter('iptables', 'iptables');
    keeper = new FullNatKeeper({ nowMs: () => nowMs, backends: [nft, legacy, same] });
    legacy.facts = { 4: ['rule of a run before'], 6: [] };
    await keeper.apply(rulesFor('10.1.0.7'));
    expect(legacy.take().filter((call) => call.endsWith('4'))).toEqual(['install 4', 'observe 4']);
    expect(nft.take().filter((call) => call.endsWith('4'))).toEqual(['install 4', 'leftovers 4']);
    // It may be the same program by another name.
    expect(same.take().filter((call) => call.endsWith('4'))).toEqual([]);
  });

  test('where nobody can is told once, tried again later and later, and told when it is done', async () => {
    nft.problem = 'nft says "no"';
    legacy.problem = 'there is no iptables';
    const [record] = await keeper.apply(rulesFor('10.1.0.7'));
    expect(record).toMatchObject({
      level: 'error',
      message: expect.stringContaining('cannot be set: nft says "no"; there is no iptables. Real servers'),
    });
    nft.take();
    const tries: number[] = [];
    for (nowMs = 1000; nowMs < 20_000; nowMs += 500) {
      expect(await keeper.check()).toEqual([]);
      if (nft.take().length > 0) tries.push(nowMs);
    }
    expect(tries).toEqual([2000, 4000, 8000, 16_000]);
    nft.problem = undefined;
    nowMs = 40_000;
    expect((await keeper.check()).map(({ level }) => level)).toEqual(['notice', 'info']);
    expect(nft.facts[4]).toEqual(['rule 10.1.0.7']);
  });

  test('no rules after some removes them', async () => {
    await keeper.apply(rulesFor('10.1.0.7'));
    expect(await keeper.apply(noRules)).toEqual([]);
    expect(nft.facts[4]).toEqual([]);
    nft.take();
    expect(await keeper.check()).toEqual([]);
    expect(nft.take()).toEqual([]);
  });
});

describe('checking', () => {
  beforeEach(async () => {
    await keeper.apply(rulesFor('10.1.0.7', '10.1.0.8'));
    nft.take();
  });

  test('reads nothing while the generation stays', async () => {
    expect(await keeper.check()).toEqual([]);
    expect(nft.take()).toEqual([]);
  });

  test("reads once after somebody's change of something else", async () => {
    nft.change(6, []);
    await keeper.check();
    await keeper.check();
    expect(nft.take()).toEqual(['observe 4']);
  });

  test('restores what somebody flushed, and says what was missing', async () => {
    nft.change(4, ['rule 10.1.0.8']);
    const [record] = await keeper.check();
    expect(record).toEqual({
      level: 'warning',
      message: 'Somebody has changed the FULLNAT rules of IPv4, missing: "rule 10.1.0.7"; they are set anew.',
    });
    expect(nft.facts[4]).toEqual(['rule 10.1.0.7', 'rule 10.1.0.8']);
    expect(await keeper.check()).toEqual([]);
  });

  test('tries again where they cannot be restored', async () => {
    nft.change(4, []);
    nft.problem = 'nft says "busy"';
    expect((await keeper.check()).map(({ level }) => level)).toEqual(['warning', 'error']);
    expect(await keeper.check()).toEqual([]);
    nft.problem = undefined;
    nowMs += 1000;
    expect((await keeper.check()).map(({ level }) => level)).toEqual(['notice', 'info']);
    expect(nft.facts[4]).toEqual(['rule 10.1.0.7', 'rule 10.1.0.8']);
  });
});

test('without a generation the rules are read every two seconds', async () => {
  nft.problem = 'none';
  legacy.changes = undefined;
  await keeper.apply(rulesFor('10.1.0.7'));
  legacy.take();
  const readings: number[] = [];
  for (nowMs = 1000; nowMs <= 7000; nowMs += 1000) {
    await keeper.check();
    if (legacy.take().length > 0) readings.push(nowMs);
  }
  expect(readings).toEqual([3000, 5000, 7000]);
});

test('releasing removes the rules, closes the filters, and a check after it does nothing', async () => {
  await keeper.apply(rulesFor('10.1.0.7'));
  expect(await keeper.release()).toEqual([]);
  expect(nft.facts[4]).toEqual([]);
  expect([nft.isClosed, legacy.isClosed]).toEqual([true, true]);
  expect(await keeper.check()).toEqual([]);
});

test('releasing what cannot be removed is told', async () => {
  await keeper.apply(rulesFor('10.1.0.7'));
  nft.problem = 'nft says "no"';
  expect(await keeper.release()).toEqual([
    { level: 'error', message: 'The FULLNAT rules of IPv4 cannot be removed: nft says "no".' },
  ]);
});
