import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';

export const unterminatedQuote = diagnosticRule({
  name: 'conf/unterminated-quote',
  level: 'error',
  summary: 'A double quote is not closed on its line',
  details: `A text in double quotes must end on the line that it begins on. Without the second quote, all the rest of the line
belongs to the word: braces and comments too, so that a block may lose its opening brace. keepalived says \`Unterminated quote\`.
Close the quote, or leave it away.`,
  keepalived: 'reports',
  bad: textOf(block('global_defs', ['router_id "lb01']), instance('VI_1')),
  good: textOf(block('global_defs', ['router_id "lb01"']), instance('VI_1')),
  claims: ({ code }) => code === 'unterminated-quote',
});
