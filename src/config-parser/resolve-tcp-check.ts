/** keepalived.conf(5): TCP_CHECK. What is not given comes from the real_server, then from the virtual_server. */
import { familyOf, type IpAddress } from '../net/address.ts';
import type { BlockValues, GivenOf } from './block-values.ts';
import type { CheckerTiming, TcpCheckConfig } from './config.ts';
import type { RealServerContext, RealServerValues } from './resolve-real-server.ts';
import type { realServer, tcpCheck } from './schema/index.ts';

/** keepalived.conf(5): what holds where none of the three levels says anything. */
const defaults = { delayLoopMs: 60_000, connectTimeoutMs: 5000, retry: 1, delayBeforeRetryMs: 1000 } as const;

export interface CheckContext {
  readonly context: RealServerContext;
  readonly server: RealServerValues;
  readonly address: IpAddress;
  readonly port: number;
  readonly given: GivenOf<typeof realServer.keywords.TCP_CHECK>;
}

type Values = BlockValues<typeof tcpCheck.keywords>;

export function resolveTcpCheck(check: CheckContext): TcpCheckConfig {
  const { context, server, given } = check;
  const { values } = given;
  const connectAddress = values.value('connect_ip') ?? check.address;
  const bindAddress = resolveBindAddress(check, values, connectAddress);
  const bindPort = values.value('bind_port');
  const config: TcpCheckConfig = {
    kind: 'TCP_CHECK',
    timing: resolveTiming(check, values),
    alpha: values.value('alpha') ?? server.value('alpha') ?? context.values.value('alpha') ?? false,
    connectAddress,
    connectPort: resolvePort(check, values),
    ...(bindAddress !== undefined && { bindAddress }),
    ...(bindPort !== undefined && { bindPort }),
  };
  context.spans.record(config, given);
  return config;
}

const timingKeywords = ['delay_loop', 'connect_timeout', 'retry', 'delay_before_retry', 'warmup'] as const;

function resolveTiming({ context, server }: CheckContext, values: Values): CheckerTiming {
  const inherited = (keyword: (typeof timingKeywords)[number]): number | undefined =>
    values.value(keyword) ?? server.value(keyword) ?? context.values.value(keyword);
  const delayLoopMs = inherited('delay_loop') ?? defaults.delayLoopMs;
  return {
    delayLoopMs,
    connectTimeoutMs: inherited('connect_timeout') ?? defaults.connectTimeoutMs,
    retry: inherited('retry') ?? defaults.retry,
    delayBeforeRetryMs: inherited('delay_before_retry') ?? defaults.delayBeforeRetryMs,
    warmupMs: inherited('warmup') ?? delayLoopMs,
  };
}

/** A service for all ports has none to connect to. */
function resolvePort({ context, port, given }: CheckContext, values: Values): number {
  const connectPort = values.value('connect_port') ?? port;
  if (connectPort === 0) {
    context.reporter.report({
      severity: 'error',
      code: 'missing-keyword',
      subject: { block: 'TCP_CHECK', keyword: 'connect_port' },
      message: `a TCP_CHECK of ${context.name} has no port to connect to, and will never succeed`,
      span: given.heading,
      help: 'write "connect_port"',
    });
  }
  return connectPort;
}

function resolveBindAddress(
  { context }: CheckContext,
  values: Values,
  connectAddress: IpAddress,
): IpAddress | undefined {
  const given = values.last('bindto');
  const family = familyOf(connectAddress);
  if (given === undefined || familyOf(given.value) === family) return given?.value;
  context.reporter.report({
    severity: 'error',
    code: 'address-family-mismatch',
    subject: { block: 'TCP_CHECK', keyword: 'bindto' },
    message: `bindto must be an IPv${family} address like the one that is connected to, found "${given.value}"; the line is ignored`,
    span: given.span,
  });
  return undefined;
}
