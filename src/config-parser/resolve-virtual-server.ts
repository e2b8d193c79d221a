/** keepalived.conf(5): virtual_server, with the checks keepalived makes once all of a service is known. */
import { familyOf } from '../net/address.ts';
import type { BlockValues, Given } from './block-values.ts';
import type {
  Forwarding,
  Protocol,
  RealServerConfig,
  SorryServerConfig,
  VirtualServerConfig,
  VirtualService,
} from './config.ts';
import type { Severity } from './diagnostics.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import { resolveForwarding } from './resolve-forwarding.ts';
import { resolveQuorum } from './resolve-quorum.ts';
import { resolveRealServers } from './resolve-real-server.ts';
import { type GivenService, resolveHeading, serviceText } from './resolve-service.ts';
import type { virtualServer } from './schema/index.ts';
import { Spans } from './spans.ts';

export interface ServerContext extends ResolveContext {
  readonly given: GivenService;
  readonly values: BlockValues<typeof virtualServer.keywords>;
  /** Address, port and protocol, or mark, as messages name the service. */
  readonly name: string;
}

export function resolveVirtualServers(
  given: readonly GivenService[],
  context: ResolveContext,
  isKept: boolean,
): readonly VirtualServerConfig[] {
  const inner = isKept ? context : { ...context, spans: new Spans(false) };
  const firsts = new Map<string, GivenService>();
  const servers: VirtualServerConfig[] = [];
  for (const one of given) {
    const server = resolveServer(one, inner);
    if (server === undefined) continue;
    const name = serviceText(server.service);
    const first = firsts.get(name);
    if (first !== undefined) reportDuplicate(name, one, first, context);
    else {
      firsts.set(name, one);
      if (isKept) servers.push(server);
    }
  }
  return servers;
}

function resolveServer(given: GivenService, outer: ResolveContext): VirtualServerConfig | undefined {
  const { values } = given;
  const target = resolveHeading(given, outer.reporter);
  if (target === undefined) return undefined;
  // No spreads here: copying objects property by property is what most of the time for many services would go to.
  const { reporter, spans } = outer;
  const written = given.statement.shape.args.join(' ');
  const service = resolveService({ reporter, spans, given, values, name: written }, target);
  const name = serviceText(service);
  const context: ServerContext = { reporter, spans, given, values, name };
  const forwarding = resolveMethod(context);
  const realServers = resolveRealServers({ reporter, spans, given, values, name, service, forwarding });
  if (realServers.length === 0) {
    const message = `virtual_server ${context.name} has no real_server and is ignored`;
    reportPart(context, 'error', 'no-real-server', message);
    return undefined;
  }
  const server = completeServer(context, service, forwarding, realServers);
  outer.spans.record(server, given);
  return server;
}

function completeServer(
  context: ServerContext,
  service: VirtualService,
  forwarding: Forwarding,
  realServers: readonly RealServerConfig[],
): VirtualServerConfig {
  const { values } = context;
  const family = service.kind === 'address' ? familyOf(service.address) : service.family;
  const sorryServer = resolveSorryServer(context, service, forwarding);
  const persistencePrefixLength = resolveGranularity(context, family === 4 ? 32 : 128);
  const persistence = resolvePersistence(context, service);
  return {
    service,
    scheduler: resolveScheduler(context),
    forwarding,
    ...(persistence !== undefined && { persistenceTimeoutSeconds: persistence }),
    persistencePrefixLength,
    alpha: values.value('alpha') ?? false,
    omega: values.value('omega') ?? false,
    ...resolveQuorum(context, realServers),
    ...(sorryServer !== undefined && { sorryServer }),
    realServers,
  };
}

/** The heading's target with protocol and family, which stand inside of the block. */
function resolveService(
  context: ServerContext,
  target: ReturnType<typeof resolveHeading> & object,
): VirtualService {
  const { values } = context;
  const protocol = values.last('protocol');
  if (target.kind === 'fwmark') {
    if (protocol !== undefined) {
      const message = 'a firewall mark stands for every protocol; the line is ignored';
      reportPart(context, 'warning', 'protocol-ignored', message, protocol.span);
    }
    return { kind: 'fwmark', mark: target.mark, family: resolveMarkFamily(context) };
  }
  return {
    kind: 'address',
    protocol: protocol?.value ?? defaultProtocol(context),
    address: target.address,
    port: target.port ?? 0,
  };
}

/** As said, or else the family of the first real server. */
function resolveMarkFamily({ values }: ServerContext): 4 | 6 {
  const given = values.value('ip_family');
  if (given !== undefined) return given === 'inet6' ? 6 : 4;
  const [first] = values.all('real_server');
  return first === undefined ? 4 : familyOf(first.value.address);
}

function defaultProtocol(context: ServerContext): Protocol {
  const message = `virtual_server ${context.name} has no protocol; UDP is used`;
  reportPart(
    context,
    'error',
    'missing-keyword',
    message,
    undefined,
    'write "protocol TCP" or "protocol UDP"',
    { block: 'virtual_server', keyword: 'protocol' },
  );
  return 'UDP';
}

function resolveScheduler(context: ServerContext): VirtualServerConfig['scheduler'] {
  const given = context.values.value('lb_algo');
  if (given !== undefined) return given;
  const message = `virtual_server ${context.name} has no lb_algo; wlc is used`;
  reportMissing(context, 'warning', 'lb_algo', message);
  return 'wlc';
}

function resolveMethod(context: ServerContext): Forwarding {
  const given = resolveForwarding(context.values.last('lb_kind'), context.reporter);
  if (given !== undefined) return given;
  const message = `virtual_server ${context.name} has no lb_kind; NAT is used`;
  reportMissing(context, 'warning', 'lb_kind', message);
  return 'NAT';
}

function reportMissing(context: ServerContext, severity: Severity, keyword: string, message: string): void {
  const subject = { block: 'virtual_server', keyword };
  reportPart(context, severity, 'missing-keyword', message, undefined, undefined, subject);
}

/** keepalived.conf(5): persistence_timeout without a value. */
const usualPersistenceSeconds = 360;

function resolvePersistence(context: ServerContext, service: VirtualService): number | undefined {
  const given = context.values.value('persistence_timeout');
  if (given !== undefined) return given;
  if (context.values.last('persistence_granularity') !== undefined) return usualPersistenceSeconds;
  if (service.kind !== 'address' || service.port !== 0) return undefined;
  const message = `virtual_server ${context.name} is for all ports, which needs persistence; persistence_timeout ${usualPersistenceSeconds} is used`;
  reportMissing(context, 'error', 'persistence_timeout', message);
  return usualPersistenceSeconds;
}

function resolveGranularity(context: ServerContext, longest: 32 | 128): number {
  const given = context.values.last('persistence_granularity');
  if (given === undefined) return longest;
  const { family, prefixLength } = given.value;
  if (family === (longest === 32 ? 4 : 6)) return prefixLength;
  const [expects, found] =
    longest === 32
      ? ['an IPv4 netmask for an IPv4 service', `"${prefixLength}"`]
      : ['a prefix length from 1 to 128 for an IPv6 service', 'an IPv4 netmask'];
  const message = `persistence_granularity must be ${expects}, found ${found}; ${longest} bits are used`;
  reportPart(context, 'error', 'invalid-value', message, given.span);
  return longest;
}

function resolveSorryServer(
  context: ServerContext,
  service: VirtualService,
  forwarding: Forwarding,
): SorryServerConfig | undefined {
  const { values, reporter } = context;
  const given = values.last('sorry_server');
  const method = afterSorryServer(context, values.last('sorry_server_lvs_method'));
  const inhibit = afterSorryServer(context, values.last('sorry_server_inhibit'));
  if (given === undefined) return undefined;
  const { address } = given.value;
  const family = service.kind === 'address' ? familyOf(service.address) : service.family;
  const own = resolveForwarding(method, reporter) ?? forwarding;
  if (familyOf(address) !== family && own !== 'TUN') {
    const message = `the sorry_server must have an IPv${family} address like its virtual_server, found "${address}"; it is ignored`;
    const subject = { block: 'virtual_server', keyword: 'sorry_server' };
    reportPart(context, 'error', 'address-family-mismatch', message, given.span, undefined, subject);
    return undefined;
  }
  const servicePort = service.kind === 'address' ? service.port : 0;
  const port = own === 'NAT' ? (given.value.port ?? servicePort) : servicePort;
  if (given.value.port !== undefined && given.value.port !== port) {
    const message = `${own} does not change ports: the sorry_server's must be ${port}, found "${given.value.port}"; ${port} is used`;
    reportPart(context, 'error', 'port-mismatch', message, given.span);
  }
  const sorry: SorryServerConfig = { address, port, forwarding: own, inhibit: inhibit !== undefined };
  context.spans.record(sorry, given);
  return sorry;
}

/** keepalived drops what stands before the server that it is about. */
function afterSorryServer<Value>(
  context: ServerContext,
  given: Given<Value> | undefined,
): Given<Value> | undefined {
  const server = context.values.all('sorry_server')[0];
  if (given === undefined || (server !== undefined && server.order < given.order)) return given;
  const word = given.statement.keyword.value;
  const message = `"${word}" must stand after sorry_server; the line is ignored`;
  const subject = { block: 'virtual_server', keyword: given.keyword };
  reportPart(context, 'error', 'wrong-order', message, given.heading, undefined, subject);
  return undefined;
}

function reportDuplicate(
  name: string,
  given: GivenService,
  first: GivenService,
  { reporter }: ResolveContext,
): void {
  reporter.report({
    severity: 'error',
    code: 'duplicate-virtual-server',
    message: `virtual_server ${name} is defined already; this second block is ignored`,
    span: given.heading,
    help: 'put all real servers of a service into one block',
    notes: [{ span: first.heading, message: 'the first is here' }],
  });
}
