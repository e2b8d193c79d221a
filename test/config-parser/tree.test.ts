import { describe, expect, it } from 'vitest';
import { parseSource } from '../../src/config-parser/parse.ts';
import { buildTree, type Statement } from '../../src/config-parser/tree.ts';

function tree(text: string) {
  const { file } = parseSource({ name: 'x', text });
  return buildTree(file.lines.map((tokens) => ({ file: 'x', tokens })));
}

/** `a b{c{}d}` for nested statements. */
function shape(statements: readonly Statement[]): string {
  return statements
    .map(({ keyword, args, block }) => {
      const heading = [keyword, ...args].map((word) => word.value).join(' ');
      return block === undefined ? heading : `${heading}{${shape(block.statements)}}`;
    })
    .join('; ');
}

function codes(text: string): readonly string[] {
  return tree(text).diagnostics.map(({ code, span }) => `${code} ${span?.start}`);
}

describe('the tree of statements', () => {
  it.each([
    ['a {\n b 1\n}\nc', 'a{b 1}; c'],
    ['a\n\n# note\n{\n b\n}', 'a{b}'],
    ['a{b}', 'a{b}'],
    ['a { b c }', 'a{b c}'],
    ['a {\n 5 } d {\n}', 'a{5}; d{}'],
    ['a { } b { } c', 'a{}; b{}; c'],
    ['a {\n} }', 'a{}'],
    ['a {\n', 'a{}'],
    ['a "b {" c', 'a b { c'],
    ['a b\\#c', 'a b#c'],
    ['"a b"', 'a b'],
  ])('of %j is %s', (text, expected) => {
    expect(shape(tree(text).statements)).toBe(expected);
  });

  it('leaves a block without a name out, with all that is in it', () => {
    const text = 'a\nb {\n}\n{\n c\n {\n }\n}\nd';
    expect(shape(tree(text).statements)).toBe('a; b{}; d');
    expect(codes(text)).toEqual(['unexpected-open-brace 8']);
  });

  it('reports a brace that closes nothing where it stands', () => {
    expect(codes('a {\n}\n}\nb')).toEqual(['unexpected-close-brace 6']);
  });

  it('reports a block that is never closed at the brace that opens it', () => {
    expect(codes('a {\n b {\n }\n')).toEqual(['unclosed-brace 2']);
    expect(codes('a {\n b {\n')).toEqual(['unclosed-brace 2', 'unclosed-brace 7']);
  });

  it('points at the first brace whose indentation belongs to another block', () => {
    const text = 'a {\n    b {\n    c {\n    }\n}\n';
    const notes = tree(text).diagnostics.map(({ notes }) => notes?.map(({ span }) => span?.start));
    expect(notes).toEqual([[text.lastIndexOf('}')]]);
  });

  it('has no opinion on indentation where all braces fit', () => {
    expect(tree('a {\n    b {\n    }\n').diagnostics.map(({ notes }) => notes)).toEqual([[]]);
  });
});
