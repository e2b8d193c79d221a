import type { Given } from '../../../config-parser/index.ts';
import type { VirtualServerModel } from '../../model/index.ts';
import { fileRule, type Reported } from '../../rule.ts';

const flags: ReadonlySet<string> = new Set(['sh-port', 'sh-fallback', 'mh-port', 'mh-fallback']);

/** keepalived.conf(5): sh-port, sh-fallback, mh-port, mh-fallback. */
export const mhFlagOrder = fileRule({
  name: 'lvs/mh-flag-order',
  level: 'warn',
  summary: 'A flag of sh or mh stands above lb_algo, or with another scheduler',
  details: `\`sh-port\` and \`sh-fallback\` are for the scheduler \`sh\`, \`mh-port\` and \`mh-fallback\` for \`mh\`. keepalived looks at the
scheduler that it knows when it comes to the flag: above the \`lb_algo\` line there is none yet, and the flag is dropped. A flag
of the other of the two is dropped without a word. The scheduler then leaves the client's port out, and sends clients to a
server that is down. Move the flag below \`lb_algo\`.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    sh-port
    lb_algo sh
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo sh
    lb_kind DR
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  check: ({ virtualServers, words }, report) => {
    if (![...flags].some((flag) => words.has(flag))) return;
    for (const server of virtualServers) {
      for (const given of server.values.select((keyword) => flags.has(keyword))) {
        const found = faultOf(server, given);
        if (found !== undefined) report(found);
      }
    }
  },
});

function faultOf(server: VirtualServerModel, { keyword: flag, order, span }: Given): Reported | undefined {
  const wanted = flag.slice(0, 2);
  const scheduler = server.values.last('lb_algo');
  if (server.scheduler !== wanted) {
    return {
      at: span,
      message: `${flag} is for the scheduler ${wanted} and this service uses ${server.scheduler}: the flag has no effect`,
      help: `delete the line, or write "lb_algo ${wanted}" above it`,
    };
  }
  if (scheduler === undefined || scheduler.order < order) return undefined;
  return {
    at: span,
    message: `${flag} stands above lb_algo, where no scheduler is known yet: the flag has no effect`,
    help: 'move the line below "lb_algo"',
    notes: [{ span: scheduler.heading, message: 'the scheduler' }],
  };
}
