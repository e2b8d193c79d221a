import { fileRule } from '../../rule.ts';
import { block, instance, textOf } from './example.ts';

const globals = block('global_defs', ['vrrp_garp_master_refresh 60']);

/** keepalived.conf(5): global_defs: vrrp_garp_*. */
export const globalDefsLate = fileRule({
  name: 'conf/global-defs-late',
  level: 'warn',
  summary: 'Defaults for gratuitous ARP stand below an instance that uses them',
  details: `At its start keepalived reads \`global_defs\` in a pass of its own, so that it may stand anywhere. On a reload it does
not: an instance copies the \`vrrp_garp_*\` defaults when its block is opened, and those that stand further down come too late for it.
The same file then means one thing after a start and another after a reload. Put \`global_defs\` at the top of the file. holdfast
reads it first in any case.`,
  keepalived: 'silent',
  bad: textOf(instance('VI_1'), globals),
  good: textOf(globals, instance('VI_1')),
  check: ({ root }, report) => {
    const first = root.all('vrrp_instance')[0];
    if (first === undefined) return;
    for (const { order, values } of root.all('global_defs')) {
      if (order < first.order) continue;
      const [late] = values.select((keyword) => /^vrrp_(?:garp|gna)_/.test(keyword));
      if (late === undefined) continue;
      report({
        at: late.heading,
        message: `${late.keyword} stands below vrrp_instance ${first.value}: after a reload of keepalived the instance no longer has it`,
        help: 'move "global_defs" to the top of the file',
        notes: [{ span: first.heading, message: 'the instance is here' }],
      });
    }
  },
});
