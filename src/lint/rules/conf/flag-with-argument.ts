import { diagnosticRule } from '../../rule.ts';
import { service, textOf } from './example.ts';

/** keepalived.conf(5): keywords without an argument. */
export const flagWithArgument = diagnosticRule({
  name: 'conf/flag-with-argument',
  level: 'error',
  summary: 'A keyword is meant to be switched off by a word after it, and is switched on',
  details: `Some keywords take no argument: that they stand there switches them on. keepalived ignores words after them, so that
\`alpha off\`, \`omega no\` or \`nopreempt false\` does the opposite of what it says, and \`keepalived -t\` exits 0. Other keywords,
such as \`vrrp_strict\`, do take \`on\` and \`off\`, which is why the mistake is so easy to make. Delete the line.`,
  keepalived: 'silent',
  bad: textOf(service(['alpha off'])),
  good: textOf(service()),
  claims: ({ code }) => code === 'flag-with-argument',
  levelOf: () => 'error',
});
