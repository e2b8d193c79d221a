/** keepalived.conf(5): sorry_server, sorry_server_inhibit, sorry_server_lvs_method. */
import { familyOf } from '../net/address.ts';
import type { Given } from './block-values.ts';
import type { ForwardingMethod, RealServerConfig, SorryServerConfig } from './config.ts';
import { reportPart } from './resolve-context.ts';
import { changesPorts } from './resolve-forwarding.ts';
import { fitsGroup, portOf } from './resolve-service.ts';
import type { ServerContext } from './resolve-virtual-server.ts';

export function resolveSorryServer(
  context: ServerContext,
  ofServers: ForwardingMethod,
  realServers: readonly RealServerConfig[],
): SorryServerConfig | undefined {
  const { values, facts } = context;
  const given = values.last('sorry_server');
  const ownMethod = afterSorryServer(context, values.last('sorry_server_lvs_method'));
  const inhibit = afterSorryServer(context, values.last('sorry_server_inhibit'));
  if (given === undefined) return undefined;
  const { address } = given.value;
  const method = ownMethod?.value ?? ofServers;
  if (!facts.families.includes(familyOf(address)) && method.forwarding !== 'TUN') {
    const message = `the sorry_server must have an IPv${facts.families[0]} address like its virtual_server, found "${address}"; it is ignored`;
    const subject = { block: 'virtual_server', keyword: 'sorry_server' };
    reportPart(context, 'error', 'address-family-mismatch', message, given.span, undefined, subject);
    return undefined;
  }
  const port = resolvePort(context, given.value.port, method, given);
  const isInhibited = inhibitAsReal(
    context,
    { address, port, inhibit: inhibit !== undefined },
    realServers,
    given,
  );
  const sorry: SorryServerConfig = { address, port, method, inhibit: isInhibited };
  context.spans.record(sorry, given);
  return sorry;
}

/** A server that is both is one entry of the kernel: it cannot stay in the table and leave it. */
function inhibitAsReal(
  context: ServerContext,
  sorry: Pick<SorryServerConfig, 'address' | 'port' | 'inhibit'>,
  realServers: readonly RealServerConfig[],
  given: Given,
): boolean {
  const real = realServers.find(({ address, port }) => address === sorry.address && port === sorry.port);
  if (real === undefined || real.inhibitOnFailure === sorry.inhibit) return sorry.inhibit;
  const has = real.inhibitOnFailure ? 'inhibit_on_failure' : 'sorry_server_inhibit';
  const lacks = real.inhibitOnFailure ? 'sorry_server_inhibit' : 'inhibit_on_failure';
  const message = `the sorry_server of ${context.facts.text} is one of its real servers, with ${has} and without ${lacks}; what the real server says holds for both`;
  reportPart(context, 'error', 'sorry-inhibit-differs', message, given.span);
  return real.inhibitOnFailure;
}

function resolvePort(
  context: ServerContext,
  own: number | undefined,
  method: ForwardingMethod,
  given: Given,
): number {
  const ofService = portOf(context.facts);
  if (own === undefined || changesPorts(method) || own === ofService) return own ?? ofService;
  if (context.facts.group !== undefined && fitsGroup(own, context.facts)) return ofService;
  const message = `${method.forwarding} does not change ports: the sorry_server's must be ${ofService}, found "${own}"; ${ofService} is used`;
  reportPart(context, 'error', 'port-mismatch', message, given.span);
  return ofService;
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
