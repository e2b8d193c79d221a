import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';
import { instanceAt } from './instance-places.ts';

const password = 'authentication {\n    auth_type PASS\n    auth_pass example\n}';

/** RFC 5798 section 1.4: version 3 has no authentication. */
export const authV3Ignored = diagnosticRule({
  name: 'vrrp/auth-v3-ignored',
  level: 'warn',
  summary: 'A password for VRRP version 3, which has none',
  details: `Version 3 has no field for a password, so that keepalived reports the \`authentication\` block and ignores it.
The file looks protected and is not: whoever can send to the network can become Master. IPv6 always runs version 3. Let
only the directors send IP protocol 112 there, with a firewall or a network of their own, and delete the block.`,
  keepalived: 'reports',
  bad: instanceWith('version 3', password),
  good: instanceWith('version 2', password),
  claims: (diagnostic, file) =>
    instanceAt(file, diagnostic, 'authentication-ignored', 'authentication')?.version === 3,
  levelOf: () => 'warn',
  improve: (diagnostic, file) => {
    const instance = instanceAt(file, diagnostic, 'authentication-ignored', 'authentication');
    return {
      message: `VRRP version 3 has no authentication: ${instance?.name ?? 'the instance'} takes advertisements from anybody, in spite of this block`,
      help: 'delete the block, and let only the directors send IP protocol 112 to this network',
    };
  },
});
