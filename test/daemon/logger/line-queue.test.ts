import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineQueue } from '../../../src/daemon/logger/line-queue.ts';

const notice = (dropped: number) => `[${dropped} dropped]\n`;

function queueOf(lines: number, bytes = 1_000_000): LineQueue {
  return new LineQueue(notice, { lines, bytes });
}

function takeAll(queue: LineQueue, bytes = 1_000_000): string {
  let text = '';
  for (let chunk = queue.take(bytes); chunk !== undefined; chunk = queue.take(bytes)) text += chunk.text;
  return text;
}

describe('line queue', () => {
  test('gives lines back in order, whole, a chunk at a time', () => {
    const queue = queueOf(10);
    for (const line of ['one\n', 'two\n', 'three\n']) queue.push(line);
    expect(queue.take(8)).toEqual({ text: 'one\ntwo\n', lines: 2 });
    expect(queue.take(1)).toEqual({ text: 'three\n', lines: 1 });
    expect(queue.take(8)).toBeUndefined();
  });

  test('drops what does not fit and says how much in its place', () => {
    const queue = queueOf(4);
    for (let n = 1; n <= 7; n += 1) queue.push(`${n}\n`);
    expect(queue.take(4)?.text).toBe('1\n2\n');
    queue.push('8\n');
    expect(takeAll(queue)).toBe('3\n4\n[3 dropped]\n8\n');
  });

  test('says once how much a blockage cost, not once a line', () => {
    const queue = queueOf(100);
    for (let n = 1; n <= 200; n += 1) queue.push('x\n');
    for (let n = 1; n <= 20; n += 1) {
      queue.take(1);
      queue.push('y\n');
    }
    expect(takeAll(queue).match(/dropped/g)).toHaveLength(1);
  });

  test('limits bytes as well as lines', () => {
    const queue = queueOf(1000, 10);
    queue.push('12345678\n');
    queue.push('12345678\n');
    expect(takeAll(queue)).toBe('12345678\n[1 dropped]\n');
  });

  test('a line longer than the whole room is dropped and counted', () => {
    const queue = queueOf(1000, 10);
    queue.push(`${'x'.repeat(20)}\n`);
    queue.resume();
    expect(takeAll(queue)).toBe('[1 dropped]\n');
  });

  test('loses no line without counting it', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (steps) => {
        const queue = queueOf(6);
        let pushed = 0;
        let text = '';
        for (const push of steps) {
          if (push) {
            queue.push('x\n');
            pushed += 1;
          } else text += queue.take(4)?.text ?? '';
        }
        queue.resume();
        text += takeAll(queue);
        queue.resume();
        text += takeAll(queue);
        const written = (text.match(/x/g) ?? []).length;
        const counted = [...text.matchAll(/\[(\d+) dropped/g)].reduce((sum, [, n]) => sum + Number(n), 0);
        expect(written + counted).toBe(pushed);
      }),
      { seed: 1 },
    );
  });
});
