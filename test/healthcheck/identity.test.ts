import { expect, test } from 'vitest';
import { checkerKey, definitionText, serviceKey } from '../../src/healthcheck/index.ts';
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

test('a firewall mark names one service a family', () => {
  const mark = { kind: 'fwmark', mark: 5 } as const;
  expect(serviceKey({ ...mark, family: 4 })).not.toBe(serviceKey({ ...mark, family: 6 }));
});
