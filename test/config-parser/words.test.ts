import { describe, expect, it } from 'vitest';
import { splitShellWords } from '../../src/config-parser/index.ts';

function split(text: string): readonly string[] | string {
  const result = splitShellWords(text);
  return result.ok ? result.words.map((word) => word.value) : result.error;
}

describe('splitShellWords', () => {
  it.each([
    ['/bin/check -p 80', ['/bin/check', '-p', '80']],
    ['"/bin/check -p 80" root', ['/bin/check -p 80', 'root']],
    ['a"b c"d', ['ab cd']],
    [`'a "b" c'`, ['a "b" c']],
    [`"it's"`, ["it's"]],
    ['a\\ b', ['a b']],
    ['"a\\"b"', ['a"b']],
    [`'a\\nb'`, ['a\\nb']],
    ['\\a\\b\\E\\f\\n\\r\\t\\v', ['\x07\b\x1b\f\n\r\t\v']],
    ['\\101\\x42\\x4g\\cA', ['AB\x04g\x01']],
    ['\\7\\1234', ['\x07S4']],
    ['\\q\\\\', ['q\\']],
    ['a\\', ['a\\']],
    ['""', ['']],
    ['  a\t b ', ['a', 'b']],
    ['', []],
  ])('splits %j', (text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it.each(['"a', "a'b", `"it's`])('refuses %j, whose quote is not closed', (text) => {
    expect(split(text)).toMatch(/is not closed/);
  });

  it('says where each word stood', () => {
    const result = splitShellWords(' a "b c"');
    expect(result.ok && result.words.map(({ start, end }) => [start, end])).toEqual([
      [1, 2],
      [3, 8],
    ]);
  });
});
