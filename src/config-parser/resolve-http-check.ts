/** keepalived.conf(5): HTTP_GET and SSL_GET with their urls. */
import type { BlockValues, GivenOf } from './block-values.ts';
import type { HttpCheckConfig, HttpRegexConfig, HttpUrlConfig, StatusRange } from './config.ts';
import type { CheckedServer } from './resolve-check-common.ts';
import type { ConnectedCheck } from './resolve-checkers.ts';
import type { httpUrl, realServer } from './schema/index.ts';

type Kind = HttpCheckConfig['kind'];
type GivenCheck = GivenOf<(typeof realServer.keywords)[Kind]>;
type UrlValues = BlockValues<typeof httpUrl.keywords>;

export function resolveHttpCheck(
  kind: Kind,
  common: ConnectedCheck,
  given: GivenCheck,
  server: CheckedServer,
): HttpCheckConfig | undefined {
  const { values } = given;
  const urls = values
    .all('url')
    .flatMap((url) => resolveUrl({ kind, common, given, server }, url.values) ?? []);
  if (urls.length === 0) {
    dropWithoutUrl(kind, given, server);
    return undefined;
  }
  const { clientCertificate } = server.context.surroundings.defaults;
  return {
    kind,
    ...common,
    httpProtocol: values.value('http_protocol') ?? '1.0',
    fastRecovery: values.value('fast_recovery') ?? false,
    ...(kind === 'SSL_GET' && clientCertificate && { clientCertificate }),
    urls,
  };
}

interface HttpContext {
  readonly kind: Kind;
  readonly common: ConnectedCheck;
  readonly given: GivenCheck;
  readonly server: CheckedServer;
}

const usualStatusCodes: readonly StatusRange[] = [{ first: 200, last: 299 }];

/** Undefined of a url without a path; keepalived drops it too. */
function resolveUrl(context: HttpContext, values: UrlValues): HttpUrlConfig | undefined {
  const path = values.value('path');
  if (path === undefined) return undefined;
  const { given } = context;
  const statusCodes = values.all('status_code').flatMap(({ value }) => value);
  const digest = values.value('digest');
  const regex = resolveRegex(context, values);
  return {
    path,
    ...resolveHost(context, values),
    statusCodes: statusCodes.length === 0 ? usualStatusCodes : statusCodes,
    ...(digest !== undefined && { digest }),
    ...(regex && { regex }),
    tlsCompliant: values.value('tls_compliant') ?? given.values.value('tls_compliant') ?? false,
  };
}

type Host = Pick<HttpUrlConfig, 'hostHeader' | 'tlsServerName'>;

function resolveHost({ kind, common, given, server }: HttpContext, values: UrlValues): Host {
  const virtualHost =
    values.value('virtualhost') ??
    given.values.value('virtualhost') ??
    server.given.values.value('virtualhost') ??
    server.context.values.value('virtualhost');
  const { connectAddress: address, connectPort } = common;
  const bracketed = address.includes(':') ? `[${address}]` : address;
  const hostHeader = virtualHost ?? `${bracketed}:${connectPort}`;
  if (kind === 'HTTP_GET') return { hostHeader };
  // A server name has no port, even where the Host header has one.
  const ofHost = given.values.value('enable_sni') === true ? virtualHost?.replace(/:\d+$/, '') : undefined;
  const tlsServerName = given.values.value('sni_name') ?? ofHost;
  return { hostHeader, ...(tlsServerName !== undefined && { tlsServerName }) };
}

const aboutRegex = ['regex_no_match', 'regex_options', 'regex_min_offset', 'regex_max_offset'] as const;

function resolveRegex({ server, kind }: HttpContext, values: UrlValues): HttpRegexConfig | undefined {
  const { reporter } = server.context;
  const pattern = values.value('regex');
  if (pattern === undefined) {
    for (const keyword of aboutRegex) {
      const given = values.last(keyword);
      if (given === undefined) continue;
      const message = `${keyword} says how a regex is matched, and this url of ${kind} has no good one; the line is ignored`;
      const subject = { block: 'url', keyword };
      reporter.report({
        severity: 'warning',
        code: 'missing-keyword',
        subject,
        message,
        span: given.heading,
      });
    }
    return undefined;
  }
  const minOffset = values.value('regex_min_offset') ?? 0;
  const max = values.last('regex_max_offset');
  const isInOrder = max === undefined || max.value >= minOffset;
  if (!isInOrder) {
    reporter.report({
      severity: 'error',
      code: 'invalid-value',
      subject: { block: 'url', keyword: 'regex_max_offset' },
      message: `regex_max_offset must not be below regex_min_offset, which is ${minOffset}, found "${max.value}"; the line is ignored`,
      span: max.span,
    });
  }
  return {
    pattern,
    options: values.value('regex_options') ?? [],
    mustNotMatch: values.value('regex_no_match') ?? false,
    minOffset,
    ...(max !== undefined && isInOrder && { maxOffset: max.value }),
  };
}

function dropWithoutUrl(kind: Kind, given: GivenCheck, server: CheckedServer): void {
  const hasUrl = given.values.has('url');
  const what = hasUrl ? 'has no url with a path' : 'has no url';
  const help = hasUrl
    ? 'write "path /" in its url'
    : 'write "url {", "path /" and "}" in it, each on a line of its own';
  server.dropped.push({ kind, given, what, help });
}
