import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const nestedTooDeep = diagnosticRule({
  name: 'conf/nested-too-deep',
  level: 'error',
  summary: 'A file includes itself, a variable holds itself, or a few lines stand for too many',
  details: `An include, a variable or a sequence leads back to itself, or stands for so much text that no configuration can be meant.
holdfast stops there, says where, and reads the rest; keepalived would go round until it runs out of files or memory. Look along the
chain in the notes, and take one link out of it.`,
  keepalived: 'reports',
  bad: `${textOf(instance('VI_1'))}include keepalived.conf\n`,
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'nested-too-deep' || code === 'too-many-expansions',
});
