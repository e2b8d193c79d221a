import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { instanceOf } from './example.ts';

/** keepalived.conf(5): use_vmac: the name of the interface that is made. */
export const vmacNameClash = fileRule({
  name: 'vrrp/vmac-name-clash',
  level: 'error',
  summary: 'Two instances want a virtual MAC interface of the same name',
  details: `\`use_vmac\` makes an interface for each instance, and a kernel has room for one interface of a name. keepalived
reports the second and makes up another name for it, so that firewall rules and sysctl settings that were written for the
name concern the first instance only. Give each a name of its own, or none: \`vrrp.\` and the VRID is the default.`,
  keepalived: 'reports',
  bad: `${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7', 'use_vmac vip0'])}
${instanceOf('VI_2', ['interface eth0', 'virtual_router_id 8', 'use_vmac vip0'], '192.0.2.11/24')}`,
  good: instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7']),
  check: ({ instances }, report) => {
    const users = new Map<string, InstanceModel>();
    for (const instance of instances) {
      const vmac = instance.values.last('use_vmac');
      const name = vmac?.value.interface;
      if (vmac === undefined || name === undefined) continue;
      const first = users.get(name);
      if (first === undefined) {
        users.set(name, instance);
        continue;
      }
      // A second block of one name is ignored as a whole.
      if (first.name === instance.name) continue;
      report({
        at: vmac.heading,
        message: `the interface ${name} is that of ${first.name} already: keepalived makes one of another name for ${instance.name}`,
        help: 'give it another name, or none',
        notes: [{ span: first.at('use_vmac'), message: `${first.name} uses it here` }],
      });
    }
  },
});
