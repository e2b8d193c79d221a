import { diagnosticRule } from '../../../rule.ts';
import { instanceOf } from './example.ts';

/** RFC 5798 section 5.2.3: the VRID identifies the virtual router on its network. */
export const duplicateVrid = diagnosticRule({
  name: 'vrrp/duplicate-vrid',
  level: 'error',
  summary: 'Two instances of one family have the same virtual_router_id on one interface',
  details: `A received advertisement is given to an instance by interface, address family and VRID. If two instances have
all three in common, nobody could say which of them is meant, so keepalived refuses the configuration at the start. Give
each instance a number of its own, and change it on all directors of the group.`,
  keepalived: 'fatal',
  bad: `${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7'])}
${instanceOf('VI_2', ['interface eth0', 'virtual_router_id 7'], '192.0.2.11/24')}`,
  good: `${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7'])}
${instanceOf('VI_2', ['interface eth0', 'virtual_router_id 8'], '192.0.2.11/24')}`,
  claims: ({ code }) => code === 'duplicate-virtual-router-id',
  improve: ({ message }) => ({
    message: `${message}: no advertisement could be told apart, and keepalived does not start`,
    help: 'give one of them another number, on all directors of its group',
  }),
});
