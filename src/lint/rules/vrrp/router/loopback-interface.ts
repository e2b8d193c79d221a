import { diagnosticRule } from '../../../rule.ts';
import { instanceOf, instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

/** keepalived.conf(5): interface: not the loopback interface. */
export const loopbackInterface = diagnosticRule({
  name: 'vrrp/loopback-interface',
  level: 'error',
  summary: 'An instance on the loopback interface',
  details: `What is sent on \`lo\` never leaves the host: the other director could not hear an advertisement, and both would
be Master. keepalived drops the line and is then left without an interface. Name the interface that both directors share;
addresses that belong on \`lo\`, as real servers behind direct routing have them, need no VRRP.`,
  keepalived: 'fatal',
  bad: instanceOf('VI_1', ['interface lo', 'virtual_router_id 7']),
  good: instanceWith(),
  claims: (diagnostic, file) => {
    return instanceAt(file, diagnostic, 'invalid-value', 'interface')?.interface === 'lo';
  },
  improve: () => ({
    message:
      'interface must not be the loopback interface: advertisements would never leave the host, and keepalived does not start',
    help: 'name the interface that the directors share',
  }),
});
