/** keepalived.conf(5): regex of HTTP_GET, which is split into words as a command is. */
import type { Argument } from './arguments.ts';
import { command } from './arguments.ts';

/** A regular expression; whether it is a good one only PCRE2 can say. */
export const pattern: Argument<string> = {
  expects: 'a regular expression, in quotes if it holds blanks, quotes or braces',
  syntax: '"<regex>"',
  samples: { good: ['^ready$', '"all is (well|fine)"'], bad: ['', '"open'] },
  parse: (words) => {
    const result = command.parse(words);
    return result.ok ? { ...result, value: result.value.command } : result;
  },
};
