/** keepalived.conf(5): global_defs and the blocks beside it, as far as they concern all of VRRP. */
import type { BlockValues } from './block-values.ts';
import type { FirewallConfig, GarpGroupConfig, VrrpGlobals } from './config.ts';
import { type ResolveContext, reportPart } from './resolve-context.ts';
import type { globalDefs, root } from './schema/index.ts';

type Values = BlockValues<typeof globalDefs.keywords>;
type RootValues = BlockValues<typeof root.keywords>;

/** The delays of interfaces depend on the instances, and are resolved after these. */
export function resolveVrrpGlobals(
  values: Values,
  outer: RootValues,
  context: ResolveContext,
): Omit<VrrpGlobals, 'interfaceDelays'> {
  const addressPrefix = values.value('vmac_addr_prefix') ?? values.value('vmac_prefix');
  return {
    startupDelayMs: values.value('vrrp_startup_delay') ?? 0,
    delayAfterBootMs: values.value('vrrp_delay_after_boot') ?? 0,
    dynamicInterfaces: resolveDynamicInterfaces(values),
    logUnknownVrids: values.value('log_unknown_vrids') ?? false,
    disableLocalIgmp: values.value('disable_local_igmp') ?? false,
    garpIntervalMs: values.value('vrrp_garp_interval') ?? 0,
    gnaIntervalMs: values.value('vrrp_gna_interval') ?? 0,
    garpGroups: resolveGarpGroups(outer, context),
    firewall: resolveFirewall(values),
    ...(addressPrefix !== undefined && { vmacAddressPrefix: addressPrefix }),
  };
}

function resolveDynamicInterfaces(values: Values): VrrpGlobals['dynamicInterfaces'] {
  if (!values.has('dynamic_interfaces')) return 'fixed';
  return values.value('dynamic_interfaces') === 'allow_if_changes' ? 'may-change-kind' : 'dynamic';
}

function resolveGarpGroups(outer: RootValues, context: ResolveContext): readonly GarpGroupConfig[] {
  return outer.all('garp_group').flatMap((given) => {
    const { values } = given;
    const single = values.all('interface').map(({ value }) => value);
    const listed = values.entries('interfaces').flatMap(({ value }) => value);
    const garpIntervalMs = values.value('garp_interval') ?? 0;
    const gnaIntervalMs = values.value('gna_interval') ?? 0;
    if (garpIntervalMs === 0 && gnaIntervalMs === 0) {
      const message = 'this garp_group has neither garp_interval nor gna_interval; it is ignored';
      reportPart({ ...context, given }, 'error', 'garp-group-without-delay', message);
      return [];
    }
    return [{ interfaces: [...new Set([...single, ...listed])], garpIntervalMs, gnaIntervalMs }];
  });
}

function resolveFirewall(values: Values): FirewallConfig {
  return {
    table: values.value('nftables') ?? 'keepalived',
    priority: values.value('nftables_priority') ?? -1,
    counters: values.value('nftables_counters') ?? false,
    byInterfaceIndex: values.value('nftables_ifindex') ?? false,
  };
}
