import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

const text = textOf(instance('VI_1'));

/** keepalived.conf(5): include{a,b,m,r,w}. */
export const includeFailed = diagnosticRule({
  name: 'conf/include-failed',
  level: 'error',
  summary: 'An include cannot be read, or some of its alternatives are missing',
  details: `Of \`include {a,b}.conf\` every alternative should lead to a file, and a file that is there must be readable for the
user that holdfast runs as. keepalived goes on without what it cannot read unless the include's last letter or \`include_check\`
says that this is an error; then it does not start. Correct the path or the file's owner and mode.`,
  keepalived: 'logs',
  bad: { 'keepalived.conf': 'include {a,b}.conf\n', 'a.conf': text },
  good: { 'keepalived.conf': 'include a.conf\n', 'a.conf': text },
  claims: ({ code }) => code === 'include-failed',
  improve: ({ help }) => ({ help: help ?? 'correct the path, or make the file readable' }),
});
