import { type Diagnostic, type ManPageOnlyWord, manPageOnly } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';
import { deletionOf, statementAt, textAt } from './source-text.ts';

/** Where the manual page and the program do not agree. */
export const manPageOnlyKeyword = diagnosticRule({
  name: 'conf/man-page-only-keyword',
  level: 'error',
  summary: "A word stands in keepalived's manual page, and keepalived does not know it",
  details: `The manual page of keepalived names some words that the program does not read: \`state_file_location\` is called
\`state_dump_file\`, \`include_check readable\` must be \`read\`, \`ip_proto\` in a rule is \`ipproto\`, \`dynamic\` in a \`FILE_CHECK\` and
\`notify_deleted\` in a group do not exist. Whoever follows the manual gets "Unknown keyword" and the default. The message says what
to write in its place.`,
  keepalived: 'reports',
  bad: textOf(block('global_defs', ['include_check readable']), instance('VI_1')),
  good: textOf(block('global_defs', ['include_check read']), instance('VI_1')),
  claims: (diagnostic, file) => wordOf(diagnostic, file) !== undefined,
  levelOf: () => 'error',
  improve: (diagnostic, file) => {
    const known = wordOf(diagnostic, file);
    if (known === undefined) return {};
    const fix = fixOf(known, diagnostic, file);
    return {
      message: `the manual page names "${known.word ?? known.keyword}", but keepalived does not read it: ${known.note}`,
      help: helpOf(known),
      ...(fix && { fix }),
    };
  },
});

function wordOf(diagnostic: Diagnostic, file: FileModel): ManPageOnlyWord | undefined {
  const { code, subject, span } = diagnostic;
  if (code === 'unknown-keyword' || code === 'unknown-block') {
    return manPageOnly.find(
      ({ block: home, keyword, word }) =>
        word === undefined && home === subject?.block && keyword === subject.keyword,
    );
  }
  if ((code !== 'invalid-value' && code !== 'unknown-option') || span === undefined) return undefined;
  const text = textAt(file, span);
  // Lists do not say which they are, and only in rules the word can be taken for one that is meant
  return manPageOnly.find(
    ({ keyword, word }) => word === text && (subject === undefined || subject.keyword === keyword),
  );
}

function helpOf({ replacement }: ManPageOnlyWord): string | undefined {
  if (replacement === undefined) return undefined;
  return replacement === '' ? 'delete the line' : `write "${replacement}" instead`;
}

function fixOf(
  { replacement, word }: ManPageOnlyWord,
  { span }: Diagnostic,
  file: FileModel,
): Fix | undefined {
  if (replacement === undefined || span === undefined) return undefined;
  const { file: name, start, end } = span;
  if (replacement !== '') {
    const edits = [{ span: { file: name, start, end }, text: replacement }];
    // A keyword that was ignored begins to count; a word on a line only says what its line says already
    return { title: `write "${replacement}"`, isSafe: word !== undefined, edits };
  }
  const statement = statementAt(file, span);
  if (statement === undefined || span.via !== undefined || statement.next?.kind === 'open') return undefined;
  return {
    title: 'delete the line',
    isSafe: true,
    edits: [{ span: deletionOf(file, statement.span), text: '' }],
  };
}
