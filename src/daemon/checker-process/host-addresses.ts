/** The addresses of this host, for keepalived.conf(5): ha_suspend. */
import { openLinkMonitor } from '../../kernel/link-monitor.ts';
import type { IpAddress } from '../../net/address.ts';
import type { LogRecord } from '../ipc.ts';

export interface HostAddresses {
  /** As of the last change. */
  all(): ReadonlySet<IpAddress>;
  close(): void;
}

/** `changed` is called after every change. Rejects when the kernel cannot be asked. */
export async function watchHostAddresses(
  changed: () => void,
  log: (record: LogRecord) => void,
): Promise<HostAddresses> {
  const monitor = await openLinkMonitor({
    onEvent: ({ kind }) => {
      if (kind !== 'linkChanged') changed();
    },
    onError: (error) =>
      log({ level: 'error', message: `Cannot read this host's addresses: ${error.message}. Trying again.` }),
  });
  return {
    all: () => {
      const links = [...monitor.links().values()];
      return new Set(links.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
    },
    close: () => monitor.close(),
  };
}
