import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter, LineTooLongError } from '../../../src/daemon/control-socket/line-splitter.ts';

test('lines come out as they went in, however the bytes are cut', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', '')));
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 20 }), (wanted, size) => {
      const bytes = Buffer.from(wanted.map((line) => `${line}\n`).join(''));
      const splitter = new LineSplitter(10_000);
      const found: string[] = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...splitter.push(bytes.subarray(at, at + size)));
      expect(found).toEqual(wanted);
    }),
  );
});

test('a line may be as long as the limit and not a byte longer, ended or not', () => {
  expect(new LineSplitter(4).push(Buffer.from('abcd\n'))).toEqual(['abcd']);
  expect(() => new LineSplitter(4).push(Buffer.from('abcde\n'))).toThrow(LineTooLongError);
  const splitter = new LineSplitter(4);
  splitter.push(Buffer.from('abc'));
  expect(() => splitter.push(Buffer.from('de'))).toThrow(LineTooLongError);
});
