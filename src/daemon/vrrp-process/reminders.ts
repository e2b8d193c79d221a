/**
 * One more announcement, soon after a takeover, of addresses that are held on macvlans. Who was Master until then has the same
 * MAC address, and may have answered the first announcement before it let go (keepalived does): switches then send to it.
 */
import type { VirtualAddress } from '../../config-parser/config.ts';
import type { LinkState } from '../../kernel/link-monitor.ts';
import type { InstanceEffect } from '../../vrrp/index.ts';
import type { InstanceRuntime } from './instance-runtime.ts';
import { heldBy } from './leftovers.ts';

/** Whoever was Master has let go by then, and no advertisement interval of use is shorter. */
const afterMs = 50;

export interface ReminderTools {
  findLink(interfaceName: string): LinkState | undefined;
  announce(addresses: readonly VirtualAddress[]): void;
}

export class Reminders {
  readonly #tools: ReminderTools;
  readonly #timers = new Map<InstanceRuntime, NodeJS.Timeout>();

  constructor(tools: ReminderTools) {
    this.#tools = tools;
  }

  stepped(runtime: InstanceRuntime, effects: readonly InstanceEffect[]): void {
    if (!effects.some((effect) => effect.kind === 'stateChanged' && effect.to === 'Master')) return;
    const shared = heldBy(runtime.config).filter(({ interface: device }) => {
      return this.#tools.findLink(device)?.kind === 'macvlan';
    });
    if (shared.length === 0) return;
    clearTimeout(this.#timers.get(runtime));
    this.#timers.set(
      runtime,
      setTimeout(() => this.#remind(runtime, shared), afterMs),
    );
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #remind(runtime: InstanceRuntime, addresses: readonly VirtualAddress[]): void {
    this.#timers.delete(runtime);
    if (runtime.state.name === 'Master') this.#tools.announce(addresses);
  }
}
