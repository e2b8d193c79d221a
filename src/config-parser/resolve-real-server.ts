/** keepalived.conf(5): real_server, and what it inherits from its virtual_server. */
import { familyOf } from '../net/address.ts';
import type { BlockValues, GivenOf } from './block-values.ts';
import type { ForwardingMethod, RealServerConfig } from './config.ts';
import { resolveCheckers } from './resolve-checkers.ts';
import { resolveCommand } from './resolve-command.ts';
import { changesPorts } from './resolve-forwarding.ts';
import { fitsGroup, portOf } from './resolve-service.ts';
import type { ServerContext } from './resolve-virtual-server.ts';
import type { realServer, virtualServer } from './schema/index.ts';

export type GivenServer = GivenOf<typeof virtualServer.keywords.real_server>;

export type RealServerValues = BlockValues<typeof realServer.keywords>;

export function resolveRealServers(
  context: ServerContext,
  ofService: ForwardingMethod,
): readonly RealServerConfig[] {
  const all = context.values.all('real_server');
  const firsts: Firsts | undefined = all.length > shortList ? new Map() : undefined;
  const kept: GivenServer[] = [];
  const servers: RealServerConfig[] = [];
  for (const given of all) {
    const server = resolveServer(context, given, ofService);
    if (server === undefined) continue;
    const first =
      firsts === undefined
        ? kept[servers.findIndex((one) => isSame(one, server))]
        : firsts.get(keyOf(server));
    if (first !== undefined) reportDuplicate(context, keyOf(server), given, first);
    else {
      firsts?.set(keyOf(server), given);
      kept.push(given);
      servers.push(server);
    }
  }
  // An array that was grown by pushing has room to spare; a copy has none.
  return servers.slice();
}

/** Services have few servers, nearly all of them: looking through those is quicker than a Map. */
const shortList = 12;

type Firsts = Map<string, GivenServer>;

function isSame(one: RealServerConfig, other: RealServerConfig): boolean {
  return one.address === other.address && one.port === other.port;
}

function keyOf({ address, port }: RealServerConfig): string {
  return `${address} ${port}`;
}

function resolveServer(
  context: ServerContext,
  given: GivenServer,
  ofService: ForwardingMethod,
): RealServerConfig | undefined {
  const { values } = given;
  const { address } = given.value;
  const outer = context.values;
  const { defaults } = context.surroundings;
  const method = values.value('lvs_method') ?? ofService;
  if (!isOfFamily(context, given, method)) return undefined;
  const port = resolvePort(context, given, method);
  const notifyUp = resolveCommand(values.first('notify_up'), context);
  const notifyDown = resolveCommand(values.first('notify_down'), context);
  const server: RealServerConfig = {
    address,
    port,
    weight: values.value('weight') ?? outer.value('weight') ?? 1,
    method,
    inhibitOnFailure: values.value('inhibit_on_failure') ?? outer.value('inhibit_on_failure') ?? false,
    alpha: values.value('alpha') ?? outer.value('alpha') ?? false,
    upperThreshold: values.value('uthreshold') ?? 0,
    lowerThreshold: values.value('lthreshold') ?? 0,
    ...(notifyUp && { notifyUp }),
    ...(notifyDown && { notifyDown }),
    mail: !defaults.sendsNoMail && (values.value('smtp_alert') ?? defaults.mail.ofRealServers),
    // A port that the kernel gets as 0, since packets keep theirs, says where to check all the same.
    checkers: resolveCheckers({ context, given, port: port === 0 ? (given.value.port ?? 0) : port }),
  };
  context.spans.record(server, given);
  return server;
}

/** Only a tunnel carries one family in the other. */
function isOfFamily(context: ServerContext, given: GivenServer, { forwarding }: ForwardingMethod): boolean {
  const { families, text, group } = context.facts;
  const { address } = given.value;
  if (families.includes(familyOf(address)) || forwarding === 'TUN') return true;
  context.reporter.report({
    severity: 'error',
    code: group === undefined ? 'address-family-mismatch' : 'group-family-mismatch',
    subject: { block: 'virtual_server', keyword: 'real_server' },
    message: `a real_server of ${text} must have an IPv${families[0]} address, found "${address}"; it is ignored`,
    span: given.span,
  });
  return false;
}

/** keepalived.conf(5): the port is the service's if none is given. DR and TUN leave packets as they are, port included. */
function resolvePort(context: ServerContext, given: GivenServer, method: ForwardingMethod): number {
  const { facts, reporter } = context;
  const servicePort = portOf(facts);
  const port = given.value.port ?? servicePort;
  if (changesPorts(method) || port === servicePort) return port;
  const isOfGroup = facts.group !== undefined;
  if (isOfGroup && fitsGroup(port, facts)) return servicePort;
  const expected =
    facts.ports.length === 1
      ? String(servicePort)
      : isOfGroup
        ? `one of ${facts.ports.join(', ')}`
        : 'left out for a firewall mark';
  reporter.report({
    severity: 'error',
    code: isOfGroup ? 'group-port-differs' : 'port-mismatch',
    message: `${method.forwarding} does not change ports: the port of this real_server must be ${expected}, found "${port}"; ${servicePort} is used`,
    span: given.span,
  });
  return servicePort;
}

function reportDuplicate(context: ServerContext, name: string, given: GivenServer, first: GivenServer): void {
  context.reporter.report({
    severity: 'error',
    code: 'duplicate-real-server',
    subject: { block: 'virtual_server', keyword: 'real_server' },
    message: `real_server ${name} is given already in ${context.facts.text}; this second block is ignored`,
    span: given.span,
    notes: [{ span: first.heading, message: 'the first is here' }],
  });
}
