import { describe, expect, it } from 'vitest';
import type { Source } from '../../src/config-parser/index.ts';
import type { Finding } from '../../src/lint/finding.ts';
import { describeHidden, foldFindings } from '../../src/lint/fold.ts';

const finding = (rule: string, message: string, level: Finding['level'] = 'warn'): Finding => ({
  rule,
  level,
  message,
});

const fold = (findings: readonly Finding[], maxFindings: number) =>
  foldFindings(findings, maxFindings, new Map());

describe('foldFindings', () => {
  it('counts each file that was named by itself, and what it includes as a part of it', () => {
    const from = { file: 'main', start: 0, end: 1 };
    const sources = new Map<string, Source>([
      ['main', { name: 'main', text: '' }],
      ['sub', { name: 'sub', text: '', includedFrom: from }],
      ['other', { name: 'other', text: '' }],
      ['circle', { name: 'circle', text: '', includedFrom: { ...from, file: 'circle' } }],
    ]);
    const at = (file: string): Finding => ({ ...finding('lvs/x', 'm'), span: { ...from, file } });
    const { shown, hidden } = foldFindings(
      [at('main'), at('sub'), at('sub'), at('other'), at('circle')],
      1,
      sources,
    );
    expect(shown).toEqual([at('main'), at('other'), at('circle')]);
    expect(hidden).toMatchObject([{ count: 2 }]);
  });

  it('shows the first of those that differ only in names and numbers, and counts the others', () => {
    const servers = [1, 2, 3, 4, 5].map((n) =>
      finding('lvs/x', `192.0.2.${n}:80 of "web_${n}" has weight ${n}`),
    );
    const { shown, hidden } = fold(servers, 2);
    expect(shown).toEqual(servers.slice(0, 2));
    expect(hidden).toEqual([{ rule: 'lvs/x', level: 'warn', count: 3 }]);
  });

  it('keeps apart different sentences, rules and levels', () => {
    const different = [
      finding('lvs/x', 'one thing'),
      finding('lvs/x', 'another thing'),
      finding('lvs/y', 'one thing'),
      finding('lvs/x', 'one thing', 'error'),
    ];
    expect(fold(different, 1)).toEqual({ shown: different, hidden: [] });
  });

  it('counts all that is hidden of a rule together, at its worst level', () => {
    const mixed = [
      ...Array.from({ length: 3 }, () => finding('lvs/x', 'one thing', 'info')),
      ...Array.from({ length: 4 }, () => finding('lvs/x', 'another thing', 'error')),
    ];
    expect(fold(mixed, 1).hidden).toEqual([{ rule: 'lvs/x', level: 'error', count: 5 }]);
  });

  it('shows all with 0, and folds nothing that is not more than was asked for', () => {
    const three = [1, 2, 3].map((n) => finding('lvs/x', `weight ${n}`));
    expect(fold(three, 0).shown).toEqual(three);
    expect(fold(three, 3)).toEqual({ shown: three, hidden: [] });
  });

  it('writes large numbers so that they can be read', () => {
    const line = (count: number) => describeHidden({ rule: 'lvs/x', level: 'warn', count });
    expect(line(1_234_567)).toBe('and 1,234,567 more of lvs/x: --max-findings 0 shows all');
    expect(line(999)).toContain('and 999 more');
  });
});
