/** keepalived.conf(5): the heading of a virtual_server. */
import type { GivenOf } from './block-values.ts';
import type { VirtualService } from './config.ts';
import type { Reporter } from './reporter.ts';
import type { root, ServiceTarget } from './schema/index.ts';

export type GivenService = GivenOf<typeof root.keywords.virtual_server>;

export type Target = Exclude<ServiceTarget, { readonly kind: 'group' }>;

/** What a virtual_server is for; undefined, with a message, when it cannot be used yet. */
export function resolveHeading(given: GivenService, reporter: Reporter): Target | undefined {
  const { value: target } = given;
  if (target.kind !== 'group') return target;
  reporter.reportOnce('virtual_server group', given.heading, () => ({
    severity: 'error',
    code: 'not-acted-on',
    message: '"virtual_server group" is read but holdfast does not act on it yet; the service is left out',
  }));
  return undefined;
}

/** As messages name a service: `10.0.0.3:80/TCP`, `[2001:db8::1]:80/TCP`, `fwmark 7`. */
export function serviceText(service: VirtualService): string {
  if (service.kind === 'fwmark') return `fwmark ${service.mark}`;
  const { address, port, protocol } = service;
  return `${address.includes(':') ? `[${address}]` : address}:${port}/${protocol}`;
}
