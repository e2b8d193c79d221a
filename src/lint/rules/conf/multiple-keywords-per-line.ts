import type { Diagnostic } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { entriesFor } from './entries.ts';
import { instance, textOf } from './example.ts';
import { lineAt, textAt } from './source-text.ts';

/** keepalived.conf(5): one keyword a line. */
export const multipleKeywordsPerLine = diagnosticRule({
  name: 'conf/multiple-keywords-per-line',
  level: 'error',
  summary: 'A second keyword on a line is ignored',
  details: `A line is one keyword with its arguments. keepalived takes as many words as the first keyword needs and ignores the
others without a message, so that in \`auth_type PASS auth_pass x\` there is no password, and \`keepalived -t\` exits 0. Braces do not
change that: \`authentication { auth_type PASS auth_pass x }\` has no password either. Write every keyword on a line of its own.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1', ['advert_int 1 priority 150'])),
  good: textOf(instance('VI_1', ['advert_int 1', 'priority 150'])),
  claims: (diagnostic, file) => secondKeyword(diagnostic, file) !== undefined,
  levelOf: () => 'error',
  improve: (diagnostic, file) => {
    const second = secondKeyword(diagnostic, file);
    const fix = fixOf(diagnostic, file);
    return {
      message: `${second} stands on the line of ${diagnostic.subject?.keyword} and is ignored with all that follows it: it is as good as not written`,
      help: `write "${second}" on a line of its own`,
      ...(fix && { fix }),
    };
  },
});

function secondKeyword({ code, subject, span }: Diagnostic, file: FileModel): string | undefined {
  if (code !== 'extra-words' || subject === undefined || span === undefined) return undefined;
  const word = textAt(file, span).split(/[ \t]/, 1)[0] ?? '';
  return entriesFor(subject.block, word).length > 0 ? word : undefined;
}

/** Not a safe one: what was ignored begins to count. */
function fixOf({ span }: Diagnostic, file: FileModel): Fix | undefined {
  const line = span && lineAt(file, span);
  if (span === undefined || line === undefined || span.via !== undefined) return undefined;
  const before = line.text.slice(0, span.start - line.start);
  const start = line.start + before.trimEnd().length;
  const indent = /^[ \t]*/.exec(line.text)?.[0] ?? '';
  const text = before.includes('{') ? `\n${indent}    ` : `\n${indent}`;
  return {
    title: 'begin a new line here',
    isSafe: false,
    edits: [{ span: { file: span.file, start, end: span.start }, text }],
  };
}
