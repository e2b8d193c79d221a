import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSource, printCst } from '../../src/config-parser/index.ts';
import { repository } from './parse-helpers.ts';

function roundTrip(text: string): string {
  return printCst(parseSource({ name: 'x', text }).file);
}

function tokens(text: string): readonly string[] {
  return parseSource({ name: 'x', text }).file.lines.flatMap((line) =>
    line.map((token) => `${token.kind} ${token.text}`),
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

  it('has offsets that point at the text of each token', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (input) => {
        const { lines } = parseSource({ name: 'x', text: input }).file;
        return lines
          .flat()
          .every((token) => input.startsWith(token.lead + token.text, token.start - token.lead.length));
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
    ['a byte order mark at the beginning only', '\uFEFFa\uFEFF', ['bom \uFEFF', 'word a\uFEFF']],
  ])('hold %s', (_, text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

function folderFiles(folder: string): readonly string[] {
  return readdirSync(repository + folder)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `${folder}/${name}`);
}
