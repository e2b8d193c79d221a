/** keepalived.conf(5): global_defs. What it says of VRRP are defaults of the instances; the rest is GlobalDefs. */
import { address, type IpAddress } from '../net/address.ts';
import type { BlockValues } from './block-values.ts';
import type { GlobalDefs, IpvsTimeouts } from './config.ts';
import type { ResolveContext } from './resolve-context.ts';
import { type GarpValues, resolveGarp } from './resolve-garp.ts';
import { type globalDefs, integer } from './schema/index.ts';
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
}

type Values = BlockValues<typeof globalDefs.keywords>;

export function resolveGlobalDefs(
  values: Values,
  context: ResolveContext,
): { readonly config: GlobalDefs; readonly vrrp: VrrpDefaults } {
  const routerId = values.value('router_id');
  const timeouts = resolveTimeouts(values, context);
  const config: GlobalDefs = {
    ...(routerId !== undefined && { routerId }),
    lvsFlush: values.value('lvs_flush') ?? false,
    lvsFlushOnStop: resolveFlushOnStop(values, context),
    ...(timeouts !== undefined && { lvsTimeouts: timeouts }),
  };
  const [first] = values.statements;
  if (first !== undefined) context.spans.record(config, { heading: headingSpan(first), values });
  return { config, vrrp: resolveVrrpDefaults(values, context) };
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
      },
      values.value('vrrp_min_garp') === true ? { masterDelayMs: 0, masterRepeat: 1, masterRefreshMs: 0 } : {},
      context,
    ),
    downTimerAdverts: values.value('vrrp_down_timer_adverts') ?? 3,
    lowerPrioNoAdvert: values.value('vrrp_lower_prio_no_advert') ?? false,
    higherPrioSendAdvert: values.value('vrrp_higher_prio_send_advert') ?? false,
    skipCheckAdvAddr: values.value('vrrp_skip_check_adv_addr') ?? false,
  };
}

function resolveFlushOnStop(values: Values, { reporter }: ResolveContext): GlobalDefs['lvsFlushOnStop'] {
  const given = values.last('lvs_flush_on_stop');
  if (given === undefined) return 'off';
  const [word] = given.value;
  if (word === undefined) return 'all';
  if (word.value === 'VS') return 'virtual-servers';
  reporter.report({
    severity: 'error',
    code: 'invalid-value',
    message: `lvs_flush_on_stop must be VS, or stand alone, found "${word.value}"; the line is ignored`,
    span: given.span,
  });
  return 'off';
}

/** 31 days, which is also ipvsadm's limit. */
const timeoutSeconds = integer(0, 2_678_400);

const timeoutNames = {
  tcp: 'tcpSeconds',
  tcpfin: 'tcpFinSeconds',
  udp: 'udpSeconds',
} as const satisfies Record<string, keyof IpvsTimeouts>;

function resolveTimeouts(values: Values, { reporter }: ResolveContext): IpvsTimeouts | undefined {
  const given = values.last('lvs_timeouts');
  if (given === undefined) return undefined;
  const timeouts: { -readonly [Name in keyof IpvsTimeouts]: number } = {};
  const words = given.value;
  for (let at = 0; at < words.length; at += 2) {
    const name = Object.entries(timeoutNames).find(([keyword]) => keyword === words[at]?.value)?.[1];
    const value = timeoutSeconds.parse(words.slice(at + 1, at + 2));
    if (name === undefined || !value.ok) {
      reporter.report({
        severity: 'error',
        code: 'invalid-value',
        message: `lvs_timeouts takes tcp, tcpfin and udp, each with ${timeoutSeconds.expects}, found "${words[at]?.value ?? ''}${words[at + 1] === undefined ? '' : ` ${words[at + 1]?.value}`}"`,
        span: words[at] ?? given.span,
      });
      continue;
    }
    timeouts[name] = value.value;
  }
  return timeouts;
}
