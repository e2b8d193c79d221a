/** Comments that suppress findings: what they speak of, and what is said of those that do no work. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lint/finding.ts';
import { suppressionWithoutReason } from '../../src/lint/rules/lint/suppression-without-reason.ts';
import { unknownRule } from '../../src/lint/rules/lint/unknown-rule.ts';
import { unusedSuppression } from '../../src/lint/rules/lint/unused-suppression.ts';
import { applySuppressions } from '../../src/lint/suppressions.ts';

const lintRules = [suppressionWithoutReason, unknownRule, unusedSuppression];
const known = ['vrrp/a', 'vrrp/b', 'lvs/a', 'conf/off', ...lintRules.map(({ name }) => name)];
const active = new Set(['vrrp/a', 'vrrp/b', 'lvs/a']);
const options = { known, active, rules: lintRules };

/** In `text` every `<A>` is a finding of vrrp/a at that place, and `<B>`, `<L>` of vrrp/b and lvs/a. */
function suppress(marked: string, change = {}) {
  const names: Readonly<Record<string, string>> = { A: 'vrrp/a', B: 'vrrp/b', L: 'lvs/a' };
  const findings: Finding[] = [];
  let text = '';
  for (const part of marked.split(/(<[ABL]>)/)) {
    const name = names[part.slice(1, -1)];
    if (name === undefined || !part.startsWith('<')) text += part;
    else {
      const start = text.length;
      findings.push({ rule: name, level: 'warn', message: 'm', span: { file: 'x', start, end: start + 1 } });
    }
  }
  const sources = new Map([['x', { name: 'x', text }]]);
  const result = applySuppressions(findings, sources, { ...options, ...change });
  const isOurs = ({ rule }: Finding) => rule.startsWith('lint/');
  return {
    text,
    left: result.findings.filter((finding) => !isOurs(finding)).map(({ rule }) => rule),
    said: result.findings.filter(isOurs),
    words: result.findings.filter(isOurs).map(({ rule, message }) => `${rule}: ${message}`),
    suppressedCount: result.suppressedCount,
  };
}

/** The text after the only fix. */
function fixed(marked: string): string {
  const { text, said } = suppress(marked);
  const [edit, ...more] = said.flatMap(({ fix }) => fix?.edits ?? []);
  if (edit === undefined || more.length > 0) throw new Error(`${more.length + 1} edits`);
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

describe('a comment', () => {
  it.each([
    ['at the end of a line is for that line', 'x <A>1 # lint-ignore vrrp/a -- why\ny <A>2\n', ['vrrp/a']],
    ['with "!" is as good', 'x <A>1 ! lint-ignore vrrp/a -- why\n', []],
    ['alone on a line is for the next', '# lint-ignore vrrp/a -- why\nx <A>1\ny <A>2\n', ['vrrp/a']],
    ['looks past blanks and comments', '# lint-ignore vrrp/a -- why\n\n  ! more\n# text\n  x <A>1\n', []],
    ['stands below another one', '# lint-ignore vrrp/a -- r\n# lint-ignore lvs/a -- r\nx <A>1 <L>2\n', []],
    ['names several rules', 'x <A>1 <L>2 <B>3 # lint-ignore vrrp/a, lvs/a -- why\n', ['vrrp/b']],
    ['names them without commas as well', 'x <A>1 <L>2 # lint-ignore vrrp/a lvs/a -- why\n', []],
    ['names a group', 'x <A>1 <B>2 <L>3 # lint-ignore vrrp/* -- why\n', ['lvs/a']],
    [
      'before a heading is for the heading only',
      '# lint-ignore vrrp/a -- r\nb <A>x {\n y <A>1\n}\n',
      ['vrrp/a'],
    ],
    ['of another rule is for nothing here', 'x <L>1 # lint-ignore vrrp/a -- why\n', ['lvs/a']],
    ['works without blanks and with CRLF', 'x <A>1 #lint-ignore vrrp/a -- why\r\ny <A>2\r\n', ['vrrp/a']],
    ['is no comment between quotes', 'x "# lint-ignore vrrp/a -- why" <A>1\n', ['vrrp/a']],
    ['must begin with the word', 'x <A>1 # do not lint-ignore vrrp/a -- why\n', ['vrrp/a']],
    ['on the last line needs no line end', 'x <A>1 # lint-ignore vrrp/a -- why', []],
    ['on the first line is for the second', '# lint-ignore vrrp/a -- why\nx <A>1', []],
  ])('%s', (_, marked, left) => {
    expect(suppress(marked).left).toEqual(left);
  });

  it('that suppresses is not spoken of, and counted', () => {
    expect(suppress('x <A>1 <A>2 # lint-ignore vrrp/a -- why\n')).toMatchObject({
      said: [],
      suppressedCount: 2,
    });
  });
});

describe('lint-ignore-block', () => {
  const comment = '# lint-ignore-block vrrp/a -- why\n';
  it.each([
    [
      'is for the whole block that follows',
      `${comment}b <A>x {\n c {\n <A>1\n }\n <A>2\n}\n<A>y\n`,
      ['vrrp/a'],
    ],
    ['knows a brace on a line of its own', `${comment}b <A>x\n{\n <A>1\n}\n<A>y\n`, ['vrrp/a']],
    ['knows a block on one line', `${comment}b <A>x { y <A>1 }\n<A>y\n`, ['vrrp/a']],
    ['at the end of the heading is for that block', `b x { ${comment} <A>1\n}\n<A>y\n`, ['vrrp/a']],
    ['without a block is for the next line', `${comment}x <A>1\nb {\n <A>2\n}\n`, ['vrrp/a']],
    ['of a block that nothing closes goes to the end', `${comment}b {\n <A>1\n`, []],
    ['counts no brace in quotes', `${comment}b {\n x "}"\n <A>1\n}\n<A>y\n`, ['vrrp/a']],
  ])('%s', (_, marked, left) => {
    expect(suppress(marked).left).toEqual(left);
  });
});

describe('lint-ignore-file', () => {
  it('is for the whole file, wherever it stands', () => {
    expect(suppress('<A>x\n<L>z\n# lint-ignore-file vrrp/a -- why\n<A>y').left).toEqual(['lvs/a']);
  });

  it('can suppress what is said of comments, without being called unused for it', () => {
    const { words } = suppress(
      '# lint-ignore-file lint/suppression-without-reason -- ours\nx <A>1 # lint-ignore vrrp/a\n',
    );
    expect(words).toEqual([]);
  });
});

describe('of a comment without a reason', () => {
  it.each([
    'x <A>1 # lint-ignore vrrp/a\n',
    'x <A>1 # lint-ignore vrrp/a --\n',
    'x <A>1 # lint-ignore vrrp/a -- \n',
  ])('%j: it is said, and it works', (marked) => {
    const { left, words } = suppress(marked);
    expect(left).toEqual([]);
    expect(words).toEqual([
      'lint/suppression-without-reason: this comment suppresses vrrp/a and does not say why',
    ]);
  });
});

describe('of a name that is no rule', () => {
  it('it is said which was meant, once and at the name', () => {
    const { said, text } = suppress('x # lint-ignore vrpp/a -- why\n');
    expect(said).toMatchObject([
      {
        rule: 'lint/unknown-rule',
        message: 'there is no rule "vrpp/a", so that nothing is suppressed by this name',
        help: 'write "vrrp/a"',
      },
    ]);
    expect(text.slice(said[0]?.span?.start, said[0]?.span?.end)).toBe('vrpp/a');
  });

  it('a group is known by what it holds', () => {
    expect(suppress('x <A>1 # lint-ignore vrrp/* -- why\n').words).toEqual([]);
    expect(suppress('x # lint-ignore nothing/* -- why\n').words).toHaveLength(1);
  });

  it.each([
    ['# lint-ignore\nx\n', 'this comment names no rule and suppresses nothing'],
    ['# lint-ignore -- why\nx\n', 'this comment names no rule and suppresses nothing'],
    [
      '# lint-ignore-next vrrp/a -- why\nx <A>1\n',
      '"lint-ignore-next" means nothing to the linter, so that this comment suppresses nothing',
    ],
  ])('%j says that it does nothing', (marked, message) => {
    expect(suppress(marked).words).toEqual([`lint/unknown-rule: ${message}`]);
  });
});

describe('of a comment that suppresses nothing', () => {
  it('it is said', () => {
    expect(suppress('x # lint-ignore vrrp/a -- why\n').words).toEqual([
      'lint/unused-suppression: there is no finding of vrrp/a on its line to suppress',
    ]);
  });

  it('nothing is said where the rule did not look', () => {
    expect(suppress('x # lint-ignore conf/off -- why\n').words).toEqual([]);
    expect(suppress('x # lint-ignore vrrp/a -- why\n', { active: new Set() }).words).toEqual([]);
  });

  it('nothing is said where the rules about comments are not wanted', () => {
    expect(suppress('x # lint-ignore vrrp/a\n', { rules: [] }).words).toEqual([]);
  });

  it.each([
    ['x 1  # lint-ignore vrrp/a -- why\ny\n', 'x 1\ny\n'],
    ['x 1\t# lint-ignore vrrp/a -- why\r\ny\r\n', 'x 1\r\ny\r\n'],
    ['x\n  # lint-ignore vrrp/a -- why\ny\n', 'x\ny\n'],
    ['x <B>1 # lint-ignore vrrp/a, vrrp/b -- why\n', 'x 1 # lint-ignore vrrp/b -- why\n'],
    ['x <B>1 # lint-ignore vrrp/b, lvs/a, vrrp/a -- why\n', 'x 1 # lint-ignore vrrp/b -- why\n'],
  ])('the fix of %j takes away what does no work and nothing else', (marked, after) => {
    expect(fixed(marked)).toBe(after);
  });
});

describe('a large file', () => {
  it('with a comment in each of 20,000 blocks takes time that grows with it, not with its square', () => {
    const marked = 'x <A>1 # lint-ignore vrrp/a -- why\ny <L>2\n'.repeat(20_000);
    const { left, suppressedCount } = suppress(marked);
    expect(left).toHaveLength(20_000);
    expect(suppressedCount).toBe(20_000);
  });
});
