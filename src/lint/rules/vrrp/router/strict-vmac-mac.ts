import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. RFC 5798 section 7.3: the MAC address follows from the VRID. */
export const strictVmacMac = fileRule({
  name: 'vrrp/strict-vmac-mac',
  level: 'error',
  summary: 'A MAC address of your own for use_vmac in strict mode',
  details: `By the RFC the MAC address of a virtual router follows from its VRID. In strict mode keepalived reports another
one and clears it, so that the addresses have the MAC address of the RFC. Where that one is taken on the network, which is
why most people write their own, choose another VRID or switch strict mode off.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'use_vmac vip0 02:00:00:00:00:01'),
  good: instanceWith(),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const vmac = instance.values.last('use_vmac');
      if (vmac?.value.mac === undefined) continue;
      report({
        at: vmac.span,
        message: `strict mode takes no MAC address but that of the RFC: ${vmac.value.mac} is cleared for ${instance.name}`,
        help: `delete the MAC address, or "${strictKeyword(instance)}"`,
        notes: strictNotes(instance, file),
      });
    }
  },
});
