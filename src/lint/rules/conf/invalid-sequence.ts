import { diagnosticRule } from '../../rule.ts';
import { block, textOf } from './example.ts';

function example(sequence: string): string {
  const addresses = block('virtual_ipaddress', [sequence]);
  return textOf(block('vrrp_instance VI_1', ['interface eth0', 'virtual_router_id 7', ...addresses]));
}

/** keepalived.conf(5): ~SEQ, ~SEQx, ~LST. */
export const invalidSequence = diagnosticRule({
  name: 'conf/invalid-sequence',
  level: 'error',
  summary: 'A ~SEQ or ~LST line is not written as one',
  details: `A line such as \`~SEQ(n,10,12) 192.0.2.\${n}/24\` stands for several, one for each value of the variable. One that is not
written so, or never comes to its end, is ignored, and with it all lines that it was meant to be. The forms are
\`~SEQ(variable,end)\`, \`~SEQ(variable,start,end)\`, \`~SEQ(variable,start,step,end)\`, the same with \`~SEQx\` for hexadecimal
numbers, and \`~LST(variable,value,...)\`.`,
  keepalived: 'reports',
  bad: example(`~SEQ(n,10,x) 192.0.2.\${n}/24`).replace('~SEQ', '192.0.2.9/24\n        ~SEQ'),
  good: example(`~SEQ(n,10,12) 192.0.2.\${n}/24`),
  claims: ({ code }) => code === 'invalid-sequence',
});
