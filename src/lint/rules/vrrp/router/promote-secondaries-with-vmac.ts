import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): promote_secondaries. */
export const promoteSecondariesWithVmac = fileRule({
  name: 'vrrp/promote-secondaries-with-vmac',
  level: 'error',
  summary: 'promote_secondaries with use_vmac or use_ipvlan, which set it anyway',
  details: `\`promote_secondaries\` keeps the kernel from removing all further addresses of a network along with the first
one. On the interfaces that keepalived makes for itself it is always set; keepalived reports the line and ignores
it, and \`keepalived -t\` fails because of it.`,
  keepalived: 'reports',
  bad: instanceWith('use_vmac', 'promote_secondaries'),
  good: instanceWith('promote_secondaries'),
  check: ({ instances }, report) => {
    for (const { name, values } of instances) {
      const given = values.last('promote_secondaries');
      const maker = (['use_vmac', 'use_ipvlan'] as const).find((keyword) => values.has(keyword));
      if (given === undefined || maker === undefined) continue;
      report({
        at: given.span,
        message: `promote_secondaries is ignored: it is always set on the interface that ${maker} makes for ${name}`,
        help: 'delete the line',
      });
    }
  },
});
