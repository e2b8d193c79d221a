import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { strictInstances, strictKeyword, strictNotes } from './strict-mode.ts';

/** keepalived.conf(5): vrrp_strict. RFC 5798 section 7.2: the virtual router MAC is the source of advertisements. */
export const strictVmacXmitBase = fileRule({
  name: 'vrrp/strict-vmac-xmit-base',
  level: 'error',
  summary: 'vmac_xmit_base in strict mode, which resets it',
  details: `By the RFC advertisements carry the virtual router's MAC address as their source. \`vmac_xmit_base\` sends them
from the interface below, with that one's address, so that keepalived reports it in strict mode and resets it. Where the
switch does not let the virtual MAC address through, the other director hears nothing then and becomes Master too. Switch
strict mode off to keep the line.`,
  keepalived: 'reports',
  bad: instanceWith('strict_mode', 'use_vmac', 'vmac_xmit_base'),
  good: instanceWith(),
  check: (file, report) => {
    for (const instance of strictInstances(file)) {
      const { values } = instance;
      const base = values.last('vmac_xmit_base');
      if (base === undefined || !values.has('use_vmac')) continue;
      report({
        at: base.span,
        message: `strict mode resets vmac_xmit_base: ${instance.name} sends its advertisements from the virtual MAC address after all`,
        help: `delete the line, or "${strictKeyword(instance)}"`,
        notes: strictNotes(instance, file),
      });
    }
  },
});
