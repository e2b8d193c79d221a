/** keepalived.conf(5): what an instance cannot do without: virtual_router_id, and interface but for some that speak unicast. */
import { addressBytes, familyOf, type IpAddress } from '../net/address.ts';
import type { VrrpInstanceConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import { givenSource, isUnicast, type ResolvedTransport } from './resolve-transport.ts';

export type Required = Pick<VrrpInstanceConfig, 'interface' | 'vrid'>;

/**
 * An instance is nothing without a VRID, nor without an interface or a source address to speak from; keepalived does not
 * start. A bad value was reported when it was read.
 */
export function resolveRequired(context: InstanceContext): Required | undefined {
  const { values } = context;
  const vrid = values.value('virtual_router_id');
  if (!isGiven(context, 'virtual_router_id')) reportMissing(context, 'virtual_router_id');
  const interfaceName = values.value('interface');
  if (interfaceName === 'lo') {
    const message = 'interface must not be the loopback interface, found "lo"';
    reportPart(context, 'fatal', 'invalid-value', message, values.spanOf('interface'));
    return undefined;
  }
  if (interfaceName === undefined && (isGiven(context, 'interface') || !mayLackInterface(context))) {
    return undefined;
  }
  if (vrid === undefined) return undefined;
  return { ...(interfaceName !== undefined && { interface: interfaceName }), vrid };
}

function isGiven({ values }: InstanceContext, keyword: string): boolean {
  return values.statements.some((statement) => statement.keywordValue === keyword);
}

function reportMissing(
  context: InstanceContext,
  keyword: 'virtual_router_id' | 'interface',
  reason = '',
): void {
  context.reporter.report({
    severity: 'fatal',
    code: 'missing-keyword',
    subject: { block: 'vrrp_instance', keyword },
    message: `vrrp_instance ${context.name} has no ${keyword}${reason}`,
    span: context.given.heading,
  });
}

/** Only unicast from an address that is not of one link can do without. */
function mayLackInterface(context: InstanceContext): boolean {
  const source = givenSource(context);
  const reason = !isUnicast(context)
    ? ''
    : source === undefined
      ? ', and no unicast_src_ip to send to its peers from'
      : isLinkLocal(source.value)
        ? `, which its link-local source address ${source.value} needs`
        : undefined;
  if (reason !== undefined) reportMissing(context, 'interface', reason);
  return reason === undefined;
}

function isLinkLocal(address: IpAddress): boolean {
  const [high = 0, low = 0] = addressBytes(address);
  return familyOf(address) === 6 && high === 0xfe && (low & 0xc0) === 0x80;
}

/** Once it is known which peers and which source address are good. */
export function canLackInterface(context: InstanceContext, resolved: ResolvedTransport): boolean {
  if (resolved.transport.kind === 'unicast' && resolved.sourceAddress !== undefined) return true;
  const reason = ', and no good unicast_peer or no source address of its family';
  reportMissing(context, 'interface', reason);
  return false;
}
