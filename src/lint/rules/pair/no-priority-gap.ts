import type { Note } from '../../../config-parser/index.ts';
import type { Tracked } from '../../model/index.ts';
import { pairRule, type Report } from '../../rule.ts';
import { directors } from './example.ts';
import { type Member, matchInstances, type VirtualRouter } from './match-instances.ts';
import { clampPriority, healthyPriority, type Influence, influencesOn } from './priorities.ts';
import { noteAt } from './wording.ts';

const checked = (weight: number) => ({
  above: `vrrp_script chk_web {\n    script /usr/bin/true\n    weight ${weight}\n}`,
  lines: ['track_script {', '    chk_web', '}'],
});

/** keepalived.conf(5): weight, against the priorities of all directors. */
export const noPriorityGap = pairRule({
  name: 'pair/no-priority-gap',
  level: 'warn',
  summary: 'A weight does not carry the priority across the gap between the directors',
  details: `A tracker with a weight changes the priority: a negative weight is added while it fails, a positive one while
all is well. The address moves only if the Master's priority then lies below that of a healthy Backup; at equality it stays
where it is. This rule works that out for every weighted script, process, interface and BFD session of the director that
is Master while nothing fails, each failing alone. It also says when the weights of healthy directors order them otherwise
than their priorities do, and when a Backup has \`nopreempt\` and therefore takes nothing over from a Master that still
advertises. Files with a weight are left out, because their contents decide. Without a weight a failure is a fault, which
always moves the address.`,
  keepalived: 'silent',
  bad: directors({ priority: 100, ...checked(-2) }, { priority: 90, ...checked(-2) }),
  good: directors({ priority: 100, ...checked(-20) }, { priority: 90, ...checked(-20) }),
  check: (nodes, report) => {
    for (const router of matchInstances(nodes).routers) {
      const contenders = router.map(contenderOf).toSorted((a, b) => b.healthy - a.healthy);
      const [preferred, next] = contenders;
      if (preferred === undefined || next === undefined) continue;
      reportOrder(router, preferred, report);
      if (preferred.member.instance.isOwner) continue;
      for (const influence of preferred.influences) {
        reportFailure({ preferred, next, influence, others: contenders.slice(1) }, report);
      }
    }
  },
});

interface Contender {
  readonly member: Member;
  readonly influences: readonly Influence[];
  readonly healthy: number;
}

function contenderOf(member: Member): Contender {
  const influences = influencesOn(member.node, member.instance);
  return { member, influences, healthy: healthyPriority(member.instance, influences) };
}

/** The priorities say one thing, and together with the weights another. */
function reportOrder(router: VirtualRouter, preferred: Contender, report: Report): void {
  const [meant] = router.toSorted((a, b) => b.instance.priority - a.instance.priority);
  const { member, healthy } = preferred;
  if (meant === undefined || meant.instance.priority === member.instance.priority) return;
  const meantHealthy = contenderOf(meant).healthy;
  if (meantHealthy === healthy) return;
  report({
    at: member.instance.at('priority'),
    message: `while nothing fails ${member.node.name} is Master of ${member.instance.name}: ${sumText(preferred)} beats ${meantHealthy} of ${meant.node.name}, whose priority ${meant.instance.priority} is higher`,
    help: 'give both directors the same trackers and weights, or change the priorities',
    notes: [noteAt(meant, member, meant.instance.at('priority'), `priority ${meant.instance.priority}`)],
  });
}

/** `90 + 20 = 110` */
function sumText({ member, influences, healthy }: Contender): string {
  const terms = influences.filter(({ whenGood }) => whenGood !== 0).map(({ whenGood }) => termText(whenGood));
  return terms.length === 0 ? String(healthy) : `${member.instance.priority}${terms.join('')} = ${healthy}`;
}

function termText(change: number): string {
  return change < 0 ? ` - ${-change}` : ` + ${change}`;
}

interface Failure {
  readonly preferred: Contender;
  /** The strongest of the others. */
  readonly next: Contender;
  readonly others: readonly Contender[];
  readonly influence: Influence;
}

function reportFailure({ preferred, next, others, influence }: Failure, report: Report): void {
  const { tracked, whenGood, whenBad } = influence;
  const total = preferred.member.instance.priority + sumOf(preferred.influences);
  const after = clampPriority(total - whenGood + whenBad);
  const stronger = others.filter(({ healthy }) => healthy > after);
  const sum = `${preferred.healthy}${termText(whenBad - whenGood)} = ${after}`;
  if (stronger.length === 0) {
    const verdict = next.healthy === after ? `equals ${after}` : `still beats ${next.healthy}`;
    report({
      at: tracked.span,
      // Of no use at all, where the order of healthy directors is a matter of what was meant.
      level: 'error',
      message: `${sum} ${verdict} of ${next.member.node.name}: ${whatNever(tracked, preferred)}`,
      help: remedy(tracked, preferred.healthy - next.healthy),
      notes: notesOf(preferred, next, tracked),
    });
    return;
  }
  const held = stronger.every(({ member }) => keepsQuiet(member));
  const [{ member: standby } = next] = stronger;
  if (!held) return;
  report({
    at: tracked.span,
    level: 'error',
    message: `${sum} is below ${next.healthy} of ${standby.node.name}, but nopreempt there leaves a Master that advertises alone: ${whatNever(tracked, preferred)}`,
    help: `write weight 0, so that a failure is a fault, or delete nopreempt on ${standby.node.name}`,
    notes: [noteAt(standby, preferred.member, standby.instance.at('nopreempt'), 'nopreempt')],
  });
}

function sumOf(influences: readonly Influence[]): number {
  return influences.reduce((sum, { whenGood }) => sum + whenGood, 0);
}

/** nopreempt counts unless the instance starts as MASTER. */
function keepsQuiet({ instance }: Member): boolean {
  const { values, state } = instance;
  return values.has('nopreempt') && !values.has('preempt') && state !== 'MASTER';
}

function whatNever({ kind, name }: Tracked, { member }: Contender): string {
  const what = kind === 'bfd' ? 'this session' : `this ${kind}`;
  return `${what} can never move the address of ${member.instance.name} (${name} fails on ${member.node.name})`;
}

function remedy({ kind }: Tracked, gap: number): string {
  return `write a weight of more than ${gap} in size, or none, so that a failing ${kind} is a fault`;
}

function notesOf(preferred: Contender, next: Contender, tracked: Tracked): readonly Note[] {
  const { member, healthy } = next;
  const other = noteAt(member, preferred.member, member.instance.at('priority'), `priority ${healthy}`);
  const weight = { message: `weight ${tracked.weight} comes from here` };
  if (tracked.hasOwnWeight || tracked.definition === undefined) return [other];
  return [other, { ...weight, span: tracked.definition }];
}
