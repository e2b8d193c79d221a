/** The kernel takes up to a second to notice that a new link is up; only then does IPv6 begin to run on it. */
import { until } from '../../../src/drill/until.ts';
import { inNamespace, type VethPair } from './namespace-fixture.ts';

/** Resolves when both ends have a link-local address and take multicast. */
export async function ipv6Ready(pair: VethPair, name = 'veth0'): Promise<void> {
  for (const namespace of [pair.left, pair.right]) {
    const routes = () => inNamespace(namespace, 'ip', '-6', 'route', 'show', 'table', 'all', 'dev', name);
    await until(
      `IPv6 runs on ${name}`,
      10_000,
      () => /multicast ff00::\/8/.test(routes()) && /fe80/.test(routes()),
    );
  }
}

/** The link-local address of an interface; wait for `ipv6Ready` first. */
export function linkLocalAddress(namespace: string, name = 'veth0'): string {
  const text = inNamespace(namespace, 'ip', '-6', '-o', 'addr', 'show', 'dev', name, 'scope', 'link');
  const found = /inet6 ([0-9a-f:]+)\//.exec(text)?.[1];
  if (found === undefined) throw new Error(`${name} has no link-local address`);
  return found;
}
