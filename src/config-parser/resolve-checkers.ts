/** keepalived.conf(5): the checkers of a real_server, in the order of the file. */
import type { Given, GivenOf } from './block-values.ts';
import type { CheckConnection, CheckerConfig, CheckerKind, CheckerTiming } from './config.ts';
import {
  type CheckedServer,
  type CheckValues,
  isCheckerKind,
  reportDropped,
  resolveAlpha,
  resolveConnection,
  resolveLogging,
  resolveTiming,
} from './resolve-check-common.ts';
import { resolveHttpCheck } from './resolve-http-check.ts';
import { resolveBfdCheck, resolveFileCheck, resolveMiscCheck } from './resolve-local-checks.ts';
import type { realServer } from './schema/index.ts';

type Keywords = typeof realServer.keywords;

const none: readonly CheckerConfig[] = [];

export function resolveCheckers(checked: Omit<CheckedServer, 'dropped'>): readonly CheckerConfig[] {
  const { context, given: realServer, port } = checked;
  const given = realServer.values.select(isCheckerKind);
  if (given.length === 0) return none;
  const server: CheckedServer = { context, given: realServer, port, dropped: [] };
  const checkers: CheckerConfig[] = [];
  for (const one of given) {
    const { keyword } = one;
    const resolved = isCheckerKind(keyword) ? resolveChecker(keyword, one, server) : undefined;
    if (resolved === undefined) continue;
    for (const config of isSeveral(resolved) ? resolved : [resolved]) {
      context.spans.record(config, one);
      checkers.push(config);
    }
  }
  if (server.dropped.length > 0) reportDropped(server, checkers.length);
  // An array that was grown by pushing has room to spare; a copy has none.
  return checkers.slice();
}

/** A block is no check where it lacks something, and SMTP_CHECK's may be several. */
type Resolver<Kind extends CheckerKind> = (
  given: GivenOf<Keywords[Kind]>,
  server: CheckedServer,
) => CheckerConfig | readonly CheckerConfig[] | undefined;

const resolvers: { readonly [Kind in CheckerKind]: Resolver<Kind> } = {
  TCP_CHECK: (given, server) => {
    const common = resolveConnected('TCP_CHECK', given, server);
    return common && { kind: 'TCP_CHECK', ...common };
  },
  PING_CHECK: (given, server) => {
    const common = resolveConnected('PING_CHECK', given, server);
    return common && { kind: 'PING_CHECK', ...common };
  },
  HTTP_GET: (given, server) => {
    const common = resolveConnected('HTTP_GET', given, server);
    return common && resolveHttpCheck('HTTP_GET', common, given, server);
  },
  SSL_GET: (given, server) => {
    const common = resolveConnected('SSL_GET', given, server);
    return common && resolveHttpCheck('SSL_GET', common, given, server);
  },
  SMTP_CHECK: resolveSmtpChecks,
  DNS_CHECK: (given, server) => {
    const common = resolveConnected('DNS_CHECK', given, server);
    const { values } = given;
    const question = { type: values.value('type') ?? 'SOA', name: values.value('name') ?? '.' };
    return common && { kind: 'DNS_CHECK', ...common, ...question };
  },
  UDP_CHECK: resolveUdpCheck,
  MISC_CHECK: resolveMiscCheck,
  FILE_CHECK: resolveFileCheck,
  BFD_CHECK: resolveBfdCheck,
};

function resolveChecker(kind: CheckerKind, given: Given, server: CheckedServer): ReturnType<Resolver<never>> {
  // Made from the table's own entry of that name, so that the types are those of the table.
  const resolve: Resolver<never> = resolvers[kind];
  return resolve(given as never, server);
}

function isSeveral(resolved: CheckerConfig | readonly CheckerConfig[]): resolved is readonly CheckerConfig[] {
  return Array.isArray(resolved);
}

/** What all checkers with a connection have. */
export interface ConnectedCheck extends CheckConnection {
  readonly timing: CheckerTiming;
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

function resolveConnected(
  kind: CheckerKind,
  given: Pick<Given, 'heading'> & { readonly values: CheckValues },
  server: CheckedServer,
): ConnectedCheck | undefined {
  const check = { kind, given, values: given.values };
  const connection = resolveConnection(server, check);
  return (
    connection && {
      timing: resolveTiming(server, check),
      alpha: resolveAlpha(server, check),
      logAllFailures: resolveLogging(server, check),
      ...connection,
    }
  );
}

const usualHeloName = 'smtpchecker.keepalived.org';

/** Each `host` is a check of its own; what it does not say, the block around it does. */
function resolveSmtpChecks(
  given: GivenOf<Keywords['SMTP_CHECK']>,
  server: CheckedServer,
): readonly CheckerConfig[] {
  const { values } = given;
  const heloName = values.value('helo_name') ?? usualHeloName;
  const hosts = values.all('host').map((host) => layered(host, values));
  const checks = hosts.length > 0 ? hosts : [given];
  return checks.flatMap((check) => {
    const common = resolveConnected('SMTP_CHECK', check, server);
    return common ? { kind: 'SMTP_CHECK' as const, ...common, heloName } : [];
  });
}

type Layer = Pick<Given, 'heading'> & { readonly values: CheckValues };

function layered(inner: Layer, outer: CheckValues): Layer {
  const value: CheckValues['value'] = (name) => inner.values.value(name) ?? outer.value(name);
  const last: CheckValues['last'] = (name) => inner.values.last(name) ?? outer.last(name);
  return { heading: inner.heading, values: { value, last } };
}

const usualMaxReplyBytes = 255;

function resolveUdpCheck(
  given: GivenOf<Keywords['UDP_CHECK']>,
  server: CheckedServer,
): CheckerConfig | undefined {
  const { values } = given;
  const common = resolveConnected('UDP_CHECK', given, server);
  const reply = values.last('require_reply');
  return (
    common && {
      kind: 'UDP_CHECK',
      ...common,
      payload: values.value('payload') ?? [],
      ...(reply && { reply: reply.value ?? { bytes: [], mask: [] } }),
      minReplyBytes: values.value('min_reply_length') ?? 0,
      maxReplyBytes: values.value('max_reply_length') ?? usualMaxReplyBytes,
    }
  );
}
