import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const duplicateKeyword = diagnosticRule({
  name: 'conf/duplicate-keyword',
  level: 'warn',
  summary: 'A keyword stands twice in one block, and only the last counts',
  details: `keepalived reads a block from top to bottom, and a value that comes again replaces the one before without a message.
Mostly a line was copied, or an included file sets what the file itself sets too; whoever changes the first of the two wonders
why nothing happens. Delete the one that is not meant.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1', ['priority 150', 'priority 100'])),
  good: textOf(instance('VI_1', ['priority 100'])),
  claims: ({ code }) => code === 'duplicate-keyword',
  improve: ({ help }) => ({ help: help ?? 'delete the line that is not meant' }),
});
