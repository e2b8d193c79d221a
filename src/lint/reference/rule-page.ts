/** The documentation of the rules: a page each, and the index. */
import type { Example, Rule } from '../rule.ts';

export interface ShownFile {
  /** Empty where the example is a single file. */
  readonly name: string;
  readonly text: string;
}

export interface ShownExample {
  readonly title: string;
  readonly files: readonly ShownFile[];
}

export function examplesOf({ bad, good }: Rule): readonly ShownExample[] {
  return [
    { title: 'Reported', files: filesOf(bad) },
    { title: 'Not reported', files: filesOf(good) },
  ];
}

/** What keepalived makes of it, as a sentence. */
export function keepalivedSays({ keepalived }: Rule): string {
  switch (keepalived) {
    case 'fatal':
      return 'keepalived does not start with it.';
    case 'reports':
      return '`keepalived -t` reports it too.';
    case 'logs':
      return 'keepalived mentions it only in the log of the running daemon; `keepalived -t` is silent.';
    case 'silent':
      return 'keepalived says nothing about it.';
  }
}

/** Markdown. */
export function rulePage(rule: Rule): string {
  const { name, level, summary, details } = rule;
  const examples = examplesOf(rule).flatMap(({ title, files }) => [
    `## ${title}\n`,
    ...files.map(({ name: file, text }) => `${file === '' ? '' : `\`${file}\`:\n\n`}\`\`\`\n${text}\`\`\`\n`),
  ]);
  return [
    `# ${name}\n`,
    `${summary}.\n`,
    `Level: ${level}. ${scopeOf(rule)} ${keepalivedSays(rule)}\n`,
    `${details}\n`,
    ...examples,
    suppression(name),
  ].join('\n');
}

/** Markdown: every rule in a table, by group. */
export function ruleIndex(rules: readonly Rule[]): string {
  const groups = [...new Set(rules.map(({ name }) => groupOf(name)))].toSorted();
  const tables = groups.map((group) => {
    const rows = rules
      .filter(({ name }) => groupOf(name) === group)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, level, keepalived, summary, isStrictOnly }) => {
        const profile = isStrictOnly === true ? ' (strict)' : '';
        return `| [\`${name}\`](${name}.md) | ${level}${profile} | ${keepalived} | ${summary.replaceAll('|', '\\|')} |\n`;
      });
    return `## ${group}\n\n| Rule | Level | keepalived | |\n|---|---|---|---|\n${rows.join('')}`;
  });
  return [
    '# Rules of `holdfast lint`\n',
    'Made from the rules themselves by `npm run docs`. `holdfast explain RULE` prints the same page.\n',
    ...tables,
  ].join('\n');
}

export function groupOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function filesOf(example: Example): readonly ShownFile[] {
  if (typeof example === 'string') return [{ name: '', text: example }];
  return Object.entries(example).map(([name, text]) => ({ name, text }));
}

function scopeOf({ kind, isStrictOnly }: Rule): string {
  const scope =
    kind === 'pair' ? 'With `--pair`.' : kind === 'host' ? 'With `--host`.' : 'In each file by itself.';
  return isStrictOnly === true ? `${scope} Only in the profile \`strict\`.` : scope;
}

function suppression(name: string): string {
  return `To accept a single place, write the reason at the end of its line:\n\n\`\`\`\n# lint-ignore ${name} -- why it is meant so here\n\`\`\`\n`;
}
