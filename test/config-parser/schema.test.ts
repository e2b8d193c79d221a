import { describe, expect, it } from 'vitest';
import { type BlockSchema, isList, schema } from '../../src/config-parser/index.ts';

function blocks(from: BlockSchema): readonly BlockSchema[] {
  const inner = Object.values(from.keywords).flatMap(({ block }) =>
    block === undefined || isList(block) ? [] : blocks(block),
  );
  return [from, ...inner];
}

const all = [...new Set(blocks(schema))];
const byName = new Map(all.map((block) => [block.name, block]));

function keywordCount(name: string): number {
  return Object.values(byName.get(name)?.keywords ?? {}).reduce(
    (sum, { aliases = {} }) => sum + 1 + Object.keys(aliases).length,
    0,
  );
}

describe('the keyword tables', () => {
  it.each([
    ['global_defs', 140],
    ['vrrp_script', 8],
    ['vrrp_track_process', 9],
    ['track_file', 3],
    ['bfd_instance', 14],
    ['vrrp_sync_group', 15],
    ['SSL', 4],
    ['track_group', 1],
    ['garp_group', 4],
    ['url', 11],
  ])('know at least as many words of %s as keepalived 2.4.3, which has %i', (name, count) => {
    expect(keywordCount(name)).toBeGreaterThanOrEqual(count);
  });

  it('say of every keyword what it is for', () => {
    const silent = all.flatMap(({ name, keywords }) =>
      Object.entries(keywords).flatMap(([keyword, { doc }]) =>
        doc.length < 3 ? [`${name} ${keyword}`] : [],
      ),
    );
    expect(silent).toEqual([]);
  });

  it('spell no word twice in one block', () => {
    for (const { name, keywords } of all) {
      const words = Object.entries(keywords).flatMap(([word, { aliases = {} }]) => [
        word,
        ...Object.keys(aliases),
      ]);
      expect(new Set(words).size, name).toBe(words.length);
    }
  });

  it('say so of every keyword that is unsafe to ignore, and of none that is acted on', () => {
    for (const { keywords } of all) {
      for (const [keyword, { actedOn, unsafe, ifIgnored }] of Object.entries(keywords)) {
        if (unsafe === true) expect(ifIgnored, keyword).toBeDefined();
        if (actedOn) expect(ifIgnored, keyword).toBeUndefined();
      }
    }
  });
});
