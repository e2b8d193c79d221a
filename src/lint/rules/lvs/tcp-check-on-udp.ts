import type { CheckerKind, CheckerModel } from '../../model/index.ts';
import { fileRule } from '../../rule.ts';
import { checkersOf } from './checkers.ts';

const overTcp: ReadonlySet<CheckerKind> = new Set<CheckerKind>([
  'TCP_CHECK',
  'HTTP_GET',
  'SSL_GET',
  'SMTP_CHECK',
]);

const usualPorts: Readonly<Partial<Record<CheckerKind, readonly number[]>>> = {
  DNS_CHECK: [53, 5353],
  SMTP_CHECK: [25, 587, 2525],
};

/** keepalived.conf(5): TCP_CHECK, DNS_CHECK, SMTP_CHECK. */
export const tcpCheckOnUdp = fileRule({
  name: 'lvs/tcp-check-on-udp',
  level: 'warn',
  summary: 'A checker speaks another protocol than its service',
  details: `A checker connects to the real server's own port unless \`connect_port\` says otherwise. A \`TCP_CHECK\` of a UDP
service asks whether something listens on the TCP port of that number, and usually nothing does: the server is taken out
although it is well. Where something does, the check says nothing about the service. Likewise a \`DNS_CHECK\` or an \`SMTP_CHECK\`
of a port where other programs listen always fails. Use \`UDP_CHECK\` or \`DNS_CHECK\` for UDP; write \`connect_port\` where another
port is meant, and the rule is silent.`,
  keepalived: 'silent',
  bad: `virtual_server 192.0.2.10 514 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 514 {
        TCP_CHECK {
            connect_timeout 3
        }
    }
}
`,
  good: `virtual_server 192.0.2.10 514 {
    delay_loop 6
    protocol UDP
    lb_algo wrr
    lb_kind DR
    real_server 192.0.2.20 514 {
        TCP_CHECK {
            connect_timeout 3
            connect_port 22
        }
    }
}
`,
  check: ({ virtualServers }, report) => {
    for (const checker of checkersOf(virtualServers)) {
      if (!mayDiffer(checker) || checker.values.has('connect_port')) continue;
      const message = mismatchOf(checker);
      if (message === undefined) continue;
      report({ at: checker.heading, ...message });
    }
  },
});

/** Asked of every checker, and so quick. */
function mayDiffer({ kind, realServer }: CheckerModel): boolean {
  return realServer.virtualServer.protocol === 'UDP' || usualPorts[kind] !== undefined;
}

function mismatchOf(checker: CheckerModel): { message: string; help: string } | undefined {
  const { kind, realServer, connectPort } = checker;
  const { virtualServer } = realServer;
  // Where no protocol is written that is the mistake, and is reported as such.
  if (virtualServer.values.value('protocol') === 'UDP' && overTcp.has(kind)) {
    return {
      message: `${kind} connects over TCP to ${realServer.name}, which serves UDP: where nothing listens on that TCP port, a good server is taken out`,
      help: 'use "UDP_CHECK" or "DNS_CHECK", or write "connect_port" with a TCP port that shows its health',
    };
  }
  const ports = usualPorts[kind];
  if (ports === undefined || connectPort === 0 || ports.includes(connectPort)) return undefined;
  return {
    message: `${kind} asks port ${connectPort} of ${realServer.name}, where ${kind === 'DNS_CHECK' ? 'a name server' : 'a mail server'} does not usually listen: if it does not, the server is never up`,
    help: `write "connect_port ${ports[0]}", or "connect_port ${connectPort}" if that is meant`,
  };
}
