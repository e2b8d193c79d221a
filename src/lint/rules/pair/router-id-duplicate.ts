import { pairRule } from '../../rule.ts';
import { directors } from './example.ts';

const named = (name: string) => ({ above: `global_defs {\n    router_id ${name}\n}` });

/** keepalived.conf(5): router_id. */
export const routerIdDuplicate = pairRule({
  name: 'pair/router-id-duplicate',
  level: 'info',
  summary: 'Directors have the same router_id',
  details: `\`router_id\` names a director in mails and in SNMP, and in nothing that goes over the wire. With one name for
two directors nobody can tell from a mail which of them wrote it. It often comes from copying the file. Without a
\`router_id\` the name is the host's, which is different by itself.`,
  keepalived: 'silent',
  bad: directors(named('lb01'), named('lb01')),
  good: directors(named('lb01'), named('lb02')),
  check: (nodes, report) => {
    const known = new Map<string, (typeof nodes)[number]>();
    for (const node of nodes) {
      const name = node.globals.value('router_id');
      if (name === undefined) continue;
      const first = known.get(name);
      if (first === undefined) known.set(name, node);
      const [at, other] = [node.globals.spanOf('router_id'), first?.globals.spanOf('router_id')];
      if (first === undefined || other === undefined) continue;
      report({
        at,
        message: `router_id ${name} is that of ${first.name} too: mails do not tell which director they are from`,
        help: 'write a name of its own for each director',
        notes: [{ span: other, message: `router_id ${name}` }],
      });
    }
  },
});
