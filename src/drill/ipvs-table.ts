/** Reads the kernel's own listing of its IPVS table, /proc/net/ip_vs: cheap enough to ask every few milliseconds. */

export interface ListedDestination {
  /** `10.0.0.7:80`. */
  readonly address: string;
  readonly forwarding: string;
  readonly weight: number;
}

export interface ListedService {
  readonly protocol: string;
  /** `10.0.0.3:80`. */
  readonly address: string;
  readonly scheduler: string;
  readonly destinations: readonly ListedDestination[];
}

/** IPv4 services only: what the tutorial has. */
export function parseIpvsTable(text: string): readonly ListedService[] {
  const services: { service: Omit<ListedService, 'destinations'>; destinations: ListedDestination[] }[] = [];
  for (const line of text.split('\n')) {
    const service = /^(TCP|UDP|SCTP)\s+([0-9A-F]{8}:[0-9A-F]{4})\s+(\S+)/.exec(line);
    if (service !== null) {
      const [, protocol = '', endpoint = '', scheduler = ''] = service;
      services.push({ service: { protocol, address: readEndpoint(endpoint), scheduler }, destinations: [] });
    }
    const destination = /^\s+->\s+([0-9A-F]{8}:[0-9A-F]{4})\s+(\S+)\s+(-?\d+)/.exec(line);
    if (destination !== null) {
      const [, endpoint = '', forwarding = '', weight = ''] = destination;
      services
        .at(-1)
        ?.destinations.push({ address: readEndpoint(endpoint), forwarding, weight: Number(weight) });
    }
  }
  return services.map(({ service, destinations }) => ({ ...service, destinations }));
}

/** `0A000003:0050` is 10.0.0.3:80. */
function readEndpoint(hex: string): string {
  const [address = '', port = ''] = hex.split(':');
  const bytes = [0, 2, 4, 6].map((at) => Number.parseInt(address.slice(at, at + 2), 16));
  return `${bytes.join('.')}:${Number.parseInt(port, 16)}`;
}
