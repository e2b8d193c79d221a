import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFixes } from '../../src/lint/apply-fixes.ts';
import type { Edit, Finding } from '../../src/lint/finding.ts';

function edit(start: number, end: number, text: string, file = 'a.conf'): Edit {
  return { span: { file, start, end }, text };
}

function finding(edits: readonly Edit[], isSafe = true): Finding {
  return { rule: 'x/y', level: 'warn', message: 'm', fix: { title: 't', isSafe, edits } };
}

const texts = new Map([
  ['a.conf', '0123456789'],
  ['b.conf', 'abc'],
]);

function apply(findings: readonly Finding[], unsafe = false) {
  const { texts: changed, appliedCount } = applyFixes(findings, texts, { unsafe });
  return { ...Object.fromEntries(changed), appliedCount };
}

describe('applying fixes', () => {
  it('replaces, inserts and deletes at the offsets of the text before', () => {
    const fixes = [finding([edit(8, 10, 'END')]), finding([edit(0, 1, '')]), finding([edit(4, 4, '+')])];
    expect(apply(fixes)).toEqual({ 'a.conf': '123+4567END', appliedCount: 3 });
  });

  it('leaves out an unsafe fix unless it was asked for', () => {
    const unsafe = [finding([edit(0, 1, 'x')], false)];
    expect(apply(unsafe)).toEqual({ appliedCount: 0 });
    expect(apply(unsafe, true)).toEqual({ 'a.conf': 'x123456789', appliedCount: 1 });
  });

  it('lets the first of two overlapping fixes win', () => {
    expect(apply([finding([edit(2, 5, 'A')]), finding([edit(4, 6, 'B')])])).toEqual({
      'a.conf': '01A56789',
      appliedCount: 1,
    });
  });

  it('does a fix of several edits whole or not at all, also across files', () => {
    const both = finding([edit(0, 1, 'X'), edit(0, 1, 'Y', 'b.conf')]);
    expect(apply([both])).toEqual({ 'a.conf': 'X123456789', 'b.conf': 'Ybc', appliedCount: 1 });
    expect(apply([finding([edit(0, 2, 'Z', 'b.conf')]), both])).toEqual({ 'b.conf': 'Zc', appliedCount: 1 });
  });

  it('refuses an edit outside of its text, or of a text that it does not have', () => {
    expect(apply([finding([edit(9, 11, '')])])).toEqual({ appliedCount: 0 });
    expect(apply([finding([edit(0, 0, 'x', 'c.conf')])])).toEqual({ appliedCount: 0 });
  });

  it('does two insertions at one place one at a time', () => {
    expect(apply([finding([edit(3, 3, 'a')]), finding([edit(3, 3, 'b')])])).toEqual({
      'a.conf': '012a3456789',
      appliedCount: 1,
    });
  });

  it('gives what the applied edits give one by one from the end, whatever the edits are', () => {
    const anyEdit = fc
      .tuple(fc.nat(10), fc.nat(10), fc.string({ maxLength: 3 }))
      .map(([a, b, text]) => edit(Math.min(a, b), Math.max(a, b), text));
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 6 }), (edits) => {
        const kept: Edit[] = [];
        for (const one of edits) {
          const { appliedCount } = applyFixes(
            [...kept, one].map((e) => finding([e])),
            texts,
            { unsafe: false },
          );
          if (appliedCount === kept.length + 1) kept.push(one);
        }
        const expected = kept
          .toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
          .reduce(
            (text, { span, text: by }) => text.slice(0, span.start) + by + text.slice(span.end),
            '0123456789',
          );
        const result = applyFixes(
          edits.map((e) => finding([e])),
          texts,
          { unsafe: false },
        );
        expect(result.texts.get('a.conf') ?? '0123456789').toBe(expected);
      }),
    );
  });
});
