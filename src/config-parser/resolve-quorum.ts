/** keepalived.conf(5): quorum and hysteresis, which must be within reach of the real servers' weights. */
import type { RealServerConfig, VirtualServerConfig } from './config.ts';
import type { ServerContext } from './resolve-virtual-server.ts';

type Quorum = Pick<VirtualServerConfig, 'quorum' | 'hysteresis'>;

export function resolveQuorum(context: ServerContext, realServers: readonly RealServerConfig[]): Quorum {
  const total = realServers.reduce((sum, { weight }) => sum + weight, 0);
  const quorum = resolveReachable(context, total);
  const hysteresis = context.values.value('hysteresis') ?? 0;
  if (hysteresis < quorum) return { quorum, hysteresis };
  const message = `hysteresis must be less than the quorum of ${quorum}, found "${hysteresis}"; ${quorum - 1} is used`;
  report(context, 'hysteresis', message);
  return { quorum, hysteresis: quorum - 1 };
}

function resolveReachable(context: ServerContext, total: number): number {
  const quorum = context.values.value('quorum') ?? 1;
  if (quorum <= total) return quorum;
  if (total === 0) {
    const message = `all real servers of ${context.facts.text} have weight 0, so its quorum of ${quorum} is never reached`;
    report(context, 'weight', message);
    return quorum;
  }
  const message = `the quorum of ${context.facts.text} must not exceed ${total}, the weight of all its real servers, found "${quorum}"; ${total} is used`;
  report(context, 'quorum', message);
  return total;
}

type About = 'quorum' | 'hysteresis' | 'weight';

function report({ reporter, given, values }: ServerContext, keyword: About, message: string): void {
  const block = keyword === 'weight' ? 'real_server' : 'virtual_server';
  reporter.report({
    severity: 'error',
    code: 'quorum-out-of-reach',
    subject: { block, keyword },
    message,
    span: values.spanOf(keyword === 'weight' ? 'quorum' : keyword) ?? given.heading,
  });
}
