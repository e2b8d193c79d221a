import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const missingArgument = diagnosticRule({
  name: 'conf/missing-argument',
  level: 'error',
  summary: 'A keyword has no argument where it needs one',
  details: `The keyword stands alone on its line and needs a value. For most keywords keepalived does not go on without: the process
ends at once with status 2, at the start and on \`keepalived -t\` alike, so that one empty line keeps the whole director down. An
empty variable does the same. Write the value, or delete the line to use the default.`,
  keepalived: 'fatal',
  bad: textOf(instance('VI_1', ['advert_int'])),
  good: textOf(instance('VI_1', ['advert_int 1'])),
  claims: ({ code }) => code === 'missing-argument',
  improve: ({ severity, message, help }) => ({
    message: severity === 'fatal' ? `${message}, and keepalived ends there and then` : message,
    help: help ?? 'write the value, or delete the line',
  }),
});
