import type { Given } from '../../../config-parser/index.ts';
import type { Fix } from '../../finding.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf } from './checkers.ts';

/** keepalived.conf(5): misc_path: the command is the first word. */
export const miscCheckArgs = fileRule({
  name: 'lvs/misc-check-args',
  level: 'error',
  summary: 'Arguments of a check program are lost, because they are not in quotes',
  details: `The program of a \`MISC_CHECK\` and its arguments are one word for keepalived, and so must stand in one pair of
quotes. Without them the first word is the program and all others are thrown away silently: the check runs without the
address or the port that it was given, and may fail for every server, or succeed whatever happens. The account does not
stand here either but in \`user\`.`,
  keepalived: 'silent',
  bad: `global_defs {
    script_user root
    enable_script_security
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        MISC_CHECK {
            misc_path /usr/local/bin/check-web 192.0.2.20 80
        }
    }
}
`,
  good: `global_defs {
    script_user root
    enable_script_security
}
virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 80 {
        MISC_CHECK {
            misc_path "/usr/local/bin/check-web 192.0.2.20 80"
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const checker of checkersOf(virtualServers, 'MISC_CHECK')) {
      const given = checker.values.last('misc_path');
      const words = given?.statement.args.map(({ text }) => text) ?? [];
      const [program, ...lost] = words;
      if (given === undefined || program === undefined || lost.length === 0) continue;
      // A quote or a backslash may join words, and then nothing need be lost.
      if (words.some((word) => /["'\\]/.test(word))) continue;
      report({
        at: given.span,
        message: `only ${program} is run: "${lost.join(' ')}" is thrown away, because it does not stand in quotes with it`,
        help: `write misc_path "${words.join(' ')}"`,
        fix: quotes(given, words),
      });
    }
  },
});

function quotes({ span }: Given, words: readonly string[]): Fix {
  return {
    title: `write "${words.join(' ')}" in quotes`,
    isSafe: true,
    edits: [
      { span: { file: span.file, start: span.start, end: span.start }, text: '"' },
      { span: { file: span.file, start: span.end, end: span.end }, text: '"' },
    ],
  };
}
