/** `holdfast explain NAME`: a keyword or a rule, as text for a terminal. */
import type { Rule } from '../rule.ts';
import { allSpellings, factsOf, findMeanings, type KeywordFacts, usageOf } from './keywords.ts';
import { examplesOf, keepalivedSays } from './rule-page.ts';

/** Undefined when `name` is neither a rule nor a keyword. */
export function explain(name: string, rules: readonly Rule[]): string | undefined {
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule !== undefined) return explainRule(rule);
  const meanings = findMeanings(name);
  return meanings.length === 0 ? undefined : meanings.map(explainKeyword).join('\n');
}

/** Everything that can be explained: for completion, and for what a mistyped name may have meant. */
export function explainable(rules: readonly Rule[]): readonly string[] {
  return [...rules.map(({ name }) => name), ...allSpellings()];
}

function explainRule(rule: Rule): string {
  const { name, level, summary, details } = rule;
  const examples = examplesOf(rule).map(({ title, files }) =>
    files
      .map(({ name: file, text }) => `${title}${file === '' ? '' : ` (${file})`}:\n\n${indent(text)}`)
      .join('\n'),
  );
  return [`${name} (${level})\n${summary}\n`, `${details}\n`, `${keepalivedSays(rule)}\n`, ...examples].join(
    '\n',
  );
}

function explainKeyword({ name, entry, paths }: KeywordFacts): string {
  const places = paths.map((path) => (path.length === 0 ? 'outside of all blocks' : path.join(' > ')));
  const facts = factsOf(entry).map((fact) => `  ${fact}\n`);
  return `${usageOf(name, entry)}\n  ${entry.doc}\n  In ${places.join(', ')}\n${facts.join('')}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
