import { hostRule } from '../../rule.ts';
import { instance, service } from './example.ts';

/** The kernel lists its IPVS table there once the module is loaded. */
const table = '/proc/net/ip_vs';

/** ipvsadm(8): IPVS is a part of the kernel, mostly a module. */
export const ipvsNotLoaded = hostRule({
  name: 'host/ipvs-not-loaded',
  level: 'info',
  summary: 'There are virtual servers, and IPVS is not loaded in this kernel',
  details: `Virtual servers are entries of the kernel's IPVS table. Its module \`ip_vs\` is loaded when keepalived or holdfast
starts, so that before the first start this is no reason to worry. In a container, and on kernels of some clouds, there is no
such module or it may not be loaded: then checks run and addresses move, and no connection is passed on. Try
\`modprobe ip_vs\` once. In a network namespace the table is its own; the module is the host's.`,
  keepalived: 'logs',
  exampleHost: { pathFacts: () => undefined },
  bad: service('DR'),
  good: instance(),
  check: ({ virtualServers }, host, report) => {
    const [first] = virtualServers;
    if (first === undefined || host.pathFacts(table) !== undefined) return;
    const count =
      virtualServers.length === 1 ? '1 virtual server' : `${virtualServers.length} virtual servers`;
    report({
      at: first.heading,
      message: `IPVS is not loaded in this kernel: if it cannot be, ${count} will not be there, and nobody answers their clients`,
      help: 'run "modprobe ip_vs" and see whether it succeeds',
    });
  },
});
