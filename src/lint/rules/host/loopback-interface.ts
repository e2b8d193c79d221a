import { hostRule } from '../../rule.ts';
import { ethernet, instance } from './example.ts';
import { interfaceOf, worksElsewhere } from './interfaces.ts';

/** keepalived.conf(5): interface: not the loopback interface. */
export const loopbackInterface = hostRule({
  name: 'host/loopback-interface',
  level: 'error',
  summary: 'An instance is on the loopback interface',
  details: `Nobody else is on the loopback interface, so that there is nobody to elect a Master with. keepalived ignores such
an \`interface\`, and the instance has none. An address that is to be on \`lo\` can have \`dev lo\` behind it, while the
instance is on the interface that leads to the other director.`,
  keepalived: 'reports',
  exampleHost: { interfaces: [ethernet(), ethernet({ name: 'inner0', isLoopback: true })] },
  bad: instance().replace('eth0', 'inner0'),
  good: instance(),
  check: (file, host, report) => {
    if (worksElsewhere(file)) return;
    for (const router of file.instances) {
      // That of this name needs no machine to be known.
      if (router.interface === 'lo' || interfaceOf(host, router.interface)?.isLoopback !== true) continue;
      report({
        at: router.at('interface'),
        message: `${router.interface} is the loopback interface: keepalived ignores it, and ${router.name} does not run`,
        help: 'write the interface that leads to the other directors; an address can be put on it with "dev"',
      });
    }
  },
});
