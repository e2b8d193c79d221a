import { hostRule } from '../../rule.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

/** keepalived.conf(5): interface; dont_track_primary. */
export const interfaceDown = hostRule({
  name: 'host/interface-down',
  level: 'warn',
  summary: 'The interface of an instance is down',
  details: `An instance is in Fault while its interface is down or has no link: it holds no address and answers no
election. This is what is true at this moment, and may be meant. With \`dont_track_primary\` the instance runs all the same,
and nothing is said.`,
  keepalived: 'logs',
  exampleHost: { interfaces: [ethernet(), ethernet({ name: 'eth1', isUp: false })] },
  bad: instance().replace('eth0', 'eth1'),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const { name, interface: device, values, ...rest } of file.instances) {
      const found = interfaceOf(host, device);
      if (found === undefined || found.isUp || values.has('dont_track_primary')) continue;
      report({
        at: values.spanOf('interface') ?? rest.heading,
        message: `${device} is down: ${name} will be in Fault until it is up`,
        help: `bring it up ("ip link set ${device} up"), and look for why it is down`,
      });
    }
  },
});
