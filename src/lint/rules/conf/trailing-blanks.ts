import type { Source, Span } from '../../../config-parser/index.ts';
import { fileRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

const text = textOf(instance('VI_1'));

export const trailingBlanks = fileRule({
  name: 'conf/trailing-blanks',
  level: 'info',
  summary: 'Lines end in blanks',
  details: `Blanks at the end of a line mean nothing to keepalived or to holdfast. They show up as changes when two directors'
files are compared, and some editors remove them by themselves. \`--fix\` takes them away, and so does \`holdfast fmt\`.`,
  keepalived: 'silent',
  isStrictOnly: true,
  bad: text.replace('eth0\n', 'eth0  \n'),
  good: text,
  check: ({ resolved }, report) => {
    for (const source of resolved.sources.values()) {
      const spans = blanksOf(source);
      const [first] = spans;
      if (first === undefined) continue;
      const lines = spans.length === 1 ? '1 line ends' : `${spans.length} lines end`;
      report({
        at: first,
        message: `${lines} in blanks, which comparing files shows as differences`,
        help: 'let --fix or "holdfast fmt" take them away',
        fix: {
          title: 'delete the blanks at the ends of lines',
          isSafe: true,
          edits: spans.map((span) => ({ span, text: '' })),
        },
      });
    }
  },
});

/** A quote that is not closed may hold the blanks of its line. */
function blanksOf({ name, text: content }: Source): readonly Span[] {
  const spans: Span[] = [];
  for (const match of content.matchAll(/(?<![ \t])[ \t]+(?=\r?\n|$)/g)) {
    const line = content.slice(content.lastIndexOf('\n', match.index) + 1, match.index);
    if (line.split('"').length % 2 === 0) continue;
    spans.push({ file: name, start: match.index, end: match.index + match[0].length });
  }
  return spans;
}
