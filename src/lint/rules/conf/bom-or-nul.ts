import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

const text = textOf(instance('VI_1'));

export const bomOrNul = diagnosticRule({
  name: 'conf/bom-or-nul',
  level: 'error',
  summary: 'The file begins with a byte order mark, or holds NUL bytes',
  details: `Some editors put three invisible bytes, a byte order mark, in front of a text. keepalived takes them for a part of the
first word, which it then does not know: where that is \`vrrp_instance\` the whole block is lost, and its closing brace is one too
many. NUL bytes come from files saved as UTF-16, or from a disk that was full; keepalived ignores lines that hold one. holdfast
skips the mark. Save the file as UTF-8 without a byte order mark; \`--fix\` takes the mark away.`,
  keepalived: 'reports',
  bad: `\uFEFF${text}\0\n`,
  good: text,
  claims: ({ code }) => code === 'byte-order-mark' || code === 'nul-byte',
  levelOf: () => 'error',
  improve: ({ code, span }) => {
    if (code === 'nul-byte' || span === undefined) return {};
    const { file, start, end } = span;
    return {
      message:
        'the file begins with a byte order mark: keepalived takes it for a part of the first word, does not know that word, and loses the block that it opens',
      notes: [],
      fix: {
        title: 'delete the byte order mark',
        isSafe: true,
        edits: [{ span: { file, start, end }, text: '' }],
      },
    };
  },
});
