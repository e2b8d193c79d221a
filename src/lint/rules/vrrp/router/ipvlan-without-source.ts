import { fileRule } from '../../../rule.ts';
import { instanceWith } from './example.ts';

/** keepalived.conf(5): use_ipvlan: IPv4 needs an address. */
export const ipvlanWithoutSource = fileRule({
  name: 'vrrp/ipvlan-without-source',
  level: 'error',
  summary: 'use_ipvlan with IPv4 and without an address',
  details: `An ipvlan interface shares the MAC address of the one below it and is told apart by its IP address, so it needs
one of its own to send advertisements from. Without an address on the line of \`use_ipvlan\`, also where there is
a \`unicast_src_ip\` or a \`mcast_src_ip\`, keepalived reports it and puts the instance to FAULT: this director never
becomes Master.`,
  keepalived: 'reports',
  bad: instanceWith('use_ipvlan'),
  good: instanceWith(),
  check: ({ instances }, report) => {
    for (const { name, values, family } of instances) {
      const ipvlan = values.last('use_ipvlan');
      if (ipvlan === undefined || family === 6) continue;
      if (ipvlan.value.address !== undefined) continue;
      report({
        at: ipvlan.heading,
        message: `the ipvlan interface of ${name} has no address to send from: the instance goes to FAULT and never becomes Master`,
        help: 'write an address of the network after "use_ipvlan", another on each director',
      });
    }
  },
});
