import type { InstanceModel } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { forEachCounterpart, type Member } from './match-instances.ts';
import { noteAt } from './wording.ts';

/** keepalived.conf(5): nopreempt; state. */
export const preemptAsymmetry = pairRule({
  name: 'pair/preempt-asymmetry',
  level: 'info',
  summary: 'nopreempt is on one director only, or both say MASTER',
  details: `\`nopreempt\` keeps a Backup from taking over from a Master with a lower priority. It matters on the director
with the higher priority, which then does not take its addresses back when it returns; on the one with the lower priority
alone it changes nothing about that. Both with it behave the same whatever the priorities come to. \`state\` is only what
an instance expects to be: two that say MASTER still elect one by priority, but \`state MASTER\` cancels \`nopreempt\` and
\`preempt_delay\`. Write \`state BACKUP\` on both, and \`nopreempt\` on both or on none.`,
  keepalived: 'silent',
  bad: directors({ lines: ['state BACKUP'] }, { lines: ['state BACKUP', 'nopreempt'] }),
  good: directors({ lines: ['state BACKUP', 'nopreempt'] }, { lines: ['state BACKUP', 'nopreempt'] }),
  check: (nodes, report) => {
    forEachCounterpart(nodes, (first, second) => {
      const [a, b] = [first.instance, second.instance];
      if (a.state === 'MASTER' && b.state === 'MASTER' && !a.isOwner && !b.isOwner) {
        reportMasters(first, second, report);
      }
      if (stays(a) === stays(b)) return;
      const [quiet, other] = stays(b) ? [second, first] : [first, second];
      report({
        at: b.values.spanOf('nopreempt') ?? b.heading,
        message: `nopreempt of ${b.name} is on ${quiet.node.name} only: ${effectOn(quiet, other)}`,
        help: 'write nopreempt on all directors, or on none',
        notes: [
          noteAt(
            first,
            second,
            a.at('nopreempt'),
            stays(a) ? `nopreempt, priority ${a.priority}` : `priority ${a.priority}`,
          ),
        ],
      });
    });
  },
});

function stays({ values, state }: InstanceModel): boolean {
  return values.has('nopreempt') && state !== 'MASTER';
}

function effectOn(quiet: Member, other: Member): string {
  const [ours, theirs] = [quiet.instance.priority, other.instance.priority];
  if (ours < theirs) {
    return `${other.node.name} with the higher priority ${theirs} still takes the addresses back as soon as it returns`;
  }
  return `it does not take the addresses back from ${other.node.name}, which takes them from it whenever its priority falls below ${theirs}`;
}

function reportMasters(first: Member, second: Member, report: Report): void {
  report({
    at: second.instance.at('state'),
    message: `${second.instance.name} says state MASTER here and on ${first.node.name}: the priorities ${second.instance.priority} and ${first.instance.priority} decide, not the state`,
    help: 'write "state BACKUP" on all directors but one, or on all',
    notes: [noteAt(first, second, first.instance.at('state'), 'state MASTER')],
  });
}
