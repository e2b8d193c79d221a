/** keepalived.conf(5): global_defs. What it says of VRRP are defaults of the instances; the rest is GlobalDefs. */
import { address, type IpAddress } from '../net/address.ts';
import type { BlockValues } from './block-values.ts';
import type { GlobalDefs, InterfaceDelayConfig, LvsGlobals } from './config.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type GarpValues, resolveGarp } from './resolve-garp.ts';
import type { NotifyDefaults } from './resolve-notify.ts';
import { resolveNotifyGlobals } from './resolve-notify-globals.ts';
import { resolveProcesses } from './resolve-processes.ts';
import { resolveVrrpGlobals } from './resolve-vrrp-globals.ts';
import type { globalDefs } from './schema/index.ts';
import type { RootValues } from './tracker-names.ts';
import { headingSpan } from './tree.ts';

/** What a vrrp_instance falls back to. */
export interface VrrpDefaults {
  /** Of IPv4 instances. */
  readonly version: 2 | 3;
  readonly multicastGroup4: IpAddress;
  readonly multicastGroup6: IpAddress;
  readonly garp: GarpValues;
  readonly downTimerAdverts: number;
  readonly lowerPrioNoAdvert: boolean;
  readonly higherPrioSendAdvert: boolean;
  readonly skipCheckAdvAddr: boolean;
  readonly checkUnicastSource: boolean;
  readonly isStrict: boolean;
  readonly ownerIgnoreAdverts: boolean;
  readonly v3ChecksumAsV2: boolean;
  /** keepalived.conf(5): vmac_prefix. */
  readonly vmacPrefix: string;
  readonly notify: NotifyDefaults;
}

type Values = BlockValues<typeof globalDefs.keywords>;

export interface ResolvedGlobals {
  /** With what is known once the instances are resolved. */
  readonly complete: (known: {
    readonly interfaceDelays: readonly InterfaceDelayConfig[];
    readonly lvs: LvsGlobals;
  }) => GlobalDefs;
  readonly vrrp: VrrpDefaults;
}

export function resolveGlobalDefs(
  values: Values,
  outer: RootValues,
  context: ResolveContext,
): ResolvedGlobals {
  const routerId = values.value('router_id');
  const vrrp = resolveVrrpGlobals(values, outer, context);
  const common = {
    ...(routerId !== undefined && { routerId }),
    notify: resolveNotifyGlobals(values, context),
    processes: resolveProcesses(values),
  };
  const complete: ResolvedGlobals['complete'] = ({ interfaceDelays, lvs }) => {
    const config = { ...common, lvs, vrrp: { ...vrrp, interfaceDelays } };
    const [first] = values.statements;
    if (first !== undefined) context.spans.record(config, { heading: headingSpan(first), values });
    return config;
  };
  return { complete, vrrp: resolveVrrpDefaults(values, context) };
}

function resolveVrrpDefaults(values: Values, context: ResolveContext): VrrpDefaults {
  return {
    version: values.value('vrrp_version') === '3' ? 3 : 2,
    multicastGroup4: values.value('vrrp_mcast_group4') ?? address('224.0.0.18'),
    multicastGroup6: values.value('vrrp_mcast_group6') ?? address('ff02::12'),
    garp: resolveGarp(
      {
        masterDelay: values.last('vrrp_garp_master_delay'),
        masterRepeat: values.last('vrrp_garp_master_repeat'),
        masterRefresh: values.last('vrrp_garp_master_refresh'),
        masterRefreshRepeat: values.last('vrrp_garp_master_refresh_repeat'),
        lowerPrioDelay: values.last('vrrp_garp_lower_prio_delay'),
        lowerPrioRepeat: values.last('vrrp_garp_lower_prio_repeat'),
        extraInterface: values.last('vrrp_garp_extra_if'),
      },
      values.value('vrrp_min_garp') === true ? { masterDelayMs: 0, masterRepeat: 1, masterRefreshMs: 0 } : {},
      context,
    ),
    downTimerAdverts: values.value('vrrp_down_timer_adverts') ?? 3,
    lowerPrioNoAdvert: values.value('vrrp_lower_prio_no_advert') ?? false,
    higherPrioSendAdvert: values.value('vrrp_higher_prio_send_advert') ?? false,
    skipCheckAdvAddr: values.value('vrrp_skip_check_adv_addr') ?? false,
    checkUnicastSource: values.value('vrrp_check_unicast_src') ?? false,
    isStrict: values.value('vrrp_strict') ?? false,
    ownerIgnoreAdverts: values.value('vrrp_owner_ignore_adverts') ?? false,
    v3ChecksumAsV2: values.value('v3_checksum_as_v2') ?? false,
    vmacPrefix: values.value('vmac_prefix') ?? 'vrrp',
    notify: {
      priorityChanges: values.value('vrrp_notify_priority_changes') ?? false,
      mail: values.value('smtp_alert_vrrp') ?? values.value('smtp_alert') ?? false,
    },
  };
}
