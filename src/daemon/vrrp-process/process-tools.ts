/** What the vrrp process is given: its ways to the kernel, to the supervisor and to the log. */
import type { LinkMonitor } from '../../kernel/link-monitor.ts';
import type { RouteClient } from '../../kernel/route-client.ts';
import type { AddressClient } from '../../kernel/rtnetlink.ts';
import type { ChildLog } from '../child-log.ts';
import type { NotifyEvent } from '../ipc.ts';
import type { SocketKernel } from './advertisement-sockets.ts';

export interface VrrpProcessTools {
  readonly monitor: LinkMonitor;
  readonly addresses: AddressClient;
  readonly routes: RouteClient;
  readonly log: ChildLog;
  readonly rehearsal: { run(): void };
  /** In place of the kernel's, for a test. */
  readonly socketKernel?: SocketKernel;
  notify(events: readonly NotifyEvent[]): void;
  /** The kernel refuses raw sockets to this process: no instance can ever run. */
  onNotPermitted(error: Error): void;
}
