import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const valueChanged = diagnosticRule({
  name: 'conf/value-changed',
  level: 'warn',
  summary: 'A value is used only in part, or not as it is written',
  details: `The value was understood and cannot be used as it stands: it is too long and cut, finer than can be counted and rounded,
or has a part that means nothing here, such as a prefix length after a peer's address. keepalived does the same, with a message or
without. Write what is used in the end, so that the file says what happens.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', ['preempt_delay 1.2345678'])),
  good: textOf(instance('VI_1', ['preempt_delay 1.234567'])),
  claims: ({ code }) => code === 'value-changed',
});
