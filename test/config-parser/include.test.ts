import { describe, expect, it } from 'vitest';
import { changeCheck, fullCheck, noCheck } from '../../src/config-parser/include.ts';
import type { ReadResult } from '../../src/config-parser/index.ts';
import { codes, places, readText, readTexts, shape } from './language-helpers.ts';

const failures: Readonly<Record<string, ReadResult>> = {
  unreadable: { error: 'permission denied' },
  folder: { error: 'it is a directory', isSkipped: true },
};

const files = {
  read: (name: string): ReadResult =>
    failures[name] ??
    (name.startsWith('is') ? { text: `${name} read\n` } : { error: 'no such file', isMissing: true }),
  glob: (pattern: string): readonly string[] =>
    pattern.startsWith('is') ? ['is1', 'is2'] : pattern === 'fold*' ? ['folder'] : [],
};

/** What each variant says: `ok`, or how bad it is. */
function verdicts(pattern: string, lead = ''): string {
  const keywords = ['include', 'includer', 'includem', 'includew', 'includeb', 'includea'];
  return keywords
    .map((keyword) => {
      const { diagnostics } = readText(`${lead}${keyword} ${pattern}\n`, { files });
      return diagnostics[0]?.severity ?? 'ok';
    })
    .join(' ');
}

describe('an include', () => {
  it.each([
    ['is', 'ok ok ok ok ok ok'],
    ['is*', 'ok ok ok ok ok ok'],
    ['none', 'warning warning fatal fatal warning fatal'],
    ['none*', 'warning warning warning fatal warning fatal'],
    ['folder', 'warning fatal fatal fatal fatal fatal'],
    ['fold*', 'warning fatal fatal fatal fatal fatal'],
    ['is{1,2}', 'ok ok ok ok ok ok'],
    ['{is,none}', 'warning warning warning warning fatal fatal'],
    ['{non,none}', 'warning warning fatal fatal fatal fatal'],
  ])('of %s fails by variant as %s', (pattern, expected) => {
    expect(verdicts(pattern)).toBe(expected);
  });

  it('reads all that its pattern stands for, in order, where it stands', () => {
    const { statements } = readText('a {\ninclude is*\n}\ninclude {isb,isa}\n', { files });
    expect(shape(statements)).toBe('a{is1 read; is2 read}; isb read; isa read');
  });

  it('keeps the quotes and the blanks of its pattern', () => {
    const asked: string[] = [];
    const read = (name: string): ReadResult => {
      asked.push(name);
      return { text: '' };
    };
    readText('include "a b" c # note\n', { files: { read } });
    expect(asked).toEqual(['"a b" c']);
  });

  it('is found behind @id, in variables and in sequences, too', () => {
    const text = '@lb01 include is1\n@lb02 include is2\n$A=include is3\n$A\n~SEQ(i,2) include is$i\n';
    expect(shape(readText(text, { files }).statements)).toBe('is1 read; is3 read; is1 read; is2 read');
  });

  it('fails as includea does where all must be there', () => {
    const { diagnostics } = readText('include none\n', { files, includeAll: true });
    expect(diagnostics.map(({ severity }) => severity)).toEqual(['fatal']);
  });

  it('leads from a file to the line that included it', () => {
    const { sources } = readTexts({
      'a.conf': 'x\ninclude b.conf\n',
      'b.conf': 'include c.conf\n',
      'c.conf': '',
    });
    const from = sources.get('c.conf')?.includedFrom;
    expect(places(from, sources)).toBe('b.conf:include c.conf');
    expect(places(sources.get('b.conf')?.includedFrom, sources)).toBe('a.conf:include b.conf');
    expect(sources.get('a.conf')?.includedFrom).toBeUndefined();
  });

  it('without a pattern is an error', () => {
    expect(codes(readText('include # x\n'))).toEqual(['error missing-argument']);
  });

  it('may open a block in one file and close it in another', () => {
    const read = readTexts({ 'a.conf': 'include o\nb\ninclude c\nd\n', o: 'a {\n', c: '}\n' });
    expect(shape(read.statements)).toBe('a{b}; d');
    expect(codes(read)).toEqual([]);
  });
});

describe('include_check', () => {
  it.each([
    ['', 'fatal', 'fatal', 'fatal'],
    ['read', 'warning', 'warning', 'warning'],
    ['match', 'fatal', 'warning', 'warning'],
    ['wildcard_match', 'warning', 'fatal', 'warning'],
    ['brace_match', 'warning', 'warning', 'fatal'],
    ['+match +brace_match', 'fatal', 'warning', 'fatal'],
  ])('%s decides what a plain include fails for', (words, literal, wildcard, brace) => {
    const lead = `global_defs {\ninclude_check ${words}\n}\n`;
    const [first] = verdicts('none', lead).split(' ');
    const [second] = verdicts('none*', lead).split(' ');
    const [third] = verdicts('{is,none}', lead).split(' ');
    expect([first, second, third]).toEqual([literal, wildcard, brace]);
  });

  it('holds for what stands below it, and not for the file that included its own', () => {
    const read = readTexts({
      'a.conf': 'include x\ninclude b.conf\ninclude y\n',
      'b.conf': 'include_check\ninclude z\n',
    });
    expect(read.diagnostics.map(({ severity, message }) => `${severity} ${message.at(-15)}`)).toHaveLength(3);
    expect(read.diagnostics.map(({ severity }) => severity)).toEqual(['warning', 'fatal', 'warning']);
  });

  it.each([
    [['read'], { ...noCheck, read: true }],
    [['match'], { ...noCheck, read: true, match: true }],
    [['-match'], { ...fullCheck, match: false }],
    [['-read', '-brace_match'], { ...fullCheck, read: false, brace: false }],
    [['readable'], noCheck],
    [['match', 'brace_match'], { ...noCheck, read: true, match: true }],
    [['match', '+brace_match'], { ...noCheck, read: true, match: true, brace: true }],
    [['+toString'], fullCheck],
  ])('%j changes all checks to %j', (words, expected) => {
    expect(changeCheck(fullCheck, words)).toEqual(expected);
  });
});
