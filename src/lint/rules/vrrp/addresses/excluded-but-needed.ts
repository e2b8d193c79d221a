import type { InstanceModel } from '../../../model/index.ts';
import { fileRule } from '../../../rule.ts';
import { holding, instanceText, nested } from './example.ts';

const many = 20;
const ipHeaderBytes = { 4: 20, 6: 40 } as const;
const addressBytes = { 4: 4, 6: 16 } as const;
const vrrpHeaderBytes = 8;
/** RFC 3768 section 5.1: version 2 keeps the field for authentication, used or not. */
const authenticationBytes = 8;

const excluded = nested('virtual_ipaddress_excluded', [`~SEQ(n, 11, 40) 192.0.2.\${n}/24`]);

/** keepalived.conf(5): virtual_ipaddress_excluded. */
export const excludedButNeeded = fileRule({
  name: 'vrrp/excluded-but-needed',
  level: 'info',
  summary: 'So many advertised addresses that virtual_ipaddress_excluded would serve better',
  details: `Every advertisement carries all of \`virtual_ipaddress\`, once a second or more often, and every Backup compares
the list with its own: until both directors have been reloaded after a change, each advertisement is a mismatch in the log.
The election needs none of that. One address in \`virtual_ipaddress\` and the rest in \`virtual_ipaddress_excluded\` move
together just the same, in packets that stay small.`,
  keepalived: 'silent',
  bad: holding(`~SEQ(n, 10, 40) 192.0.2.\${n}/24`),
  good: instanceText({ addresses: ['192.0.2.10/24'], lines: excluded }),
  check: ({ instances }, report) => {
    for (const instance of instances) {
      const { addresses, name } = instance;
      const [first] = addresses;
      if (addresses.length <= many || first === undefined) continue;
      report({
        at: instance.values.last('virtual_ipaddress')?.heading ?? first.heading,
        message: `${name} sends all of its ${addresses.length} addresses in every advertisement (${sizeText(instance)}), and the directors must list them alike`,
        help: 'leave one in "virtual_ipaddress" and move the others to "virtual_ipaddress_excluded"',
      });
    }
  },
});

function sizeText({ family, version, addresses }: InstanceModel): string {
  const parts = [ipHeaderBytes[family], vrrpHeaderBytes, ...(version === 2 ? [authenticationBytes] : [])];
  const headers = parts.reduce((sum, part) => sum + part, 0);
  const total = headers + addresses.length * addressBytes[family];
  return `${headers} + ${addresses.length} x ${addressBytes[family]} = ${total} bytes`;
}
