import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Gathered } from '../../../src/daemon/vrrp-process/gathered.ts';

test('what is added in one turn of the event loop goes out once, in its order, after the turn', async () => {
  const sent: (readonly number[])[] = [];
  const gathered = new Gathered<number>((items) => sent.push(items));
  gathered.add([1]);
  gathered.add([2, 3]);
  expect(sent).toEqual([]);
  await setImmediate();
  gathered.add([4]);
  await setImmediate();
  expect(sent).toEqual([[1, 2, 3], [4]]);
});

test('a flush sends at once, and nothing is sent twice', async () => {
  const sent: (readonly number[])[] = [];
  const gathered = new Gathered<number>((items) => sent.push(items));
  gathered.add([1]);
  gathered.flush();
  await setImmediate();
  expect(sent).toEqual([[1]]);
});

test('nothing is sent for nothing', async () => {
  const sent: (readonly number[])[] = [];
  const gathered = new Gathered<number>((items) => sent.push(items));
  gathered.add([]);
  gathered.flush();
  await setImmediate();
  expect(sent).toEqual([]);
});
