import { fileRule } from '../../rule.ts';
import { httpCheckersOf, textValue, urlsOf } from './checkers.ts';

/** keepalived.conf(5): url: regex, an expression of PCRE2. */
export const httpRegex = fileRule({
  name: 'lvs/http-regex',
  level: 'warn',
  summary: 'A regex has a bracket that is not closed, or closes nothing',
  details: `The \`regex\` of a \`url\` is compiled only when the daemon runs: \`keepalived -t\` does not look at it. One that PCRE2
cannot compile is dropped with a line in the log, and the page then counts as good whatever its body says. This rule finds
round and square brackets that do not match. Write a backslash before a bracket that is meant as a character; it takes two
of them where the expression stands in double quotes, for the first is used up when the quotes are read.`,
  keepalived: 'logs',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /
                regex "status: (ok|fine"
            }
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        HTTP_GET {
            url {
                path /
                regex "status: (ok|fine)"
            }
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const checker of httpCheckersOf(virtualServers)) {
      for (const url of urlsOf(checker)) {
        const pattern = textValue(url, 'regex');
        const fault = pattern === undefined ? undefined : bracketFault(pattern);
        if (fault === undefined) continue;
        report({
          at: url.spanOf('regex') ?? checker.heading,
          message: `the expression ${fault} and cannot be compiled: the check goes on without it, and any body is good`,
          help: 'close the bracket, or write a backslash before it if it is meant as a character',
        });
      }
    }
  },
});

/** What is wrong with the brackets of an expression; undefined where they match. Comments of PCRE2 are not known. */
export function bracketFault(pattern: string): string | undefined {
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '\\') {
      // Between \Q and \E nothing has a meaning of its own.
      if (pattern[at + 1] === 'Q') at = endOfQuote(pattern, at);
      else at += 1;
    } else if (char === '[') {
      const end = endOfClass(pattern, at);
      if (end === undefined) return 'has a "[" without a "]"';
      at = end;
    } else if (char === '(') {
      depth += 1;
    } else if (char === ')') {
      depth -= 1;
      if (depth < 0) return 'has a ")" without a "("';
    }
  }
  return depth > 0 ? 'has a "(" without a ")"' : undefined;
}

function endOfQuote(pattern: string, start: number): number {
  const end = pattern.indexOf('\\E', start);
  return end === -1 ? pattern.length : end + 1;
}

/** A "]" that stands first is a character, and so is one in a name such as [:alpha:]. */
function endOfClass(pattern: string, start: number): number | undefined {
  // Known beforehand, so that thousands of open names are not thousands of searches.
  const lastName = pattern.lastIndexOf(':]');
  let at = pattern[start + 1] === '^' ? start + 2 : start + 1;
  if (pattern[at] === ']') at += 1;
  for (; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '\\') at += 1;
    else if (char === '[' && pattern[at + 1] === ':' && at + 1 < lastName) {
      at = pattern.indexOf(':]', at + 2) + 1;
    } else if (char === ']') return at;
  }
  return undefined;
}
