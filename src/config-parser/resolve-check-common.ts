/** keepalived.conf(5): what all checkers have: when they run, where they connect to, and what becomes of one that lacks something. */
import { familyOf, type IpAddress } from '../net/address.ts';
import type { BlockValues, Given } from './block-values.ts';
import type { CheckConnection, CheckerKind, CheckerTiming } from './config.ts';
import type { GivenServer } from './resolve-real-server.ts';
import { portOf } from './resolve-service.ts';
import type { ServerContext } from './resolve-virtual-server.ts';
import type { tcpCheck } from './schema/index.ts';

/** The real server that is checked. */
export interface CheckedServer {
  readonly context: ServerContext;
  readonly given: GivenServer;
  /** Where it is checked unless a checker says otherwise; 0 where there is none. */
  readonly port: number;
  /** Filled while its checkers are resolved: what it means is known after the last. */
  readonly dropped: DroppedCheck[];
}

/** A checker that lacks something; keepalived takes such a one out again too. */
export interface DroppedCheck {
  readonly kind: CheckerKind;
  readonly given: Pick<Given, 'heading'>;
  /** Completes "this TCP_CHECK ... and is dropped". */
  readonly what: string;
  readonly help: string;
}

/** One checker of it. */
export interface GivenCheck {
  readonly kind: CheckerKind;
  readonly given: Pick<Given, 'heading'>;
  readonly values: CheckValues;
}

/** The keywords that all checkers have, of which some checkers lack some: those give undefined. */
type Common = typeof tcpCheck.keywords;

export type CheckValues = Pick<BlockValues<Common>, 'value' | 'last'>;

/** What holds where neither the checker nor what it is in says anything; a delay that is undefined is delay_loop. */
interface Usual {
  readonly retry: number;
  readonly delayBeforeRetryMs: number | undefined;
}

const usual: Readonly<Record<CheckerKind, Usual>> = {
  TCP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  HTTP_GET: { retry: 1, delayBeforeRetryMs: 3000 },
  SSL_GET: { retry: 1, delayBeforeRetryMs: 3000 },
  SMTP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  DNS_CHECK: { retry: 3, delayBeforeRetryMs: undefined },
  UDP_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  PING_CHECK: { retry: 1, delayBeforeRetryMs: 1000 },
  MISC_CHECK: { retry: 0, delayBeforeRetryMs: undefined },
  FILE_CHECK: { retry: 1, delayBeforeRetryMs: undefined },
  BFD_CHECK: { retry: 0, delayBeforeRetryMs: undefined },
};

const usualDelayLoopMs = 60_000;
const usualConnectTimeoutMs = 5000;
/** A check of several steps may take as long as ten waits, or until the next is due. */
const waitsOfAttempt = 10;

const timingKeywords = [
  'delay_loop', 'connect_timeout', 'retry', 'delay_before_retry', 'warmup', 'attempt_timeout',
] as const; // biome-ignore format: one list

/** From the checker, else the real server, else the virtual server, else keepalived's. */
export function resolveTiming(server: CheckedServer, { kind, values }: GivenCheck): CheckerTiming {
  const inner = server.given.values;
  const outer = server.context.values;
  const given = (keyword: (typeof timingKeywords)[number]): number | undefined =>
    values.value(keyword) ?? inner.value(keyword) ?? outer.value(keyword);
  const delayLoopMs = given('delay_loop') ?? usualDelayLoopMs;
  const connectTimeoutMs = given('connect_timeout') ?? usualConnectTimeoutMs;
  return {
    delayLoopMs,
    connectTimeoutMs,
    attemptTimeoutMs: given('attempt_timeout') ?? Math.max(delayLoopMs, waitsOfAttempt * connectTimeoutMs),
    retry: given('retry') ?? usual[kind].retry,
    delayBeforeRetryMs: given('delay_before_retry') ?? usual[kind].delayBeforeRetryMs ?? delayLoopMs,
    warmupMs: given('warmup') ?? delayLoopMs,
  };
}

export function resolveAlpha(server: CheckedServer, { values }: GivenCheck): boolean {
  return (
    values.value('alpha') ??
    server.given.values.value('alpha') ??
    server.context.values.value('alpha') ??
    false
  );
}

export function resolveLogging(server: CheckedServer, { values }: GivenCheck): boolean {
  return values.value('log_all_failures') ?? server.context.surroundings.defaults.logAllFailures;
}

/** Undefined, with a message, where the kernel could not connect. */
export function resolveConnection(server: CheckedServer, check: GivenCheck): CheckConnection | undefined {
  const { values } = check;
  const connectAddress = values.value('connect_ip') ?? server.given.value.address;
  const bindInterface = values.value('bind_if');
  if (bindInterface === undefined && isLinkLocal(connectAddress)) {
    const what = `goes to the link-local address ${connectAddress} and has no bind_if`;
    const help = 'write "bind_if" and the interface that leads there';
    server.dropped.push({ kind: check.kind, given: check.given, what, help });
    return undefined;
  }
  const bindAddress = resolveBindAddress(server, check, connectAddress);
  const bindPort = values.value('bind_port');
  const firewallMark = values.value('fwmark') ?? 0;
  return {
    connectAddress,
    connectPort: check.kind === 'PING_CHECK' ? 0 : resolvePort(server, check),
    ...(bindAddress !== undefined && { bindAddress }),
    ...(bindPort !== undefined && { bindPort }),
    ...(bindInterface !== undefined && { bindInterface }),
    ...(firewallMark !== 0 && { firewallMark }),
  };
}

/** RFC 4291 section 2.5.6: fe80::/10. */
function isLinkLocal(address: IpAddress): boolean {
  return address.startsWith('fe') && /^fe[89ab]/.test(address);
}

/** A service for all ports has none to connect to. */
function resolvePort(server: CheckedServer, { kind, values, given }: GivenCheck): number {
  const connectPort = values.value('connect_port') ?? server.port;
  if (connectPort === 0) {
    const article = /^[HS]/.test(kind) ? 'an' : 'a';
    server.context.reporter.report({
      severity: 'error',
      code: 'missing-keyword',
      subject: { block: kind, keyword: 'connect_port' },
      message: `${article} ${kind} of ${server.context.facts.text} has no port to connect to, and will never succeed`,
      span: given.heading,
      help: 'write "connect_port"',
    });
  }
  return connectPort;
}

function resolveBindAddress(
  { context }: CheckedServer,
  { kind, values }: GivenCheck,
  connectAddress: IpAddress,
): IpAddress | undefined {
  const given = values.last('bindto');
  const family = familyOf(connectAddress);
  if (given === undefined || familyOf(given.value) === family) return given?.value;
  context.reporter.report({
    severity: 'error',
    code: 'address-family-mismatch',
    subject: { block: kind, keyword: 'bindto' },
    message: `bindto must be an IPv${family} address like the one that is connected to, found "${given.value}"; the line is ignored`,
    span: given.span,
  });
  return undefined;
}

/** Once all checkers of a server are resolved. @param remaining how many are left */
export function reportDropped({ context, given, dropped }: CheckedServer, remaining: number): void {
  const { address, port = portOf(context.facts) } = given.value;
  const name = `${address.includes(':') ? `[${address}]` : address}:${port}`;
  const then = remaining === 0 ? 'counts as up for ever' : 'is checked only by what else stands in its block';
  for (const { kind, given: check, what, help } of dropped) {
    context.reporter.report({
      severity: 'error',
      code: 'checker-dropped',
      subject: { block: 'real_server', keyword: kind },
      message: `this ${kind} ${what} and is dropped: real server ${name} ${then}`,
      span: check.heading,
      help,
    });
  }
}

export function isCheckerKind(keyword: string): keyword is CheckerKind {
  return Object.hasOwn(usual, keyword);
}
