import { hostRule } from '../../rule.ts';
import type { InterfaceUse } from './interfaces.ts';
import { interfaceOf, interfaceUses, madeInterfaces, worksElsewhere } from './interfaces.ts';

const example = (name: string) => `vrrp_instance VI_1 {
    interface ${name}
    virtual_router_id 7
    virtual_ipaddress {
        192.0.2.10/24
    }
}
`;

/** keepalived.conf(5): interface; dynamic_interfaces. */
export const dynamicInterfaceMissing = hostRule({
  name: 'vrrp/dynamic-interface-missing',
  level: 'warn',
  summary: 'An interface that the file names does not exist on this machine',
  details: `keepalived looks for the interfaces when it starts. Without \`dynamic_interfaces\` in \`global_defs\` it refuses
to run when one is missing, also when it is only late in coming up at boot; with it the instance waits in Fault until the
interface appears. A name that was right on the other director or before a change of hardware is the usual reason. Interfaces
that keepalived makes itself (\`use_vmac\`) are left out, and with \`net_namespace\` nothing is said.`,
  keepalived: 'fatal',
  bad: example('eth7'),
  good: example('eth0'),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    const isMade = madeInterfaces(file);
    const mayCome = file.globals.has('dynamic_interfaces');
    const missing = new Map<string, InterfaceUse[]>();
    for (const use of interfaceUses(file)) {
      if (interfaceOf(host, use.name) !== undefined || isMade(use.name)) continue;
      missing.set(use.name, [...(missing.get(use.name) ?? []), use]);
    }
    const names = host.interfaces.map(({ name }) => name).slice(0, 8);
    for (const [name, [first, ...others]] of missing) {
      if (first === undefined) continue;
      report({
        at: first.span,
        level: mayCome ? 'warn' : 'error',
        message: `there is no interface ${name} on this machine (${first.what}): ${mayCome ? 'what is on it waits in Fault until it appears' : 'keepalived does not start'}`,
        help: `write one that is there (${names.join(', ')}), or dynamic_interfaces in global_defs if it comes later`,
        notes: others.slice(0, 3).map(({ span, what }) => ({ span, message: `named here too: ${what}` })),
      });
    }
  },
});
