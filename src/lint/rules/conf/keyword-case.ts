import type { Diagnostic } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { choicesFor } from './entries.ts';
import { instance, textOf } from './example.ts';
import { textAt } from './source-text.ts';

/** keepalived.conf(5) does not say so, but every keyword and nearly every constant is compared as it is written. */
export const keywordCase = diagnosticRule({
  name: 'conf/keyword-case',
  level: 'error',
  summary: 'A keyword or a constant is in the wrong case',
  details: `keepalived compares words as they are written: \`Priority\` is no keyword, and \`state master\` is no state. The line is
ignored and the default is used. Where the word opens a block it is worse: keepalived does not skip a block that it does not know,
reads the lines inside as those of the block around, and takes the closing brace for the end of that. \`--fix\` writes the word as it
must be.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['Priority 150', 'state backup'])),
  good: textOf(instance('VI_1', ['priority 150', 'state BACKUP'])),
  claims: (diagnostic, file) => rightCase(diagnostic, file) !== undefined,
  levelOf: () => 'error',
  improve: (diagnostic, file) => {
    const { span, message } = diagnostic;
    const right = rightCase(diagnostic, file);
    if (span === undefined || right === undefined) return {};
    const { file: name, start, end } = span;
    return {
      message,
      help: `write "${right}": case matters`,
      fix: {
        title: `write "${right}"`,
        isSafe: true,
        edits: [{ span: { file: name, start, end }, text: right }],
      },
    };
  },
});

function rightCase(diagnostic: Diagnostic, file: FileModel): string | undefined {
  const { code, reason, suggestion, span } = diagnostic;
  if (code === 'unknown-keyword' || code === 'unknown-block')
    return reason === 'case' ? suggestion : undefined;
  if (code !== 'invalid-value' || span === undefined) return undefined;
  const word = textAt(file, span);
  return choicesFor(diagnostic).find(
    (choice) => choice !== word && choice.toLowerCase() === word.toLowerCase(),
  );
}
