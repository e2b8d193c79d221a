/**
 * Hears of routes and rules that somebody takes away. A router with a whole table of the Internet changes routes all day, so it
 * listens only where the configuration has routes or rules of its own.
 */
import type { Config } from '../../config-parser/config.ts';
import { type LinkEvent, type LinkMonitor, openLinkMonitor } from '../../kernel/link-monitor.ts';

export class RouteWatch {
  readonly #onRemoved: (event: LinkEvent) => void;
  readonly #onError: (error: Error) => void;
  #monitor: LinkMonitor | undefined;

  constructor(onRemoved: (event: LinkEvent) => void, onError: (error: Error) => void) {
    this.#onRemoved = onRemoved;
    this.#onError = onError;
  }

  async configure(config: Config): Promise<void> {
    const isNeeded = hasRoutes(config);
    if (isNeeded && this.#monitor === undefined) await this.#open();
    if (!isNeeded) this.#close();
  }

  async #open(): Promise<void> {
    const onEvent = (event: LinkEvent) => {
      if (event.kind === 'routeRemoved' || event.kind === 'ruleRemoved') this.#onRemoved(event);
    };
    this.#monitor = await openLinkMonitor({ onEvent, onError: this.#onError, watchRoutes: true });
  }

  #close(): void {
    this.#monitor?.close();
    this.#monitor = undefined;
  }
}

function hasRoutes({ vrrpInstances, staticItems: { routes, rules } }: Config): boolean {
  const ofInstances = vrrpInstances.some(
    ({ virtualRoutes, virtualRules }) => virtualRoutes.length + virtualRules.length > 0,
  );
  return ofInstances || routes.length + rules.length > 0;
}
