import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): vmac_xmit_base. */
export const vmacXmitBaseWithoutVmac = fileRule({
  name: 'vrrp/vmac-xmit-base-without-vmac',
  level: 'error',
  summary: 'vmac_xmit_base without a virtual MAC',
  details: `\`vmac_xmit_base\` says that advertisements use the interface below the one with the virtual MAC. Without
\`use_vmac\` there is one interface only; keepalived reports the line and ignores it. Either \`use_vmac\` is missing, and
the addresses move with the MAC address of whichever director has them, or the line can go.`,
  keepalived: 'reports',
  bad: instanceWith('vmac_xmit_base'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { name, values } of instances) {
      const base = values.last('vmac_xmit_base');
      if (base === undefined || values.has('use_vmac')) continue;
      report({
        at: base.span,
        message: `vmac_xmit_base is ignored: ${name} has no virtual MAC whose interface it could go round`,
        help: 'delete the line, or write "use_vmac" too',
      });
    }
  },
});
