import { diagnosticRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';

export const unexpectedBlock = diagnosticRule({
  name: 'conf/unexpected-block',
  level: 'error',
  summary: 'A block follows a keyword that takes none',
  details: `A brace opens a block after a keyword that has none. holdfast skips the block to its closing brace. keepalived ignores
the opening brace, reads the lines inside as those of the block around, and takes the closing brace for the end of that, so that
the rest of the block is lost. Delete the braces, or write the keyword that the block belongs to.`,
  keepalived: 'reports',
  bad: textOf(instance('VI_1', block('priority 150', ['advert_int 1']))),
  good: textOf(instance('VI_1', ['priority 150', 'advert_int 1'])),
  claims: ({ code }) => code === 'unexpected-block',
});
