import type { Fix } from '../../finding.ts';
import { suppressionRule } from '../../rule.ts';
import type { SuppressedName, Suppression } from '../../suppression-comment.ts';

export const unusedSuppression = suppressionRule({
  name: 'lint/unused-suppression',
  level: 'warn',
  summary: 'A comment suppresses a finding that is not there',
  details: `The matter that the comment was about has been mended, or the comment stands in the wrong place: at the end of a
line it speaks of that line, alone on a line of the next line that is neither blank nor a comment, and
\`lint-ignore-block\` of the block whose heading follows. A comment that does no work now would hide the next mistake of
the same kind. Remove it. Rules that did not look (of another profile, or only with \`--pair\` or \`--host\`) are not
counted.`,
  keepalived: 'silent',
  bad: `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10/24  # lint-ignore vrrp/vip-default-prefix -- a host route is what we want
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
  check: (suppression, report) => {
    const { scope, unused: idle } = suppression;
    const [first] = idle;
    if (first === undefined || scope === 'unknown') return;
    const places = { line: 'on its line', block: 'in its block', file: 'in this file' };
    report({
      at: first.span,
      message: `there is no finding of ${listOf(idle)} ${places[scope]} to suppress`,
      help:
        idle.length === suppression.names.length ? 'remove the comment' : `remove ${listOf(idle)} from it`,
      fix: removalOf(suppression, idle),
    });
  },
});

function listOf(names: readonly SuppressedName[]): string {
  return names.map(({ text }) => text).join(', ');
}

/** The comment itself, or only the names that do no work. */
function removalOf({ names, removal }: Suppression, idle: readonly SuppressedName[]): Fix {
  const kept = names.filter((name) => !idle.includes(name));
  const [first, last] = [names.at(0), names.at(-1)];
  if (kept.length === 0 || first === undefined || last === undefined) {
    return { title: 'remove the comment', isSafe: true, edits: [{ span: removal, text: '' }] };
  }
  const list = { ...first.span, end: last.span.end };
  return { title: `remove ${listOf(idle)}`, isSafe: true, edits: [{ span: list, text: listOf(kept) }] };
}
