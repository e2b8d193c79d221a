/** `holdfast lint --list-rules`. */
import type { FormatName } from '../lint/formats/index.ts';
import type { Selection } from '../lint/profiles.ts';
import type { Rule } from '../lint/rule.ts';

/** One line a rule: its name, its level or `off` in this profile, and what it is about. As JSON for --format json. */
export function listRules(rules: readonly Rule[], { shown }: Selection, format: FormatName): string {
  const sorted = rules.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (format === 'json')
    return `${JSON.stringify(
      sorted.map((rule) => factsOf(rule, shown)),
      undefined,
      2,
    )}\n`;
  const widest = Math.max(0, ...sorted.map(({ name }) => name.length));
  return sorted
    .map(({ name, level, summary }) => {
      const state = shown.has(name) ? level : 'off';
      return `${name.padEnd(widest)}  ${state.padEnd('error'.length)}  ${summary}\n`;
    })
    .join('');
}

function factsOf({ name, level, summary, keepalived, isStrictOnly, kind }: Rule, shown: ReadonlySet<string>) {
  const needs = { pair: '--pair', host: '--host' }[kind as string];
  return {
    name,
    level,
    isOn: shown.has(name),
    summary,
    keepalived,
    isStrictOnly: isStrictOnly === true,
    ...(needs && { needs }),
  };
}
