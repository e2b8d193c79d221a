import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const missingBlock = diagnosticRule({
  name: 'conf/missing-block',
  level: 'error',
  summary: 'A keyword has no block where it needs one',
  details: `The keyword opens a block and no opening brace follows it, on its line or on the next. keepalived says
\`Missing '{'\` and reads the lines that follow as those of the block around it; the closing brace then ends that. Write the brace
at the end of the line.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['authentication'])),
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'missing-block',
});
