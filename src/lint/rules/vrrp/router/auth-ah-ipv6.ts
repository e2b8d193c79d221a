import { diagnosticRule } from '../../../rule.ts';
import { instanceOf } from './example.ts';
import { instanceAt } from './instance-places.ts';

const addresses = 'fe80::10/64\n    2001:db8::10/64';

/** keepalived.conf(5): auth_type AH is for IPv4. */
export const authAhIpv6 = diagnosticRule({
  name: 'vrrp/auth-ah-ipv6',
  level: 'error',
  summary: 'auth_type AH with IPv6 addresses',
  details: `keepalived can put the IP Authentication Header round VRRP version 2 on IPv4, and nowhere else. An instance with
IPv6 addresses runs version 3, where the block is reported and ignored, so that nothing is authenticated. Delete the
block, and let only the directors send IP protocol 112 to the network.`,
  keepalived: 'reports',
  bad: instanceOf(
    'VI_1',
    ['interface eth0', 'virtual_router_id 7', 'authentication {\n    auth_type AH\n    auth_pass example\n}'],
    addresses,
  ),
  good: instanceOf('VI_1', ['interface eth0', 'virtual_router_id 7'], addresses),
  claims: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'authentication-ignored', 'authentication');
    return (
      instance?.family === 6 && instance.values.last('authentication')?.values.value('auth_type') === 'AH'
    );
  },
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'authentication-ignored', 'authentication');
    return {
      message: `auth_type AH is for IPv4: ${instance?.name ?? 'the instance'} has IPv6 addresses and runs without any authentication`,
      help: 'delete the block, and let only the directors send IP protocol 112 to this network',
    };
  },
});
