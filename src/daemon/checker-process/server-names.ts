/** What operators call servers: keepalived's names, which stand in logs, pipes and mails. */
import type { RealServerConfig, SorryServerConfig, VirtualServerConfig } from '../../config-parser/config.ts';

/** `[10.0.0.7]:tcp:80`. A firewall mark says nothing about the protocol. */
export function realServerName(
  server: Pick<RealServerConfig | SorryServerConfig, 'address' | 'port'>,
  { services }: Pick<VirtualServerConfig, 'services'>,
): string {
  const service = services.find(({ kind }) => kind === 'address');
  const protocol = service?.kind === 'address' ? service.protocol.toLowerCase() : 'none';
  return `[${server.address}]:${protocol}:${server.port}`;
}
