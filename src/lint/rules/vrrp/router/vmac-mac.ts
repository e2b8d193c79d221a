import { diagnosticRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** RFC 5798 section 7.3: 00-00-5E-00-01-{VRID}, and 02 for IPv6, are the virtual router's. */
export const vmacMac = diagnosticRule({
  name: 'vrrp/vmac-mac',
  level: 'error',
  summary: 'A MAC address that use_vmac does not take',
  details: `\`use_vmac\` takes the MAC address of the RFC, \`00:00:5e:00:01:\` with the VRID (\`02\` for IPv6), unless the
line names another one of five or six octets. That one must not be a multicast address, whose first octet is odd, nor one
of those that the RFC gives out. keepalived reports it and uses the address of the RFC.`,
  keepalived: 'reports',
  bad: instanceWith('use_vmac 01:00:5e:00:00:12'),
  good: instanceWith(),
  claims: ({ code, subject, message }) =>
    code === 'invalid-value' && subject?.keyword === 'use_vmac' && message.startsWith('a MAC address'),
  improve: () => ({ help: 'delete the MAC address, or write one that begins with 02' }),
});
