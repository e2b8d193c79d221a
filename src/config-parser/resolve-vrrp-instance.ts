/** keepalived.conf(5): vrrp_instance, with the checks keepalived makes once a block is complete. */
import { type AddressFamily, familyOf, type IpAddress } from '../net/address.ts';
import type { Given, GivenOf } from './block-values.ts';
import type { Authentication, VirtualAddress, VrrpInstanceConfig } from './config.ts';
import type { Diagnostic, Note, Span } from './diagnostics.ts';
import { resolveAuthentication } from './resolve-authentication.ts';
import { type InstanceContext, type ResolveContext, reportPart } from './resolve-context.ts';
import { completeGarp, resolveGarp } from './resolve-garp.ts';
import type { VrrpDefaults } from './resolve-global-defs.ts';
import { resolvePreemption } from './resolve-preemption.ts';
import { resolveVirtualAddresses } from './resolve-virtual-address.ts';
import type { root } from './schema/index.ts';
import { headingSpan } from './tree.ts';

type GivenInstance = GivenOf<typeof root.keywords.vrrp_instance>;

export function resolveVrrpInstances(
  given: readonly GivenInstance[],
  defaults: VrrpDefaults,
  context: ResolveContext,
): readonly VrrpInstanceConfig[] {
  const instances = new Map<string, VrrpInstanceConfig>();
  for (const one of given) {
    const { value: name, statement } = one;
    const first = instances.get(name);
    if (first !== undefined) {
      context.reporter.report(duplicateName(name, headingSpan(statement), context.spans.spanOf(first)));
      continue;
    }
    const instance = resolveInstance(one, defaults, context);
    if (instance !== undefined) instances.set(name, instance);
  }
  const all = [...instances.values()];
  reportDuplicateVrids(all, context);
  return all;
}

function resolveInstance(
  given: GivenInstance,
  defaults: VrrpDefaults,
  outer: ResolveContext,
): VrrpInstanceConfig | undefined {
  const { value: name, values } = given;
  const context: InstanceContext = { ...outer, name, given, values };
  const required = resolveRequired(context);
  if (required === undefined) return undefined;
  const addresses = resolveVirtualAddresses(context, required.interface);
  const family = addresses.family ?? (values.value('mcast_src_ip')?.includes(':') === true ? 6 : 4);
  const version = resolveVersion(context, family, defaults.version);
  reportNoAddress(context, version, addresses.virtual);
  const state = resolveState(context);
  const priority = resolvePriority(context, state);
  const sourceAddress = resolveSource(context, family);
  const instance: VrrpInstanceConfig = {
    name,
    initialState: state?.value ?? (priority === 255 ? 'MASTER' : 'BACKUP'),
    ...required,
    family,
    version,
    basePriority: priority,
    advertisementIntervalMs: resolveInterval(context, version),
    authentication: version === 3 ? noAuthentication(context) : resolveAuthentication(context),
    multicastGroup: resolveGroup(context, family, defaults),
    ...(sourceAddress !== undefined && { sourceAddress }),
    virtualAddresses: addresses.virtual,
    excludedAddresses: addresses.excluded,
    ...resolvePreemption(context, priority, state?.value),
    ...resolveBehaviour(context, defaults),
  };
  outer.spans.record(instance, given);
  return instance;
}

type Required = Pick<VrrpInstanceConfig, 'interface' | 'vrid'>;

/** An instance is nothing without these two; keepalived does not start. A bad value was reported when it was read. */
function resolveRequired(context: InstanceContext): Required | undefined {
  const { values } = context;
  for (const keyword of ['virtual_router_id', 'interface'] as const) {
    if (values.statements.some((statement) => statement.keyword.value === keyword)) continue;
    context.reporter.report({
      severity: 'fatal',
      code: 'missing-keyword',
      subject: { block: 'vrrp_instance', keyword },
      message: `vrrp_instance ${context.name} has no ${keyword}`,
      span: context.given.heading,
    });
  }
  const vrid = values.value('virtual_router_id');
  const interfaceName = values.value('interface');
  if (interfaceName === 'lo') {
    const message = 'interface must not be the loopback interface, found "lo"';
    reportPart(context, 'fatal', 'invalid-value', message, values.spanOf('interface'));
    return undefined;
  }
  if (vrid === undefined || interfaceName === undefined) return undefined;
  return { interface: interfaceName, vrid };
}

type State = Given<'MASTER' | 'BACKUP'>;

/** keepalived ignores BACKUP after MASTER. */
function resolveState(context: InstanceContext): State | undefined {
  const states = context.values.all('state');
  const master = states.find(({ value }) => value === 'MASTER');
  const late = master && states.find(({ value, order }) => value === 'BACKUP' && order > master.order);
  if (late !== undefined) {
    const message = 'state is MASTER already; this line is ignored';
    reportPart(context, 'error', 'duplicate-keyword', message, late.span);
  }
  return master ?? states.at(-1);
}

function resolvePriority(context: InstanceContext, state: State | undefined): number {
  const priority = context.values.value('priority');
  if (priority !== undefined) return priority;
  if (state?.value !== 'MASTER') return 100;
  const message = `state MASTER without a priority makes ${context.name} the address owner, priority 255`;
  const help = 'give a priority from 1 to 254';
  reportPart(context, 'warning', 'master-without-priority', message, state.span, help);
  return 255;
}

function resolveVersion(context: InstanceContext, family: AddressFamily, ipv4Default: 2 | 3): 2 | 3 {
  const given = context.values.value('version');
  if (family === 4) return given === undefined ? ipv4Default : given === '3' ? 3 : 2;
  if (given === '2') {
    const message = 'version must be 3 for IPv6 addresses, found "2"; 3 is used';
    reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('version'));
  }
  return 3;
}

/** RFC 5798 section 5.2.7: 12 bits of centiseconds. */
const longestVersion3IntervalMs = 40_950;

/** RFC 3768 section 5.3.7: whole seconds in version 2; RFC 5798 section 5.2.7: hundredths in version 3. */
function resolveInterval(context: InstanceContext, version: 2 | 3): number {
  const given = context.values.value('advert_int');
  if (given === undefined) return 1000;
  const stepMs = version === 2 ? 1000 : 10;
  const longestMs = version === 2 ? 255_000 : longestVersion3IntervalMs;
  const rounded = Math.min(Math.max(Math.round(given / stepMs) * stepMs, stepMs), longestMs);
  if (rounded !== given) {
    const allowed = version === 2 ? 'whole seconds from 1 to 255' : 'hundredths of a second up to 40.95';
    const message = `advert_int must be ${allowed} in VRRP version ${version}, found "${given / 1000}"; ${rounded / 1000} is used`;
    reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('advert_int'));
  }
  return rounded;
}

/** RFC 5798 section 1.4 took authentication away; keepalived ignores the block. */
function noAuthentication(context: InstanceContext): Authentication {
  const given = context.values.last('authentication');
  if (given !== undefined) {
    const message = 'VRRP version 3 has no authentication; the block is ignored';
    reportPart(context, 'error', 'authentication-ignored', message, headingSpan(given.statement));
  }
  return { type: 'none' };
}

function resolveGroup(context: InstanceContext, family: AddressFamily, defaults: VrrpDefaults): IpAddress {
  const given = context.values.value('mcast_dst_ip');
  const usual = family === 4 ? defaults.multicastGroup4 : defaults.multicastGroup6;
  if (given === undefined || familyOf(given) === family) return given ?? usual;
  const message = `mcast_dst_ip must be an IPv${family} multicast address like the virtual addresses, found "${given}"; ${usual} is used`;
  reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('mcast_dst_ip'));
  return usual;
}

function resolveSource(context: InstanceContext, family: AddressFamily): IpAddress | undefined {
  const given = context.values.value('mcast_src_ip');
  if (given === undefined || familyOf(given) === family) return given;
  const message = `mcast_src_ip must be an IPv${family} address like the virtual addresses, found "${given}"; the line is ignored`;
  reportPart(context, 'error', 'invalid-value', message, context.values.spanOf('mcast_src_ip'));
  return undefined;
}

type Behaviour = Pick<
  VrrpInstanceConfig,
  'downTimerAdverts' | 'gratuitousArp' | 'lowerPrioNoAdvert' | 'higherPrioSendAdvert' | 'skipCheckAdvAddr'
>;

function resolveBehaviour(context: InstanceContext, defaults: VrrpDefaults): Behaviour {
  const { values } = context;
  return {
    downTimerAdverts: values.value('down_timer_adverts') ?? defaults.downTimerAdverts,
    gratuitousArp: completeGarp(
      resolveGarp(
        {
          masterDelay: values.last('garp_master_delay'),
          masterRepeat: values.last('garp_master_repeat'),
          masterRefresh: values.last('garp_master_refresh'),
          masterRefreshRepeat: values.last('garp_master_refresh_repeat'),
          lowerPrioDelay: values.last('garp_lower_prio_delay'),
          lowerPrioRepeat: values.last('garp_lower_prio_repeat'),
        },
        defaults.garp,
        context,
      ),
    ),
    lowerPrioNoAdvert: values.value('lower_prio_no_advert') ?? defaults.lowerPrioNoAdvert,
    higherPrioSendAdvert: values.value('higher_prio_send_advert') ?? defaults.higherPrioSendAdvert,
    skipCheckAdvAddr: resolveSkipCheck(context) ?? defaults.skipCheckAdvAddr,
  };
}

/** keepalived switches it on whatever the word; files in use may depend on it. */
function resolveSkipCheck(context: InstanceContext): boolean | undefined {
  const given = context.values.value('skip_check_adv_addr');
  if (given !== false) return given;
  const message =
    '"skip_check_adv_addr" is switched on even by "off" in a vrrp_instance, as keepalived does it';
  const span = context.values.spanOf('skip_check_adv_addr');
  reportPart(context, 'warning', 'flag-with-argument', message, span, 'delete the line to switch it off');
  return true;
}

function reportNoAddress(context: InstanceContext, version: 2 | 3, virtual: readonly VirtualAddress[]): void {
  if (virtual.length > 0 || context.values.has('no_virtual_ipaddress')) return;
  const message = `vrrp_instance ${context.name} has no virtual_ipaddress that can be used`;
  const severity = version === 3 ? 'fatal' : 'error';
  reportPart(context, severity, 'no-virtual-address', message);
}

/** Two virtual routers of one family may not have one VRID on one interface: they could not tell whose packets come. */
function reportDuplicateVrids(
  instances: readonly VrrpInstanceConfig[],
  { reporter, spans }: ResolveContext,
): void {
  const seen = new Map<string, VrrpInstanceConfig>();
  for (const instance of instances) {
    const key = `${instance.interface} ${instance.family} ${instance.vrid}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, instance);
      continue;
    }
    const place = spans.spanOf(first, 'virtual_router_id');
    const span = spans.spanOf(instance, 'virtual_router_id');
    reporter.report({
      severity: 'fatal',
      code: 'duplicate-virtual-router-id',
      message: `${first.name} and ${instance.name} both use virtual_router_id ${instance.vrid} with IPv${instance.family} on interface ${instance.interface}`,
      ...(span && { span }),
      help: 'give every virtual router of an interface a virtual_router_id of its own',
      ...(place && { notes: [{ span: place, message: `${first.name} uses it here` }] }),
    });
  }
}

function duplicateName(name: string, span: Span, first: Span | undefined): Diagnostic {
  const notes: readonly Note[] = first === undefined ? [] : [{ span: first, message: 'the first is here' }];
  return {
    severity: 'error',
    code: 'duplicate-name',
    message: `vrrp_instance ${name} is defined already; this second block is ignored`,
    span,
    notes,
  };
}
