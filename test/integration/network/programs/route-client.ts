/**
 * Adds and removes routes and rules. Commands: addRoutes, removeRoutes, addRules, removeRules, each with `entries`,
 * whose names of interfaces stand for what is there at that moment; `atOnce` is what `ip` shows in the same turn,
 * before any answer was read.
 */
import { execFileSync } from 'node:child_process';
import type { RouteEntry } from '../../../../src/config-parser/schema/route.ts';
import type { RuleEntry } from '../../../../src/config-parser/schema/rule.ts';
import { openLinkMonitor } from '../../../../src/kernel/link-monitor.ts';
import { openRouteClient, type RouteResult, type RuleResult } from '../../../../src/kernel/route-client.ts';
import { type Command, failure, onCommand, say } from './lines.ts';

const client = openRouteClient();
const monitor = await openLinkMonitor({ onEvent: () => undefined });
const options = { findInterface: (name: string) => monitor.links().get(name) };

function ask(command: Command): Promise<readonly (RouteResult | RuleResult)[]> {
  const routes = command['entries'] as RouteEntry[];
  const rules = command['entries'] as RuleEntry[];
  switch (command.kind) {
    case 'addRoutes':
      return client.addRoutes(routes, options);
    case 'removeRoutes':
      return client.removeRoutes(routes, options);
    case 'addRules':
      return client.addRules(rules);
    default:
      return client.removeRules(rules);
  }
}

async function perform(command: Command): Promise<void> {
  const answer = ask(command);
  const atOnce = command['shown'] === undefined ? '' : execFileSync('ip', command['shown'] as string[]);
  const results = (await answer).map((result) => ({ ...result, error: result.error?.message }));
  say({ kind: 'done', results, atOnce: atOnce.toString() });
}

say({ kind: 'ready' });
onCommand((command) => void perform(command).catch((error: unknown) => say(failure(error))));
