/**
 * keepalived.conf(5): strict_mode, vrrp_strict. What it forbids is said once for each line, and taken away from the values
 * where they are made; what global_defs says is taken away without a word.
 */
import { type AddressFamily, addressBytes } from '../net/address.ts';
import type { GratuitousArpConfig, VirtualAddress, VrrpInstanceConfig } from './config.ts';
import { type InstanceContext, reportPart } from './resolve-context.ts';
import type { State } from './resolve-identity.ts';

export interface StrictFacts {
  readonly family: AddressFamily;
  readonly version: 2 | 3;
  readonly priority: number;
  readonly state: State | undefined;
  readonly isUnicast: boolean;
  readonly virtualAddresses: readonly VirtualAddress[];
}

/** Reports each line that strict mode overrides, apart from those whose own resolver does. */
export function reportStrict(context: InstanceContext, facts: StrictFacts): void {
  reportStateMaster(context, facts);
  reportUnicast(context, facts);
  reportAccept(context, facts);
  reportLowerPriority(context);
  reportFirstAddress(context, facts);
  const { values } = context;
  const adverts = values.last('down_timer_adverts');
  if (adverts !== undefined && adverts.value !== 3) {
    const message = `strict mode needs down_timer_adverts 3, found "${adverts.value}"; 3 is used`;
    reportPart(context, 'error', 'strict-down-timer-adverts', message, adverts.heading);
  }
  const delay = values.last('preempt_delay');
  // What cancels it in any mode is reported there.
  const isCancelled = facts.priority === 255 || values.has('nopreempt');
  if (delay !== undefined && delay.value > 0 && !isCancelled) {
    const message = 'strict mode does not allow preempt_delay; it is ignored';
    reportPart(context, 'error', 'strict-preempt-delay', message, delay.heading);
  }
  const none = values.last('no_virtual_ipaddress');
  if (none !== undefined) {
    const message = 'strict mode does not allow no_virtual_ipaddress; it is ignored';
    reportPart(context, 'error', 'no-virtual-ipaddress-in-strict', message, none.heading);
  }
}

function reportStateMaster(context: InstanceContext, { state, priority }: StrictFacts): void {
  if (state === undefined || (state.value === 'MASTER') === (priority === 255)) return;
  const used = priority === 255 ? 'MASTER' : 'BACKUP';
  const message = `in strict mode the state is MASTER for the address owner, priority 255, and for nobody else, found "${state.value}" with priority ${priority}; ${used} is used`;
  reportPart(context, 'error', 'strict-state-master', message, state.heading);
}

/** RFC 5798 section 5.1.1.2: advertisements go to a multicast group. */
function reportUnicast(context: InstanceContext, { isUnicast }: StrictFacts): void {
  if (!isUnicast || !context.values.has('interface')) return;
  const message = 'strict mode does not allow unicast peers';
  const help = 'delete the peers, or switch strict mode off';
  const place = context.values.last('unicast_peer')?.heading;
  reportPart(context, 'fatal', 'strict-unicast', message, place, help);
}

/** RFC 3768 has no Accept_Mode. */
function reportAccept(context: InstanceContext, { version, priority }: StrictFacts): void {
  const accept = context.values.last('accept');
  if (accept === undefined || version === 3 || priority === 255) return;
  const message = 'strict mode of VRRP version 2 does not allow accept; it is ignored';
  reportPart(context, 'error', 'strict-accept-v2', message, accept.heading);
}

function reportLowerPriority(context: InstanceContext): void {
  const { values } = context;
  const repeat = values.last('garp_lower_prio_repeat');
  const delay = values.last('garp_lower_prio_delay');
  const silent = values.last('lower_prio_no_advert');
  const last = values.last('higher_prio_send_advert');
  for (const given of [
    repeat !== undefined && repeat.value > 0 && repeat,
    delay !== undefined && delay.value > 0 && delay,
    silent?.value === false && silent,
    last?.value === true && last,
  ]) {
    if (given === false) continue;
    const message = `strict mode does not allow "${given.keyword}" as it is written here; the line is ignored`;
    reportPart(context, 'error', 'strict-lower-priority', message, given.heading);
  }
}

/** RFC 5798 section 5.2.9: the first address of IPv6 is the link-local one of the virtual router. */
function reportFirstAddress(context: InstanceContext, { family, virtualAddresses }: StrictFacts): void {
  const [first] = virtualAddresses;
  if (family === 4 || first === undefined) return;
  const [high = 0, low = 0] = addressBytes(first.address);
  if (high === 0xfe && (low & 0xc0) === 0x80) return;
  const message = `strict mode needs a link-local address as the first of IPv6, found "${first.address}"`;
  const place = context.spans.spanOf(first);
  reportPart(context, 'error', 'v6-first-vip-not-link-local', message, place);
}

type Overridden = Pick<
  VrrpInstanceConfig,
  'preemptDelayMs' | 'downTimerAdverts' | 'lowerPrioNoAdvert' | 'higherPrioSendAdvert' | 'gratuitousArp'
>;

/** What strict mode makes of these, whatever was given. */
export function strictValues(gratuitousArp: GratuitousArpConfig): Overridden {
  return {
    preemptDelayMs: 0,
    downTimerAdverts: 3,
    lowerPrioNoAdvert: true,
    higherPrioSendAdvert: false,
    gratuitousArp: { ...gratuitousArp, lowerPrioDelayMs: 0, lowerPrioRepeat: 0 },
  };
}
