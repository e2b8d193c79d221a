import type { Span } from '../../../config-parser/index.ts';
import type { FileModel, VirtualServerModel } from '../../model/index.ts';
import { diagnosticRule } from '../../rule.ts';

/** keepalived.conf(5): virtual_server: quorum. */
export const quorumExceedsWeights = diagnosticRule({
  name: 'lvs/quorum-exceeds-weights',
  level: 'error',
  summary: 'The quorum is greater than the weight of all real servers together',
  details: `\`quorum\` is a sum of weights, not a number of servers: the service has its quorum while the real servers that are
up weigh at least that much. One that exceeds the weight of all of them could never be reached, so keepalived complains
and lowers it to their sum. Then all of them must be up, and the first one that fails brings in the sorry server. Write a
quorum that leaves room for the failures that you want to survive.`,
  keepalived: 'reports',
  bad: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    quorum 3
    sorry_server 192.0.2.30 80
    real_server 192.0.2.20 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.0.2.21 80 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 80 {
    delay_loop 6
    protocol TCP
    lb_algo wrr
    lb_kind DR
    quorum 2
    sorry_server 192.0.2.30 80
    real_server 192.0.2.20 80 {
        weight 2
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 192.0.2.21 80 {
        weight 2
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  // What is about weights of 0 or about the hysteresis was claimed before.
  claims: ({ code }) => code === 'quorum-out-of-reach',
  levelOf: () => 'error',
  improve: ({ span, message }, { virtualServers }) => {
    const server = span && serversByQuorum(virtualServers).get(placeKey(span));
    if (server === undefined) return {};
    const weights = server.realServers.map(({ weight }) => weight);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    // Where a server was dropped for another mistake, the parser's sum is the one that counts.
    if (!message.includes(` ${total},`)) return {};
    return {
      message: `a quorum of ${server.quorum} is out of reach: all real servers of ${server.name} weigh ${sumText(weights, total)}; ${total} is used, so the first that fails ends the quorum`,
      help: total > 1 ? `write a quorum below ${total}, so that a server may fail` : 'write "quorum 1"',
    };
  },
});

type Servers = FileModel['virtualServers'];

const indexes = new WeakMap<Servers, ReadonlyMap<string, VirtualServerModel>>();

/** Made once for a file: thousands of services may have the same mistake. */
function serversByQuorum(servers: Servers): ReadonlyMap<string, VirtualServerModel> {
  const known = indexes.get(servers);
  if (known !== undefined) return known;
  const index = new Map<string, VirtualServerModel>();
  for (const server of servers) {
    const span = server.values.spanOf('quorum');
    if (span !== undefined) index.set(placeKey(span), server);
  }
  indexes.set(servers, index);
  return index;
}

function placeKey({ file, start }: Span): string {
  return `${start} ${file}`;
}

/** More than these are not written out. */
const weightsShown = 6;

function sumText(weights: readonly number[], total: number): string {
  if (weights.length < 2 || weights.length > weightsShown) return String(total);
  return `${weights.join(' + ')} = ${total}`;
}
