/** keepalived.conf(5): vrrp_instance, with the checks keepalived makes once a block is complete. */
import { type AddressFamily, familyOf } from '../net/address.ts';
import type { GivenOf } from './block-values.ts';
import type { VirtualAddress, VrrpInstanceConfig } from './config.ts';
import { reportDuplicateVrids } from './report-duplicate-vrids.ts';
import { resolveAuthHmac } from './resolve-auth-hmac.ts';
import { resolveAuthentication } from './resolve-authentication.ts';
import { resolveBehaviour } from './resolve-behaviour.ts';
import { type InstanceContext, type ResolveContext, reportPart } from './resolve-context.ts';
import type { VrrpDefaults } from './resolve-global-defs.ts';
import {
  resolveInterval,
  resolvePriority,
  resolveState,
  resolveVersion,
  type State,
} from './resolve-identity.ts';
import { resolveInstanceNotify } from './resolve-notify.ts';
import { resolvePreemption } from './resolve-preemption.ts';
import { canLackInterface, type Required, resolveRequired } from './resolve-required.ts';
import { reportStrict, strictValues } from './resolve-strict.ts';
import type { ResolvedTrackers } from './resolve-trackers.ts';
import { resolveTracking, type WeightRefusal } from './resolve-tracking.ts';
import { givenSource, type ResolvedTransport, resolveTransport } from './resolve-transport.ts';
import { resolveVirtualAddresses } from './resolve-virtual-address.ts';
import { givenLinkNames, type LinkNames, resolveVirtualLink } from './resolve-virtual-link.ts';
import type { root } from './schema/index.ts';
import { firstOfEachName } from './tracker-names.ts';

type GivenInstance = GivenOf<typeof root.keywords.vrrp_instance>;

/** What instances are resolved against, besides their own block. */
export interface InstanceSurroundings {
  readonly defaults: VrrpDefaults;
  readonly trackers: ResolvedTrackers['weights'];
  /** By instance: why its weights do not count. */
  readonly refusals: ReadonlyMap<string, WeightRefusal>;
}

interface Surroundings extends InstanceSurroundings {
  readonly links: LinkNames & { readonly taken: Set<string> };
}

/** The first of each name; keepalived skips the others. */
export function firstInstances(
  given: readonly GivenInstance[],
  context: ResolveContext,
): readonly GivenInstance[] {
  return firstOfEachName(given, context);
}

export function resolveVrrpInstances(
  given: readonly GivenInstance[],
  surroundings: InstanceSurroundings,
  context: ResolveContext,
): readonly VrrpInstanceConfig[] {
  const used = new Set(givenLinkNames(given));
  const links = { prefix: surroundings.defaults.vmacPrefix, used, taken: new Set<string>() };
  const all = given.flatMap((one) => resolveInstance(one, { ...surroundings, links }, context) ?? []);
  reportDuplicateVrids(all, context);
  return all;
}

function resolveInstance(
  given: GivenInstance,
  { defaults, links, trackers, refusals }: Surroundings,
  outer: ResolveContext,
): VrrpInstanceConfig | undefined {
  const { value: name, values } = given;
  const context: InstanceContext = { ...outer, name, given, values };
  const facts = resolveFacts(context, defaults);
  if (facts === undefined) return undefined;
  const { required, priority, isStrict } = facts;
  if (isStrict) reportStrict(context, facts);
  const election = resolveElection(context, facts, defaults);
  const instance: VrrpInstanceConfig = {
    name,
    ...required,
    ...resolveVrf(context, facts.isUnicast),
    ...election,
    ...facts.transport,
    ...resolveHeld(context, facts, links),
    isStrict,
    tracking: resolveTracking({
      ...context,
      trackers,
      ...(!election.dontTrackPrimary && { ownInterface: required.interface }),
      refusal: priority === 255 ? ownerRefusal : refusals.get(name),
    }),
    notify: resolveInstanceNotify(values, defaults.notify, outer),
  };
  outer.spans.record(instance, given);
  return instance;
}

/** What most parts of an instance depend on. */
interface Facts {
  readonly required: Required;
  readonly family: AddressFamily;
  readonly version: 2 | 3;
  readonly vrid: number;
  readonly state: State | undefined;
  readonly priority: number;
  readonly isStrict: boolean;
  readonly isUnicast: boolean;
  readonly transport: ResolvedTransport;
  readonly virtualAddresses: readonly VirtualAddress[];
  readonly excludedAddresses: readonly VirtualAddress[];
}

function resolveFacts(context: InstanceContext, defaults: VrrpDefaults): Facts | undefined {
  const required = resolveRequired(context);
  if (required === undefined) return undefined;
  const addresses = resolveVirtualAddresses(context, required.interface);
  const family = addresses.family ?? familyWithoutAddress(context);
  const transport = resolveTransport(context, family, defaults);
  if (required.interface === undefined && !canLackInterface(context, transport)) return undefined;
  const version = resolveVersion(context, family, defaults.version);
  const isStrict = context.values.value('strict_mode') ?? defaults.isStrict;
  reportNoAddress(context, { version, isStrict }, addresses.virtual);
  const state = resolveState(context);
  return {
    required,
    family,
    version,
    vrid: required.vrid,
    state,
    priority: resolvePriority(context, state),
    isStrict,
    isUnicast: transport.transport.kind === 'unicast',
    transport,
    virtualAddresses: addresses.virtual,
    excludedAddresses: addresses.excluded,
  };
}

/** As keepalived finds it where no address tells. */
function familyWithoutAddress(context: InstanceContext): AddressFamily {
  const source = givenSource(context);
  if (source !== undefined) return familyOf(source.value);
  if (context.values.has('native_ipv6')) return 6;
  const [peer] = context.values.entries('unicast_peer');
  return peer === undefined ? 4 : familyOf(peer.value.address);
}

/** Who becomes Master and when, and how advertisements are believed. */
function resolveElection(context: InstanceContext, facts: Facts, defaults: VrrpDefaults) {
  const { family, version, priority, state, isStrict } = facts;
  const advertisementIntervalMs = resolveInterval(context, version);
  const authentication = resolveAuthentication(context, facts);
  const authHmac = resolveAuthHmac(context, advertisementIntervalMs, isStrict);
  const isAh = authentication.type === 'AH';
  const initialState = resolveInitialState(context, state, { priority, isStrict, isAh });
  const preemption = resolvePreemption(context, priority, initialState);
  const behaviour = resolveBehaviour(context, { ...facts, preempt: preemption.preempt }, defaults);
  return {
    initialState,
    family,
    version,
    basePriority: priority,
    advertisementIntervalMs,
    authentication,
    ...(authHmac && { authHmac }),
    ...preemption,
    ...behaviour,
    ...(isStrict && strictValues(behaviour.gratuitousArp)),
  };
}

/** What a Master holds, and on which links. */
function resolveHeld(context: InstanceContext, facts: Facts, links: Surroundings['links']) {
  const { values } = context;
  const virtualLink = resolveVirtualLink(context, facts, links);
  return {
    ...(virtualLink && { virtualLink }),
    useVmacAddr: values.has('use_vmac_addr'),
    virtualAddresses: facts.virtualAddresses,
    excludedAddresses: facts.excludedAddresses,
    virtualRoutes: values.entries('virtual_routes').map(({ value }) => value),
    virtualRules: values.entries('virtual_rules').map(({ value }) => value),
    promoteSecondaries: resolvePromotion(context, virtualLink !== undefined),
  };
}

const ownerRefusal: WeightRefusal = {
  code: 'priority-255-not-owner',
  reason: 'priority 255 never changes',
  outcome: 'left out',
};

interface StateFacts {
  readonly priority: number;
  readonly isStrict: boolean;
  readonly isAh: boolean;
}

function resolveInitialState(
  context: InstanceContext,
  state: State | undefined,
  { priority, isStrict, isAh }: StateFacts,
): 'MASTER' | 'BACKUP' {
  const usual = priority === 255 ? 'MASTER' : 'BACKUP';
  if (isStrict || state === undefined) return usual;
  if (state.value !== 'MASTER' || priority === 255 || !isAh) return state.value;
  // Its sequence numbers would begin anew while the peers remember greater ones.
  const message = 'state MASTER does not go with auth_type AH; BACKUP is used';
  reportPart(context, 'error', 'auth-ah-with-master', message, state.span, 'write "state BACKUP"');
  return 'BACKUP';
}

function resolveVrf(context: InstanceContext, unicast: boolean): Pick<VrrpInstanceConfig, 'vrf'> {
  const given = context.values.last('vrf');
  if (given === undefined) return {};
  if (unicast && !context.values.has('interface')) return { vrf: given.value };
  const message = 'vrf is for unicast instances without an interface; it is ignored';
  reportPart(context, 'error', 'vrf-without-unicast', message, given.heading);
  return {};
}

function resolvePromotion(context: InstanceContext, hasLink: boolean): boolean {
  const given = context.values.last('promote_secondaries');
  if (given === undefined) return false;
  if (!hasLink) return true;
  const message = 'promote_secondaries is set on the interface of use_vmac in any case; the line is ignored';
  reportPart(context, 'error', 'promote-secondaries-with-vmac', message, given.heading);
  return false;
}

function reportNoAddress(
  context: InstanceContext,
  { version, isStrict }: { readonly version: 2 | 3; readonly isStrict: boolean },
  virtual: readonly VirtualAddress[],
): void {
  // Strict mode does not know no_virtual_ipaddress.
  if (virtual.length > 0 || (context.values.has('no_virtual_ipaddress') && !isStrict)) return;
  const message = `vrrp_instance ${context.name} has no virtual_ipaddress that can be used`;
  reportPart(context, version === 3 || isStrict ? 'fatal' : 'error', 'no-virtual-address', message);
}
