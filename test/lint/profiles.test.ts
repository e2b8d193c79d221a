import { describe, expect, it } from 'vitest';
import {
  matchesRule,
  type ProfileName,
  type RuleSetting,
  selectRules,
  suggestRule,
} from '../../src/lint/profiles.ts';
import type { Rule, RuleFacts } from '../../src/lint/rule.ts';

function rule(name: string, change: Partial<RuleFacts> = {}, kind: 'file' | 'diagnostic' = 'file'): Rule {
  const facts: RuleFacts = {
    name,
    level: 'warn',
    summary: '',
    details: '',
    keepalived: 'silent',
    bad: '',
    good: '',
    ...change,
  };
  return kind === 'file'
    ? { ...facts, kind, check: () => undefined }
    : { ...facts, kind, claims: () => true };
}

const rules: readonly Rule[] = [
  rule('vrrp/silent'),
  rule('vrrp/strict', { isStrictOnly: true }),
  rule('vrrp/fatal', { keepalived: 'fatal' }),
  rule('lvs/reports', { keepalived: 'reports' }),
  rule('lvs/logs', { keepalived: 'logs' }),
  rule('conf/parsed', {}, 'diagnostic'),
];
const finding = (name: string) => ({ rule: name, level: 'warn', message: 'm' }) as const;
const select = (profile: ProfileName, ...settings: RuleSetting[]) => selectRules(rules, profile, settings);

describe('a profile', () => {
  it.each<[ProfileName, string[]]>([
    ['default', ['vrrp/silent', 'vrrp/fatal', 'lvs/reports', 'lvs/logs', 'conf/parsed']],
    ['strict', rules.map(({ name }) => name)],
    ['compat', ['vrrp/fatal', 'lvs/reports']],
  ])('%s shows %j', (profile, names) => {
    expect([...select(profile).shown]).toEqual(names);
  });

  it('has only its own rules look, but for those that claim what the parser finds', () => {
    const { rules: looking, adjust } = select('compat');
    expect(looking.map(({ name }) => name)).toEqual(['vrrp/fatal', 'lvs/reports', 'conf/parsed']);
    expect(adjust(finding('conf/parsed'))).toBeUndefined();
    expect(adjust(finding('vrrp/fatal'))).toEqual(finding('vrrp/fatal'));
  });

  it('shows what no rule claims', () => {
    expect(select('compat').adjust(finding('conf/new-code'))).toEqual(finding('conf/new-code'));
  });
});

describe('a setting', () => {
  it('switches a rule off, and one on that the profile does not have', () => {
    const { shown } = select(
      'default',
      { pattern: 'vrrp/silent', level: 'off' },
      { pattern: 'vrrp/strict', level: 'info' },
    );
    expect(shown.has('vrrp/silent')).toBe(false);
    expect(shown.has('vrrp/strict')).toBe(true);
  });

  it('changes the level, of a group too, and the last one counts', () => {
    const { adjust } = select(
      'default',
      { pattern: 'vrrp/*', level: 'error' },
      { pattern: 'vrrp/fatal', level: 'info' },
    );
    expect(adjust(finding('vrrp/silent'))?.level).toBe('error');
    expect(adjust(finding('vrrp/fatal'))?.level).toBe('info');
    expect(adjust(finding('lvs/logs'))?.level).toBe('warn');
  });
});

describe('a name', () => {
  it('fits itself, and a group all that it holds and no group that begins alike', () => {
    expect(matchesRule('vrrp/x', 'vrrp/x')).toBe(true);
    expect(matchesRule('vrrp/x', 'vrrp/xy')).toBe(false);
    expect(matchesRule('vrrp/*', 'vrrp/x')).toBe(true);
    expect(matchesRule('vrrp/*', 'vrrp2/x')).toBe(false);
    expect(matchesRule('*', 'vrrp/x')).toBe(false);
  });

  it.each([
    ['vrrp/vrid-sprase', 'vrrp/vrid-sparse'],
    ['vrid-sparse', 'vrrp/vrid-sparse'],
    ['vrpp/*', 'vrrp/*'],
    ['something/else-altogether', undefined],
  ])('%s was probably meant to be %s', (written, meant) => {
    expect(suggestRule(written, ['vrrp/vrid-sparse', 'pair/x'])).toBe(meant);
  });
});
