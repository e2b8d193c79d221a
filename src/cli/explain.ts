/** `holdfast explain NAME`: what a keyword or a rule is about. */
import { nearest } from '../config-parser/index.ts';
import { matchesRule, suggestRule } from '../lint/profiles.ts';
import { explain, explainable } from '../lint/reference/explain.ts';
import { allRules } from '../lint/rules/index.ts';
import type { Streams } from './streams.ts';

/** Exit status: 0 explained, 2 not known. `vrrp/*` is answered with one line for each rule of the group. */
export function runExplain(names: readonly string[], streams: Streams): number {
  const answers = names.map((name) => ({ name, text: explain(name, allRules) ?? explainGroup(name) }));
  streams.out(answers.flatMap(({ text }) => text ?? []).join('\n'));
  const unknown = answers.filter(({ text }) => text === undefined);
  for (const { name } of unknown) streams.error(`holdfast explain: ${describeUnknown(name)}\n`);
  return unknown.length > 0 ? 2 : 0;
}

function explainGroup(pattern: string): string | undefined {
  if (!pattern.endsWith('/*')) return undefined;
  const rules = allRules.filter(({ name }) => matchesRule(pattern, name));
  const widest = Math.max(0, ...rules.map(({ name }) => name.length));
  const lines = rules.map(({ name, summary }) => `${name.padEnd(widest)}  ${summary}\n`).sort();
  return lines.length === 0 ? undefined : lines.join('');
}

/** Every name that can be explained, one a line. */
export function listExplainable(streams: Streams): number {
  streams.out(
    explainable(allRules)
      .map((name) => `${name}\n`)
      .join(''),
  );
  return 0;
}

function describeUnknown(name: string): string {
  const rules = allRules.map((rule) => rule.name);
  const near = suggestFrom(name, rules);
  const guess =
    near === undefined ? '"holdfast explain --list" prints every name' : `did you mean "${near}"?`;
  return `"${name}" is neither a keyword nor a rule; ${guess}`;
}

/** The keyword first: of `vip-default-prefix` there is none, and the rule is found by what follows its slash. */
function suggestFrom(name: string, rules: readonly string[]): string | undefined {
  if (name.includes('/')) return suggestRule(name, rules);
  return nearest(name, explainable(allRules)) ?? suggestRule(name, rules);
}
