/** keepalived.conf(5): real_server, and what it inherits from its virtual_server. */
import { familyOf } from '../net/address.ts';
import type { BlockValues, GivenOf } from './block-values.ts';
import type { Forwarding, RealServerConfig, VirtualService } from './config.ts';
import { resolveForwarding } from './resolve-forwarding.ts';
import { resolveTcpCheck } from './resolve-tcp-check.ts';
import type { ServerContext } from './resolve-virtual-server.ts';
import type { realServer, virtualServer } from './schema/index.ts';

type GivenServer = GivenOf<typeof virtualServer.keywords.real_server>;

export interface RealServerContext extends ServerContext {
  readonly service: VirtualService;
  readonly forwarding: Forwarding;
}

export type RealServerValues = BlockValues<typeof realServer.keywords>;

export function resolveRealServers(context: RealServerContext): readonly RealServerConfig[] {
  const firsts = new Map<string, GivenServer>();
  const servers: RealServerConfig[] = [];
  for (const given of context.values.all('real_server')) {
    const server = resolveServer(context, given);
    if (server === undefined) continue;
    const name = `${server.address} ${server.port}`;
    const first = firsts.get(name);
    if (first !== undefined) reportDuplicate(context, name, given, first);
    else {
      firsts.set(name, given);
      servers.push(server);
    }
  }
  return servers;
}

function resolveServer(context: RealServerContext, given: GivenServer): RealServerConfig | undefined {
  const { values } = given;
  const { address } = given.value;
  const forwarding = resolveForwarding(values.last('lvs_method'), context.reporter) ?? context.forwarding;
  if (!isOfFamily(context, given, forwarding)) return undefined;
  const port = resolvePort(context, given, forwarding);
  const server: RealServerConfig = {
    address,
    port,
    weight: values.value('weight') ?? context.values.value('weight') ?? 1,
    forwarding,
    inhibitOnFailure:
      values.value('inhibit_on_failure') ?? context.values.value('inhibit_on_failure') ?? false,
    alpha: values.value('alpha') ?? context.values.value('alpha') ?? false,
    upperThreshold: values.value('uthreshold') ?? 0,
    lowerThreshold: values.value('lthreshold') ?? 0,
    checkers: values
      .all('TCP_CHECK')
      .map((check) => resolveTcpCheck({ context, server: values, address, port, given: check })),
  };
  context.spans.record(server, given);
  return server;
}

/** Only a tunnel carries one family in the other. */
function isOfFamily(context: RealServerContext, given: GivenServer, forwarding: Forwarding): boolean {
  const { service } = context;
  const family = service.kind === 'address' ? familyOf(service.address) : service.family;
  const { address } = given.value;
  if (familyOf(address) === family || forwarding === 'TUN') return true;
  context.reporter.report({
    severity: 'error',
    code: 'address-family-mismatch',
    subject: { block: 'virtual_server', keyword: 'real_server' },
    message: `a real_server of ${context.name} must have an IPv${family} address, found "${address}"; it is ignored`,
    span: given.span,
  });
  return false;
}

/** keepalived.conf(5): the port is the service's if none is given. DR and TUN leave packets as they are, port included. */
function resolvePort(context: RealServerContext, given: GivenServer, forwarding: Forwarding): number {
  const { service, reporter } = context;
  const servicePort = service.kind === 'address' ? service.port : 0;
  const port = given.value.port ?? servicePort;
  if (forwarding === 'NAT' || port === servicePort) return port;
  const expected = service.kind === 'fwmark' ? 'left out for a firewall mark' : String(servicePort);
  reporter.report({
    severity: 'error',
    code: 'port-mismatch',
    message: `${forwarding} does not change ports: the port of this real_server must be ${expected}, found "${port}"; ${servicePort} is used`,
    span: given.span,
  });
  return servicePort;
}

function reportDuplicate(
  context: RealServerContext,
  name: string,
  given: GivenServer,
  first: GivenServer,
): void {
  context.reporter.report({
    severity: 'error',
    code: 'duplicate-real-server',
    subject: { block: 'virtual_server', keyword: 'real_server' },
    message: `real_server ${name} is given already in ${context.name}; this second block is ignored`,
    span: given.span,
    notes: [{ span: first.heading, message: 'the first is here' }],
  });
}
