/**
 * From statements to the typed Config, with keepalived's defaults, inheritance and treatment of bad values. The blocks are
 * resolved in resolve-*.ts; this file knows only their order and what concerns several of one kind.
 */

import { BlockValues } from './block-values.ts';
import type { Config } from './config.ts';
import { readBlock } from './read-block.ts';
import type { Reporter } from './reporter.ts';
import type { ResolveContext } from './resolve-context.ts';
import { resolveDaemon } from './resolve-daemon.ts';
import { resolveGlobalDefs } from './resolve-global-defs.ts';
import { resolveInterfaceDelays } from './resolve-interface-delays.ts';
import { resolveLocalAddressGroups } from './resolve-local-addresses.ts';
import { resolveCheckDefaults, resolveLvsGlobals } from './resolve-lvs-globals.ts';
import { resolveServerGroups } from './resolve-server-group.ts';
import type { ServiceSurroundings } from './resolve-service.ts';
import { resolveStatic } from './resolve-static.ts';
import { resolveMemberships, resolveSyncGroups, weightRefusals } from './resolve-sync-groups.ts';
import { resolveTrackers } from './resolve-trackers.ts';
import { resolveVirtualServers } from './resolve-virtual-server.ts';
import { firstInstances, resolveVrrpInstances } from './resolve-vrrp-instance.ts';
import { root } from './schema/index.ts';
import { Spans } from './spans.ts';
import type { Statement } from './tree.ts';

export interface ResolvedTree {
  readonly config: Config;
  readonly spans: Spans;
  /** What was given, before it was resolved. */
  readonly values: BlockValues<typeof root.keywords>;
}

export function resolve(
  statements: readonly Statement[],
  reporter: Reporter,
  keepsServices: boolean,
): ResolvedTree {
  const spans = new Spans();
  const context: ResolveContext = { reporter, spans };
  const values = readBlock(root, { statements }, reporter);
  // keepalived reads global_defs in a pass of its own, so that it may stand anywhere, and several are one.
  const globalValues = BlockValues.joined(values.all('global_defs').map((given) => given.values));
  const globals = resolveGlobalDefs(globalValues, values, context);
  const trackers = resolveTrackers(values, globalValues.value('script_user'), context);
  const given = firstInstances(values.all('vrrp_instance'), context);
  const memberships = resolveMemberships(values, new Set(given.map(({ value }) => value)), context);
  const refusals = weightRefusals(memberships);
  const surroundings = { defaults: globals.vrrp, trackers: trackers.weights, refusals };
  const vrrpInstances = resolveVrrpInstances(given, surroundings, context);
  const instanceNames = new Set(vrrpInstances.map(({ name }) => name));
  const parts = { instances: vrrpInstances, trackers: trackers.weights, notify: globals.vrrp.notify };
  const defaultInterface = globalValues.value('default_interface') ?? 'eth0';
  const daemon = resolveDaemon(values, globalValues);
  const services: ServiceSurroundings = {
    isKept: keepsServices,
    defaults: resolveCheckDefaults(globalValues, values),
    scriptUser: globalValues.value('script_user'),
    groups: resolveServerGroups(values, context),
    localAddressGroups: resolveLocalAddressGroups(values, context),
    trackFiles: trackers.weights.files,
    bfds: new Map(trackers.config.bfds.map(({ name, mayCheckerUse }) => [name, mayCheckerUse])),
  };
  const config: Config = {
    ...(daemon && { daemon }),
    globalDefs: globals.complete({
      interfaceDelays: resolveInterfaceDelays(values, vrrpInstances, context),
      lvs: resolveLvsGlobals(globalValues, vrrpInstances, context),
    }),
    vrrpInstances,
    syncGroups: resolveSyncGroups(memberships, parts, context),
    trackers: trackers.config,
    staticItems: resolveStatic(values, instanceNames, defaultInterface, context),
    virtualServers: resolveVirtualServers(values.all('virtual_server'), services, context),
  };
  return { config, spans, values };
}
