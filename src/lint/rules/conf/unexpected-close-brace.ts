import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const unexpectedCloseBrace = diagnosticRule({
  name: 'conf/unexpected-close-brace',
  level: 'error',
  summary: 'A closing brace closes nothing',
  details: `There is one closing brace more than there are blocks. Either it is one too many, or a block above it is closed too
early, so that lines which were meant to be inside stand outside of it. keepalived says \`Extra '}' found\` and goes on. Look at the
lines above whose indentation does not fit, and delete the brace that is too many.`,
  keepalived: 'reports',
  bad: `${textOf(instance('VI_1'))}}\n`,
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'unexpected-close-brace',
});
