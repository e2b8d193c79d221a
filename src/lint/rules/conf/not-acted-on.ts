import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';

export const notActedOn = diagnosticRule({
  name: 'conf/not-acted-on',
  level: 'info',
  summary: 'holdfast reads this and does not act on it yet',
  details: `holdfast reads all of keepalived's configuration language and checks it, and does not act on every keyword yet. The
file may be meant for keepalived, so that this is no mistake in it; on a director that runs holdfast the line is as good as
not there. Where leaving it out changes what the network sees this is a warning.`,
  keepalived: 'silent',
  bad: textOf(['net_namespace blue'], block('global_defs', ['max_auto_priority 50']), instance('VI_1')),
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'not-acted-on',
  levelOf: ({ severity }) => (severity === 'error' || severity === 'fatal' ? 'warn' : 'info'),
});
