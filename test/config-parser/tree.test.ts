import { describe, expect, it } from 'vitest';
import { fileOrigin } from '../../src/config-parser/origin.ts';
import { parseLines } from '../../src/config-parser/parse.ts';
import { buildTree, type Statement } from '../../src/config-parser/tree.ts';

function tree(text: string) {
  const shapes = parseLines(text);
  const origin = fileOrigin('x');
  return buildTree([{ origin, start: 0, shapes, from: 0, to: shapes.length, isExpanded: false }]);
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

  it('tells by the indentation of a closing brace which block above it is not closed', () => {
    const text = 'a {\n    b {\n    c {\n    }\n}\nd';
    expect(codes(text)).toEqual([`unclosed-brace ${text.indexOf('{', 3)}`]);
    expect(tree(text).diagnostics[0]?.notes?.[0]?.span?.start).toBe(text.lastIndexOf('}'));
    expect(shape(tree(text).statements)).toBe('a{b{c{}}}; d');
  });

  it('tells by the indentation of a line that it is outside of the block above it', () => {
    const text = 'a {\n    b {\n        c\n    d {\n        e\n    }\n}\nf {\n    g\n}\n';
    expect(codes(text)).toEqual([`unclosed-brace ${text.indexOf('{', 3)}`]);
    expect(shape(tree(text).statements)).toBe('a{b{c}; d{e}}; f{g}');
  });

  it('tells by its indentation which closing brace is one too many', () => {
    const text = 'a {\n    b {\n        c\n    }\n    }\n    d\n}\ne';
    expect(codes(text)).toEqual([`unexpected-close-brace ${text.indexOf('}', text.indexOf('}') + 1)}`]);
    expect(shape(tree(text).statements)).toBe('a{b{c}; d}; e');
  });

  it('asks no indentation where the braces come out even, however the lines stand', () => {
    const text = 'a {\n        b {\nc\n    }\n        }\nd';
    expect(codes(text)).toEqual([]);
    expect(shape(tree(text).statements)).toBe('a{b{c}}; d');
  });

  it('shares what equal lines say, and places each', () => {
    const [first, second] = tree('a {\n b 1\n}\na {\n b 1\n}\n').statements;
    expect(first?.shape).toBe(second?.shape);
    expect(first?.block?.statements[0]?.shape).toBe(second?.block?.statements[0]?.shape);
    const [word] = second?.block?.statements[0]?.args ?? [];
    expect([word?.file, word?.start, word?.end, word?.value]).toEqual(['x', 18, 19, '1']);
    expect([second?.block?.open.start, second?.block?.close?.start]).toEqual([13, 20]);
  });

  it('has no opinion on indentation where all braces fit', () => {
    expect(tree('a {\n    b {\n    }\n').diagnostics.map(({ notes }) => notes)).toEqual([[]]);
  });
});
