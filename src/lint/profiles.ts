/** Which rules look, and how bad what they find is: a profile, and on top of it the operator's own wishes. */
import { nearest } from '../config-parser/index.ts';
import type { Finding, Level } from './finding.ts';
import type { Rule } from './rule.ts';

export type ProfileName = 'default' | 'strict' | 'compat';

/** With what each is for, in a few words. */
export const profiles: Readonly<Record<ProfileName, string>> = {
  default: 'what an operator wants to know',
  strict: 'also matters of taste',
  compat: 'only what keepalived itself would report',
};

/** What the operator wants of single rules, by name or by group (`vrrp/*`); the last that fits counts. */
export interface RuleSetting {
  readonly pattern: string;
  readonly level: Level | 'off';
}

export interface Selection {
  readonly profile: ProfileName;
  /** Names of all rules that there are. */
  readonly known: readonly string[];
  /** Those that look. What the parser finds is claimed by its rule even where that is not shown. */
  readonly rules: readonly Rule[];
  /** Names of those whose findings are shown. */
  readonly shown: ReadonlySet<string>;
  /** The finding with the level that the operator wants; undefined where it is not shown. */
  readonly adjust: (finding: Finding) => Finding | undefined;
}

export function selectRules(
  rules: readonly Rule[],
  profile: ProfileName,
  settings: readonly RuleSetting[],
): Selection {
  const wishes = new Map(rules.map(({ name }) => [name, wishFor(name, settings)]));
  const isShown = (rule: Rule) => {
    const wish = wishes.get(rule.name);
    return wish === undefined ? isInProfile(rule, profile) : wish !== 'off';
  };
  const shown = new Set(rules.filter(isShown).map(({ name }) => name));
  return {
    profile,
    known: [...wishes.keys()],
    rules: rules.filter((rule) => rule.kind === 'diagnostic' || shown.has(rule.name)),
    shown,
    adjust: (finding) => {
      if (wishes.has(finding.rule) && !shown.has(finding.rule)) return undefined;
      const wish = wishes.get(finding.rule);
      return wish === undefined || wish === 'off' ? finding : { ...finding, level: wish };
    },
  };
}

/** Whether a name, or a group such as `vrrp/*`, is that of a rule. */
export function matchesRule(pattern: string, name: string): boolean {
  return pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** The name or group that `pattern` was probably meant to be. */
export function suggestRule(pattern: string, names: readonly string[]): string | undefined {
  const afterSlash = names.find((name) => name.endsWith(`/${pattern}`));
  return afterSlash ?? nearest(pattern, [...names, ...new Set(names.map(groupPattern))]);
}

function groupPattern(name: string): string {
  return `${name.slice(0, name.indexOf('/'))}/*`;
}

function isInProfile({ isStrictOnly = false, keepalived }: Rule, profile: ProfileName): boolean {
  switch (profile) {
    case 'default':
      return !isStrictOnly;
    case 'strict':
      return true;
    case 'compat':
      return keepalived === 'fatal' || keepalived === 'reports';
  }
}

function wishFor(name: string, settings: readonly RuleSetting[]): RuleSetting['level'] | undefined {
  return settings.findLast(({ pattern }) => matchesRule(pattern, name))?.level;
}
