import { expect, test } from 'vitest';
import { parseRequests } from '../../src/drill/client-requests.ts';

test('requests are put in the order they began, which is not that of their answers', () => {
  const text =
    '{"atMs":20,"source":"10.0.0.9","server":"web01"}\n{"atMs":10,"source":"10.0.0.9","error":"refused"}\n';
  expect(parseRequests(text).map((request) => request.atMs)).toEqual([10, 20]);
});

test('a line that is still being written is left out', () => {
  expect(parseRequests('{"atMs":20,"source":"10.0.0.9","server":"web01"}\n{"atMs":30,"sou')).toHaveLength(1);
  expect(parseRequests('{"atMs":20,"sou')).toEqual([]);
});
