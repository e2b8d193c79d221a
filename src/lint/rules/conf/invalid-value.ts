import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const invalidValue = diagnosticRule({
  name: 'conf/invalid-value',
  level: 'error',
  summary: 'A value is not one of those allowed',
  details: `The value of a keyword is of the wrong kind or out of its range. keepalived prints a message and mostly ignores the
line, so that the default is used; a few keywords fall back to a value of their own, such as \`priority\` to 100. The message says
what is allowed and what is used in its place. \`holdfast explain KEYWORD\` shows the whole of it.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['garp_master_repeat many'])),
  good: textOf(instance('VI_1', ['garp_master_repeat 5'])),
  claims: ({ code }) => code === 'invalid-value',
});
