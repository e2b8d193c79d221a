import type { Diagnostic } from '../../../config-parser/index.ts';
import type { FileModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';
import { service, textOf } from './example.ts';
import { textAt } from './source-text.ts';

/** keepalived.conf(5): numbers have no units. */
export const integerTrailingText = diagnosticRule({
  name: 'conf/integer-trailing-text',
  level: 'error',
  summary: 'A number has text behind it, such as a unit',
  details: `Numbers have no units: times are in seconds. \`keepalived -t\` refuses \`5s\`, and a running keepalived reads some of such
values as 5 with a warning and ignores others, so that the test and the start do not even agree. holdfast does not guess, and uses
the default. Write the number alone.`,
  keepalived: 'reports',
  bad: textOf(service([], ['delay_before_retry 5s'])),
  good: textOf(service([], ['delay_before_retry 5'])),
  claims: (diagnostic, file) => numberOf(diagnostic, file) !== undefined,
  levelOf: () => 'error',
  improve: (diagnostic, file) => {
    const { span, subject } = diagnostic;
    const number = numberOf(diagnostic, file);
    if (span === undefined || number === undefined) return {};
    return {
      message: `"${textAt(file, span)}" is no number: keepalived -t refuses it, a running keepalived may read ${number}, and holdfast ignores the line of ${subject?.keyword}`,
      help: `write ${number} alone if that is meant; times are in seconds`,
      fix: {
        title: `write "${number}"`,
        isSafe: false,
        edits: [{ span: { file: span.file, start: span.start, end: span.end }, text: number }],
      },
    };
  },
});

/** The number before the text. */
function numberOf({ code, span, message, subject }: Diagnostic, file: FileModel): string | undefined {
  if (code !== 'invalid-value' || span === undefined || subject === undefined) return undefined;
  if (!/ must be [^,]*number/.test(message)) return undefined;
  return /^\+?(\d+(?:\.\d+)?)[A-Za-z%]+$/.exec(textAt(file, span))?.[1];
}
