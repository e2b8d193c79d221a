import { fileRule } from '../../../rule.ts';
import { block, instance, textOf } from './example.ts';

function quorums(...lines: readonly string[]): string {
  return textOf(
    block('vrrp_track_process web', ['process nginx', ...lines]),
    instance('VI_1', block('track_process', ['web'])),
  );
}

/** keepalived.conf(5): vrrp_track_process: quorum, quorum_max. */
export const processQuorumMax = fileRule({
  name: 'vrrp/process-quorum-max',
  level: 'error',
  summary: 'A vrrp_track_process may have fewer processes at most than it needs at least',
  details: `\`quorum\` says how many processes must run and \`quorum_max\` how many may. With \`quorum_max\` below \`quorum\` no number
is right, so keepalived ignores the later of the two lines, and the check means something else than was written. Write a
\`quorum_max\` of at least \`quorum\`. \`quorum_max 0\` by itself means that no such process may run.`,
  keepalived: 'reports',
  bad: quorums('quorum 3', 'quorum_max 2'),
  good: quorums('quorum 2', 'quorum_max 3'),
  check: ({ trackers }, report) => {
    for (const { value: name, values } of trackers.process.values()) {
      const least = values.last('quorum');
      const most = values.last('quorum_max');
      if (least === undefined || most === undefined || most.value >= least.value) continue;
      // None at most: that is a check of its own, in which the usual quorum has no part.
      if (most.value === 0 && least.value === 1) continue;
      const later = most.order > least.order ? most : least;
      const other = later === most ? least : most;
      report({
        at: later.span,
        message: `${name} needs ${least.value} processes and may have ${most.value}, which no number can be: this line is ignored`,
        help: `write a quorum_max of ${least.value} or more, or a quorum of ${most.value} or less`,
        notes: [{ span: other.span, message: `${other.keyword} is ${other.value} here` }],
      });
    }
  },
});
