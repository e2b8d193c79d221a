import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineShape } from '../../src/config-parser/cst.ts';
import { parseSource, printCst } from '../../src/config-parser/index.ts';
import { shapeOf } from '../../src/config-parser/line-shape.ts';
import { parseLines } from '../../src/config-parser/parse.ts';
import { repository } from './parse-helpers.ts';

function roundTrip(text: string): string {
  return printCst(parseSource({ name: 'x', text }).file);
}

function told({ form, isPlain, indent, brace, statement, tokens }: LineShape) {
  return { form, isPlain, indent, brace, tokens, words: [statement?.keyword, ...(statement?.args ?? [])] };
}

function tokens(text: string): readonly string[] {
  return parseSource({ name: 'x', text }).file.lines.flatMap((line) =>
    line.shape.tokens.map((token) => `${token.kind} ${token.text}`),
  );
}

const pieces = [
  'vrrp_instance', ' ', '\t', '\n', '\r\n', '\r', '{', '}', '"', "'", '#', '!', '\\', '\\#', '$', `\${`, `\${X}`, '$X=', '~SEQ(',
  '@id', '\uFEFF', '\0', 'é', '😀', '10.0.0.3/24', 'include x',
] as const; // biome-ignore format: one list

describe('the concrete syntax', () => {
  it('gives back every text made of the pieces that mean something', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (input) => roundTrip(input) === input),
      { numRuns: 3000 },
    );
  });

  it('gives back every text whatsoever', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (input) => roundTrip(input) === input),
      { numRuns: 1000 },
    );
  });

  it('tells of a line what it would tell of it alone, and keeps one shape for equal lines', () => {
    const line = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (some) => {
        const text = [...some, ...some].join('\n');
        const { lines } = parseSource({ name: 'x', text }).file;
        expect(lines.map(({ shape }) => shape.text).join('')).toBe(text);
        expect(lines.map(({ start, shape }) => text.startsWith(shape.text, start))).not.toContain(false);
        expect(new Set(lines.map(({ shape }) => shape)).size).toBe(
          new Set(lines.map(({ shape }) => shape.text)).size,
        );
        for (const { shape } of lines) expect(told(shape)).toEqual(told(shapeOf(shape.text)));
      }),
    );
  });

  it('has offsets that point at the text of each token', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (input) => {
        const { lines } = parseSource({ name: 'x', text: input }).file;
        return lines.every(({ start, shape }) =>
          shape.tokens.every(({ lead, text, start: own }) =>
            input.startsWith(lead + text, start + own - lead.length),
          ),
        );
      }),
    );
  });

  it.each(folderFiles('examples'))('gives back the example %s', (path) => {
    const text = readFileSync(repository + path, 'utf8');
    expect(roundTrip(text)).toBe(text);
  });

  it.skipIf(!existsSync(`${repository}../shared/corpus`))('gives back every file of the corpus', () => {
    const files = folderFiles('../shared/corpus');
    expect(files.length).toBeGreaterThan(0);
    for (const path of files) {
      const text = readFileSync(repository + path, 'utf8');
      expect(roundTrip(text) === text, path).toBe(true);
    }
  });
});

describe('tokens', () => {
  it.each([
    ['a comment inside a word', 'eth0!x\n', ['word eth0', 'comment !x', 'newline \n']],
    ['no comment after a backslash', 'a\\#b c\n', ['word a\\#b', 'word c', 'newline \n']],
    ['a brace at the end of a word', 'a{b}', ['word a', 'open {', 'word b', 'close }']],
    ['nothing but text between double quotes', '"a { # }"x', ['quoted "a { # }"', 'word x']],
    ['a quote that begins inside a word', 'a"b c"', ['word a', 'quoted "b c"']],
    ['braces between single quotes as braces', "'a{'", ["word 'a", 'open {', "word '"]],
    ['an open quote to the end of its line', '"a b\nc', ['unterminated "a b', 'newline \n', 'word c']],
    ['an open quote without the CR of its line', '"a\r\nc', ['unterminated "a', 'newline \r\n', 'word c']],
    ['a variable with its braces', `x\${A 1}y {`, [`word x\${A 1}y`, 'open {']],
    ['an open variable as a brace', `\${A`, ['word $', 'open {', 'word A']],
    ['a lone CR as text', 'a\rb\r\n', ['word a\rb', 'newline \r\n']],
    ['blanks at the end of the file', 'a  ', ['word a', 'newline ']],
    [
      'a byte order mark at the beginning of a line only',
      'a\uFEFF \uFEFF\n\uFEFFb',
      ['word a\uFEFF', 'word \uFEFF', 'newline \n', 'bom \uFEFF', 'word b'],
    ],
  ])('hold %s', (_, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

function folderFiles(folder: string): readonly string[] {
  return readdirSync(repository + folder)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `${folder}/${name}`);
}

describe('the shape of a line', () => {
  const word = fc.constantFrom(
    'a',
    'b1',
    '10.0.0.1',
    'include',
    'x/y',
    '$X',
    '"q r"',
    '{',
    '}',
    '# c',
    '@i',
    '\\#',
    'é',
  );
  const blank = fc.constantFrom('', ' ', '  ', '\t');
  const line = fc
    .tuple(blank, fc.array(fc.tuple(word, blank), { maxLength: 6 }), fc.constantFrom('\n', '\r\n'))
    .map(([lead, pairs, end]) => lead + pairs.map(([one, space]) => one + space).join('') + end);

  it('is the same whether the line is parsed by itself or shares its outline with others', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const shared = parseLines(lines.join(''));
        for (const [index, text] of lines.entries())
          expect(facts(shared[index])).toEqual(facts(shapeOf(text)));
      }),
      { numRuns: 500 },
    );
  });
});

function facts(shape: LineShape | undefined): unknown {
  if (shape === undefined) return undefined;
  const { text, form, isPlain, indent, brace, statement, tokens } = shape;
  return {
    text,
    form,
    isPlain,
    indent,
    brace,
    words: statement && [statement.keyword, ...statement.args],
    tokens,
  };
}
