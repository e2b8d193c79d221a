/** keepalived.conf(5): ha_suspend. Whose checks rest, because their address is not on this host: another director serves it. */
import type { VirtualServerConfig } from '../../config-parser/config.ts';
import type { IpAddress } from '../../net/address.ts';
import type { LogRecord } from '../ipc.ts';
import type { HostAddresses } from './host-addresses.ts';

export interface SuspensionPorts {
  readonly nowMs: () => number;
  readonly callAt: (atMs: number, run: () => void) => () => void;
  readonly log: (record: LogRecord) => void;
  readonly watchAddresses: (changed: () => void) => Promise<HostAddresses>;
}

export class Suspensions {
  readonly #ports: SuspensionPorts;
  /** Looks at who is suspended anew. */
  readonly #onChange: () => void;
  #suspended: ReadonlySet<string> = new Set();
  #addresses: HostAddresses | undefined;
  #forget: (() => void) | undefined;
  #isClosed = false;

  constructor(ports: SuspensionPorts, onChange: () => void) {
    this.#ports = ports;
    this.#onChange = onChange;
  }

  /** Watches this host's addresses from the first virtual server on that asks for it. Never rejects: without them nobody is suspended. */
  async prepare(virtualServers: readonly VirtualServerConfig[]): Promise<void> {
    if (this.#addresses !== undefined || !virtualServers.some(isSuspendable)) return;
    try {
      const addresses = await this.#ports.watchAddresses(() => this.#changed());
      if (this.#isClosed) addresses.close();
      else this.#addresses = addresses;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#ports.log({
        level: 'error',
        message: `Cannot read this host's addresses: ${message}. Checks with ha_suspend do not rest.`,
      });
    }
  }

  has(virtualServer: string): boolean {
    return this.#suspended.has(virtualServer);
  }

  /** Decides anew, and names those for whom something has changed. */
  update(virtualServers: Iterable<VirtualServerConfig>): readonly string[] {
    const before = this.#suspended;
    const after = new Set<string>();
    const here = this.#addresses?.all();
    for (const server of virtualServers) if (isAway(server, here)) after.add(server.name);
    this.#suspended = after;
    return [...new Set([...before, ...after])].filter((name) => before.has(name) !== after.has(name));
  }

  close(): void {
    this.#isClosed = true;
    this.#forget?.();
    this.#addresses?.close();
  }

  /** A takeover moves many addresses: they are one change. */
  #changed(): void {
    this.#forget ??= this.#ports.callAt(this.#ports.nowMs(), () => {
      this.#forget = undefined;
      this.#onChange();
    });
  }
}

/** keepalived does it for a virtual server of one address alone: a firewall mark has none, a group has many. */
function isSuspendable({ haSuspend, group, services }: VirtualServerConfig): boolean {
  return haSuspend && group === undefined && services.some(({ kind }) => kind === 'address');
}

function isAway(server: VirtualServerConfig, here: ReadonlySet<IpAddress> | undefined): boolean {
  if (here === undefined || !isSuspendable(server)) return false;
  return !server.services.some((service) => service.kind === 'address' && here.has(service.address));
}
