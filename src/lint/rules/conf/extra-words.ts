import { diagnosticRule } from '../../rule.ts';
import { instance, textOf } from './example.ts';

export const extraWords = diagnosticRule({
  name: 'conf/extra-words',
  level: 'warn',
  summary: 'Words behind the arguments of a keyword are ignored',
  details: `keepalived takes as many words as a keyword needs and ignores the others without a message. They may be a value that was
meant to stand in quotes, an option of another keyword, or a comment without its \`#\`. Delete them, or write them where they count.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1', ['priority 150 on lb01'])),
  good: textOf(instance('VI_1', ['priority 150 # on lb01'])),
  claims: ({ code }) => code === 'extra-words',
  improve: ({ help }) => ({ help: help ?? 'delete the words, or put "#" before them if they are a comment' }),
});
