import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

const text = textOf(instance('VI_1'), instance('VI_2'));

export const unclosedBrace = diagnosticRule({
  name: 'conf/unclosed-brace',
  level: 'error',
  summary: 'A block is not closed',
  details: `Every block ends with a closing brace. Where one is missing, keepalived takes all that follows for a part of the block,
does not know the keywords there, and says only \`There are 1 missing '}'s\`, without a file or a line. holdfast looks at the
indentation to find the block that was meant, points at its opening brace, and reads the rest as it was meant. Add the brace.`,
  keepalived: 'reports',
  bad: text.replace('}\n}\n\n', '}\n\n'),
  good: text,
  claims: ({ code }) => code === 'unclosed-brace',
});
