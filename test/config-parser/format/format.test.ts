import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFile } from '../../../src/config-parser/format/format.ts';
import { parseSource } from '../../../src/config-parser/index.ts';
import { parseTexts, repository } from '../parse-helpers.ts';

function format(text: string): string {
  return formatFile(parseSource({ name: 'test.conf', text }).file);
}

function meaning(text: string): unknown {
  const { config, diagnostics } = parseTexts({ 'test.conf': text });
  return { config, said: diagnostics.map(({ code, message }) => `${code}: ${message}`).toSorted() };
}

const cases: readonly (readonly [string, string, string])[] = [
  ['indents by block', 'a {\nb 1\nc {\nd\n}\n}\n', 'a {\n    b 1\n    c {\n        d\n    }\n}\n'],
  ['puts a brace behind its heading', 'a x\n\n# why\n{\nb\n}', 'a x {\n    # why\n    b\n}\n'],
  ['gives every brace its line', 'a { b } c { d }', 'a {\n    b\n}\n\nc {\n    d\n}\n'],
  ['leaves one blank between words, and before a comment', 'a\t b   c    # d  ', 'a b c # d\n'],
  ['keeps what is in quotes', 'a "b   c"   "#"', 'a "b   c" "#"\n'],
  [
    'keeps blanks that single quotes or a backslash may hold',
    "script 'a  b'\nx y\\  z",
    "script 'a  b'\nx y\\  z\n",
  ],
  [
    'leaves at most one blank line, none at the begin and end of a block',
    '\n\na {\n\nb\n\n\nc\n\n}\n\n\n',
    'a {\n    b\n\n    c\n}\n',
  ],
  [
    'keeps a definition with its lines as it is',
    '  $A=x \\\n    y { \\\n  z\n  b',
    '$A=x \\\n    y { \\\n  z\nb\n',
  ],
  [
    'keeps a line with a condition together',
    'a {\n@x b { c }\n@y d\n}',
    'a {\n    @x b { c }\n    @y d\n}\n',
  ],
  ['keeps sequences', 'a {\n~SEQ(i,1,3) b   $i\n}', 'a {\n    ~SEQ(i,1,3) b   $i\n}\n'],
  ['leaves out a stray carriage return with the blank before it', 'a { b \r}\n', 'a {\n    b\n}\n'],
  ['writes LF for CRLF', 'a {\r\nb\r\n}\r\n', 'a {\n    b\n}\n'],
  ['leaves a byte order mark alone', '\uFEFFa b\n\uFEFF  ', '\uFEFFa b\n\uFEFF\n'],
  [
    'leaves a byte order mark at the begin of its line',
    'a {\n\uFEFF  b {\nc\n}\n}',
    'a {\n\uFEFF  b {\n        c\n    }\n}\n',
  ],
  ['leaves no carriage return where it makes a line', 'a {\nb\r}\n\r}', 'a {\n    b\n}\n}\n'],
  ['takes what is left of a line end with it', 'a {\nb\r\r\n}\n\r', 'a {\n    b\n}\n'],
  [
    'keeps bytes at the end of a comment that count as space elsewhere',
    '# \xC3\xA0\na # \xA0 \n',
    '# \xC3\xA0\na # \xA0\n',
  ],
  [
    'keeps the blanks in the path of an include',
    'include a \t b\n@lb01 include a\tb\n@lb02 ~SEQ(i,1,2) include c\td',
    'include a \t b\n@lb01 include a\tb\n@lb02 ~SEQ(i,1,2) include c\td\n',
  ],
  ['does not make an include of what stands behind a brace', 'a { include x\n}', 'a { include x\n}\n'],
];

describe('the formatter', () => {
  it.each(cases)('%s', (_, before, after) => {
    expect(format(before)).toBe(after);
  });

  it.each(cases)('%s, and leaves its own result alone', (_, __, after) => {
    expect(format(after)).toBe(after);
  });

  it('leaves a name behind a dollar sign at its brace, where it is no variable', () => {
    expect(format('vrrp_instance $X{\n}\n')).toBe('vrrp_instance $X{\n}\n');
  });

  it('leaves its own result alone, and the meaning of any text', () => {
    const word = fc.constantFrom(
      'vrrp_instance', 'A', 'interface', 'eth0', '{', '}', '# c', '"q  r"', '@lb01', '$X=1', '$X', '$\u007bX}', '~SEQ(i,1,2)',
      'virtual_ipaddress', '192.0.2.1', "'s  t'", '\\', 'include', 'f.conf', '"open', 'virtual_router_id', '7', '@^lb01',
    ); // biome-ignore format: one list
    const blank = fc.constantFrom(' ', '  ', '\t', '\n', '\n', '\r\n', '');
    const text = fc
      .array(fc.tuple(word, blank), { maxLength: 24 })
      .map((pairs) => pairs.map(([one, space]) => one + space).join(''));
    fc.assert(
      fc.property(text, (before) => {
        const after = format(before);
        expect(format(after)).toBe(after);
        if (!hasBadBraces(before)) expect(meaning(after)).toEqual(meaning(before));
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});

const corpus = join(repository, '../shared/corpus');

describe.skipIf(!existsSync(corpus))('of the configurations in use', () => {
  const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.conf')) : [];

  it.each(files)('%s keeps its meaning and is formatted once and for all', (name) => {
    const before = readFileSync(join(corpus, name), 'latin1');
    const after = format(before);
    expect(format(after)).toBe(after);
    if (!hasBadBraces(before)) expect(meaning(after)).toEqual(meaning(before));
  });
});

/** Then indentation is asked what was meant, and it is what the formatter changes. */
function hasBadBraces(text: string): boolean {
  return parseTexts({ 'test.conf': text }).diagnostics.some(({ code }) => /brace|quote/.test(code));
}
