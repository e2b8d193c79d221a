import { diagnosticRule } from '../../../rule.ts';
import { holding, instanceText } from './example.ts';

/** keepalived.conf(5): virtual_ipaddress. RFC 5798 section 5.2.5: Count IPvX Addr is at least 1. */
export const noVirtualAddress = diagnosticRule({
  name: 'vrrp/no-virtual-address',
  level: 'error',
  summary: 'An instance holds no virtual address',
  details: `An instance elects a Master so that somebody holds its addresses; this one has none. In version 2 keepalived
complains and runs the election all the same, and no client notices who wins. In version 3, and in strict mode, it does not
start. List at least one address in \`virtual_ipaddress\`. If a notify script moves an address instead, as in some clouds,
say so with \`no_virtual_ipaddress\` (keepalived 2.4).`,
  keepalived: 'reports',
  bad: instanceText({}),
  good: holding('192.0.2.10/24'),
  claims: ({ code }) => code === 'no-virtual-address',
  improve: ({ severity, message }) => ({
    message:
      severity === 'fatal'
        ? `${message}: version 3 needs one, and keepalived does not start`
        : `${message}: it elects a Master, and the Master holds nothing`,
    help: 'list the addresses in "virtual_ipaddress { }", one on a line',
  }),
});
