import { describe, expect, it } from 'vitest';
import { type Fixing, fixUntilSettled, type Look } from '../../src/cli/fix-until-settled.ts';
import type { Finding } from '../../src/lint/finding.ts';

type Texts = Readonly<Record<string, string>>;

/** Offers to replace `from` by `to` wherever it stands; a text has a syntax error for each `{` in it. */
function replacing(start: Texts, replacements: readonly (readonly [from: string, to: string])[]): Fixing {
  const look = (changed: ReadonlyMap<string, string>): Look => {
    const texts = new Map([...Object.entries(start), ...changed]);
    const findings = [...texts].flatMap(([file, text]) =>
      replacements.flatMap(([from, to]) => (text.includes(from) ? [finding(file, text, from, to)] : [])),
    );
    const sources = new Map([...texts].map(([name, text]) => [name, { name, text }]));
    const syntaxErrors = new Map([...texts].map(([name, text]) => [name, text.split('{').length - 1]));
    return { findings, suppressedCount: 0, sources, syntaxErrors };
  };
  return { look, identify: (name) => name, unsafe: false };
}

function finding(file: string, text: string, from: string, to: string): Finding {
  const start = text.indexOf(from);
  const edits = [{ span: { file, start, end: start + from.length }, text: to }];
  return { rule: 'x/y', level: 'warn', message: 'm', fix: { title: 't', isSafe: true, edits } };
}

const texts = ({ texts }: { texts: ReadonlyMap<string, string> }) => Object.fromEntries(texts);

describe('fixing until nothing changes', () => {
  it('makes fixes that become possible through others, and counts each', () => {
    const settled = fixUntilSettled(
      replacing({ a: 'one' }, [
        ['one', 'two'],
        ['two', 'three'],
      ]),
    );
    expect(texts(settled)).toEqual({ a: 'three' });
    expect(settled.applied).toHaveLength(2);
    expect(settled.last.findings).toEqual([]);
  });

  it('ends after ten rounds where fixes undo each other', () => {
    const settled = fixUntilSettled(
      replacing({ a: 'left' }, [
        ['left', 'right'],
        ['right', 'left'],
      ]),
    );
    expect(settled.applied).toHaveLength(10);
  });

  it('keeps a file as it is in which there would be more syntax errors, and mends the others', () => {
    const settled = fixUntilSettled(
      replacing({ a: 'old word', b: 'old' }, [
        ['word', '{'],
        ['old', 'new'],
      ]),
    );
    expect(texts(settled)).toEqual({ b: 'new' });
    expect([...settled.kept]).toEqual(['a']);
    expect(settled.applied.map(({ fix }) => fix?.edits[0]?.span.file)).toEqual(['b']);
    expect(settled.last.findings.map(({ fix }) => fix?.edits[0]?.span.file)).toEqual(['a', 'a']);
  });

  it('keeps a file that has as many syntax errors as before', () => {
    expect(texts(fixUntilSettled(replacing({ a: '{ old' }, [['old', 'new']])))).toEqual({ a: '{ new' });
  });

  it('trusts no change where the syntax error shows in a file that was not changed', () => {
    const { look, ...rest } = replacing({ main: '', part: 'old' }, [['old', 'new']]);
    const settled = fixUntilSettled({
      ...rest,
      look: (changed) => ({ ...look(changed), syntaxErrors: new Map([['main', changed.size]]) }),
    });
    expect(texts(settled)).toEqual({});
    expect([...settled.kept]).toEqual(['part']);
  });

  it('treats two names of one file as one', () => {
    const start = { 'a/b': 'old old', './a/b': 'old old' };
    const fixing = { ...replacing(start, [['old', 'new']]), identify: () => '/a/b' };
    const settled = fixUntilSettled({
      ...fixing,
      look: (changed) => {
        const text = changed.get('/a/b') ?? 'old old';
        return fixing.look(new Map([...Object.keys(start)].map((name) => [name, text])));
      },
    });
    expect(texts(settled)).toEqual({ '/a/b': 'new new' });
    expect(settled.applied).toHaveLength(2);
  });
});
