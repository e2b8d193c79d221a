import type { Diagnostic } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { entriesFor } from './entries.ts';
import { service, textOf } from './example.ts';
import { deletionOf, statementAt, textAt } from './source-text.ts';

/** keepalived.conf(5): words that were renamed, or that do nothing any more. */
export const deprecatedKeyword = diagnosticRule({
  name: 'conf/deprecated-keyword',
  level: 'warn',
  summary: 'An old word is used, or one that has no effect any more',
  details: `keepalived has renamed some keywords and dropped others. Some old words still work and only give a message; others
are unknown to the keepalived of today, which then goes on with the default: with \`nb_get_retry 3\` inside \`TCP_CHECK\`
keepalived 2.4.3 takes a server out after 1 retry and not after 3. holdfast honours the old words. \`--fix\` writes the word of
today, or deletes a line that has no effect, so that both read the same.`,
  keepalived: 'reports',
  bad: textOf(service(['nat_mask 255.255.255.0'], ['nb_get_retry 3'])),
  good: textOf(service([], ['retry 3'])),
  claims: ({ code }) => code === 'deprecated-keyword',
  improve: (diagnostic, file) => {
    const fix = fixOf(diagnostic, file);
    return { ...lostMeaning(diagnostic, file), ...(fix && { fix }) };
  },
});

/** Words that the keepalived of today does not know: what it does in their place. */
function lostMeaning(
  { subject, span }: Diagnostic,
  file: FileModel,
): { readonly message?: string; readonly notes?: readonly [] } {
  const statement = span && statementAt(file, span);
  const [word, argument] = statement?.words.map(({ text }) => text) ?? [];
  if (subject?.block === 'TCP_CHECK' && word === 'nb_get_retry') {
    const meant = argument === undefined || argument === '1' ? '' : ` where ${argument} were meant`;
    return {
      message: `"nb_get_retry" is an old word for "retry": keepalived 2.4.3 does not know it inside TCP_CHECK, and goes on with 1 retry${meant}`,
      notes: [],
    };
  }
  if (word === 'nat_mask') {
    return {
      message:
        '"nat_mask" has no effect, and keepalived 2.4.3 does not know it: it reports the line and ignores it',
      notes: [],
    };
  }
  return {};
}

function fixOf({ subject, span }: Diagnostic, file: FileModel): Fix | undefined {
  if (subject === undefined || span === undefined) return undefined;
  const word = textAt(file, span);
  const replacement = replacementOf(subject.block, word);
  if (replacement === undefined) return undefined;
  if (replacement !== '') {
    return {
      title: `write "${replacement}"`,
      isSafe: true,
      edits: [{ span: bare(span), text: replacement }],
    };
  }
  const statement = statementAt(file, span);
  // A value may be written elsewhere, and a block is more than a line.
  if (statement === undefined || span.via !== undefined || statement.next?.kind === 'open') return undefined;
  const edits = [{ span: deletionOf(file, statement.span), text: '' }];
  return { title: 'delete the line', isSafe: true, edits };
}

function bare({ file, start, end }: { readonly file: string; readonly start: number; readonly end: number }) {
  return { file, start, end };
}

function replacementOf(block: string, word: string): string | undefined {
  for (const { alias, entry } of entriesFor(block, word)) {
    const deprecation = alias === undefined ? entry.deprecated : alias.deprecated;
    if (deprecation?.replacement !== undefined) return deprecation.replacement;
  }
  return undefined;
}
