import { describe, expect, test } from 'vitest';
import type { RegexOption } from '../../../src/config-parser/config-checks.ts';
import { regexOptionNames } from '../../../src/config-parser/schema/arguments-http.ts';
import { compileRegex } from '../../../src/healthcheck/probes/http-regex.ts';

function matches(pattern: string, text: string, ...options: readonly RegexOption[]): boolean | string {
  const compiled = compileRegex(pattern, options);
  if ('refused' in compiled) return compiled.refused;
  compiled.regex.lastIndex = 0;
  return compiled.regex.test(text);
}

describe('without options', () => {
  test.each<[string, string, boolean]>([
    ['ok', 'all is ok', true],
    ['OK', 'all is ok', false],
    ['^b', 'a\nb', false],
    ['a$', 'a\n', true],
    ['a$', 'a\n\n', false],
    ['a.b', 'a\rb', true],
    ['a.b', 'a\nb', false],
    ['a\\Nb', 'a\rb', true],
    ['a\\sb', 'a\xa0b', false],
    ['a\\sb', 'a\tb', true],
    ['a[\\s]b', 'a\xa0b', false],
    ['[]a]+x', ']ax', true],
    ['[^]a]x', ']x', false],
    ['[[:digit:]]{2}', 'a12', true],
    ['[[:alpha:]_-]+$', 'ab_-', true],
    ['\\Aa\\z', 'a', true],
    ['a\\z', 'a\n', false],
    ['a\\Z', 'a\n', true],
    ['a\\Rb', 'a\r\nb', true],
    ['\\Qa.b*\\E+', 'a.b***', true],
    ['\\Qa.b\\E', 'axb', false],
    ['a\\/b/c', 'a/b/c', true],
    ['a{,2}', 'a{,2}', true],
    ['a{2}b', 'aab', true],
    ['x{a}', 'x{a}', true],
    ['(?P<day>\\d+)-\\k<day>', '12-12', true],
    ['(?i)OK', 'ok', true],
    ['a(?#comment)b', 'ab', true],
    ['(?<=a)b(?!c)', 'abd', true],
    ['\\x41\\x{42}', 'AB', true],
    ['\\<b\\>', '<b>', true],
    ['caf\u00e9', Buffer.from('caf\u00e9').toString('latin1'), true],
    ['caf.$', Buffer.from('caf\u00e9').toString('latin1'), false],
  ])('%j in %j: %j', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});

describe('the option', () => {
  test.each<[RegexOption, string, string, boolean]>([
    ['caseless', 'OK', 'ok', true],
    ['dotall', 'a.b', 'a\nb', true],
    ['multiline', '^b$', 'a\nb\nc', true],
    ['multiline', 'b\n^', 'b\n', false],
    ['alt_circumflex', 'a', 'a', true],
    ['dollar_endonly', 'a$', 'a\n', false],
    ['extended', 'a b # c\n c', 'abc', true],
    ['extended', 'a\\ b', 'a b', true],
    ['extended', '[ ]', ' ', true],
    ['allow_empty_class', 'a[]', 'a]', false],
    ['utf', 'caf.$', 'caf\u00e9', true],
    ['utf', '\u{1f600}{2}', '\u{1f600}\u{1f600}', true],
    ['ucp', '^\\w$', '\xe9', true],
    ['ucp', '^[\\w]$', '\xe9', true],
    ['ucp', '^\\W$', '\xe9', false],
    ['no_auto_capture', '(a)(?<x>b)\\1', 'abb', true],
  ])('%s makes %j in %j: %j', (option, pattern, text, expected) => {
    expect(matches(pattern, text, option)).toBe(expected);
  });

  test('alt_circumflex lets ^ match after the last line feed', () => {
    expect(matches('b\n^', 'b\n', 'multiline', 'alt_circumflex')).toBe(true);
  });

  test('ungreedy turns greedy and lazy round', () => {
    const found = (pattern: string): string | undefined => {
      const compiled = compileRegex(pattern, ['ungreedy']);
      return 'regex' in compiled ? compiled.regex.exec('<a><b>')?.[0] : compiled.refused;
    };
    expect([found('<.+>'), found('<.+?>')]).toEqual(['<a>', '<a><b>']);
  });

  test.each(regexOptionNames)('%s is accepted', (option) => {
    expect(matches('a', 'a', option)).toBe(true);
  });
});

test.each([
  ['a++', '"++" (possessive) is not supported'],
  ['(?>a)', 'the group "(?>a" is not supported'],
  ['(?i:a)', 'the group "(?i:" is not supported'],
  ['(?(1)a)', 'the group "(?(1" is not supported'],
  ['(*UTF)a', 'verbs such as "(*UTF)" are not supported'],
  ['a\\Kb', '"\\K" is not supported'],
  ['[[:^alpha:]]', '"[:^alpha:]" is not supported'],
  ['[\\S]', '"\\S" in a class is not supported'],
  ['[a', 'a "[" has no "]"'],
  ['a\\', 'it ends with a backslash'],
  ['*a', 'nothing stands before "*"'],
])('%j is refused by name', (pattern, why) => {
  expect(matches(pattern, '')).toBe(`the regex ${JSON.stringify(pattern)} cannot be used: ${why}`);
});

test('an unclosed group is refused', () => {
  expect(matches('(a', 'a')).toContain('the regex "(a" cannot be used: ');
});
