import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isList } from '../../src/config-parser/index.ts';
import type { Word } from '../../src/config-parser/words.ts';
import {
  badSamples,
  complaintsAbout,
  goodSamples,
  type KeywordPlace,
  keywordPlaces,
  missingCases,
  refusalsOf,
} from './keyword-samples.ts';

const places = keywordPlaces();
const blocks = [...new Set(places.map(({ schema }) => schema))].map(
  (block) => [block.name, places.filter(({ schema }) => schema === block)] as const,
);

function where({ schema, keyword }: KeywordPlace): string {
  return `${schema.name} ${keyword}`;
}

describe('every keyword of every block', () => {
  it('is reached: there are blocks inside of blocks inside of blocks', () => {
    expect(places.length).toBeGreaterThan(350);
    expect(Math.max(...places.map(({ around }) => around.length))).toBeGreaterThanOrEqual(3);
  });

  it('has an ok and an err case', () => {
    const lacking = places.flatMap((place) =>
      missingCases(place).map((missing) => `${where(place)} lacks ${missing}`),
    );
    expect(lacking).toEqual([]);
  });

  it.each(blocks)('in %s is accepted as its good samples have it', (_, inBlock) => {
    const refused = inBlock.flatMap((place) =>
      goodSamples(place).flatMap((sample) =>
        refusalsOf(sample).map(({ code, message }) => `${sample.lines}: ${code}: ${message}`),
      ),
    );
    expect(refused).toEqual([]);
  });

  it.each(blocks)('in %s is told of, with a place, as its bad samples have it', (_, inBlock) => {
    const accepted = inBlock.flatMap((place) =>
      badSamples(place)
        .filter((sample) => complaintsAbout(sample).length === 0)
        .map(({ lines }) => lines),
    );
    expect(accepted).toEqual([]);
  });

  it('takes or refuses any words: it never throws, and blames only a word that is there', () => {
    const args = new Set(
      places.flatMap(({ entry: { argument, block } }) =>
        block !== undefined && isList(block) ? [argument, block.entry] : [argument],
      ),
    );
    for (const argument of args) {
      const { good, bad } = argument.samples;
      const known = [...new Set([...good, ...bad].flatMap((text) => text.split(' ')))];
      fc.assert(
        fc.property(fc.array(arbitraryWord(known), { maxLength: 8 }), (words) => {
          const result = argument.parse(words);
          if (result.ok) {
            expect(result.used).toBeGreaterThanOrEqual(0);
            expect(result.used).toBeLessThanOrEqual(words.length);
            for (const { word } of result.problems ?? []) expect(words).toContain(word);
          } else if (result.word !== undefined) expect(words).toContain(result.word);
        }),
        { numRuns: 60 },
      );
    }
  });
});

/** Mostly what the argument's own samples are made of, so that its inner branches are reached. */
function arbitraryWord(known: readonly string[]): fc.Arbitrary<Word> {
  const text = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('', ...known) },
    { weight: 1, arbitrary: fc.string({ maxLength: 20 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('constructor', '__proto__', '0', '-1', '/', '1/', '::', '4294967296'),
    },
  );
  return text.map((value) => ({
    value,
    text: value,
    lead: ' ',
    file: 'test.conf',
    start: 0,
    end: value.length,
  }));
}
