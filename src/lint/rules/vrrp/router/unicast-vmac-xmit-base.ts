import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): vmac_xmit_base. */
export const unicastVmacXmitBase = fileRule({
  name: 'vrrp/unicast-vmac-xmit-base',
  level: 'error',
  summary: 'Unicast peers with use_vmac and without vmac_xmit_base',
  details: `The virtual MAC sits on an interface of its own, which has no address while the director is Backup, so that
unicast advertisements cannot leave or arrive through it. They have to use the interface below it, which is what
\`vmac_xmit_base\` says; keepalived reports that it is missing and sets it itself.`,
  keepalived: 'reports',
  bad: instanceWith('use_vmac', 'unicast_src_ip 192.0.2.1', 'unicast_peer {\n    192.0.2.2\n}'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { name, values, isUnicast } of instances) {
      const vmac = values.last('use_vmac');
      if (vmac === undefined || !isUnicast || values.has('vmac_xmit_base')) continue;
      report({
        at: vmac.heading,
        message: `unicast cannot go through the interface of use_vmac: keepalived reports ${name} and sends on the interface below it, as if vmac_xmit_base were given`,
        help: 'write "vmac_xmit_base" on a line of its own',
      });
    }
  },
});
