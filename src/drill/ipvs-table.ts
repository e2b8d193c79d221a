/** Reads the kernel's own listing of its IPVS table, /proc/net/ip_vs: cheap enough to ask every few milliseconds. */
import { addressFromBytes } from '../net/address.ts';

export interface ListedDestination {
  /** `10.0.0.7:80`, `[2001:db8::7]:80`. */
  readonly address: string;
  readonly forwarding: string;
  readonly weight: number;
}

export interface ListedService {
  /** TCP, UDP, SCTP or FWM. */
  readonly protocol: string;
  /** `10.0.0.3:80`, `[2001:db8::3]:80`, `FWM 5`. */
  readonly address: string;
  readonly scheduler: string;
  readonly destinations: readonly ListedDestination[];
}

export function parseIpvsTable(text: string): readonly ListedService[] {
  const services: { service: Omit<ListedService, 'destinations'>; destinations: ListedDestination[] }[] = [];
  for (const line of text.split('\n')) {
    const service = /^(TCP|UDP|SCTP|FWM)\s+(\S+)\s+(\S+)/.exec(line);
    const destination = /^\s+->\s+(\S+)\s+(\S+)\s+(-?\d+)/.exec(line);
    if (service !== null) {
      const [, protocol = '', endpoint = '', scheduler = ''] = service;
      const address = protocol === 'FWM' ? `FWM ${Number.parseInt(endpoint, 16)}` : readEndpoint(endpoint);
      services.push({ service: { protocol, address, scheduler }, destinations: [] });
    } else if (destination !== null && destination[1] !== 'RemoteAddress:Port') {
      const [, endpoint = '', forwarding = '', weight = ''] = destination;
      const listed = { address: readEndpoint(endpoint), forwarding, weight: Number(weight) };
      services.at(-1)?.destinations.push(listed);
    }
  }
  return services.map(({ service, destinations }) => ({ ...service, destinations }));
}

/** `0A000003:0050` is 10.0.0.3:80, `[2001:0db8:0000:0000:0000:0000:0000:0003]:0050` is [2001:db8::3]:80. */
function readEndpoint(text: string): string {
  const [, address = '', port = ''] = /^(.*):([0-9A-Fa-f]{4})$/.exec(text) ?? [];
  const hex = address.replaceAll(/[[\]:]/g, '');
  const bytes = Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
  const readable = addressFromBytes(bytes);
  return `${readable.includes(':') ? `[${readable}]` : readable}:${Number.parseInt(port, 16)}`;
}
