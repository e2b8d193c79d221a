import { diagnosticRule } from '../../rule.ts';
import { block, textOf } from './example.ts';

function example(definition: string): string {
  const lines = [
    'interface eth0',
    'virtual_router_id 7',
    `notify_master "/usr/local/bin/moved \${SITE}"`,
    ...block('virtual_ipaddress', ['192.0.2.10/24']),
  ];
  const globals = block('global_defs', ['script_user nobody', 'enable_script_security']);
  return `${definition}${textOf(globals, block('vrrp_instance VI_1', lines))}`;
}

/** keepalived.conf(5): $NAME and \${NAME}. */
export const undefinedVariable = diagnosticRule({
  name: 'conf/undefined-variable',
  level: 'error',
  summary: 'A variable is used that is not defined above, or where it cannot be replaced',
  details: `keepalived replaces \`$NAME\` and \`\${NAME}\` by what was defined in a line above, in this file or in one that it
includes. What is not defined stays as it is written: \`priority $PRIO\` is then no number. With \`\${NAME}\` it is worse, because
the braces are then taken for those of a block, and all that follows in the block is read at the wrong level. A variable of
several lines can only stand at the end of a line. Define it above with \`$NAME=value\`; the name may hold letters, digits and
underscores.`,
  keepalived: 'reports',
  bad: example(''),
  good: example('$SITE=north\n'),
  claims: ({ code }) => code === 'undefined-variable',
  levelOf: () => 'error',
  improve: ({ help }) => ({
    help: help ?? 'define it in a line above: "$NAME=value", without a blank before "="',
  }),
});
