/** The tutorial's machines and addresses, and a client beside them, all on one network. */

/** One address a machine, as the tutorial gives them; the client is ours. */
export const hostAddresses = {
  lb01: '10.0.0.5',
  lb02: '10.0.0.6',
  web02: '10.0.0.7',
  web01: '10.0.0.8',
  client: '10.0.0.9',
} as const;

export type HostName = keyof typeof hostAddresses;
export type DirectorName = 'lb01' | 'lb02';
export type WebHostName = 'web01' | 'web02';

export const hostNames: readonly HostName[] = ['lb01', 'lb02', 'web01', 'web02', 'client'];
export const webHostNames: readonly WebHostName[] = ['web01', 'web02'];
export const networkInterface = 'eth0';

/** VI_1's address, and VI_2's in the two-instances files. */
export const virtualAddresses: readonly string[] = ['10.0.0.3', '10.0.0.4'];

/**
 * The client asks from several addresses: with persistence_timeout 50 one address stays with one web server, as the
 * tutorial's own first question finds.
 */
export const clientAddresses: readonly string[] = [
  hostAddresses.client,
  '10.0.0.21',
  '10.0.0.22',
  '10.0.0.23',
];
