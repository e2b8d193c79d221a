/** keepalived.conf(5): virtual_server, with the checks keepalived makes once all of a service is known. */
import type { BlockValues } from './block-values.ts';
import type { ForwardingMethod, RealServerConfig, VirtualServerConfig, VirtualService } from './config.ts';
import { resolveCommand } from './resolve-command.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import { defaultMethod } from './resolve-forwarding.ts';
import { resolveLocalAddresses } from './resolve-local-addresses.ts';
import { resolvePersistence } from './resolve-persistence.ts';
import { resolveQuorum } from './resolve-quorum.ts';
import { resolveRealServers } from './resolve-real-server.ts';
import { resolveScheduling } from './resolve-scheduler.ts';
import {
  type GivenService,
  resolveService,
  type ServiceFacts,
  type ServiceSurroundings,
  serviceText,
} from './resolve-service.ts';
import { resolveSorryServer } from './resolve-sorry-server.ts';
import type { virtualServer } from './schema/index.ts';
import { Spans } from './spans.ts';

export interface ServerContext extends ResolveContext {
  readonly surroundings: ServiceSurroundings;
  readonly given: GivenService;
  readonly values: BlockValues<typeof virtualServer.keywords>;
  readonly facts: ServiceFacts;
}

export function resolveVirtualServers(
  given: readonly GivenService[],
  surroundings: ServiceSurroundings,
  context: ResolveContext,
): readonly VirtualServerConfig[] {
  const { isKept } = surroundings;
  const inner = isKept ? context : { ...context, spans: new Spans(false) };
  const firsts: Firsts = new Map();
  const servers: VirtualServerConfig[] = [];
  for (const one of given) {
    const server = resolveServer(one, surroundings, inner);
    const kept = server && withoutDuplicates(server, one, firsts, context);
    if (kept === undefined) continue;
    if (kept !== server) inner.spans.record(kept, one);
    if (isKept) servers.push(kept);
  }
  return servers;
}

/** Which block has a service of the kernel. */
type Firsts = Map<string, GivenService>;

function withoutDuplicates(
  server: VirtualServerConfig,
  given: GivenService,
  firsts: Firsts,
  context: ResolveContext,
): VirtualServerConfig | undefined {
  const taken: VirtualService[] = [];
  let first: GivenService | undefined;
  for (const service of server.services) {
    const key = keyOf(service);
    const known = firsts.get(key);
    if (known === undefined) firsts.set(key, given);
    else {
      first ??= known;
      taken.push(service);
    }
  }
  if (first === undefined) return server;
  reportDuplicate(server, taken, { given, first }, context);
  const services = server.services.filter((service) => !taken.includes(service));
  return services.length === 0 ? undefined : { ...server, services };
}

function keyOf(service: VirtualService): string {
  return service.kind === 'fwmark' ? `fwmark ${service.mark} ${service.family}` : serviceText(service);
}

function resolveServer(
  given: GivenService,
  surroundings: ServiceSurroundings,
  outer: ResolveContext,
): VirtualServerConfig | undefined {
  const { values } = given;
  const facts = resolveService(given, surroundings, outer);
  if (facts === undefined) return undefined;
  // No spreads here: copying objects property by property is what most of the time for many services would go to.
  const { reporter, spans } = outer;
  const context: ServerContext = { reporter, spans, surroundings, given, values, facts };
  const method = resolveMethod(context);
  const realServers = resolveRealServers(context, method);
  if (realServers.length === 0) {
    const message = `virtual_server ${facts.text} has no real_server and is ignored`;
    reportPart(context, 'error', 'no-real-server', message);
    return undefined;
  }
  const server = completeServer(context, method, realServers);
  spans.record(server, given);
  return server;
}

function completeServer(
  context: ServerContext,
  method: ForwardingMethod,
  realServers: readonly RealServerConfig[],
): VirtualServerConfig {
  const { values, facts, surroundings } = context;
  const { defaults } = surroundings;
  const sorryServer = resolveSorryServer(context, method, realServers);
  const persistence = resolvePersistence(context);
  const quorumUp = resolveCommand(values.first('quorum_up'), context);
  const quorumDown = resolveCommand(values.first('quorum_down'), context);
  const { scheduler, schedulerFlags, onePacket } = resolveScheduling(context);
  const { quorum, hysteresis } = resolveQuorum(context, realServers);
  const localAddresses = resolveLocalAddresses(context, [
    method,
    ...realServers.map((server) => server.method),
    ...(sorryServer === undefined ? [] : [sorryServer.method]),
  ]);
  return {
    name: facts.name,
    services: facts.services,
    ...(facts.group !== undefined && { group: facts.group }),
    scheduler,
    schedulerFlags,
    onePacket,
    method,
    ...(persistence && { persistence }),
    alpha: values.value('alpha') ?? false,
    omega: values.value('omega') ?? false,
    quorum,
    hysteresis,
    ...(quorumUp && { quorumUp }),
    ...(quorumDown && { quorumDown }),
    haSuspend: resolveHaSuspend(context),
    mail: !defaults.sendsNoMail && (values.value('smtp_alert') ?? defaults.mail.ofVirtualServers),
    localAddresses,
    ...(sorryServer && { sorryServer }),
    realServers,
  };
}

function resolveMethod(context: ServerContext): ForwardingMethod {
  const given = context.values.value('lb_kind');
  if (given !== undefined) return given;
  const message = `virtual_server ${context.facts.text} has no lb_kind; NAT is used`;
  const subject = { block: 'virtual_server', keyword: 'lb_kind' };
  reportPart(context, 'warning', 'missing-keyword', message, undefined, undefined, subject);
  return defaultMethod;
}

/** A mark has no address that this host could hold, and a group may have some that it holds and others that it does not. */
function resolveHaSuspend(context: ServerContext): boolean {
  const { facts } = context;
  const given = context.values.last('ha_suspend');
  if (given === undefined || (facts.group === undefined && facts.hasAddress)) return given !== undefined;
  const message = `ha_suspend goes by the one address of a service, which ${facts.text} has not: its checks run always; the line is ignored`;
  reportPart(context, 'error', 'ha-suspend-fwmark', message, given.span, 'delete the line');
  return false;
}

function reportDuplicate(
  { name, group, services }: VirtualServerConfig,
  taken: readonly VirtualService[],
  { given, first }: { readonly given: GivenService; readonly first: GivenService },
  { reporter }: ResolveContext,
): void {
  const [one] = taken;
  if (one === undefined) return;
  const rest = taken.length === 1 ? '' : ` and ${taken.length - 1} more`;
  const isAll = taken.length === services.length;
  const then = isAll ? 'this second block is ignored' : `${name} goes on without`;
  const isOfGroup = group !== undefined || first.value.kind === 'group';
  const about = group === undefined ? '' : `, of ${name},`;
  reporter.report({
    severity: 'error',
    code: isOfGroup ? 'duplicate-group-service' : 'duplicate-virtual-server',
    message: `virtual_server ${serviceText(one)}${rest}${about} is defined already; ${then}`,
    span: given.heading,
    help: isOfGroup
      ? 'take the address out of one of them'
      : 'put all real servers of a service into one block',
    notes: [{ span: first.heading, message: 'the first is here' }],
  });
}
