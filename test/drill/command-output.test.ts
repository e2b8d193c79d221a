import { expect, test } from 'vitest';
import { CommandOutput } from '../../src/drill/kernels/command-output.ts';

function taken(...chunks: string[]): { text: string; status: number | undefined } {
  let text = '';
  const output = new CommandOutput((part) => {
    text += part;
  });
  for (const chunk of chunks) output.take(chunk);
  return { text, status: output.status };
}

test('output is passed on without carriage returns, and the status kept out of it', () => {
  expect(taken('one\r\ntwo', '\0' + '7\0')).toEqual({ text: 'one\ntwo', status: 7 });
});

test('the status is known only when all of it has come', () => {
  expect(taken('done\0', '12')).toEqual({ text: 'done', status: undefined });
  expect(taken('done\0', '12', '7\0')).toEqual({ text: 'done', status: 127 });
});

test('nothing after the status counts', () => {
  expect(taken('x\0' + '0\0noise', 'more\0' + '1\0')).toEqual({ text: 'x', status: 0 });
});
