import { suppressionRule } from '../../rule.ts';

export const suppressionWithoutReason = suppressionRule({
  name: 'lint/suppression-without-reason',
  level: 'warn',
  summary: 'A comment suppresses findings and does not say why',
  details: `A comment such as \`# lint-ignore RULE -- reason\` hides what the linter found at its line. Whoever reads the
file next year sees neither the finding nor whether it was looked at, so the words after \`--\` are asked for: why is it
right here? The comment works without them all the same.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10  # lint-ignore vrrp/vip-default-prefix
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
  check: ({ names, reason, scope, span }, report) => {
    if (reason !== '' || names.length === 0 || scope === 'unknown') return;
    const list = names.map(({ text }) => text).join(', ');
    report({
      at: span,
      message: `this comment suppresses ${list} and does not say why`,
      help: `write "-- " and the reason after ${list}`,
    });
  },
});
