import { diagnosticRule } from '../../../rule.ts';
import { instanceOf } from './example.ts';

/** keepalived.conf(5): vrrp_instance: the name is what everything else refers to it by. */
export const duplicateInstanceName = diagnosticRule({
  name: 'vrrp/duplicate-instance-name',
  level: 'error',
  summary: 'Two instances have one name, and the second is ignored',
  details: `Sync groups, notify scripts and logs know an instance by its name, so that a name can stand for one instance
only. keepalived skips the whole second block and goes on: the daemon runs, and the addresses of that block are never up.
This is mostly a block that was copied; give it a name and a virtual_router_id of its own.`,
  keepalived: 'reports',
  bad: `${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7'])}
${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 8'], '192.0.2.11/24')}`,
  good: `${instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7'])}
${instanceOf('VI_2', ['interface eth0', 'virtual_router_id 8'], '192.0.2.11/24')}`,
  claims: ({ code, message }) => code === 'duplicate-name' && message.startsWith('vrrp_instance '),
  improve: ({ message }) => ({
    message: `${message}, and its addresses are never up`,
    help: 'give it a name of its own',
  }),
});
