/** Two virtual routers of one family with one VRID on one interface, of which nobody could say whose packets come. */
import type { VrrpInstanceConfig } from './config.ts';
import type { ResolveContext } from './resolve-context.ts';

export function reportDuplicateVrids(
  instances: readonly VrrpInstanceConfig[],
  { reporter, spans }: ResolveContext,
): void {
  const seen = new Map<string, VrrpInstanceConfig[]>();
  for (const instance of instances) {
    const key = `${instance.interface ?? ''} ${instance.family} ${instance.vrid}`;
    const others = seen.get(key) ?? [];
    seen.set(key, others);
    const first = others.find((other) => isSameRouter(other, instance));
    others.push(instance);
    if (first === undefined) continue;
    const place = spans.spanOf(first, 'virtual_router_id');
    const span = spans.spanOf(instance, 'virtual_router_id');
    const where =
      instance.interface === undefined ? 'without an interface' : `on interface ${instance.interface}`;
    reporter.report({
      severity: 'fatal',
      code: 'duplicate-virtual-router-id',
      message: `${first.name} and ${instance.name} both use virtual_router_id ${instance.vrid} with IPv${instance.family} ${where}`,
      ...(span && { span }),
      help: 'give every virtual router of an interface a virtual_router_id of its own',
      ...(place && { notes: [{ span: place, message: `${first.name} uses it here` }] }),
    });
  }
}

/** keepalived tells two apart by the link that they receive on, by their peers and by the group that they listen to. */
function isSameRouter(one: VrrpInstanceConfig, other: VrrpInstanceConfig): boolean {
  if (receivingLink(one) !== receivingLink(other)) return false;
  const [a, b] = [one.transport, other.transport];
  if (a.kind !== b.kind) return false;
  if (a.kind === 'multicast') return b.kind === 'multicast' && a.group === b.group;
  if (b.kind === 'multicast') return false;
  const peers = new Set(a.peers.map(({ address }) => address));
  return a.peers.length === 0 || b.peers.length === 0 || b.peers.some(({ address }) => peers.has(address));
}

function receivingLink({ virtualLink }: VrrpInstanceConfig): string {
  return virtualLink === undefined || virtualLink.transmitsByBase ? '' : virtualLink.name;
}
