import { suppressionRule } from '../../rule.ts';

export const unknownRule = suppressionRule({
  name: 'lint/unknown-rule',
  level: 'warn',
  summary: 'A comment names a rule that does not exist',
  details: `A comment that begins with \`lint-ignore\` names the rules whose findings it suppresses, as they stand in brackets
after each finding: \`vrrp/vrid-sparse\`, or \`vrrp/*\` for a whole group. A name that is no rule's suppresses nothing; nor
does a comment that names none, or one that begins with a word like \`lint-ignore-next\`, which means nothing.
\`holdfast lint --list-rules\` prints every name.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10  # lint-ignore vrrp/vip-defualt-prefix -- a host route is what we want
    }
}
`,
  good: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10  # lint-ignore vrrp/vip-default-prefix -- a host route is what we want
    }
}
`,
  check: ({ scope, directive, names, unknown, suggest, span }, report) => {
    if (scope === 'unknown') {
      report({
        at: span,
        message: `"${directive}" means nothing to the linter, so that this comment suppresses nothing`,
        help: 'write "lint-ignore" for a line, "lint-ignore-block" or "lint-ignore-file"',
      });
      return;
    }
    if (names.length === 0) {
      report({
        at: span,
        message: 'this comment names no rule and suppresses nothing',
        help: `write "${directive} RULE -- reason", with the name that stands in brackets after the finding`,
      });
    }
    for (const { text, span: at } of unknown) {
      const meant = suggest(text);
      report({
        at,
        message: `there is no rule "${text}", so that nothing is suppressed by this name`,
        help: meant === undefined ? '"holdfast lint --list-rules" prints every name' : `write "${meant}"`,
        ...(meant !== undefined && {
          fix: { title: `write "${meant}"`, isSafe: false, edits: [{ span: at, text: meant }] },
        }),
      });
    }
  },
});
