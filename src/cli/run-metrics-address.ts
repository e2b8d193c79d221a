/** The value of `--metrics`: `9090`, `127.0.0.1:9090`, `[::1]:9090`, `lb01.example:9090`. */
import { InvalidArgumentError } from 'commander';
import type { MetricsAddress } from '../daemon/metrics/metrics-server.ts';

/** Everybody who reaches the port can read them, so that without an address it is this host's alone. */
const loopback = '127.0.0.1';

export function parseMetricsAddress(text: string): MetricsAddress {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError(
      'It must be a port, or an address and a port: 9090, 10.0.0.1:9090, [::1]:9090.',
    );
  }
  return { host: match[1] ?? match[2] ?? loopback, port };
}
