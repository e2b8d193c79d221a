/** Which halves of the kernel's connection synchronization should run: keepalived.conf(5): lvs_sync_daemon. */
import type { SyncDaemonConfig } from '../../config-parser/config.ts';
import { desiredSyncDaemons, type SyncDaemon } from '../../ipvs-sync/index.ts';
import type { NotifyEvent } from '../../notify/messages.ts';

export class SyncRole {
  #config: SyncDaemonConfig | undefined;
  /** Daemons that a configuration asked for are ours to stop; others are not touched. */
  #isOurs = false;
  /** By the instance's name. */
  readonly #isMaster = new Map<string, boolean>();

  configure(config: SyncDaemonConfig | undefined): void {
    this.#config = config;
    this.#isOurs ||= config !== undefined;
  }

  /** Whether something has changed for the instance that the daemons follow. */
  note(events: readonly NotifyEvent[]): boolean {
    const before = this.#followed();
    for (const event of events) {
      if (event.kind !== 'instance') continue;
      if (event.state === 'MASTER') this.#isMaster.set(event.name, true);
      else if (leaving.has(event.state)) this.#isMaster.set(event.name, false);
    }
    return this.#followed() !== before;
  }

  /**
   * Undefined: they stay as they are. So it is while nothing is known of the instance: a restart of this process alone is no reason
   * for a Master to stop sending.
   */
  desired(): readonly SyncDaemon[] | undefined {
    if (!this.#isOurs) return undefined;
    if (this.#config?.instance !== undefined && this.#followed() === undefined) return undefined;
    return desiredSyncDaemons(this.#config, this.#followed());
  }

  #followed(): boolean | undefined {
    const instance = this.#config?.instance;
    return instance === undefined ? undefined : this.#isMaster.get(instance);
  }
}

const leaving: ReadonlySet<string> = new Set(['BACKUP', 'FAULT', 'STOP', 'DELETED']);
