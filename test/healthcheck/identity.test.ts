import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkerKey, definitionText, isSameDefinition } from '../../src/healthcheck/index.ts';
import { address } from '../../src/net/address.ts';
import { tcpCheck, tutorialTiming } from './fixtures.ts';

test('equal definitions have equal text whatever the order of their members', () => {
  expect(definitionText({ a: 1, b: { c: [1, 'x'], d: undefined } })).toBe(
    definitionText({ b: { c: [1, 'x'] }, a: 1 }),
  );
});

test('different definitions have different text', () => {
  expect(definitionText({ a: '1' })).not.toBe(definitionText({ a: 1 }));
  expect(definitionText(['a', 'b'])).not.toBe(definitionText(['a,b']));
});

test('a checker is the same with other timing and alpha, and another with another port or source address', () => {
  const key = checkerKey(tcpCheck('10.0.0.7', 80));
  expect(checkerKey(tcpCheck('10.0.0.7', 80, { alpha: true, timing: { ...tutorialTiming, retry: 9 } }))).toBe(
    key,
  );
  expect(checkerKey(tcpCheck('10.0.0.7', 81))).not.toBe(key);
  expect(checkerKey(tcpCheck('10.0.0.7', 80, { bindAddress: address('10.0.0.1') }))).not.toBe(key);
});

describe('two definitions', () => {
  test.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: { c: [1, 'x'], d: undefined } }, { b: { c: [1, 'x'] }, a: 1 }, true],
    [{ a: undefined }, {}, true],
    [{}, { a: undefined }, true],
    [{ a: undefined, b: 1 }, { a: 1, b: undefined }, false],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: '1' }, { a: 1 }, false],
    [['a', 'b'], ['a'], false],
    [[], {}, false],
    [[], [undefined], false],
    [null, {}, false],
    [tcpCheck('10.0.0.7', 80), tcpCheck('10.0.0.7', 80), true],
  ])('%j and %j are the same: %s', (a, b, isSame) => {
    expect(isSameDefinition(a, b)).toBe(isSame);
  });

  test('are the same exactly when their texts are', () => {
    fc.assert(
      fc.property(definitions, definitions, (a, b) => {
        expect(isSameDefinition(a, b)).toBe(definitionText(a) === definitionText(b));
        expect(isSameDefinition(a, structuredClone(a))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** What a configuration is made of. */
const definitions = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 'a', '', true, undefined),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')),
  ),
})).value;
