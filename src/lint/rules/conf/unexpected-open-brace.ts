import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const unexpectedOpenBrace = diagnosticRule({
  name: 'conf/unexpected-open-brace',
  level: 'error',
  summary: 'A brace opens a block that has no name',
  details: `An opening brace stands where no keyword is before it, so that nobody can say what the block is. Mostly a brace was
written twice, or the heading above it was deleted or commented out. holdfast skips the block; keepalived ignores the brace and reads
the lines inside as those of the block around it, which the closing brace then ends.`,
  keepalived: 'reports',
  bad: `{\n    priority 150\n}\n${textOf(instance('VI_1'))}`,
  good: textOf(instance('VI_1')),
  claims: ({ code }) => code === 'unexpected-open-brace',
  improve: ({ help }) => ({ help: help ?? 'write the keyword before it, or delete the block' }),
});
